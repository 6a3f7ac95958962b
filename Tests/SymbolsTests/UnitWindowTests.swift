import Elfutils
import GDBOracle
import Testing

/// Units that are asked for one by one say what they say when all are read, whatever the order.
@Suite struct UnitWindowTests {
  private static let count = 90

  /// A program of many small units, in whose functions nothing is alike.
  private static func image(_ options: String) throws -> [UInt8] {
    let script = """
      set -e; folder=$(mktemp -d); trap 'rm -r "$folder"' EXIT; cd "$folder"
      for i in $(seq 1 \(count)); do
        printf 'struct s%d { int a[%d]; };\nint f%d(struct s%d *p) { return p->a[%d]; }\n' $i $i $i $i $((i - 1)) > $i.c
      done
      echo 'int main(void) { return 0; }' > main.c
      gcc \(options) *.c -o program >&2; cat program
      """
    let outcome = try Command("/bin/sh", ["-c", script]).run(seconds: 120)
    guard outcome.ending == .exited(0) else {
      throw Command.Failure(description: String(decoding: outcome.errors, as: UTF8.self))
    }
    return outcome.output
  }

  private struct Told: Equatable {
    var header: UInt64
    var version: Int
    var name: String?
    var functions: [String?]
    var types: [String?]
    var ranges: [Range<UInt64>]
  }

  private static func told(by unit: DebugUnit, of file: DebugFile) -> Told {
    let functions = file.functions(of: unit.skeleton, isDeep: false)
    let parameters = functions.compactMap { file.entry(at: $0.offset)?.firstChild }
    return Told(
      header: unit.headerOffset, version: unit.version, name: unit.skeleton.string(3),
      functions: functions.map { file.entry(at: $0.offset)?.string(3) },
      types: parameters.map { $0.reference(0x49)?.reference(0x49)?.string(3) },
      ranges: unit.skeleton.ranges)
  }

  @Test(arguments: [
    "-g -gdwarf-5", "-g -gdwarf-5 -gz", "-g -gdwarf-4 -O1", "-g -gdwarf-5 -fdebug-types-section",
  ])
  func `the order in which units are asked for changes nothing`(options: String) throws {
    let image = try Self.image(options)
    func open() throws -> DebugFile {
      try #require(DebugFile(elf: try ElfFile(image: image, name: options)))
    }
    let whole = try open()
    let expected = whole.units.map { Self.told(by: $0, of: whole) }
    #expect(expected.count { $0.name?.hasSuffix(".c") == true } == Self.count + 1)
    #expect(expected.contains { $0.functions == ["f7"] && $0.types == ["s7"] })
    let forth = Array(expected.indices)
    // Backwards more handles would be needed than there may be; last, all of them after some were read.
    for order in [forth, forth.reversed(), [5, 80, 40, 79, 41, 5, 0, 90, 6], forth.shuffled()] {
      let file = try open()
      for index in order {
        let unit = try #require(file.unit(headerOffset: expected[index].header))
        #expect(Self.told(by: unit, of: file) == expected[index])
      }
      #expect(file.units.map { Self.told(by: $0, of: file) } == expected)
    }
  }

  @Test func `no unit is where none begins`() throws {
    let file = try #require(DebugFile(elf: try ElfFile(image: try Self.image("-g"), name: "x")))
    let starts = Set(file.units.map(\.headerOffset))
    let other = try #require(DebugFile(elf: try ElfFile(image: try Self.image("-g"), name: "x")))
    for offset in stride(from: UInt64(0), to: 2000, by: 1) where !starts.contains(offset) {
      #expect(other.unit(headerOffset: offset) == nil)
    }
  }
}
