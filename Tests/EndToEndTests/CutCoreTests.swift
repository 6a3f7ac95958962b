import GDBOracle
import Testing

/// Cores that a full disk or a limit cut off, at every kind of place: the stacks that gdb still prints, and what is missing.
@Suite struct CutCoreTests {
  /// A 64-bit core, as far as it takes to know where its parts begin and end.
  private struct Layout {
    let bytes: [UInt8]
    /// Type, offset and size of each program header.
    let parts: [(type: Int, start: Int, size: Int)]
    let table: Range<Int>

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      let number = { (at: Int, size: Int) in
        (0..<size).reversed().reduce(0) { $0 << 8 | Int(bytes[at + $1]) }
      }
      let (start, count) = (number(32, 8), number(56, 2))
      table = start..<start + 56 * count
      parts = (0..<count).map { index in
        let at = start + 56 * index
        return (number(at, 4), number(at + 8, 8), number(at + 32, 8))
      }
    }

    /// The end of everything that the headers promise.
    var end: Int { parts.map { $0.start + $0.size }.max() ?? 0 }

    /// Starts, middles and ends.
    var places: [Int] {
      var places: Set<Int> = [1, 15, 16, 40, 63, 64, 65]
      for at in [table.lowerBound, (table.lowerBound + table.upperBound) / 112 * 56, table.upperBound - 56] {
        places.formUnion([at, at + 20, at + 56])
      }
      for part in parts where part.type == 4 { places.formUnion(notes(part.start..<part.start + part.size)) }
      let memory = parts.filter { $0.type == 1 && $0.size > 0 }
      for part in [memory.first, memory[memory.count / 2], memory.last].compactMap({ $0 }) {
        let end = part.start + part.size
        places.formUnion([
          part.start, part.start + 1, part.start + 4096, part.start + part.size / 2, end - 4096, end - 1, end,
        ])
      }
      return places.filter { $0 > 0 && $0 < end }.sorted()
    }

    /// The same with so many more segments of memory that was never written: their number then stands in the section header
    /// that ends the file, as a kernel writes it (PN_XNUM of elf(5)).
    func widened(by count: Int) -> [UInt8] {
      let little = { (value: Int, size: Int) in
        (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      }
      let delta = (56 * count + 4095) & ~4095
      var headers: [(address: Int, isNote: Bool, bytes: [UInt8])] = parts.enumerated().map { index, part in
        var header = Array(bytes[table.lowerBound + 56 * index..<table.lowerBound + 56 * (index + 1)])
        header.replaceSubrange(8..<16, with: little(part.start + delta, 8))
        let address = header[16..<24].reversed().reduce(0) { $0 << 8 | Int($1) }
        return (address, part.type == 4, header)
      }
      for index in 0..<count {
        let address = 0x1000_0000_0000 + index * 8192
        let fields = [1 | 4 << 32, 0, address, 0, 0, 4096, 4096]
        headers.append((address, false, fields.flatMap { little($0, 8) }))
      }
      headers.sort { ($0.isNote ? 0 : 1, $0.address) < ($1.isNote ? 0 : 1, $1.address) }
      var result = Array(bytes[..<table.lowerBound]) + headers.flatMap(\.bytes)
      result +=
        [UInt8](repeating: 0, count: table.upperBound + delta - result.count) + bytes[table.upperBound...]
      result.replaceSubrange(40..<48, with: little(result.count, 8))
      result.replaceSubrange(56..<64, with: little(0xffff, 2) + little(64, 2) + little(1, 2) + little(0, 2))
      var section = [UInt8](repeating: 0, count: 64)
      section.replaceSubrange(44..<48, with: little(headers.count, 4))
      return result + section
    }

    /// In each note its header, the middle of the header, its contents, their middle and the last byte.
    private func notes(_ range: Range<Int>) -> [Int] {
      let word = { (at: Int) in (0..<4).reversed().reduce(0) { $0 << 8 | Int(bytes[at + $1]) } }
      var result: [Int] = []
      var at = range.lowerBound
      while at + 12 <= range.upperBound {
        let contents = at + 12 + (word(at) + 3) & ~3
        let end = contents + (word(at + 4) + 3) & ~3
        result += [at, at + 6, contents, (contents + end) / 2, end - 1]
        at = end
      }
      return result
    }
  }

  /// Of too many places some, from the first to the last.
  private static func thinned(_ places: [Int], to count: Int) -> [Int] {
    places.count <= count ? places : (0..<count).map { places[$0 * (places.count - 1) / (count - 1)] }
  }

  private static func answer(_ program: String, _ executable: String, _ core: String) throws -> String {
    let arguments = [
      "-q", "-nx", "-batch", "-ex", "info threads", "-ex", "thread apply all bt", executable, core,
    ]
    let run = try Command(program, (program == "gdb" ? [] : ["gdb"]) + arguments).run(seconds: 60)
    return text(run.output)
  }

  @Test(arguments: ["thumbnailer", "overflow", "ledger"])
  func `cut at every boundary: gdb's text, and a line on what is missing`(name: String) throws {
    let samples = try SampleTests.samples.get()
    let executable = samples.executable(name)
    let layout = Layout(try contents(of: samples.core(name)))
    #expect(layout.places.count > 40)
    for place in Self.thinned(layout.places, to: 36) {
      let core = try ScratchFile(Array(layout.bytes[..<place]))
      let expected = try Self.answer("gdb", executable, core.path)
      let found = try Self.answer(Samples.coreview, executable, core.path)
      #expect(found == expected, "cut at \(place)")
      let report = try SampleTests.run([executable, core.path])
      #expect(report.ending == .exited(report.output.isEmpty ? 2 : 1), "cut at \(place): \(report.errors)")
      let says = ["truncated", "cut off", "not an ELF file", "is empty"].contains {
        report.errors.contains($0)
      }
      #expect(says, "cut at \(place): \(report.errors)")
    }
  }

