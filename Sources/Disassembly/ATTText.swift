/// AT&T spelling: `mov    $0x1,%edx`.
struct ATTText {
  private let parts: AssemblyText.Parts
  private let is64: Bool
  private var target: UInt64?
  private var isMemoryTarget = false
  private(set) var result = AssemblyText(text: "", target: nil)

  /// Instructions whose operand size needs no suffix although only memory tells it.
  private static let unsuffixed: Set<String> = [
    "push", "pop", "call", "jmp", "ret", "retf", "leave", "enter", "lea", "cmpxchg8b", "cmpxchg16b",
  ]
  /// Shifts: the count says nothing of the size of what is shifted.
  private static let shifts: Set<String> = ["shl", "shr", "sar", "sal", "rol", "ror", "rcl", "rcr"]
  private static let strings: Set<String> = ["movs", "stos", "scas", "cmps", "lods", "ins", "outs"]
  private static let branches: Set<String> = [
    "call", "jmp", "loop", "loope", "loopne", "xbegin", "jrcxz", "jecxz",
  ]

  init(_ parts: AssemblyText.Parts, is64: Bool) {
    self.parts = parts
    self.is64 = is64
    let words = parts.mnemonic.split(separator: " ").map(String.init)
    var prefixes = words.dropLast().map { $0 == "repe" ? "repz" : $0 == "repne" ? "repnz" : $0 }
    var mnemonic = words.last ?? ""
    var operands = AssemblyText.split(parts.operands)
    let suffix = Self.suffix(mnemonic, parts.name)
    let size = Self.size(suffix, operands, parts)
    let isBranch = Self.isBranch(parts.name)
    operands = operands.map { spelling(of: $0, size: size, isBranch: isBranch) }

    if suffix != nil, Self.dropsSuffix(parts.name, operands) { mnemonic.removeLast() }
    special(&mnemonic, &operands, &prefixes)
    result = AssemblyText(
      text: AssemblyText.line((prefixes + [mnemonic]).joined(separator: " "), operands), target: target,
      isMemoryTarget: isMemoryTarget)
  }

  static func isBranch(_ name: String) -> Bool { branches.contains(name) || name.hasPrefix("j") }

  /// The size suffix that Capstone put behind the name.
  private static func suffix(_ mnemonic: String, _ name: String) -> Character? {
    guard let last = mnemonic.last, "bwlq".contains(last), mnemonic.dropLast() == name else { return nil }
    return last
  }

  private static func size(_ suffix: Character?, _ operands: [String], _ parts: AssemblyText.Parts) -> Int {
    switch suffix {
    case "b": return 1
    case "w": return 2
    case "l": return 4
    case "q": return 8
    default: break
    }
    for operand in operands.reversed() where operand.hasPrefix("%") {
      if let size = AssemblyText.size(ofRegister: operand.dropFirst()) { return size }
    }
    // What is left are vector instructions with a byte, and those without operands of a size.
    return parts.name.hasPrefix("push") ? 8 : 1
  }

  private static func dropsSuffix(_ name: String, _ operands: [String]) -> Bool {
    if unsuffixed.contains(name) { return true }
    let relevant = shifts.contains(name) ? operands.suffix(1) : operands[...]
    return relevant.contains { AssemblyText.size(ofRegister: $0.dropFirst()) != nil && $0.hasPrefix("%") }
  }

  // MARK: Operands

  private mutating func spelling(of operand: String, size: Int, isBranch: Bool) -> String {
    var operand = operand
    // Masks stand without blanks.
    operand.removeAll { $0 == " " }
    if operand.hasPrefix("*") { return "*" + memory(String(operand.dropFirst())) }
    if operand.hasPrefix("$") {
      guard let value = AssemblyText.number(operand.dropFirst()) else { return operand }
      return "$" + AssemblyText.hex(AssemblyText.masked(value, bytes: value < 0 ? size : 8))
    }
    if isBranch, let value = AssemblyText.number(operand) {
      target = UInt64(bitPattern: value)
      return AssemblyText.hex(UInt64(bitPattern: value))
    }
    if operand.hasPrefix("%"), !operand.contains(":") { return operand }
    return memory(operand)
  }

