import GDBOracle
import Testing

/// Files that are no core, or not all of one: a line that says what is wrong, the right exit status, no trap, no hang.
@Suite struct BadInputTests {
  /// Runs `coreview`; it must say exactly one line that holds `part`, print nothing else, and end with 2.
  private func expectNothing(_ arguments: [String], saying part: String) throws {
    let run = try SampleTests.run(arguments)
    #expect(run.output == "", "\(arguments)")
    #expect(run.errors.hasPrefix("coreview: ") && run.errors.contains(part), "\(arguments): \(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    #expect(run.ending == .exited(2), "\(arguments)")
  }

  @Test func `what cannot be a core is named`() throws {
    let samples = try SampleTests.samples.get()
    let executable = samples.executable("overflow")
    let core = samples.core("overflow")
    try expectNothing(
      [executable], saying: "is an executable (e_type at offset 0x10), not a core: name the core file as well"
    )
    try expectNothing([executable, samples.executable("ledger")], saying: "two executables and no core")
    try expectNothing([core, samples.core("parser-i386")], saying: "two cores")
    try expectNothing(["/"], saying: "is a directory")
    try expectNothing(["/nonexistent/core"], saying: "No such file or directory")
    try expectNothing([executable, "/nonexistent/core"], saying: "No such file or directory")
    try expectNothing(["/dev/zero"], saying: "is not a regular file")
    let empty = try ScratchFile([])
    try expectNothing([empty.path], saying: "the file is empty")
    let text = try ScratchFile(Array("not a core\n".utf8))
    try expectNothing([text.path], saying: "not an ELF file")
    try expectNothing([executable, text.path], saying: "\(text.path): not an ELF file")
    try expectNothing([text.path, executable], saying: "\(text.path): not an ELF file")
    let fifo = try ScratchFile.fifo()
    try expectNothing([fifo.path], saying: "is not a regular file")
  }

  @Test func `a core of a processor that nobody described`() throws {
    var bytes = try contents(of: try SampleTests.samples.get().core("parser-i386"))
    bytes[18] = 243
    let core = try ScratchFile(bytes)
    try expectNothing(
      [core.path], saying: "architecture that coreview does not read (e_machine 243 at offset 0x12)")
  }

  @Test func `an executable that does not belong to the core is said, and all else shown`() throws {
    let samples = try SampleTests.samples.get()
    let fifo = try ScratchFile.fifo()
    for (executable, part) in [
      (samples.executable("ledger"), "not the executable of this core: the core has build ID"),
      (samples.executable("parser-i386"), "for another processor than the core"),
      (fifo.path, "is not a regular file"), ("/nonexistent/program", "No such file or directory"),
      (Samples.repository + "/LICENSE", "not an ELF file"),
    ] {
      let run = try SampleTests.run([executable, samples.core("io_uring-cp-forever")])
      #expect(run.output.hasPrefix("io_uring-cp-for (pid 17790) died of SIGABRT"))
      #expect(run.output.contains("[io_uring worker] LWP 17793, "))
      #expect(run.errors.contains(part), "\(run.errors)")
      #expect(run.ending == .exited(1))
    }
  }

  @Test func `a core without the memory of its stacks says so`() throws {
    let samples = try SampleTests.samples.get()
    var bytes = try contents(of: samples.core("overflow"))
    // p_filesz of every PT_LOAD: as with a coredump_filter of 0.
    let table = Int(bytes[32]) | Int(bytes[33]) << 8
    for index in 0..<Int(bytes[56]) where bytes[table + 56 * index] == 1 {
      bytes.replaceSubrange(
        (table + 56 * index + 32)..<(table + 56 * index + 40), with: [UInt8](repeating: 0, count: 8))
    }
    let core = try ScratchFile(bytes)
    let run = try SampleTests.run([samples.executable("overflow"), core.path])
    #expect(run.output.contains("#0  0x00000000004158de in _IO_default_xsputn ()\n"))
    #expect(run.errors.contains("holds no stack of 1 thread"), "\(run.errors)")
    #expect(run.ending == .exited(1))
  }

  @Test(arguments: ["io_uring-cp-forever", "parser-i386"])
  func `cut anywhere`(_ name: String) throws {
    let samples = try SampleTests.samples.get()
    let bytes = try contents(of: samples.core(name))
    for cut in Self.cuts(bytes) {
      let core = try ScratchFile(Array(bytes.prefix(cut)))
      let run = try Command(Samples.coreview, [samples.executable(name), core.path]).run(seconds: 10)
      guard case .exited(let code) = run.ending else {
        Issue.record("\(name) cut at \(cut): \(run.ending)\n\(text(run.errors))")
        continue
      }
      #expect(code == (cut < bytes.count ? (run.output.isEmpty ? 2 : 1) : 0), "\(name) cut at \(cut)")
      #expect((cut < bytes.count) == !run.errors.isEmpty, "\(name) cut at \(cut)")
    }
  }

  /// Some offsets within the headers and notes, and around both ends of a few segments.
  ///
  /// A step that is no multiple of any structure's size meets their members in turn.
  private static func cuts(_ bytes: [UInt8]) -> [Int] {
    func number(_ offset: Int, _ size: Int) -> Int {
      (0..<size).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    let is64 = bytes[4] == 2
    let table = number(is64 ? 32 : 28, 4)
    let count = number(is64 ? 56 : 44, 2)
    var result = Set(stride(from: 1, to: 12_000, by: 317))
    for index in stride(from: 0, to: count, by: max(1, count / 8)) {
      let at = table + index * (is64 ? 56 : 32)
      let offset = number(at + (is64 ? 8 : 4), 4)
      let size = number(at + (is64 ? 32 : 16), 4)
      for edge in [offset, offset + size] { result.formUnion([edge - 1, edge, edge + 3]) }
    }
    return result.filter { $0 >= 0 && $0 <= bytes.count }.sorted() + [bytes.count]
  }
}
