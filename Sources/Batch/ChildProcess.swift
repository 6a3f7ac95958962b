internal import Bytes
internal import Glibc

/// A child with a pipe to its stdin and one from its stdout; ended and waited for when the owner goes away.
///
/// The only file of the room that touches memory by hand: posix_spawn(3), pipe2(2), poll(2).
final class ChildProcess {
  /// How a child ended.
  enum Ending: Equatable {
    case exited(Int32)
    case signalled(Int32)
  }

  let pid: Int32
  private let input: Int32
  let output: Int32
  private var ending: Ending?

  /// Starts a program; its stderr is /dev/null, since what it has to say comes through the pipe.
  init(_ path: String, _ arguments: [String]) throws(FileError) {
    guard let toChild = Self.pipe(), let fromChild = Self.pipe() else {
      throw FileError(path: path, problem: .system(errno: errno))
    }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, toChild.read, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, fromChild.write, 1)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // SIGPIPE is ignored here, and must not be there; 0x04 is POSIX_SPAWN_SETSIGDEF, a macro.
    unsafe posix_spawnattr_setflags(&attributes, 0x04)
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    var words: [UnsafeMutablePointer<CChar>?] = unsafe ([path] + arguments).map { word in unsafe strdup(word)
    }
    unsafe words.append(nil)
    defer { for index in unsafe words.indices { unsafe free(words[index]) } }
    var started = pid_t()
    let code = unsafe posix_spawn(&started, path, &actions, &attributes, words, environ)
    close(toChild.read)
    close(fromChild.write)
    guard code == 0 else {
      close(toChild.write)
      close(fromChild.read)
      throw FileError(path: path, problem: .system(errno: code))
    }
    pid = started
    input = toChild.write
    output = fromChild.read
    _ = fcntl(output, F_SETFL, O_NONBLOCK)
  }

  deinit {
    close(input)
    close(output)
    if ending == nil {
      kill(pid, SIGKILL)
      _ = wait()
    }
  }

  private static func pipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [0, 0]
    guard unsafe Glibc.pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Writes a few bytes, fewer than a pipe holds; `false` if the child is gone.
  func send(_ bytes: [UInt8]) -> Bool {
    var text = TextBuffer()
    text.append(bytes: bytes)
    return text.flush(to: input)
  }

  /// Appends what there is to a buffer; `false` at the end.
  func receive(into buffer: inout [UInt8]) -> Bool {
    var page = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = unsafe page.withUnsafeMutableBytes { unsafe read(output, $0.baseAddress, $0.count) }
      if count > 0 {
        buffer += page[..<count]
        if count < page.count { return true }
        if buffer.count > CrashRecord.maximumSize { return true }
        continue
      }
      if count < 0, errno == EINTR { continue }
      return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)
    }
  }

  /// Ends the child, if it still runs, and says how it ended.
  func end() -> Ending {
    kill(pid, SIGKILL)
    return wait()
  }

  /// Waits for the end.
  func wait() -> Ending {
    if let ending { return ending }
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7f
    let found: Ending = signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    ending = found
    return found
  }

  /// Waits until one of several children has something to say or has ended, not longer than `milliseconds`.
  static func poll(_ children: [ChildProcess], milliseconds: Int32) -> [Bool] {
    var entries = children.map { pollfd(fd: $0.output, events: Int16(POLLIN), revents: 0) }
    _ = unsafe Glibc.poll(&entries, nfds_t(entries.count), milliseconds)
    return entries.map { $0.revents != 0 }
  }

  /// A child that is gone is seen by its pipe, not by a signal.
  static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  private static let names: [Int32: String] = [
    SIGILL: "SIGILL", SIGTRAP: "SIGTRAP", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE",
    SIGKILL: "SIGKILL", SIGSEGV: "SIGSEGV", SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM",
    SIGXCPU: "SIGXCPU", SIGXFSZ: "SIGXFSZ", SIGSYS: "SIGSYS",
  ]

  /// The name of a signal number, as `SIGSEGV`.
  static func name(ofSignal number: Int32) -> String {
    names[number] ?? "signal \(number)"
  }
}
