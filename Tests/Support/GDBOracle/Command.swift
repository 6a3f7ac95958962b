import Glibc

/// A program to run to its end: argument list, a small fixed environment, output kept in nameless files.
///
/// The environment holds only what tools need to find themselves, so that gdb cannot be led by a caller's
/// `DEBUGINFOD_URLS` or `LC_ALL`.
package struct Command: Sendable {
  package var path: String
  package var arguments: [String]
  package var environment: [String: String]

  package struct Outcome: Sendable {
    package var output: [UInt8]
    package var errors: [UInt8]
    package var ending: Ending
  }

  package enum Ending: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
    case outOfTime
  }

  package struct Failure: Error, CustomStringConvertible {
    package var description: String
    package init(description: String) { self.description = description }
  }

  package init(
    _ path: String, _ arguments: [String], environment: [String: String] = Command.plainEnvironment()
  ) {
    self.path = path
    self.arguments = arguments
    self.environment = environment
  }

  package static func plainEnvironment() -> [String: String] {
    var kept = ["LANG": "C.UTF-8"]
    for name in ["PATH", "HOME", "USER", "TMPDIR", "CARGO_HOME", "RUSTUP_HOME"] {
      kept[name] = variable(name)
    }
    return kept
  }

  /// An environment variable of this process.
  package static func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Runs the program in a session of its own and waits for it; kills that session after `seconds`.
  package func run(seconds: Double) throws(Failure) -> Outcome {
    let output = try OutputFile(), errors = try OutputFile()
    let child = try spawn(output: output.descriptor, errors: errors.descriptor)
    let ending = try wait(for: child, seconds: seconds)
    return Outcome(output: try output.contents(), errors: try errors.contents(), ending: ending)
  }

  private func spawn(output: CInt, errors: CInt) throws(Failure) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2)
    // A session of its own (0x80), no signal blocked (0x08, as the threads of a test runner have them) and
    // none ignored (0x04): what is started here is meant to die of them.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // POSIX_SPAWN_SETSID, a macro that Swift does not import.
    unsafe posix_spawnattr_setflags(&attributes, 0x80 | 0x08 | 0x04)
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)

    var pid = pid_t()
    let words = CStrings([path] + arguments)
    let settings = CStrings(environment.map { "\($0.key)=\($0.value)" })
    let code = unsafe posix_spawnp(&pid, path, &actions, &attributes, words.pointers, settings.pointers)
    guard code == 0 else {
      throw Failure(description: "\(path) could not be started: \(unsafe String(cString: strerror(code)))")
    }
    return pid
  }

  private func wait(for child: pid_t, seconds: Double) throws(Failure) -> Ending {
    var status = CInt(0), late = false
    let end = ContinuousClock.now + .seconds(seconds)
    while true {
      let pid = unsafe waitpid(child, &status, late ? 0 : WNOHANG)
      if pid == child { break }
      if pid < 0, errno != EINTR { throw Failure(description: "\(path): waitpid failed, errno \(errno)") }
      if ContinuousClock.now > end {
        late = true
        kill(-child, SIGKILL)
      } else {
        usleep(500)
      }
    }
    if late { return .outOfTime }
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
  }
}

/// A nameless file that a child writes and its parent reads afterwards: no pipe to be drained in time.
private struct OutputFile: ~Copyable {
  let descriptor: CInt

  init() throws(Command.Failure) {
    var name = Array("/tmp/coreview-tests.XXXXXX".utf8CString)
    descriptor = unsafe mkstemp(&name)
    guard descriptor >= 0 else { throw Command.Failure(description: "no temporary file, errno \(errno)") }
    unsafe unlink(name)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit { close(descriptor) }

  func contents() throws(Command.Failure) -> [UInt8] {
    let size = lseek(descriptor, 0, SEEK_END)
    guard size >= 0 else { throw Command.Failure(description: "the output has no size, errno \(errno)") }
    var got = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while got < size {
        let n = unsafe pread(descriptor, buffer.baseAddress! + got, size - got, got)
        guard n > 0 else { break }
        got += n
      }
      count = got
    }
    guard got == size else {
      throw Command.Failure(description: "the output could not be read, errno \(errno)")
    }
    return bytes
  }
}

/// A NULL-terminated vector of C strings, as `execve` wants it.
@safe private final class CStrings {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ strings: [String]) {
    count = strings.count
    unsafe pointers = .allocate(capacity: strings.count + 1)
    for (index, string) in strings.enumerated() { unsafe (pointers + index).initialize(to: strdup(string)) }
    unsafe (pointers + count).initialize(to: nil)
  }

  deinit {
    for index in 0..<count { unsafe free(pointers[index]) }
    unsafe pointers.deallocate()
  }
}
