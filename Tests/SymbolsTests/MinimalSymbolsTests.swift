import Elfutils
import GDBOracle
import Symbols
import Testing

/// Of a large table the first addresses are looked for among the symbols nearby, later ones in the whole; both find the same.
@Suite struct MinimalSymbolsTests {
  /// Thousands of functions, of which some have no size, lie within each other, begin together, are hidden, or have a gap
  /// behind them of more than is nearby.
  private static func file() throws -> ElfFile {
    let script = """
      set -e; folder=$(mktemp -d); trap 'rm -r "$folder"' EXIT; cd "$folder"
      {
        echo .text
        for number in $(seq 5000); do
          echo ".globl f$number; .type f$number, @function; f$number: .skip 24"
          case $((number % 7)) in
            0) echo ".size f$number, 8" ;;
            1) ;;
            2) echo ".size f$number, 200" ;;
            3) echo ".size f$number, 24; .set g$number, f$number; .type g$number, @function; .size g$number, 24" ;;
            4) echo ".size f$number, 24; .set .Lg$number, f$number; .globl .Lg$number" ;;
            *) echo ".size f$number, 24" ;;
          esac
          case $number in
            1000) echo '.skip 30000' ;;
            2000) echo '.skip 2000000' ;;
          esac
        done
        echo '.data; .globl d; .type d, @object; .size d, 64; d: .skip 128'
      } > x.s
      gcc -shared -nostdlib x.s -o x.so >&2; cat x.so
      """
    let outcome = try Command("/bin/sh", ["-c", script]).run(seconds: 120)
    guard outcome.ending == .exited(0) else {
      throw Command.Failure(description: String(decoding: outcome.errors, as: UTF8.self))
    }
    return try ElfFile(image: outcome.output, name: "x.so")
  }

  @Test func `nearby and in the whole`() throws {
    let elf = try Self.file()
    let text = try #require(elf.section(named: ".text"))
    let data = try #require(elf.section(named: ".data"))
    let starts = stride(from: UInt64(0), to: 400, by: 3).map { text.address + $0 * 97 }
    // Behind the gaps, and within the larger one.
    let far = [29_000, 54_000, 80_000, 1_000_000, 1_900_000, 2_078_500, 2_100_000].map {
      text.address + UInt64($0)
    }
    let all = (starts + far).map { ($0, text) } + [(data.address + 8, data), (data.address + 100, data)]
    let whole = MinimalSymbols(elf: elf)
    // More than are looked for nearby.
    for (address, section) in all { _ = whole.symbol(at: address, in: section) }
    var named: Set<String> = []
    for group in stride(from: 0, to: all.count, by: 8) {
      let nearby = MinimalSymbols(elf: elf)
      for (address, section) in all[group..<min(group + 8, all.count)] {
        let expected = whole.symbol(at: address, in: section)
        #expect(nearby.symbol(at: address, in: section) == expected, "\(address)")
        if let expected { named.insert(expected.name) }
      }
    }
    #expect(named.count > 60)
  }

  @Test func `names together and one by one`() throws {
    let elf = try Self.file()
    let names = ["f1", "f5000", "g3", "d", "f5001", "", "f"]
    let together = MinimalSymbols(elf: elf)
    // After so many the names have an index.
    for number in 0..<32 { _ = together.symbol(named: "f\(number)") }
    for name in names {
      #expect(together.symbol(named: name) == MinimalSymbols(elf: elf).symbol(named: name))
    }
    #expect(together.symbol(named: "f5000") != nil)
    #expect(together.symbol(named: "f5001") == nil)
  }
}
