import Bytes

@testable import LineTables

/// Writes line programs for tests: a header of any version, then opcodes one call each.
struct ProgramAssembler {
  var version: UInt16 = 4
  var is64Bit = false
  var order = ByteOrder.little
  var minimumInstructionLength: UInt8 = 1
  var maximumOperations: UInt8 = 1
  var defaultIsStatement = true
  var lineBase: Int8 = -5
  var lineRange: UInt8 = 14
  var opcodeBase: UInt8 = 13
  /// In DWARF 5 the first one is the compilation directory.
  var directories: [String] = []
  var files: [(name: String, directory: UInt8)] = [("a.c", 0), ("b.h", 0)]
  var unitName = "a.c"
  var compilationDirectory: String? = "/d"
  var lowestPC: UInt64? = 0x1000
  var opcodes: [UInt8] = []

  static let operandCounts: [UInt8] = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]

  mutating func copy() { opcodes.append(1) }
  mutating func advance(_ operations: UInt64) { opcodes += [2] + Self.uleb(operations) }
  mutating func line(_ delta: Int64) { opcodes += [3] + Self.sleb(delta) }
  mutating func file(_ number: UInt64) { opcodes += [4] + Self.uleb(number) }
  mutating func negateStatement() { opcodes.append(6) }
  mutating func fixedAdvance(_ bytes: UInt16) { opcodes += [9] + number(UInt64(bytes), size: 2) }
  mutating func extended(_ opcode: UInt8, _ operands: [UInt8] = []) {
    opcodes += [0] + Self.uleb(UInt64(operands.count + 1)) + [opcode] + operands
  }
  mutating func endSequence() { extended(1) }
  mutating func address(_ address: UInt64) { extended(2, number(address, size: 8)) }
  mutating func discriminator(_ value: UInt64) { extended(4, Self.uleb(value)) }
  mutating func defineFile(_ name: String, directory: UInt8) {
    extended(3, Array(name.utf8) + [0, directory, 0, 0])
  }
  /// One row `operations` further on, at a line `delta` further down, by opcodes of any size.
  mutating func row(_ operations: UInt64 = 0, line delta: Int64 = 0) {
    if operations != 0 { advance(operations) }
    if delta != 0 { line(delta) }
    copy()
  }

  var section: [UInt8] {
    var tables: [UInt8] = [minimumInstructionLength]
    if version >= 4 { tables.append(maximumOperations) }
    tables += [defaultIsStatement ? 1 : 0, UInt8(bitPattern: lineBase), lineRange, opcodeBase]
    tables += Self.operandCounts.prefix(Int(opcodeBase) - 1)
    tables += Array(repeating: 0, count: max(0, Int(opcodeBase) - 13))
    if version >= 5 {
      tables += [1, 1, 0x08] + Self.uleb(UInt64(directories.count))
      for directory in directories { tables += Array(directory.utf8) + [0] }
      tables += [2, 1, 0x08, 2, 0x0b] + Self.uleb(UInt64(files.count))
      for file in files { tables += Array(file.name.utf8) + [0, file.directory] }
    } else {
      for directory in directories { tables += Array(directory.utf8) + [0] }
      tables.append(0)
      for file in files { tables += Array(file.name.utf8) + [0, file.directory, 0, 0] }
      tables.append(0)
    }
    let wordSize = is64Bit ? 8 : 4
    var body = number(UInt64(version), size: 2)
    if version >= 5 { body += [8, 0] }
    body += number(UInt64(tables.count), size: wordSize) + tables + opcodes
    return (is64Bit ? number(0xffff_ffff, size: 4) : []) + number(UInt64(body.count), size: wordSize) + body
  }

  var unit: LineUnit {
    LineUnit(
      programOffset: 0, name: Array(unitName.utf8),
      compilationDirectory: compilationDirectory.map { Array($0.utf8) }, lowestPC: lowestPC)
  }

  var table: LineTable { LineTable(section, unit: unit, order: order) }

  func number(_ value: UInt64, size: Int) -> [UInt8] {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    return order == .little ? bytes : bytes.reversed()
  }

  static func uleb(_ value: UInt64) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    repeat {
      bytes.append(UInt8(truncatingIfNeeded: rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
      rest >>= 7
    } while rest > 0
    return bytes
  }

  static func sleb(_ value: Int64) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    while true {
      let byte = UInt8(truncatingIfNeeded: rest & 0x7f)
      rest >>= 7
      let isLast = rest == 0 && byte & 0x40 == 0 || rest == -1 && byte & 0x40 != 0
      bytes.append(isLast ? byte : byte | 0x80)
      if isLast { return bytes }
    }
  }
}

extension LineTable {
  /// A table from bytes that a test owns.
  init(
    _ line: [UInt8], unit: LineUnit, strings: [UInt8] = [], lineStrings: [UInt8] = [],
    order: ByteOrder = .little, fewOpcodes: Int = LineTable.fewOpcodes
  ) {
    // `Span.bytes` is safe for a type without padding.
    let sections = unsafe LineSections(
      line: line.span.bytes, strings: strings.span.bytes, lineStrings: lineStrings.span.bytes, order: order)
    self.init(sections, unit: unit, fewOpcodes: fewOpcodes)
  }

  /// `file:line`, `!` when not a statement, `@` when the address is exactly a row's; "-" without a row.
  func text(_ pc: UInt64) -> String {
    guard let match = lookup(pc) else { return "-" }
    let name = String(decoding: name(ofFile: match.file), as: UTF8.self)
    return "\(name):\(match.line)\(match.isStatement ? "" : "!")\(match.start == pc ? "@" : "")"
  }

  func texts(_ range: Range<UInt64>) -> [String] { range.map { text($0) } }
}
