import CoreviewKit
import GDBOracle
import Glibc
import Testing

/// Running processes: what is said of them, and that nothing happens to them.
@Suite(.serialized) struct LiveTests {
  @Test func `every thread has the frames that gdb shows, live and from a snapshot`() throws {
    let scene = try Scene("threads", ["sleep", "5"])
    let (live, _, opened) = try scene.textsOfGDB()
    // A core has no names.
    let nameless = Self.threads(live).split(separator: "\n", omittingEmptySubsequences: false)
      .map(Self.withoutName).joined(separator: "\n")
    #expect(Self.threads(text(opened.output)) == nameless, "\(text(opened.errors))")
    #expect(nameless.contains("wait_here (why="))
    #expect(try scene.states().allSatisfy { $0 == "S 0" })
  }

  /// From the first thread's heading on, without what gdb says when it lets go.
  private static func threads(_ output: String) -> String {
    output.split(separator: "\n", omittingEmptySubsequences: false).drop { !$0.hasPrefix("Thread ") }
      .filter { !$0.hasPrefix("[Inferior") }.joined(separator: "\n")
  }

  /// `Thread 2 (Thread 0x… (LWP 5) "name"):` without the name.
  private static func withoutName(_ line: Substring) -> String {
    guard line.hasPrefix("Thread "), let quote = line.firstIndex(of: "\"") else { return String(line) }
    return line[..<quote].dropLast() + "):"
  }

