import Bytes
import Testing

@testable import LineTables

/// A table whose sequences are run one by one answers what one that is run in full does.
@Suite struct LineRowsTests {
  /// A program of up to 20 sequences: apart, touching, within each other, empty, of a removed function, in any order.
  private static func program(_ random: inout Random) -> ProgramAssembler {
    var program = ProgramAssembler()
    program.version = random.below(2) == 0 ? 4 : 5
    if program.version == 5 {
      program.directories = ["/d", "/e"]
      program.files = [("a.c", 0), ("a.c", 0), ("b.h", 1)]
    }
    program.defaultIsStatement = random.below(2) == 0
    var next: UInt64 = 0x1000
    for _ in 0..<(2 + random.below(18)) {
      let start =
        switch random.below(12) {
        case 0: UInt64(0)
        case 1: 0x1000 + random.below(0x300)
        default: next
        }
      program.address(start)
      var length: UInt64 = 0
      for _ in 0..<random.below(12) {
        switch random.below(9) {
        case 0: program.file(random.below(4))
        case 1: program.negateStatement()
        case 2: program.discriminator(random.below(3))
        case 3: program.opcodes.append(8)
        case 4: program.opcodes += [5, UInt8(random.below(0x80))]
        case 5: program.opcodes.append(UInt8(13 + random.below(243)))
        default:
          let step = random.below(6)
          length += step
          program.row(step, line: Int64(random.below(9)) - 2)
        }
      }
      program.advance(random.below(4))
      if random.below(40) == 0 { program.defineFile("c.h", directory: 0) }
      program.endSequence()
      next = max(next, start + length + 40 * random.below(6))
    }
    if random.below(30) == 0 { program.row(3, line: 2) }
    return program
  }

  @Test("sequences one by one, and all", arguments: 0..<100)
  func agree(seed: Int) {
    var random = Random(seed: UInt64(seed))
    let program = Self.program(&random)
    let lines = program.section
    let whole = LineTable(lines, unit: program.unit, fewOpcodes: .max)
    for first in [0x1000, 0x1234] as [UInt64] {
      let parts = LineTable(lines, unit: program.unit, fewOpcodes: 0)
      for pc in Array(first..<0x1500) + Array(0..<0x140) { #expect(parts.lookup(pc) == whole.lookup(pc)) }
      for file in 0..<5 {
        #expect(parts.name(ofFile: file) == whole.name(ofFile: file))
        #expect(parts.rows(ofFile: file) == whole.rows(ofFile: file))
        #expect(parts.spelling(ofFileNumber: UInt64(file)) == whole.spelling(ofFileNumber: UInt64(file)))
      }
    }
  }

  @Test func `sequences say where they are`() throws {
    var program = ProgramAssembler()
    for start in [0x3000, 0x1000, 0x2000, 0x2008, 0x4000] as [UInt64] {
      program.address(start)
      program.row(0, line: 1)
      program.row(16, line: 1)
      program.endSequence()
    }
    let bytes = program.section
    let header = try unsafe LineHeader(
      LineSections(line: bytes.span.bytes, strings: bytes.span.bytes, lineStrings: bytes.span.bytes), at: 0)
    var run = LineProgram(header: header, unit: program.unit)
    let all = run.sequences(program.opcodes.span, isBigEndian: false)
    let found = try #require(all)
    let sorted = LineSequence.sorted(found)
    #expect(sorted.map(\.addresses.lowerBound) == [0x1000, 0x2000, 0x2008, 0x3000, 0x4000])
    #expect(sorted.map(\.addresses.upperBound) == [0x1010, 0x2010, 0x2018, 0x3010, 0x4010])
    #expect(sorted.map(\.isAlone) == [true, false, false, true, true])
    #expect(found.map(\.opcodes.count).allSatisfy { $0 == program.opcodes.count / 5 })
  }

  /// Numbers that are the same in each run.
  struct Random {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    mutating func below(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
  }
}
