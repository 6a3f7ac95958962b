import GDBOracle
import Testing

/// The command lines of crash collectors and bug pages (landscape 3g): all of stdout against gdb's.
@Suite struct RecipeTests {
  struct Recipe: Sendable, CustomTestStringConvertible {
    var name: String
    /// `EXE` and `CORE` stand for the row's files.
    var arguments: [String]
    var testDescription: String { name }

    init(_ name: String, _ arguments: String...) {
      self.name = name
      self.arguments = arguments
    }

    func command(_ row: Corpus.Row) -> [String] {
      arguments.map { $0 == "EXE" ? row.executable : $0 == "CORE" ? row.core : filled($0, row) }
    }

    private func filled(_ text: String, _ row: Corpus.Row) -> String {
      for (mark, value) in [("@EXE", row.executable), ("@CORE", row.core)] where text.hasSuffix(mark) {
        return text.dropLast(mark.count) + value
      }
      return text
    }
  }

  static let recipes = [
    Recipe(
      "Apport", "--ex", "file @EXE", "--ex", "core-file @CORE", "--batch", "--ex", "set backtrace limit 2000",
      "-iex", "set debuginfod enable off", "--ex", "p -99", "--ex", "info registers", "--ex", "p -99", "--ex",
      "x/16i $pc", "--ex", "p -99", "--ex", "bt full", "--ex", "p -99", "--ex", "thread apply all bt full",
      "--ex", "p -99", "--ex", "print __abort_msg->msg", "--ex", "p -99", "--ex",
      "print (char*) __glib_assert_msg", "--ex", "p -99"),
    Recipe(
      "ABRT", "-batch", "-ex", "set debuginfod enabled on", "-ex", "file @EXE", "-ex", "core-file @CORE",
      "-ex",
      "thread apply all -ascending backtrace full 1024", "-ex", "info sharedlib", "-ex",
      "print (char*)__abort_msg", "-ex", "print (char*)__glib_assert_msg", "-ex", "info all-registers", "-ex",
      "disassemble"),
    Recipe(
      "coredumpctl", "-batch", "-ex", "set pagination off", "-ex", "info threads", "-ex",
      "thread apply all bt full", "-ex", "quit", "EXE", "-c", "CORE"),
    Recipe(
      "haproxy", "-batch", "-n", "-ex", "set pagination off", "-ex", "set print elements 0", "-ex",
      "thread apply all -ascending bt full", "-core", "CORE", "EXE"),
    Recipe(
      "bug pages", "-batch", "-ex", "info threads", "-ex", "t a a bt", "-ex", "info registers", "-ex",
      "x/16i $pc", "-ex", "info proc mappings", "-ex", "info auxv", "-ex", "info sharedlibrary", "-ex",
      "info signals", "-ex", "p $_siginfo._sifields._sigfault.si_addr", "-ex", "frame 1", "-ex", "up", "-ex",
      "info frame", "-ex", "down", "-ex", "info locals", "-ex", "info args", "-ex",
      "set disassembly-flavor intel", "-ex", "disassemble", "EXE", "CORE"),
  ]

  /// C, C++ with threads, Rust, i386.
  static let rows = ["args-gcc-o0", "c-abort", "threads-waits", "cxx-members-o0", "rust-index", "i386-abort"]

  @Test(arguments: recipes, rows)
  func `prints what gdb prints`(for recipe: Recipe, of name: String) throws {
    let row = try #require(try Setting.corpus.get().rows.first { $0.name == name })
    let theirs = try Command("/usr/bin/gdb", ["-q", "-nx"] + recipe.command(row)).run(seconds: 120)
    let ours = try Command(Setting.coreview, ["gdb", "-q", "-nx"] + recipe.command(row)).run(seconds: 120)
    if theirs.output != ours.output {
      Issue.record(
        "\(recipe.name) of \(name) differs in \(firstDifference(gdb: theirs.output, coreview: ours.output))"
      )
    }
    #expect(ours.ending == theirs.ending)
  }
}