  @Test(arguments: [["--no-stop"], ["--rolling"], []])
  func `the report names each thread, whichever way it looks`(_ options: [String]) throws {
    let scene = try Scene("threads", ["sleep", "4"])
    let run = try coreview(["\(scene.id)"] + options)
    #expect(run.ending == .exited(0), "\(run.errors)")
    #expect(run.output.contains("threads (pid \(scene.id)) is running\n"))
    #expect(run.output.contains("wait_here (") && run.output.contains("\"sleeper-3\""))
    #expect(
      run.output.contains(options == ["--no-stop"] ? "Paused: no thread" : "Paused: 6 threads"),
      "\(run.output)")
    #expect(try scene.states().allSatisfy { $0 == "S 0" })
  }

  // MARK: Harm

  /// The rule that matters most: a request that a worker executes goes on.
  @Test func `a blocked request survives coreview, and does not survive gdb`() throws {
    let scene: Scene
    do {
      scene = try Scene("scene", ["blocked", "live"])
    } catch let refusal as Scene.Refusal {
      try Test.cancel("\(refusal.reason)")
    }
    #expect(try coreview(["\(scene.id)"]).ending == .exited(0))
    #expect(try coreview(["--rolling", "\(scene.id)"]).ending == .exited(0))
    #expect(try coreview(["snapshot", "\(scene.id)", "-o", "\(scene.folder)/snapshot"]).ending == .exited(0))
    #expect(try coreview(["gdb", "-p", "\(scene.id)", "-batch", "-ex", "bt"]).ending == .exited(0))
    #expect(try Self.completions(of: scene) == ["10 0"])

    let other = try Scene("scene", ["blocked", "live"])
    _ = try Command("gdb", ["-q", "-nx", "-batch", "-p", "\(other.id)", "-ex", "bt"]).run(seconds: 120)
    let harmed = try Self.completions(of: other)
    #expect(harmed.contains { $0.hasSuffix(" -512") }, "\(harmed)")
  }

  private static func completions(of scene: Scene) throws -> [String] {
    _ = try Command("touch", ["\(scene.folder)/stop"]).run(seconds: 10)
    for _ in 0..<500 where kill(scene.id, 0) == 0 {
      if let list = try? lines(of: "\(scene.folder)/completions"), !list.isEmpty {
        return list.filter { !$0.isEmpty }
      }
      usleep(10_000)
    }
    return try lines(of: "\(scene.folder)/completions").filter { !$0.isEmpty }
  }

  @Test func `no thread is left stopped when coreview is killed in the middle`() throws {
    let scene = try Scene("threads", ["sleep", "400"])
    // Killed after 7, 14, … ms: at the start, while threads are taken, stopped, read, and let go. The script also
    // tells whether it ever saw a traced thread when it killed: else it would prove nothing, and goes on at other times.
    let script = """
      seen=0
      for i in $(seq 1 300); do
        if [ $i -gt 60 ] && [ $seen -gt 0 ]; then break; fi
        '\(Samples.coreview)' \(scene.id) >/dev/null 2>&1 & victim=$!
        sleep 0.$(printf %03d $((i % 60 * 7 + i / 60)))
        if grep -q '^TracerPid:[[:space:]]*[1-9]' /proc/\(scene.id)/task/*/status; then seen=$((seen + 1)); fi
        kill -KILL $victim; wait $victim 2>/dev/null
      done
      echo $seen
      """
    let run = try Command("/bin/bash", ["-c", script]).run(seconds: 200)
    #expect(run.ending == .exited(0))
    #expect((Int(text(run.output).filter { $0.isNumber }) ?? 0) > 0, "no kill fell into the pause")
    // The child that traces dies a moment after its parent.
    for _ in 0..<200 where try !scene.states().allSatisfy({ $0 == "S 0" }) { usleep(10_000) }
    let states = try scene.states()
    #expect(states.count == 402 && states.allSatisfy { $0 == "S 0" }, "\(Set(states))")
  }

  @Test func `a stopped process stays stopped, and is shown`() throws {
    let scene = try Scene("threads", ["sleep", "3"])
    kill(scene.id, SIGSTOP)
    for _ in 0..<200 where try !scene.states().allSatisfy({ $0 == "T 0" }) { usleep(10_000) }
    let run = try coreview(["\(scene.id)"])
    #expect(run.ending == .exited(0) && run.output.contains("is stopped"), "\(run.output)\(run.errors)")
    #expect(run.output.contains("wait_here ("))
    for _ in 0..<200 where try !scene.states().allSatisfy({ $0 == "T 0" }) { usleep(10_000) }
    #expect(try scene.states().allSatisfy { $0 == "T 0" })
    kill(scene.id, SIGCONT)
    for _ in 0..<200 where try !scene.states().allSatisfy({ $0 == "S 0" }) { usleep(10_000) }
    #expect(try scene.states().allSatisfy { $0 == "S 0" })
  }

  // MARK: What cannot be stopped

  @Test func `a thread in vfork is let go and said to be there`() throws {
    let scene = try Scene("threads", ["vfork", "2"])
    let run = try coreview(["\(scene.id)"])
    #expect(run.ending == .exited(1))
    #expect(
      run.errors.contains("sleeps uninterruptibly") && run.errors.contains("vfork or posix_spawn"),
      "\(run.errors)")
    #expect(run.output.contains("\"forker\"") && run.output.contains("wait_here ("), "\(run.output)")
    #expect(run.output.contains("state D (uninterruptible)"))
    let states = try scene.states()
    #expect(states.allSatisfy { $0 == "S 0" || $0 == "D 0" }, "\(states)")
  }

  @Test func `another tracer is named`() throws {
    let scene = try Scene("threads", ["sleep", "2"])
    let script = """
      gdb -q -nx -batch -p \(scene.id) -ex 'shell touch held' -ex 'shell sleep 60' >/dev/null 2>&1 & tracer=$!
      for i in $(seq 1 600); do [ -e held ] && break; sleep 0.1; done
      '\(Samples.coreview)' \(scene.id); code=$?; kill $tracer; wait $tracer; exit $code
      """
    let run = try Command("/bin/bash", ["-c", "cd '\(scene.folder)' && { \(script); }"]).run(seconds: 120)
    #expect(
      text(run.errors).contains("traced by process") && text(run.errors).contains("(gdb)"),
      "\(text(run.errors))")
    #expect(run.ending == .exited(1))
    #expect(text(run.output).contains("\"sleeper-1\""))
  }

  @Test func `what is no process is said to be none`() throws {
    let none = try coreview(["-p", "4194303"])
    #expect(none.ending == .exited(2) && none.errors.contains("no such process"))
    let kernel = try coreview(["-p", "2"])
    #expect(kernel.ending == .exited(2), "\(kernel.output)\(kernel.errors)")
  }

  @Test func `names of threads are anything, and stay inert`() throws {
    let scene = try Scene("threads", ["names"])
    let run = try coreview(["\(scene.id)"])
    #expect(run.ending == .exited(0))
    #expect(run.output.contains("a) R (b\\012c") && run.output.contains("esc\\033[31m"), "\(run.output)")
    #expect(!run.output.utf8.contains(0x1b))
    let folder = try scene.copyProc()
    let dump = try CoreDump(folder: folder)
    let report = dump.report()
    #expect(report.workers.isEmpty && report.threadCount == 6)
    let threads = report.stacks.flatMap(\.threads)
    #expect(threads.contains { $0.name == "a) R (b\nc" })
    let impostor = try #require(threads.first { $0.name == "iou-wrk-1" })
    #expect(impostor.kind == .user && impostor.evidence.contains { $0.text.contains("took the name itself") })
    // Without stat the name is all there is: possible, and no more.
    _ = try Command("rm", ["\(folder)/task/\(impostor.lwp)/stat"]).run(seconds: 10)
    let doubtful = try CoreDump(folder: folder).report().workers
    #expect(doubtful.map(\.lwp) == [impostor.lwp] && doubtful.first?.confidence == .possible)
  }
}
