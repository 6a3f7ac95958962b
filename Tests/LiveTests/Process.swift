import GDBOracle
import Glibc
import Testing

/// A program of this suite that runs, in a folder of its own, until the test lets go of it.
final class Scene {
  struct Refusal: Error { var reason: String }

  let folder: String
  let id: Int32

  private static let programs = Result { () throws(Command.Failure) in
    let folder = try makeFolder()
    let own = "\(Samples.repository)/Tests/LiveTests/programs/threads.c"
    let rings = "\(Samples.repository)/Tests/KernelWorkersTests/programs/scene.c"
    for (name, source, more) in [
      ("threads", own, [String]()), ("scene", rings, ["-luring"]), ("threads32", own, ["-m32"]),
    ] {
      let run = try Command("gcc", ["-w", "-g", "-O1", "-o", "\(folder)/\(name)", source, "-pthread"] + more)
        .run(
          seconds: 120)
      // Without gcc-multilib there is no 32-bit program, and its test says so.
      if name == "threads32" { continue }
      guard run.ending == .exited(0) else { throw Command.Failure(description: text(run.errors)) }
    }
    return folder
  }

  /// Starts the program in a PID namespace, and in a mount namespace in which alone its file is to be found.
  private static let confined =
    "unshare --pid --mount --fork --kill-child sh -c 'mkdir place && mount -t tmpfs none place"
    + " && cp \"$0\" place/hidden && exec place/hidden \"$@\"' "

  /// Starts `threads`, `threads32` or `scene` with arguments; refused where the program says that the kernel cannot do
  /// it. With `isConfined` it has namespaces of its own.
  init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], isConfined: Bool = false
  ) throws {
    folder = try Self.makeFolder()
    let file = "\(try Self.programs.get())/\(program)"
    guard unsafe access(file, X_OK) == 0 else {
      throw Refusal(reason: "\(program) could not be built: gcc -m32 (gcc-multilib) does not work")
    }
    let words =
      (isConfined ? Self.confined : "") + ([file] + arguments).map { "'\($0)'" }.joined(separator: " ")
    // Of a confined program the process that was started is the parent.
    let number =
      isConfined
      ? "for i in $(seq 1 500); do [ -e ready ] && break; sleep 0.02; done; pgrep -P $(cat pid)" : "cat pid"
    var command = Command(
      "/bin/bash",
      ["-c", "cd '\(folder)' && (exec setsid \(words) >out 2>&1 <&- & echo $! >pid); \(number)"])
    for (name, value) in environment { command.environment[name] = value }
    let run = try command.run(seconds: 20)
    guard let id = Int32(text(run.output).filter { $0.isNumber }) else {
      let said = (try? text(contents(of: "\(folder)/out"))) ?? ""
      if isConfined { throw Refusal(reason: "unshare: \(said)") }
      throw Command.Failure(description: "not started: \(text(run.errors))")
    }
    self.id = id
    for _ in 0..<1000 {
      if unsafe access("\(folder)/ready", F_OK) == 0 { return }
      if kill(id, 0) != 0 { break }
      usleep(10_000)
    }
    let said = (try? text(contents(of: "\(folder)/out"))) ?? ""
    kill(id, SIGKILL)
    throw Refusal(reason: said.isEmpty ? "it was not ready in 10 s" : said)
  }

  deinit {
    kill(id, SIGKILL)
    _ = try? Command("rm", ["-rf", folder]).run(seconds: 10)
  }

  /// `State:` and `TracerPid:` of each thread, as `S 0`.
  func states() throws -> [String] {
    let run = try Command(
      "/bin/bash",
      ["-c", "awk '/^State/{s=$2} /^TracerPid/{print s, $2}' /proc/\(id)/task/*/status"]
    ).run(seconds: 20)
    return text(run.output).split(separator: "\n").map(String.init)
  }

  var threads: [Int32] {
    get throws {
      text(try Command("ls", ["/proc/\(id)/task"]).run(seconds: 10).output).split(separator: "\n").compactMap
      {
        Int32($0)
      }
    }
  }

  /// A plain copy of its /proc folder. All of it would not do: pagemap alone has 256 GiB.
  func copyProc() throws -> String {
    let target = "\(folder)/proc-\(id)"
    let script = """
      mkdir -p '\(target)'/{task,fd,fdinfo,ns}; cd /proc/\(id)
      for f in stat status comm maps auxv cmdline limits cgroup syscall wchan stack; do cp $f '\(target)' 2>/dev/null; done
      cp -P exe '\(target)'; cp -P ns/* '\(target)/ns'; cp -P fd/* '\(target)/fd'; cp fdinfo/* '\(target)/fdinfo'
      for t in task/*; do mkdir '\(target)'/$t
        for f in stat status comm syscall wchan stack; do cp $t/$f '\(target)'/$t 2>/dev/null; done; done; true
      """
    let run = try Command("/bin/bash", ["-c", script]).run(seconds: 60)
    guard run.ending == .exited(0) else { throw Command.Failure(description: text(run.errors)) }
    return target
  }

  static func makeFolder() throws(Command.Failure) -> String {
    var name = Array("\(Command.variable("TMPDIR") ?? "/tmp")/coreview-live.XXXXXX".utf8CString)
    let made = unsafe name.withUnsafeMutableBufferPointer { buffer in
      unsafe mkdtemp(buffer.baseAddress!) != nil
    }
    guard made else { throw Command.Failure(description: "no temporary folder, errno \(errno)") }
    return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension Scene {
  /// What gdb says of the process and then of its snapshot; coreview has to say the same of the process.
  func textsOfGDB() throws -> (live: String, snapshot: String, opened: Command.Outcome) {
    let command = ["-q", "-nx", "-batch", "-ex", "thread apply all bt"]
    let gdb = try Command("gdb", command + ["-p", "\(id)"]).run(seconds: 120)
    let attached = try coreview(["gdb"] + command + ["-p", "\(id)"])
    #expect(
      attached.output == text(gdb.output),
      "\(firstDifference(gdb: gdb.output, coreview: Array(attached.output.utf8)))")
    let file = "\(folder)/snapshot"
    let written = try coreview(["snapshot", "\(id)", "-o", file])
    #expect(written.ending == .exited(0), "\(written.errors)")
    let opened = try Command("gdb", command + ["-c", file, "/proc/\(id)/exe"]).run(seconds: 120)
    return (text(gdb.output), file, opened)
  }
}

/// coreview, run to its end.
func coreview(_ arguments: [String], seconds: Double = 120) throws -> (
  output: String, errors: String, ending: Command.Ending
) {
  let run = try Command(Samples.coreview, arguments).run(seconds: seconds)
  return (text(run.output), text(run.errors), run.ending)
}
