/// Intel's spelling: `mov    edx,0x1`.
struct IntelText {
  private let parts: AssemblyText.Parts
  private let is64: Bool
  private var target: UInt64?
  private var isMemoryTarget = false
  private(set) var result = AssemblyText(text: "", target: nil)

  init(_ parts: AssemblyText.Parts, is64: Bool) {
    self.parts = parts
    self.is64 = is64
    let words = parts.mnemonic.split(separator: " ").map(String.init)
    var prefixes = words.dropLast().map { $0 == "repe" ? "repz" : $0 == "repne" ? "repnz" : $0 }
    var mnemonic = words.last ?? ""
    let split = AssemblyText.split(parts.operands)
    let size = Self.size(split, parts)
    let isBranch = ATTText.isBranch(parts.name)
    var operands = split.map { spelling(of: $0, size: size, isBranch: isBranch) }
    special(&mnemonic, &operands, &prefixes)
    result = AssemblyText(
      text: AssemblyText.line((prefixes + [mnemonic]).joined(separator: " "), operands), target: target,
      isMemoryTarget: isMemoryTarget)
  }

  private static let pointers: [(String, Int)] = [
    ("byte ptr", 1), ("word ptr", 2), ("dword ptr", 4), ("qword ptr", 8),
  ]

  private static func size(_ operands: [String], _ parts: AssemblyText.Parts) -> Int {
    for operand in operands {
      if let size = AssemblyText.size(ofRegister: operand) { return size }
      if let pointer = pointers.first(where: { operand.hasPrefix($0.0) }) { return pointer.1 }
    }
    return parts.name.hasPrefix("push") ? 8 : 1
  }

  private mutating func spelling(of operand: String, size: Int, isBranch: Bool) -> String {
    if let value = AssemblyText.number(operand) {
      if isBranch {
        target = UInt64(bitPattern: value)
        return AssemblyText.hex(UInt64(bitPattern: value))
      }
      return AssemblyText.hex(AssemblyText.masked(value, bytes: value < 0 ? size : 8))
    }
    guard let open = operand.firstIndex(of: "["), let close = operand.lastIndex(of: "]") else {
      // Masks stand without blanks.
      if operand.contains("{") || operand.last == " " { return String(operand.filter { $0 != " " }) }
      return absolute(operand)
    }
    let head = operand[..<open]
    let tail = operand[operand.index(after: close)...].filter { $0 != " " }
    let inner = operand[operand.index(after: open)..<close]
    let words = Self.sized(String(head))
    let place = address(inner)
    // An address without registers names its segment.
    guard place.hasPrefix("[") else { return words + (words.hasSuffix(":") ? "" : "ds:") + place + tail }
    return words + place + tail
  }

  private static let sizes = [
    "byte", "word", "dword", "qword", "tbyte", "xword", "oword", "xmmword", "ymmword", "zmmword", "fword",
  ]

  private static func sized(_ text: String) -> String {
    for word in sizes where text.hasPrefix(word + " ptr") {
      return (word == "xword" ? "TBYTE" : word.uppercased()) + " PTR" + text.dropFirst(word.count + 4)
    }
    return text
  }

  /// `dword ptr fs:0x28` and the like; other operands as they are.
  private func absolute(_ operand: String) -> String {
    Self.sized(operand)
  }

  private mutating func address(_ inner: Substring) -> String {
    var text = ""
    var displacement: Int64 = 0
    var sign: Int64 = 1
    var hasBase = false
    for word in inner.split(separator: " ") {
      switch word {
      case "+": sign = 1
      case "-": sign = -1
      default:
        if let value = AssemblyText.number(word) {
          displacement = sign &* value
        } else {
          let star = word.firstIndex(of: "*") ?? word.endIndex
          let piece = AssemblyText.index(String(word[..<star]), of: parts.name) + word[star...]
          text += (text.isEmpty ? "" : "+") + piece
          hasBase = true
        }
      }
    }
    guard hasBase else { return AssemblyText.hex(UInt64(bitPattern: displacement)) }
    // An index without a scale has the scale 1.
    let registers = text.split(separator: "+")
    if registers.count == 2, !registers[1].contains("*") { text += "*1" }
    if registers.count == 1, !registers[0].contains("*"), let empty = parts.emptyIndex {
      text += "+\(empty.name)*\(empty.scale)"
    }
    if registers.first == "rip" {
      target = parts.address &+ UInt64(parts.bytes.count) &+ UInt64(bitPattern: displacement)
      isMemoryTarget = true
    }
    let isIndexOnly = registers.count == 1 && registers[0].contains("*")
    if parts.displacementSize > 0 || isIndexOnly {
      let isUnsigned = registers.first == "rip"
      text +=
        isUnsigned
        ? "+" + AssemblyText.hex(UInt64(bitPattern: displacement))
        : displacement < 0 ? AssemblyText.signedHex(displacement) : "+" + AssemblyText.signedHex(displacement)
    }
    return "[" + text + "]"
  }

