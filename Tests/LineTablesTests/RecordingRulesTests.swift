import Bytes
import LineTables
import Testing

/// A program and what gdb 13.1 says about the addresses from 0x1000 on.
struct RecordingCase: CustomTestStringConvertible, Sendable {
  var name: String
  var expected: [String]
  var write: @Sendable (inout ProgramAssembler) -> Void

  init(_ name: String, _ expected: [String], _ write: @escaping @Sendable (inout ProgramAssembler) -> Void) {
    self.name = name
    self.expected = expected
    self.write = write
  }

  var testDescription: String { name }
}

/// Contract L-1 to L-6 with the corrections found by comparing random programs with gdb.
@Suite struct RecordingRulesTests {
  static let cases: [RecordingCase] = [
    RecordingCase("a row with line 0 does not end the row before", ["a.c:1@", "a.c:1", "a.c:2@", "-"]) {
      $0.row()
      $0.row(1, line: -1)
      $0.row(1, line: 2)
      $0.advance(1)
      $0.endSequence()
    },
    RecordingCase("a non-statement of another file at a statement's address is ignored", ["a.c:1@", "-"]) {
      $0.row()
      $0.negateStatement()
      $0.file(2)
      $0.row()
      $0.advance(1)
      $0.endSequence()
    },
    RecordingCase("a statement with line 0 hides them too", ["-"]) {
      $0.row(line: -1)
      $0.negateStatement()
      $0.file(2)
      $0.row(line: 1)
      $0.advance(1)
      $0.endSequence()
    },
    RecordingCase("a change of file ends the file before", ["a.c:1@", "b.h:1@", "a.c:2@", "-"]) {
      $0.row()
      $0.file(2)
      $0.row(1)
      $0.file(1)
      $0.row(1, line: 1)
      $0.advance(1)
      $0.endSequence()
    },
    RecordingCase("rows at the address of the end marker are deleted", ["a.c:2@", "-"]) {
      $0.file(2)
      $0.row()
      $0.file(1)
      $0.row(line: 1)
      $0.advance(1)
      $0.endSequence()
    },
    RecordingCase(
      "two changes of file without a row leave the first file open", ["a.c:1@", "b.h:1@", "a.c:1"]
    ) {
      $0.files.append(("c.h", 0))
      $0.row()
      $0.file(3)
      $0.file(2)
      $0.row(1)
      $0.advance(1)
      $0.endSequence()
    },
    RecordingCase("same line with a discriminator is merged", ["a.c:1@", "a.c:1", "a.c:2@", "-"]) {
      $0.row()
      $0.discriminator(3)
      $0.row(1)
      $0.row(1, line: 1)
      $0.advance(1)
      $0.endSequence()
    },
    RecordingCase("same line without one is a row", ["a.c:1@", "a.c:1@", "-"]) {
      $0.row()
      $0.row(1)
      $0.advance(1)
      $0.endSequence()
    },
    RecordingCase("set_file to the same file forgets the discriminator", ["a.c:1@", "a.c:1@", "-"]) {
      $0.discriminator(3)
      $0.row()
      $0.file(1)
      $0.row(1)
      $0.advance(1)
      $0.endSequence()
    },
    RecordingCase("of rows at one address the last", ["a.c:3@", "-"]) {
      $0.row()
      $0.row(line: 2)
      $0.advance(1)
      $0.endSequence()
    },
    RecordingCase("unless it is not a statement and one before it is", ["a.c:1@", "-"]) {
      $0.row()
      $0.negateStatement()
      $0.row(line: 2)
      $0.advance(1)
      $0.endSequence()
    },
    RecordingCase("a non-statement alone is found", ["a.c:1!@", "a.c:1!", "-"]) {
      $0.negateStatement()
      $0.row()
      $0.advance(2)
      $0.endSequence()
    },
    RecordingCase("sequences out of order", ["a.c:1@", "-", "a.c:5@", "-"]) {
      $0.address(0x1002)
      $0.row(line: 4)
      $0.advance(1)
      $0.endSequence()
      $0.address(0x1000)
      $0.row()
      $0.advance(1)
      $0.endSequence()
    },
    RecordingCase("a sequence at 0 of a removed function", ["a.c:1@", "-"]) {
      $0.row()
      $0.advance(1)
      $0.endSequence()
      $0.address(0)
      $0.row(0x1000, line: 8)
      $0.endSequence()
    },
    RecordingCase("a sequence at −1 of a removed function", ["a.c:1@", "-"]) {
      $0.row()
      $0.advance(1)
      $0.endSequence()
      $0.address(.max)
      $0.row(0x1001, line: 8)
      $0.endSequence()
    },
    RecordingCase("address 0 counts when the unit starts there", ["a.c:9@"]) {
      $0.lowestPC = 0
      $0.address(0)
      $0.row(0x1000, line: 8)
      $0.advance(1)
    },
    RecordingCase("rows with an op_index are ignored", ["a.c:1@", "a.c:3@", "-"]) {
      $0.maximumOperations = 3
      $0.row()
      $0.row(1, line: 1)
      $0.row(2, line: 1)
      $0.advance(3)
      $0.endSequence()
    },
    RecordingCase("min_inst_length", ["a.c:1@", "a.c:1", "a.c:1", "a.c:1", "a.c:2@"]) {
      $0.minimumInstructionLength = 4
      $0.row()
      $0.row(1, line: 1)
      $0.advance(1)
    },
    RecordingCase("fixed_advance_pc ignores min_inst_length", ["a.c:1@", "a.c:1", "a.c:2@"]) {
      $0.minimumInstructionLength = 4
      $0.row()
      $0.fixedAdvance(2)
      $0.row(line: 1)
      $0.advance(1)
    },
    RecordingCase("special opcodes and const_add_pc", ["a.c:1@", "a.c:3@", "a.c:3"]) {
      $0.row()
      $0.opcodes.append(13 + 14 + 7)  // address + 1, line + 2
      $0.opcodes.append(8)  // address + 17
      $0.endSequence()
    },
    RecordingCase("unknown standard opcodes are skipped by their operands", ["a.c:2@", "-"]) {
      $0.opcodeBase = 14
      $0.opcodes.append(13)
      $0.row(line: 1)
      $0.advance(1)
      $0.endSequence()
    },
    RecordingCase("user extended opcodes are skipped", ["a.c:1@", "-"]) {
      $0.row()
      $0.extended(0x80, [1, 2, 3])
      $0.advance(1)
      $0.endSequence()
    },
    RecordingCase("other unknown ones end the program, without a marker", ["a.c:1@", "a.c:1", "a.c:1"]) {
      $0.row()
      $0.extended(0x55, [1])
      $0.row(1, line: 1)
      $0.endSequence()
    },
    RecordingCase("a wrong length ends it as well", ["a.c:1@", "a.c:1"]) {
      $0.row()
      $0.extended(1, [9])
      $0.row(1, line: 1)
    },
    RecordingCase("a program that just ends is ended", ["a.c:1@", "-"]) {
      $0.row()
      $0.advance(1)
    },
    RecordingCase("a file number that is not in the table loses its rows", ["a.c:1@", "a.c:1", "a.c:2@"]) {
      $0.row()
      $0.file(7)
      $0.row(1)
      $0.file(1)
      $0.row(1, line: 1)
      $0.advance(1)
    },
    RecordingCase("define_file", ["x/new.h:1@", "-"]) {
      $0.directories = ["x"]
      $0.defineFile("new.h", directory: 1)
      $0.file(3)
      $0.row()
      $0.advance(1)
      $0.endSequence()
    },
    RecordingCase("equal starts in two files: the primary first", ["a.c:1@", "b.h:7"]) {
      $0.file(2)
      $0.row(line: 6)
      $0.file(1)
      $0.file(1)  // b.h is not ended, see above
      $0.row(line: -6)
      $0.advance(1)
    },
    RecordingCase("equal starts: a namesake of an unlisted primary first", ["x/a.c:1@", "b.h:7"]) {
      $0.directories = ["x"]
      $0.files = [("b.h", 0), ("a.c", 1)]
      $0.row(line: 6)
      $0.file(2)
      $0.file(2)
      $0.row(line: -6)
      $0.advance(1)
    },
    RecordingCase("line numbers above 2³¹ are negative", ["a.c:-1@"]) {
      $0.row(line: -2)
      $0.advance(1)
    },
  ]

  @Test("each rule", arguments: cases)
  func rule(_ example: RecordingCase) {
    var assembler = ProgramAssembler()
    assembler.address(0x1000)
    example.write(&assembler)
    #expect(assembler.table.texts(0x1000..<0x1000 + UInt64(example.expected.count)) == example.expected)
  }

  @Test("all versions, both widths and byte orders", arguments: [2, 3, 4, 5] as [UInt16])
  func format(version: UInt16) {
    for is64Bit in [false, true] {
      for order in [ByteOrder.little, .big] {
        var assembler = ProgramAssembler(version: version, is64Bit: is64Bit, order: order)
        if version == 5 { assembler.directories = ["/d"] }
        assembler.address(0x1000)
        assembler.file(version == 5 ? 1 : 2)
        assembler.row(line: 299)
        assembler.fixedAdvance(0x102)
        assembler.endSequence()
        let name = version == 5 ? "/d/b.h" : "b.h"
        #expect(assembler.table.text(0x1000) == "\(name):300@")
        #expect(assembler.table.text(0x1101) == "\(name):300")
        #expect(assembler.table.text(0x1102) == "-")
      }
    }
  }
}
