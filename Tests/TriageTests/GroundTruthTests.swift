import CoreviewKit
import GDBOracle
import Testing

/// Programs that die in known ways: made, run, and diagnosed from the core that the kernel writes.
///
/// What is expected stands in each source: `class:`, and `says:` for texts that the reason or a finding holds
/// (`|` between alternatives). `build:` is the compiler's command, `run:` how to run it where that is not by its name.
@Suite struct GroundTruthTests {
  struct Program: CustomTestStringConvertible, Sendable {
    var file: String
    var build = ""
    var run = ""
    var kind = ""
    var says: [String] = []
    var testDescription: String { file }

    var name: String { String(file.prefix { $0 != "." }) }

    init(_ file: String) throws {
      self.file = file
      run = "./" + String(file.prefix { $0 != "." })
      for line in try lines(of: "\(GroundTruthTests.sources)/\(file)") {
        if let value = Self.value("build", line) { build = value }
        if let value = Self.value("run", line) { run = value }
        if let value = Self.value("class", line) { kind = value }
        if let value = Self.value("says", line) { says.append(value) }
      }
    }

    private static func value(_ key: String, _ line: String) -> String? {
      let prefix = "// \(key): "
      return line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : nil
    }
  }

  static let sources = "\(Samples.repository)/Tests/TriageTests/programs"
  static let folder = "\(Samples.repository)/.build/triage-programs"

  static let programs: [String] = {
    guard let found = try? Command("ls", [sources]).run(seconds: 10) else { return [] }
    return text(found.output).split(separator: "\n").map(String.init)
  }()

  /// Compiles and runs a program in a folder of its own; the path of its core.
  static func core(_ program: Program, in folder: String = folder) throws -> (
    executable: String, core: String
  ) {
    let folder = "\(folder)/\(program.name)"
    let parts = program.build.split(separator: " ").map(String.init)
    let libraries = parts.firstIndex(of: "LIBS").map { Array(parts[($0 + 1)...]) } ?? []
    let flags = parts.prefix { $0 != "LIBS" }.joined(separator: " ")
    let source = "\(sources)/\(program.file)"
    let build =
      flags == "go"
      ? "go build -o \(program.name) \(source)"
      : "\(flags) -o \(program.name) \(source) \(libraries.joined(separator: " "))"
    let script = """
      rm -rf '\(folder)' && mkdir -p '\(folder)' && cd '\(folder)' && \(build) || exit 9
      ulimit -c unlimited; ulimit -s 8192
      \(program.run) > out.txt 2>&1
      test -f core || exit 8
      """
    let outcome = try Command("bash", ["-c", script]).run(seconds: 240)
    guard outcome.ending == .exited(0) else {
      throw Command.Failure(description: "\(program.file): \(outcome.ending)\n\(text(outcome.errors))")
    }
    return ("\(folder)/\(program.name)", "\(folder)/core")
  }

  @Test func `there are at least forty of them`() {
    #expect(Self.programs.count >= 40)
  }

  @Test(arguments: programs)
  func `the class is right, and so is what is said`(file: String) throws {
    let program = try Program(file)
    #expect(!program.kind.isEmpty && !program.says.isEmpty, "\(file) does not say what is expected")
    let made = try Self.core(program)
    let report = try CoreDump(path: made.core, executable: made.executable).report()
    #expect(report.diagnosis.kind.rawValue == program.kind, "\(report.reason)")
    let cycles = (report.locks?.cycles ?? []).map { "cycle of \($0.count)" }
    let said =
      ([report.reason] + report.diagnosis.findings.map { $0.text + $0.evidence.joined(separator: "; ") }
      + cycles)
      .joined(separator: "\n")
    for wanted in program.says {
      let isThere = wanted.split(separator: "|").contains { said.contains($0) } || said.contains(wanted)
      #expect(isThere, "\(wanted)\nis not in\n\(said)")
    }
    // Each finding names its evidence, but for remarks on what cannot be known.
    #expect(report.diagnosis.findings.contains { !$0.evidence.isEmpty })
    #expect(report.signature?.hash.count == 16)
  }

  /// The same crash again: other addresses and process IDs, the same signature.
  @Test(arguments: [
    "null-chain.c", "assert.c", "overflow-two.c", "uncaught-at.cc", "no-symbols.c", "panic-index.rs",
  ])
  func `a second run has the same signature`(file: String) throws {
    let program = try Program(file)
    let first = try Self.core(program, in: Self.folder + "-again")
    let one = try CoreDump(path: first.core, executable: first.executable).report()
    let again = try Command(
      "bash",
      [
        "-c",
        "cd '\(Self.folder)-again/\(program.name)' && mv core first && ulimit -c unlimited && ulimit -s 8192; ./\(program.name) 7 8 >/dev/null 2>&1; test -f core",
      ]
    ).run(seconds: 60)
    try #require(again.ending == .exited(0))
    let two = try CoreDump(path: first.core, executable: first.executable).report()
    #expect(one.signature == nil || one.signature?.hash == two.signature?.hash)
    #expect(one.signature?.frames == two.signature?.frames && one.process.pid != two.process.pid)
  }
}