  private func special(_ mnemonic: inout String, _ operands: inout [String], _ prefixes: inout [String]) {
    let bytes = parts.bytes
    switch parts.name {
    case "nop":
      if operands.isEmpty {
        if AssemblyText.prefixes(bytes).contains(0x66) {
          mnemonic = "xchg"
          operands = ["ax", "ax"]
          prefixes = AssemblyText.prefixWords(bytes, hasMemory: false)
        }
      } else {
        prefixes = AssemblyText.prefixWords(bytes, hasMemory: true)
        operands = operands.map { operand in
          guard let place = operand.range(of: "cs:") else { return operand }
          return String(operand[..<place.lowerBound] + operand[place.upperBound...])
        }
      }
    case "ret": if prefixes.isEmpty, bytes.first == 0xf3 { prefixes = ["repz"] }
    case "lea":
      operands = operands.map { operand in
        guard operand.hasSuffix("]"), let open = operand.firstIndex(of: "[") else { return operand }
        let colon = operand[..<open].lastIndex(of: " ").map { operand.index(after: $0) } ?? open
        return operand[..<open].hasSuffix(":") ? String(operand[colon...]) : String(operand[open...])
      }
    case "xchg":
      // One byte: the accumulator is named last.
      if let opcode = AssemblyText.opcode(bytes), (0x91...0x97).contains(opcode) { operands.reverse() }
    case "jmp", "call":
      if AssemblyText.prefixes(bytes).contains(0x3e), !prefixes.contains("notrack") {
        prefixes.append("notrack")
      }
    case "wait": mnemonic = "fwait"
    default: break
    }
    if mnemonic == "movd" || mnemonic == "vmovd", AssemblyText.isWide(bytes) {
      mnemonic = mnemonic == "movd" ? "movq" : "vmovq"
    }
    guard let opcode = AssemblyText.opcode(bytes) else { return }
    if opcode == 0xd0 || opcode == 0xd1, operands.last == "0x1" { operands[operands.count - 1] = "1" }
    if (0xd8...0xdf).contains(opcode), operands.count == 1, operands[0].hasPrefix("st("),
      !Self.single.contains(parts.name)
    {
      operands = opcode == 0xdc || opcode == 0xde ? [operands[0], "st"] : ["st", operands[0]]
    }
    if [0xa4, 0xa5, 0xa6, 0xa7, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf].contains(opcode) {
      string(&mnemonic, &operands)
    }
  }

  /// x87 instructions with one operand; the others name the top of the stack too.
  private static let single: Set<String> = [
    "fld", "fst", "fstp", "fxch", "ffree", "ffreep", "fucom", "fucomp", "fcom", "fcomp",
  ]

  /// String instructions name the segments of their operands and have no suffix.
  private func string(_ mnemonic: inout String, _ operands: inout [String]) {
    guard let last = mnemonic.last, "bwdq".contains(last), mnemonic.count == 5 else { return }
    mnemonic.removeLast()
    operands = operands.map { operand in
      guard let open = operand.firstIndex(of: "["), !operand.contains(":") else { return operand }
      let segment = operand[open...].contains("di]") ? "es:" : "ds:"
      return operand[..<open] + segment + operand[open...]
    }
  }
}

extension String {
  /// Where a text stands first.
  fileprivate func range(of text: String) -> Range<Index>? {
    var at = startIndex
    while at < endIndex {
      if self[at...].hasPrefix(text) { return at..<index(at, offsetBy: text.count) }
      at = index(after: at)
    }
    return nil
  }
}
