import GDBOracle
import Testing

/// A short run of `Tests/Fuzz` with a fixed seed; `make fuzz` is the long one. The time that is bounded is CPU time, by the
/// kernel, and wide enough for a debug build.
@Suite(.serialized) struct FuzzTests {
  static let tools = "\(Samples.repository)/Tests/Fuzz"

  private func fuzz(_ seeds: String, _ options: [String]) throws -> Command.Outcome {
    try Command(
      "\(Self.tools)/run", ["--coreview", Samples.coreview, "--seeds", seeds, "--cpu", "60"] + options
    ).run(seconds: 1200)
  }

  @Test func `damaged files of the samples`() throws {
    let samples = try ConfinementTests.samples.get()
    let seeds = try ScratchFolder()
    for name in ["overflow", "parser-i386", "io_uring-cp-forever"] {
      let made = try Command(
        "bash",
        [
          "-c", "mkdir \"$0/$3\" && ln -s \"$1\" \"$0/$3/exe\" && ln -s \"$2\" \"$0/$3/core\"", seeds.path,
          samples.executable(name), samples.core(name), name,
        ]
      ).run(seconds: 60)
      #expect(made.ending == .exited(0))
    }
    let run = try fuzz(seeds.path, ["--count", "24", "--seed", "test"])
    #expect(run.ending == .exited(0), "\(text(run.output))\(text(run.errors))")
    #expect(text(run.output).contains("24 damaged files of 3 seeds"), "\(text(run.output))")
  }

  /// Cycles, bombs, loops and depths, each well-formed. The deepest are left to `make fuzz`, which reads with a release build.
  @Test func `files that are absurd on purpose`() throws {
    let folder = try ScratchFolder()
    let only =
      "type-*,array-*,origin-*,expression-*,frame-*,lines-*,note-*,abbreviation-*,struct-*,links-cycle,links-self,inlined-*"
    let made = try Command("\(Self.tools)/hostile", [folder.path, "--only", only]).run(seconds: 600)
    #expect(made.ending == .exited(0), "\(text(made.errors))")
    let run = try fuzz(folder.path, ["--whole"])
    #expect(run.ending == .exited(0), "\(text(run.output))\(text(run.errors))")
  }
}