  private mutating func memory(_ operand: String) -> String {
    if operand.hasPrefix("%"), !operand.contains(":"), !operand.contains("(") { return operand }
    var segment = ""
    var rest = operand[...]
    if let colon = operand.firstIndex(of: ":"), operand.hasPrefix("%") {
      segment = String(operand[...colon])
      rest = operand[operand.index(after: colon)...]
    }
    let open = rest.firstIndex(of: "(") ?? rest.endIndex
    let digits = rest[..<open]
    // What follows the parenthesis are masks and broadcasts.
    let close = rest.lastIndex(of: ")").map { rest.index(after: $0) } ?? rest.endIndex
    let tail = open < rest.endIndex ? String(rest[close...]) : ""
    guard open < rest.endIndex else {
      guard let value = AssemblyText.number(digits) else { return operand }
      return segment + AssemblyText.hex(UInt64(bitPattern: value) & (is64 ? .max : 0xffff_ffff))
    }
    var inner = rest[rest.index(after: open)..<rest.index(before: close)].split(
      separator: ",", omittingEmptySubsequences: false
    ).map(String.init)
    if inner.count == 2 { inner.append("1") }
    if inner.count == 1, let empty = parts.emptyIndex { inner += ["%" + empty.name, String(empty.scale)] }
    if inner.count == 3, inner[1].hasPrefix("%") {
      inner[1] = "%" + AssemblyText.index(String(inner[1].dropFirst()), of: parts.name)
    }
    let value = AssemblyText.number(digits) ?? 0
    var displacement = parts.displacementSize > 0 ? AssemblyText.signedHex(value) : ""
    if inner.first == "" { displacement = AssemblyText.signedHex(value) }
    if inner.first == "%rip" {
      target = parts.address &+ UInt64(parts.bytes.count) &+ UInt64(bitPattern: value)
      isMemoryTarget = true
    }
    return segment + displacement + "(" + inner.joined(separator: ",") + ")" + tail
  }

  // MARK: Instructions with spellings of their own

  private func special(_ mnemonic: inout String, _ operands: inout [String], _ prefixes: inout [String]) {
    let bytes = parts.bytes
    let name = parts.name
    switch name {
    case "nop":
      if operands.isEmpty {
        if AssemblyText.prefixes(bytes).contains(0x66) {
          mnemonic = "xchg"
          operands = ["%ax", "%ax"]
          prefixes = AssemblyText.prefixWords(bytes, hasMemory: false)
        }
      } else {
        prefixes = AssemblyText.prefixWords(bytes, hasMemory: true)
        operands = operands.map { $0.hasPrefix("%cs:") ? String($0.dropFirst(4)) : $0 }
        // A nop of a register keeps its suffix.
        if !"bwlq".contains(mnemonic.last ?? " ") || mnemonic == "nop" {
          mnemonic = "nop" + (AssemblyText.isWide(bytes) ? "q" : bytes.contains(0x66) ? "w" : "l")
        }
      }
    case "ret": if prefixes.isEmpty, bytes.first == 0xf3 { prefixes = ["repz"] }
    case "movabs": mnemonic = "movabs"
    case "xchg":
      // One byte: the accumulator is named first.
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
    if Self.shifts.contains(name), let opcode = AssemblyText.opcode(bytes), opcode == 0xd0 || opcode == 0xd1,
      operands.first == "$0x1"
    {
      operands.removeFirst()
    }
    if let opcode = AssemblyText.opcode(bytes), (0xd8...0xdf).contains(opcode), operands.count == 1,
      operands[0].hasPrefix("%st(")
    {
      floatingPoint(opcode, name, &operands)
    }
    if mnemonic.hasPrefix("movabs") { mnemonic = "movabs" }
    if let string = Self.strings.first(where: { mnemonic.hasPrefix($0) }), mnemonic.count <= 5,
      operands.contains(where: { $0.contains("(") }), operands.allSatisfy({ !$0.contains("xmm") })
    {
      self.string(string, &mnemonic, &operands)
    }
    if mnemonic == "leaveq" || mnemonic == "retq" { mnemonic.removeLast() }
  }

  /// x87 instructions name the top of the stack too.
  private func floatingPoint(_ opcode: UInt8, _ name: String, _ operands: inout [String]) {
    guard
      !["fld", "fst", "fstp", "fxch", "ffree", "ffreep", "fucom", "fucomp", "fcom", "fcomp"].contains(name)
    else { return }
    // DC and DE write to the register, the others to the top.
    operands = opcode == 0xdc || opcode == 0xde ? ["%st", operands[0]] : [operands[0], "%st"]
  }

  /// String instructions name the segments of their operands; a suffix only where no register shows the size.
  private func string(_ name: String, _ mnemonic: inout String, _ operands: inout [String]) {
    operands = operands.map { operand in
      guard let open = operand.firstIndex(of: "("), !operand.contains(":") else { return operand }
      let inside = operand[open...]
      if inside.contains("di)") { return "%es:" + inside }
      return inside.contains("si)") ? "%ds:" + inside : operand
    }
    if ["stos", "scas", "lods"].contains(name) { mnemonic = name }
    if ["stos", "scas", "lods"].contains(name), !operands.contains(where: { !$0.contains("(") }) {
      mnemonic = name
    }
  }
}