  @Test(arguments: CompressedCoreTests.formats)
  func `the same cuts of a core that was compressed after it was cut`(format: String) throws {
    let samples = try SampleTests.samples.get()
    let executable = samples.executable("overflow")
    let layout = Layout(try contents(of: samples.core("overflow")))
    for place in Self.thinned(layout.places, to: 12) {
      let core = try ScratchFile(Array(layout.bytes[..<place]))
      let packed = try ScratchFile([])
      _ = try Command("/bin/sh", ["-c", "\(format) -c '\(core.path)' > '\(packed.path)'"]).run(seconds: 60)
      let plain = try Self.answer(Samples.coreview, executable, core.path)
      #expect(try Self.answer(Samples.coreview, executable, packed.path) == plain, "cut at \(place)")
    }
  }

  /// Damage in the middle: what came before it is used, and a line says where the good bytes end. lz4 frames carry a
  /// checksum that coreview does not compute: there damage may show in what is printed only.
  @Test(arguments: CompressedCoreTests.formats)
  func `damaged at several places`(format: String) throws {
    let samples = try SampleTests.samples.get()
    let packed = try ScratchFile([])
    let line = "\(format) -c '\(samples.core("overflow"))' > '\(packed.path)'"
    _ = try Command("/bin/sh", ["-c", line]).run(seconds: 60)
    let bytes = try contents(of: packed.path)
    for part in [4, 12, 64] + (1..<8).map({ bytes.count * $0 / 8 }) {
      var damaged = bytes
      for at in part..<min(bytes.count, part + 32) { damaged[at] ^= UInt8(truncatingIfNeeded: at &* 151 | 1) }
      let core = try ScratchFile(damaged)
      let run = try SampleTests.run([samples.executable("overflow"), core.path])
      #expect(
        run.ending == .exited(0) || run.ending == .exited(1) || run.ending == .exited(2), "\(part): \(run)")
      if format != "lz4 -q" { #expect(run.ending != .exited(0) && !run.errors.isEmpty, "\(part): \(run)") }
      if run.ending == .exited(2) { #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)") }
    }
  }

  @Test func `more segments than a 16-bit number counts, compressed, from a file and a pipe`() throws {
    let samples = try SampleTests.samples.get()
    let executable = samples.executable("overflow")
    let core = try ScratchFile(Layout(try contents(of: samples.core("overflow"))).widened(by: 66_000))
    let plain = try Self.answer(Samples.coreview, executable, core.path)
    #expect(try Self.answer("gdb", executable, core.path) == plain)
    #expect(plain == (try Self.answer(Samples.coreview, executable, samples.core("overflow"))))
    for format in CompressedCoreTests.formats {
      let packed = try ScratchFile([])
      let line = "\(format) -c '\(core.path)' > '\(packed.path)'"
      _ = try Command("/bin/sh", ["-c", line]).run(seconds: 60)
      #expect(try Self.answer(Samples.coreview, executable, packed.path) == plain, "\(format)")
      let arguments = "gdb -q -nx -batch -ex 'info threads' -ex 'thread apply all bt' '\(executable)' -"
      let piped = try Command("/bin/sh", ["-c", "cat '\(packed.path)' | '\(Samples.coreview)' \(arguments)"])
        .run(seconds: 60)
      #expect(text(piped.output) == plain, "\(format), from a pipe")
    }
  }

  @Test func `strings of a heap that had passed in a pipe: every frame, and a line that says so`() throws {
    let made = try ScratchFile([])
    let script = #"""
      mkdir '\#(made.path).d' && cd '\#(made.path).d' && cat > heap.c <<'END'
      #include <stdlib.h>
      #include <string.h>
      __attribute__((noinline)) void crash(const char *early, const char *late) { abort(); }
      int main(void) {
        // Of the program's break, which comes before the stack in the core: 100 MB that do not compress.
        unsigned long state = 88172645463325252;
        char *first = strdup("the early one"), *last = 0;
        for (int i = 0; i < 100000; i++) {
          unsigned long *piece = malloc(1000);
          for (int at = 0; at < 125; at++) state ^= state << 13, state ^= state >> 7, state ^= state << 17, piece[at] = state;
          if (i == 50000) last = strdup("the late one");
        }
        crash(first, last);
      }
      END
      gcc -O0 -g -o heap heap.c || exit 1
      ulimit -c unlimited
      ./heap 2>&-
      test -f core && zstd -q core
      """#
    let run = try Command("/bin/bash", ["-c", script]).run(seconds: 120)
    defer { _ = try? Command("rm", ["-rf", made.path + ".d"]).run(seconds: 20) }
    #expect(run.ending == .exited(0), "\(text(run.errors))")
    let folder = made.path + ".d"
    let file = try SampleTests.run(["\(folder)/heap", "\(folder)/core.zst"])
    #expect(file.output.contains("\"the early one\"") && file.output.contains("\"the late one\""))
    #expect(file.errors == "")
    let frames = { (output: String) in output.split(separator: "\n").count { $0.hasPrefix("#") } }
    for core in ["core", "core.zst"] {
      let line = "cat '\(folder)/\(core)' | '\(Samples.coreview)' '\(folder)/heap' -"
      let piped = try Command("/bin/sh", ["-c", line]).run(seconds: 120)
      #expect(frames(text(piped.output)) == frames(file.output) && piped.ending == .exited(1))
      #expect(text(piped.errors).contains("had passed before they were asked for"), "\(text(piped.errors))")
      #expect(text(piped.errors).split(separator: "\n").count == 1)
    }
  }
}
