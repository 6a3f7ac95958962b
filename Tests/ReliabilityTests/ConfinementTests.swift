import GDBOracle
import Testing

/// The child that reads the files: what it gives up, and what its parent says when it is lost.
@Suite struct ConfinementTests {
  static let samples = Result { try Samples.unpack(for: "reliability") }

  private func sample(_ name: String) throws -> [String] {
    let samples = try Self.samples.get()
    return [samples.executable(name), samples.core(name)]
  }

  @Test func `the child gives up rights before it opens a file`() throws {
    let trace = try ScratchFile([])
    let run = try Command(
      "strace", ["-f", "-o", trace.path, Samples.coreview] + sample("parser-stripped")
    ).run(seconds: 120)
    #expect(text(run.output).contains("Thread 1"), "\(text(run.errors))")
    let calls = try lines(of: trace.path)
    let place = { (words: [String]) in calls.firstIndex { line in words.allSatisfy { line.contains($0) } } }
    let filter = try #require(place(["seccomp(SECCOMP_SET_MODE_FILTER", "= 0"]))
    #expect(try #require(place(["prctl(PR_SET_NO_NEW_PRIVS", "= 0"])) < filter)
    #expect(
      try #require(place(["setrlimit", "RLIMIT_CPU"]) ?? place(["prlimit64", "RLIMIT_CPU", "rlim_cur=600"]))
        < filter)
    if place(["landlock_create_ruleset(NULL", "= -1"]) == nil {
      #expect(try #require(place(["landlock_restrict_self", "= 0"])) < filter)
    }
    #expect(try #require(place(["openat", "parser-stripped.core"])) > filter)
    // What the filter does not know fails with EPERM; the report of a sound core needs nothing of that kind.
    #expect(!calls[filter...].contains { $0.contains("EPERM") })
  }

  /// The kernel's own word, read while the child waits for its core.
  @Test func `the kernel confirms it`() throws {
    let script = """
      pipe=$(mktemp -u) && mkfifo "$pipe" && exec 3<>"$pipe"
      "$0" - < "$pipe" 3>&- > /dev/null 2>&1 & parent=$!
      until child=$(tr -d ' ' < /proc/$parent/task/$parent/children) && [ "$child" ] && grep -q '^Seccomp:.2' /proc/$child/status
      do sleep 0.05; done
      grep -E '^(NoNewPrivs|Seccomp|CapPrm|CapEff|CapBnd):' /proc/$child/status
      grep -E 'core file size|data size' /proc/$child/limits
      kill $child; rm "$pipe"; wait
      """
    let run = try Command("bash", ["-c", script, Samples.coreview]).run(seconds: 60)
    let said = text(run.output)
    #expect(said.contains("NoNewPrivs:\t1"), "\(said)\(text(run.errors))")
    #expect(said.contains("Seccomp:\t2"))
    // CAP_DAC_READ_SEARCH and nothing else, where the test runs as root; nothing where not.
    #expect(said.contains("CapEff:\t0000000000000004") || said.contains("CapEff:\t0000000000000000"))
    #expect(said.contains("Max core file size        0"))
  }

  /// strace delivers the signal at a read in the middle, as a hostile file would.
  @Test(arguments: ["SEGV", "BUS", "ILL", "KILL", "XCPU"])
  func `a lost child leaves threads, registers and a line`(signal: String) throws {
    let run = try Command(
      "strace",
      ["-f", "-o", "/dev/null", "-e", "inject=pread64:signal=\(signal):when=25", Samples.coreview]
        + sample("overflow")
    ).run(seconds: 120)
    #expect(run.ending == .exited(1))
    let report = text(run.output)
    #expect(report.contains("died of SIG"), "\(text(run.errors))")
    #expect(report.contains("Thread 1 (LWP "), "\(report)")
    #expect(report.contains("#0  0x"))
    #expect(report.contains("rip "))
    let said = text(run.errors).split(separator: "\n")
    #expect(said.count { $0.contains("the analysis was ended by SIG\(signal)") } == 1, "\(said)")
  }

  @Test func `and JSON that parses`() throws {
    let script = """
      strace -f -o /dev/null -e inject=pread64:signal=SEGV:when=25 "$0" --json "$@" | python3 -c '
      import json, sys
      report = json.load(sys.stdin)
      print(report["complete"], report["stacks"][0]["threads"][0]["crashed"], [r["name"] for r in report["registers"]][:3])'
      """
    let run = try Command("bash", ["-c", script, Samples.coreview] + sample("overflow")).run(seconds: 120)
    #expect(text(run.output).hasPrefix("False True ['"), "\(text(run.output))\(text(run.errors))")
  }

  @Test func `an output file is there when it is complete, and only then`() throws {
    let folder = try ScratchFolder()
    let run = try Command(Samples.coreview, ["-o", "\(folder.path)/a"] + sample("overflow")).run(seconds: 60)
    #expect(try contents(of: "\(folder.path)/a").count > 500, "\(run.ending)")
    let none = try Command(Samples.coreview, ["-o", "\(folder.path)/b", "/dev/null"]).run(seconds: 60)
    #expect(none.ending == .exited(2))
    let names = try Command("ls", [folder.path]).run(seconds: 60)
    #expect(text(names.output) == "a\n")
  }

  @Test func `--no-sandbox reads in one process, and says the same`() throws {
    let trace = try ScratchFile([])
    let plain = try Command(
      "strace", ["-f", "-o", trace.path, Samples.coreview, "--no-sandbox"] + sample("overflow")
    ).run(seconds: 120)
    #expect(try !lines(of: trace.path).contains { $0.contains("seccomp(") })
    let confined = try Command(Samples.coreview, sample("overflow")).run(seconds: 60)
    #expect(plain.output == confined.output)
    #expect(plain.errors == confined.errors)
    #expect(plain.ending == confined.ending)
  }
}
