import LineTables
import Testing

/// One line of the table in contract L-10: how a compiler wrote the names, and how gdb prints them.
struct SpellingCase: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var version: UInt16
  var unitName: String
  var directories: [String]
  var files: [(name: String, directory: UInt8)]
  /// By DWARF file number, from the version's first one.
  var expected: [String]
}

@Suite struct SpellingTests {
  static let cases: [SpellingCase] = [
    SpellingCase(
      testDescription: "gcc -gdwarf-5 top.c", version: 5, unitName: "top.c",
      directories: ["/build/t6", "src/inc"], files: [("top.c", 0), ("h0.h", 0), ("h1.h", 1), ("top.c", 0)],
      expected: ["top.c", "/build/t6/h0.h", "src/inc/h1.h", "top.c"]),
    SpellingCase(
      testDescription: "gcc -gdwarf-4 top.c", version: 4, unitName: "top.c", directories: ["src/inc"],
      files: [("top.c", 0), ("h0.h", 0), ("h1.h", 1)], expected: ["top.c", "h0.h", "src/inc/h1.h"]),
    SpellingCase(
      testDescription: "gcc -gdwarf-5 ./top.c", version: 5, unitName: "./top.c",
      directories: ["/build/t6", ".", "./src/inc"],
      files: [("top.c", 1), ("h0.h", 1), ("h1.h", 2), ("top.c", 1)],
      expected: ["./top.c", "./h0.h", "./src/inc/h1.h", "./top.c"]),
    SpellingCase(
      testDescription: "gcc -gdwarf-5 src/a.c", version: 5, unitName: "src/a.c",
      directories: ["/build/t6", "src", "src/..", "src/inc"],
      files: [("a.c", 1), ("h0.h", 2), ("h1.h", 3), ("a.c", 1)],
      expected: ["src/a.c", "src/../h0.h", "src/inc/h1.h", "src/a.c"]),
    SpellingCase(
      testDescription: "clang -gdwarf-5 /abs/top.c", version: 5, unitName: "/build/t6/top.c",
      directories: ["/build/t6", "src/inc"],
      files: [("/build/t6/top.c", 0), ("top.c", 0), ("h0.h", 0), ("h1.h", 1)],
      expected: ["/build/t6/top.c", "/build/t6/top.c", "/build/t6/h0.h", "src/inc/h1.h"]),
    SpellingCase(
      testDescription: "clang -gdwarf-4 /abs/top.c", version: 4, unitName: "/build/t6/top.c",
      directories: ["src/inc"], files: [("top.c", 0), ("h0.h", 0), ("h1.h", 1)],
      expected: ["/build/t6/top.c", "h0.h", "src/inc/h1.h"]),
    SpellingCase(
      testDescription: "a directory that is not in the table", version: 4, unitName: "top.c", directories: [],
      files: [("top.c", 0), ("z.h", 9)], expected: ["top.c", "z.h"]),
  ]

  @Test("gdb's spelling of each file number", arguments: cases)
  func spelling(_ example: SpellingCase) {
    let assembler = ProgramAssembler(
      version: example.version, directories: example.directories, files: example.files,
      unitName: example.unitName, compilationDirectory: "/build/t6")
    let table = assembler.table
    let first: UInt64 = example.version >= 5 ? 0 : 1
    for (index, name) in example.expected.enumerated() {
      #expect(table.spelling(ofFileNumber: first + UInt64(index)) == Array(name.utf8))
    }
    #expect(table.spelling(ofFileNumber: first + UInt64(example.expected.count)) == nil)
    #expect(table.spelling(ofFileNumber: .max) == nil)
    if first == 1 { #expect(table.spelling(ofFileNumber: 0) == nil) }
    #expect(table.name(ofFile: 0) == Array(example.unitName.utf8))
    #expect(table.name(ofFile: 99).isEmpty)
  }

  @Test("of two spellings of one path the one the program uses first")
  func firstUse() {
    var assembler = ProgramAssembler(
      directories: ["inc", "/d/inc"], files: [("a.c", 0), ("h.h", 1), ("h.h", 2)])
    #expect(assembler.table.spelling(ofFileNumber: 3) == Array("inc/h.h".utf8))
    assembler.address(0x1000)
    assembler.file(3)
    assembler.row()
    assembler.advance(1)
    #expect(assembler.table.spelling(ofFileNumber: 2) == Array("/d/inc/h.h".utf8))
    #expect(assembler.table.text(0x1000) == "/d/inc/h.h:1@")
  }

  @Test("names need not be UTF-8")
  func rawBytes() {
    var unit = ProgramAssembler().unit
    unit.name = [0xff, 0x2e, 0x63]
    #expect(LineTable([], unit: unit).name(ofFile: 0) == [0xff, 0x2e, 0x63])
  }

  @Test func candidates() {
    let table = ProgramAssembler(directories: ["inc"], files: [("a.c", 0), ("h.h", 1), ("/x/y.h", 0)]).table
    #expect(table.candidates(ofFile: 0).map { String(decoding: $0, as: UTF8.self) } == ["/d/a.c", "a.c"])
    #expect(
      table.candidates(ofFile: 1).map { String(decoding: $0, as: UTF8.self) } == [
        "/d/inc/h.h", "inc/h.h", "h.h",
      ])
    #expect(table.candidates(ofFile: 2).map { String(decoding: $0, as: UTF8.self) } == ["/x/y.h", "y.h"])
    #expect(table.candidates(ofFile: 9).isEmpty)
  }
}
