/// The text of an x86 instruction as gdb prints it (`x/i`, `disassemble`), out of Capstone's.
///
/// The two agree on what an instruction is and differ in spelling: suffixes, how numbers are written, scales, prefixes
/// and the memory operands that string instructions imply. Learnt by comparing all instructions of Debian's libc.
package struct AssemblyText {
  /// Mnemonic and operands, `0x…` for the targets of branches.
  package var text: String
  /// The address that the instruction names: a branch's target, or what it addresses relative to `%rip`.
  package var target: UInt64?
  /// Whether the target is a memory operand, which gdb tells in a comment.
  package var isMemoryTarget = false

  /// What the text is made of: Capstone's two strings, its name of the instruction, and the encoding.
  package struct Parts {
    package var mnemonic: String
    package var operands: String
    package var name: String
    package var bytes: [UInt8]
    package var displacementSize: Int
    package var address: UInt64
    /// `eiz,2`: an index that is none but encoded, and its scale; gdb shows it.
    package var emptyIndex: (name: String, scale: Int)?

    package init(
      mnemonic: String, operands: String, name: String, bytes: [UInt8], displacementSize: Int, address: UInt64
    ) {
      self.mnemonic = mnemonic
      self.operands = operands
      self.name = name
      self.bytes = bytes
      self.displacementSize = displacementSize
      self.address = address
    }
  }

  /// The text of a decoded instruction.
  package init(_ instruction: Instruction, syntax: Disassembler.Syntax, is64: Bool) {
    var parts = Parts(
      mnemonic: instruction.mnemonic, operands: instruction.operandText, name: instruction.name,
      bytes: instruction.bytes, displacementSize: instruction.encoding?.displacementSize ?? 0,
      address: instruction.address)
    if let encoding = instruction.encoding, encoding.modRMOffset > 0, encoding.modRM & 0xc0 != 0xc0,
      encoding.modRM & 7 == 4, encoding.sib >> 3 & 7 == 4, encoding.rex & 2 == 0,
      parts.operands.contains("(") || parts.operands.contains("[")
    {
      let scale = 1 << Int(encoding.sib >> 6)
      if encoding.sib & 7 != 4 || scale > 1 {
        let isNarrow = !is64 || AssemblyText.prefixes(parts.bytes).contains(0x67)
        parts.emptyIndex = (isNarrow ? "eiz" : "riz", scale)
      }
    }
    self.init(parts, syntax: syntax, is64: is64)
  }

  package init(_ parts: Parts, syntax: Disassembler.Syntax, is64: Bool = true) {
    switch syntax {
    case .att: self = ATTText(parts, is64: is64).result
    case .intel: self = IntelText(parts, is64: is64).result
    }
  }

  init(text: String, target: UInt64?, isMemoryTarget: Bool = false) {
    self.text = text
    self.target = target
    self.isMemoryTarget = isMemoryTarget
  }

  // MARK: What both spellings share

  /// The operands, split at commas outside of parentheses, brackets and braces.
  static func split(_ operands: String) -> [String] {
    var result: [String] = []
    var depth = 0
    var current = ""
    for character in operands {
      switch character {
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth -= 1
      default: break
      }
      if character == ",", depth == 0 {
        result.append(current)
        current = ""
      } else if character != " " || !current.isEmpty {
        current.append(character)
      }
    }
    while current.last == " " { current.removeLast() }
    if !current.isEmpty { result.append(current) }
    return result
  }

  /// A number as Capstone writes it: decimal below ten, else hexadecimal, with a sign.
  static func number(_ text: some StringProtocol) -> Int64? {
    var digits = text[...]
    let isNegative = digits.first == "-"
    if isNegative || digits.first == "+" { digits = digits.dropFirst() }
    let value =
      digits.hasPrefix("0x") ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits)
    guard let value else { return nil }
    return isNegative ? 0 &- Int64(bitPattern: value) : Int64(bitPattern: value)
  }

  static func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }

  static func signedHex(_ value: Int64) -> String {
    value < 0 ? "-" + hex(value.magnitude) : hex(UInt64(value))
  }

  /// The bits of a number that an operand of some bytes has.
  static func masked(_ value: Int64, bytes: Int) -> UInt64 {
    let bits = UInt64(bitPattern: value)
    return bytes >= 8 ? bits : bits & (1 << UInt64(8 * bytes) - 1)
  }

  /// The bytes before the opcode: legacy prefixes, without REX.
  static func prefixes(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    bytes.prefix {
      [0x66, 0x67, 0xf2, 0xf3, 0xf0, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65].contains($0)
    }
  }

  /// The first byte of the opcode, after prefixes and REX.
  static func opcode(_ bytes: [UInt8]) -> UInt8? {
    let rest = bytes.dropFirst(prefixes(bytes).count)
    guard let first = rest.first else { return nil }
    return first & 0xf0 == 0x40 ? rest.dropFirst().first : first
  }

  /// Whether REX.W is set.
  static func isWide(_ bytes: [UInt8]) -> Bool {
    guard let rex = bytes.dropFirst(prefixes(bytes).count).first else { return false }
    return rex & 0xf8 == 0x48
  }

  /// The size of a general register by its name; `nil` for others.
  static func size(ofRegister name: some StringProtocol) -> Int? {
    let name = String(name)
    if let known = registerSizes[name] { return known }
    return nil
  }

  private static let registerSizes: [String: Int] = {
    var sizes: [String: Int] = [:]
    for name in ["ax", "bx", "cx", "dx", "si", "di", "bp", "sp"] {
      sizes["r" + name] = 8
      sizes["e" + name] = 4
      sizes[name] = 2
    }
    for name in ["al", "bl", "cl", "dl", "ah", "bh", "ch", "dh", "sil", "dil", "bpl", "spl"] {
      sizes[name] = 1
    }
    for number in 8..<16 {
      sizes["r\(number)"] = 8
      sizes["r\(number)d"] = 4
      sizes["r\(number)w"] = 2
      sizes["r\(number)b"] = 1
    }
    return sizes
  }()

  private static let wide = [
    "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
    "r15",
  ]

  /// An index register by Capstone's name: it takes some for vectors that are none.
  static func index(_ name: String, of instruction: String) -> String {
    guard !instruction.contains("gather"), !instruction.contains("scatter"),
      let digits = ["xmm", "ymm", "zmm"].lazy.compactMap({ name.hasPrefix($0) ? name.dropFirst(3) : nil })
        .first,
      let number = Int(digits), wide.indices.contains(number)
    else { return name }
    return wide[number]
  }

  /// The mnemonic in its column of six.
  static func line(_ mnemonic: String, _ operands: [String]) -> String {
    guard !operands.isEmpty else { return mnemonic }
    let pad = mnemonic.contains(" ") ? 0 : max(0, 6 - mnemonic.count)
    return mnemonic + String(repeating: " ", count: pad) + " " + operands.joined(separator: ",")
  }

  /// `nop` with operands and what prefixes it has; `nil` for other instructions.
  static func prefixWords(_ bytes: [UInt8], hasMemory: Bool) -> [String] {
    let prefixes = prefixes(bytes)
    var words: [String] = []
    // One operand-size prefix belongs to the instruction, and any that stand beside it are told.
    let sizes = prefixes.filter { $0 == 0x66 }.count
    if sizes > 1 { words += [String](repeating: "data16", count: sizes - 1) }
    if hasMemory, prefixes.contains(0x2e) { words.append("cs") }
    return words
  }
}
