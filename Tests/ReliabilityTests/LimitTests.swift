import GDBOracle
import Testing

/// Each limit of docs/reliability.md that cuts something says so in a line, with the structure and where it stands: files of
/// `Tests/Fuzz/hostile` that are just beyond it, read by both faces.
@Suite(.serialized) struct LimitTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    /// What stderr holds besides the path, in the report and in gdb's face (which looks for no variables near pointers).
    var words: [String]
    /// Only gdb's face prints the values of structures.
    var isReported = true
    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "inlined-5000",
      words: [
        ".debug_info, entry at 0x", "blocks nest more than 512 deep here",
        "blocks nest more than 64 deep here",
      ]),
    Case(
      name: "caller-5000",
      words: [".debug_info, entry at 0x", "blocks nest more than 256 deep here; call sites"]),
    Case(name: "namespaces-100", words: [".debug_info, entry at 0x", "scopes nest more than 64 deep here"]),
    Case(name: "children-1100000", words: [".debug_info, entry at 0x", "holds more than 1,000,000 entries"]),
    Case(
      name: "struct-members", words: [".debug_info, entry at 0x", "has more than 100,000 members"],
      isReported: false),
    Case(name: "links-250000", words: ["link map: more than 200,000 objects", "struct link_map at 0x"]),
    Case(name: "threads-endless", words: ["libc's list of threads at 0x", "leads back to itself"]),
  ]

  @Test(arguments: cases) func `a line for what was cut`(_ limit: Case) throws {
    let folder = try ScratchFolder()
    let made = try Command("\(FuzzTests.tools)/hostile", [folder.path, "--only", limit.name]).run(
      seconds: 300)
    #expect(made.ending == .exited(0), "\(text(made.errors))")
    let files = ["exe", "core"].map { "\(folder.path)/\(limit.name)/\($0)" }
    if limit.isReported {
      let report = try Command(Samples.coreview, files).run(seconds: 300)
      for word in limit.words { #expect(text(report.errors).contains(word), "\(text(report.errors))") }
      #expect(report.ending == .exited(1))
    }
    let gdb = try Command(
      Samples.coreview, ["gdb", "-q", "-nx", "-batch", "-ex", "thread apply all bt full"] + files
    ).run(seconds: 300)
    for word in limit.words where !word.hasPrefix("blocks nest more than 64") {
      #expect(text(gdb.errors).contains(word), "\(text(gdb.errors))")
    }
    #expect(gdb.ending == .exited(0))
  }

  /// Nothing of the kind for a sound core.
  @Test(arguments: ["overflow", "parser-i386", "ledger"]) func `no line for a sound core`(sample: String)
    throws
  {
    let samples = try ConfinementTests.samples.get()
    let run = try Command(Samples.coreview, [samples.executable(sample), samples.core(sample)]).run(
      seconds: 60)
    #expect(!text(run.errors).contains("more than"), "\(text(run.errors))")
  }
}
