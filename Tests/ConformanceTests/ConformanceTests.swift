import GDBOracle
import Testing

/// `coreview gdb` against gdb on cores that the kernel wrote a moment ago, byte for byte.
@Suite struct ConformanceTests {
  @Test func `the corpus is made and has rows of every category`() throws {
    let corpus = try Setting.corpus.get()
    #expect(corpus.failures.isEmpty)
    for (category, least) in [
      "c": 150, "cxx": 20, "rust": 8, "swift": 6, "debian": 20, "i386": 15, "special": 8,
    ] {
      #expect(corpus.rows.count { $0.category == category } >= least, "\(category)")
    }
  }

  @Test func `known differences are few, real rows, and in neither C programs nor Debian's binaries`() throws
  {
    let corpus = try Setting.corpus.get(), known = try Setting.known.get()
    let others = corpus.rows.filter { $0.category != "c" && $0.category != "debian" }
    for difference in known {
      #expect(others.contains { $0.name == difference.row }, "\(difference.row) may not differ, or is no row")
      #expect(!difference.reason.isEmpty, "\(difference.row) \(difference.script): no reason given")
    }
    #expect(known.count * 20 <= others.count * Script.allCases.count)
  }

  @Test(arguments: Setting.rows)
  func `prints what gdb prints`(of row: Corpus.Row) throws {
    let corpus = try Setting.corpus.get(), known = try Setting.known.get()
    let run = try Command(Setting.coreview, ["gdb"] + Script.spine(for: row)).run(seconds: 120)
    let expected = Script.parts(of: try corpus.reference(row)), got = Script.parts(of: run.output)
    for script in Script.allCases where script != .full {
      let theirs = expected[script, default: []], ours = got[script, default: []]
      let isKnown = known.contains { $0.row == row.name && $0.script == script }
      switch (theirs == ours, isKnown) {
      case (true, true):
        Issue.record(
          "\(row.name): `\(script.command)` no longer differs; take its line out of known-differences.txt")
      case (false, false):
        Issue.record(
          "\(row.name): `\(script.command)` differs in \(firstDifference(gdb: theirs, coreview: ours)) (\(run.ending))"
        )
      default: break
      }
    }
    #expect(run.ending == .exited(0), "\(row.name): \(text(run.errors))")
  }
}

extension ConformanceTests {
  @Test(arguments: Setting.rows)
  func `prints locals as gdb prints them`(of row: Corpus.Row) throws {
    let corpus = try Setting.corpus.get(), known = try Setting.known.get()
    let run = try Command(Setting.coreview, ["gdb"] + Script.full(for: row)).run(seconds: 120)
    let expected = try corpus.fullReference(row)
    let isKnown = known.contains { $0.row == row.name && $0.script == .full }
    if isKnown, run.output == expected {
      Issue.record("\(row.name): `bt full` no longer differs; take its line out of known-differences.txt")
    } else if !isKnown, run.output != expected {
      let difference = firstDifference(gdb: expected, coreview: run.output)
      Issue.record("\(row.name): `bt full` differs in \(difference) (\(run.ending))")
    }
    #expect(run.ending == .exited(0), "\(row.name): \(text(run.errors))")
  }
}

/// A line of known-differences.txt.
struct KnownDifference {
  var row: String
  var script: Script
  var reason: String

  static func read(_ path: String) throws(Command.Failure) -> [KnownDifference] {
    var found: [KnownDifference] = []
    for line in try lines(of: path) where !line.hasPrefix("#") {
      let fields = line.split(separator: " ", maxSplits: 2).map(String.init)
      guard fields.count >= 2, let script = Script(rawValue: fields[1]) else {
        throw Command.Failure(description: "known-differences.txt: `\(line)' is not ROW COMMAND REASON")
      }
      found.append(KnownDifference(row: fields[0], script: script, reason: fields.count > 2 ? fields[2] : ""))
    }
    return found
  }
}

/// Where things are, and the corpus, made once for all tests.
enum Setting {
  static let repository = folder(of: folder(of: folder(of: #filePath)))
  static let coreview = Command.variable("COREVIEW") ?? "\(repository)/.build/debug/coreview"
  static let corpus = Result { () throws(Command.Failure) in
    try Corpus.make(
      repository: repository, folder: Command.variable("COREVIEW_CORPUS") ?? "\(repository)/.build/corpus")
  }
  static let known = Result { () throws(Command.Failure) in
    try KnownDifference.read("\(folder(of: #filePath))/known-differences.txt")
  }
  /// Empty when there is no corpus, which a test of its own reports.
  static var rows: [Corpus.Row] { (try? corpus.get().rows) ?? [] }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }
}
