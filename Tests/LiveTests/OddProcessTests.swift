import CoreviewKit
import GDBOracle
import Glibc
import Testing

/// Processes that are not as others are: half dead, changing, foreign, forbidden, narrow.
@Suite(.serialized) struct OddProcessTests {
  private static func scene(
    _ program: String, _ arguments: [String], isConfined: Bool = false
  ) throws -> Scene {
    do {
      return try Scene(program, arguments, isConfined: isConfined)
    } catch let refusal as Scene.Refusal {
      try Test.cancel("\(refusal.reason)")
    }
  }

  /// The main thread took its memory map, its descriptors and its executable with it; the others have them still.
  @Test func `a process whose main thread has ended is shown by another`() throws {
    let scene = try Scene("threads", ["leader", "3"])
    let run = try coreview(["\(scene.id)"])
    #expect(run.ending == .exited(0), "\(run.errors)")
    #expect(
      run.output.contains("(pid \(scene.id)) is running, its main thread has ended\n"),
      "\(run.output)")
    #expect(
      run.output.contains("wait_here (") && run.output.contains("\"sleeper-2\""), "\(run.output)")
    #expect(run.errors.contains("LWP \(scene.id) has ended (state Z)"), "\(run.errors)")
    let states = try scene.states()
    #expect(states.count { $0 == "S 0" } == 4 && states.count { $0 == "Z 0" } == 1, "\(states)")

    let file = "\(scene.folder)/snapshot"
    #expect(try coreview(["snapshot", "\(scene.id)", "-o", file]).ending == .exited(0))
    let kept = try CoreDump(path: file).report()
    #expect(kept.process.pid == scene.id && kept.threadCount == 5)
    #expect(kept.executable?.hasSuffix("/threads") == true)
    let main = kept.stacks.flatMap(\.threads).first { $0.lwp == scene.id }
    #expect(main?.state == "Z" && main?.hasRegisters == false)
    let attached = try coreview([
      "gdb", "-p", "\(scene.id)", "-batch", "-ex", "thread apply all bt",
    ])
    #expect(attached.output.contains("wait_here ("), "\(attached.output)\(attached.errors)")
  }

  @Test func `a zombie is said to be one`() throws {
    let scene = try Scene("threads", ["zombie", "1"])
    let child = try #require(
      lines(of: "\(scene.folder)/child").first.flatMap { Int32($0) }, "it has no child")
    let run = try coreview(["\(child)"])
    #expect(run.ending == .exited(2) && run.output.isEmpty)
    #expect(run.errors.contains("process \(child): a zombie"), "\(run.errors)")
    #expect(run.errors.contains("its parent \(scene.id) has not waited for it"), "\(run.errors)")
  }

  @Test(arguments: [[], ["--rolling"], ["--no-stop"]])
  func `threads that end meanwhile are left out, and the others are there`(_ options: [String])
    throws
  {
    let scene = try Scene("threads", ["churn", "3"])
    for _ in 0..<4 {
      let run = try coreview(["\(scene.id)"] + options)
      // One that runs at that moment cannot be shown without a stop.
      #expect(
        run.ending == .exited(0) || options == ["--no-stop"] && run.ending == .exited(1),
        "\(run.errors)")
      #expect(run.output.contains("wait_here ("), "\(run.output)\(run.errors)")
      #expect(
        run.output.contains("\"sleeper-0\"") && run.output.contains("\"sleeper-2\""),
        "\(run.output)")
      #expect(!run.errors.contains("stat is missing"), "\(run.errors)")
    }
    #expect(try scene.states().allSatisfy { $0.hasSuffix(" 0") && !$0.hasPrefix("t") })
  }

  private static func number(behind text: String, in output: String) -> Int? {
    guard let line = output.split(separator: "\n").first(where: { $0.contains(text) }),
      let place = line.firstRange(of: text)
    else { return nil }
    return Int(line[place.upperBound...].prefix { $0.isNumber })
  }

  /// The maker's frame, as it stood, says how many threads there were: none of them may be missing.
  @Test(arguments: [[], ["--rolling"], ["--no-stop"]])
  func `threads that are made meanwhile are there`(_ options: [String]) throws {
    let scene = try Scene("threads", ["maker", "2"])
    var counts: [Int] = []
    for _ in 0..<2 {
      // However busy the machine is: all of them have to be given a processor to stop.
      let run = try coreview(["\(scene.id)", "--deadline", "10000"] + options)
      #expect(
        run.ending == .exited(0) || options == ["--no-stop"] && run.ending == .exited(1),
        "\(run.errors)")
      #expect(!run.errors.contains("did not stop"), "\(run.errors)")
      // Stacks of new threads lie in mappings that are as new.
      #expect(!run.output.contains("Cannot access memory"), "\(run.output)")
      guard let made = Self.number(behind: "make_here (made=made@entry=", in: run.output) else {
        continue
      }
      counts.append(made)
      guard options != ["--no-stop"] else { continue }
      let stopped = try #require(Self.number(behind: "Paused: ", in: run.output))
      #expect(stopped >= made + 5, "\(made) made, \(stopped) stopped\n\(run.errors)")
    }
    #expect(options == ["--no-stop"] || !counts.isEmpty && counts == counts.sorted(), "\(counts)")
    #expect(try scene.states().allSatisfy { $0.hasSuffix(" 0") && !$0.hasPrefix("t") })
  }

  /// It waits for its threads to die, those that are traced die when their tracer looks, and the tracer waits for it.
  @Test func `a process that executes another program meanwhile is not held up`() throws {
    let scene = try Scene("threads", ["exec", "20"])
    for _ in 0..<16 {
      let run = try coreview(["\(scene.id)"])
      guard case .exited(let code) = run.ending, code <= 2 else {
        Issue.record("\(run.ending) \(run.errors)")
        continue
      }
      #expect(!run.errors.contains("given up"), "\(run.errors)")
    }
  }

  /// A read of such a page from outside would wait for ever: gdb does.
  @Test func `memory that user space itself has to bring is not touched`() throws {
    let scene = try Self.scene("threads", ["fault", "1"])
    let file = "\(scene.folder)/snapshot"
    let written = try coreview(["snapshot", "\(scene.id)", "-o", file], seconds: 30)
    #expect(written.ending == .exited(0), "\(written.ending) \(written.errors)")
    for source in ["\(scene.id)", file] {
      let run = try coreview([source], seconds: 30)
      #expect(run.ending == .exited(0), "\(run.ending) \(run.errors)")
      #expect(run.errors.contains("userfaultfd"), "\(run.errors)")
      #expect(run.output.contains("touch_here (text=text@entry=0x"), "\(run.output)")
      #expect(run.output.contains("<error: Cannot access memory at address 0x"), "\(run.output)")
    }
    #expect(try scene.states().allSatisfy { $0 == "S 0" || $0 == "D 0" })
  }

  @Test func `another PID and mount namespace`() throws {
    let scene = try Self.scene("threads", ["sleep", "3"], isConfined: true)
    let run = try coreview(["\(scene.id)"])
    #expect(run.ending == .exited(0), "\(run.errors)")
    #expect(
      run.errors.contains("another PID namespace") && run.errors.contains("another mount namespace")
    )
    #expect(run.output.contains("hidden (pid \(scene.id)) is running"), "\(run.output)")
    // Lines and arguments come from a file that is there for the process alone; names of threads by their LWPs here.
    #expect(
      run.output.contains("wait_here (why=") && run.output.contains("threads.c:"), "\(run.output)")
    for (number, lwp) in try scene.threads.dropFirst().prefix(3).enumerated() {
      #expect(run.output.contains("LWP \(lwp) \"sleeper-\(number)\""), "\(run.output)")
    }
    let gone = "\(scene.folder)/place/hidden"
    #expect(unsafe access(gone, F_OK) != 0, "the namespace does not hide it")
    // libc's own list has the numbers of the inner namespace: none of them may be taken for a thread of its own.
    let file = "\(scene.folder)/snapshot"
    #expect(try coreview(["snapshot", "\(scene.id)", "-o", file]).ending == .exited(0))
    let kept = try CoreDump(path: file).report()
    #expect(Set(kept.stacks.flatMap(\.threads).map(\.lwp)) == Set(try scene.threads))
  }

  @Test func `a 32-bit process, live and as a snapshot`() throws {
    let scene = try Self.scene("threads32", ["sleep", "3"])
    let (live, file, opened) = try scene.textsOfGDB()
    let ours = try coreview([
      "gdb", "-batch", "-ex", "thread apply all bt", "-c", file, "/proc/\(scene.id)/exe",
    ])
    let frames = { (output: String) in
      output.split(separator: "\n").filter { $0.hasPrefix("#") && $0.contains("wait_here (why=") }
    }
    #expect(frames(live).count >= 12)
    #expect(frames(text(opened.output)) == frames(live), "\(text(opened.output))")
    #expect(frames(ours.output) == frames(live), "\(ours.output)")
    let report = try coreview(["\(scene.id)"])
    #expect(
      report.ending == .exited(0) && report.output.contains("sleeper (name="), "\(report.errors)")
  }

  /// What Yama would forbid, a process can forbid itself: then its own user may not look either.
  @Test func `a process that has made itself secret is refused in words`() throws {
    guard geteuid() == 0 else { try Test.cancel("only root can become somebody else") }
    let (output, errors, ending) = try Self.asNobody("secret")
    #expect(ending == .exited(2) && output.isEmpty, "\(output)")
    #expect(errors.contains("it has made itself undumpable (PR_SET_DUMPABLE)"), "\(errors)")
    // The knob is named only where the kernel has it.
    let hasKnob = unsafe access("/proc/sys/kernel/yama/ptrace_scope", F_OK) == 0
    #expect(hasKnob || !errors.contains("ptrace_scope"), "\(errors)")
  }

  /// What another user is told of a process of its own.
  private static func asNobody(_ mode: String) throws -> (String, String, Command.Ending) {
    let folder = try Scene.makeFolder()
    defer { _ = try? Command("rm", ["-rf", folder]).run(seconds: 10) }
    let scene = try Scene("threads", ["sleep", "1"])
    let script = """
      chmod 777 '\(folder)'; cp /proc/\(scene.id)/exe '\(folder)/program'; cp '\(Samples.coreview)' '\(folder)/coreview'
      chmod 755 '\(folder)'/*; cd '\(folder)'
      setpriv --reuid 65534 --regid 65534 --clear-groups ./program \(mode) 1 <&- >out 2>&1 & victim=$!
      for i in $(seq 1 500); do [ -e ready ] && break; sleep 0.02; done
      setpriv --reuid 65534 --regid 65534 --clear-groups ./coreview $victim
      code=$?; kill -KILL $victim; exit $code
      """
    let run = try Command("/bin/bash", ["-c", script]).run(seconds: 60)
    return (text(run.output), text(run.errors), run.ending)
  }

  /// Of another user's process only what everybody may read is there: that is not enough, and it is said.
  @Test func `a process of another user's is refused in words`() throws {
    guard geteuid() == 0 else { try Test.cancel("only root can become somebody else") }
    let scene = try Scene("threads", ["sleep", "1"])
    let script =
      "exec setpriv --reuid 65534 --regid 65534 --clear-groups '\(Samples.coreview)' \(scene.id)"
    let probe = try Command(
      "setpriv",
      ["--reuid", "65534", "--regid", "65534", "--clear-groups", Samples.coreview, "--version"]
    ).run(seconds: 20)
    guard probe.ending == .exited(0) else {
      try Test.cancel("another user may not start coreview here: \(text(probe.errors))")
    }
    let run = try Command("/bin/bash", ["-c", script]).run(seconds: 30)
    #expect(run.ending == .exited(2), "\(text(run.output))")
    #expect(
      text(run.errors).contains("permission denied; run coreview as root or as the process's user"),
      "\(text(run.errors))")
    #expect(try scene.states().allSatisfy { $0 == "S 0" })
  }
}
