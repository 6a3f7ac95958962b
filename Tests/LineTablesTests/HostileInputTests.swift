import LineTables
import Testing

/// Damage must cost rows, never the process.
@Suite struct HostileInputTests {
  static var rich: ProgramAssembler {
    var assembler = ProgramAssembler(directories: ["inc"], files: [("a.c", 0), ("h.h", 1)])
    assembler.address(0x1000)
    assembler.row()
    assembler.file(2)
    assembler.row(1, line: 3)
    assembler.discriminator(2)
    assembler.defineFile("n.h", directory: 1)
    assembler.fixedAdvance(4)
    assembler.extended(0x80, [1, 2])
    assembler.opcodes += [8, 200, 5, 1, 12, 1]
    assembler.endSequence()
    return assembler
  }

  @Test("cut at every byte", arguments: [2, 4, 5] as [UInt16])
  func truncation(version: UInt16) {
    var assembler = Self.rich
    assembler.version = version
    let whole = assembler.section
    for count in 0..<whole.count {
      #expect(LineTable(Array(whole[..<count]), unit: assembler.unit).isEmpty)
    }
    #expect(LineTable(WorkedTableTests.line, unit: WorkedTableTests.unit).isEmpty)  // no .debug_line_str
  }

  @Test("cut at every byte, with a length that fits")
  func truncationInside() {
    let assembler = Self.rich
    let whole = assembler.section
    for count in 4..<whole.count {
      var bytes = Array(whole[..<count])
      bytes.replaceSubrange(0..<4, with: assembler.number(UInt64(count - 4), size: 4))
      let table = LineTable(bytes, unit: assembler.unit)
      #expect(table.text(0x0fff) == "-")
    }
  }

  @Test("every byte at its limits", arguments: [0x00, 0x01, 0x7f, 0x80, 0xff] as [UInt8])
  func limits(value: UInt8) {
    for version in [2, 4, 5] as [UInt16] {
      var assembler = Self.rich
      assembler.version = version
      let whole = assembler.section
      for index in whole.indices {
        var bytes = whole
        bytes[index] = value
        let table = LineTable(bytes, unit: assembler.unit)
        #expect(!table.name(ofFile: 0).isEmpty)
        _ = table.lookup(0x1000)
        for number in 0..<4 { _ = table.spelling(ofFileNumber: UInt64(number)) }
      }
    }
  }

  @Test("advances that wrap")
  func wrapping() {
    var assembler = ProgramAssembler(minimumInstructionLength: 255, maximumOperations: 255)
    assembler.address(.max - 1)
    assembler.row(.max, line: .max)
    assembler.row(.max, line: .min)
    assembler.opcodes += [2] + Array(repeating: 0xff, count: 40) + [0x01]
    assembler.opcodes += [3] + Array(repeating: 0xff, count: 40) + [0x41]
    assembler.endSequence()
    _ = assembler.table.lookup(.max)
  }

  @Test("numbers that nothing backs", arguments: [-1, 1 << 40, .max] as [Int])
  func offsets(offset: Int) {
    var unit = Self.rich.unit
    unit.programOffset = offset
    #expect(LineTable(Self.rich.section, unit: unit).isEmpty)
  }

  @Test("a count of entries beyond the bytes")
  func hugeCount() {
    // DWARF 5 header: no directory format, 2⁶³ directories.
    var tables: [UInt8] = [1, 1, 1, 0xfb, 14, 1, 0]
    tables += ProgramAssembler.uleb(1 << 63)
    let assembler = ProgramAssembler()
    let body: [UInt8] = [5, 0, 8, 0] + assembler.number(UInt64(tables.count), size: 4) + tables
    let table = LineTable(assembler.number(UInt64(body.count), size: 4) + body, unit: assembler.unit)
    #expect(table.isEmpty)
  }

  @Test("a unit without a name")
  func nameless() {
    let unit = LineUnit(programOffset: 0, name: nil, compilationDirectory: nil)
    #expect(LineTable([], unit: unit).name(ofFile: 0) == Array("<unknown>".utf8))
  }
}
