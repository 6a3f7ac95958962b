internal import CLinux
internal import Glibc

/// A child process that does one piece of work and hands bytes back through a file in memory.
///
/// It dies with its parent, and of an alarm if it hangs.
enum TracerChild {
  /// The bytes, as many as the child wrote; `nil` where it could not be started.
  static func run(seconds: Int, _ work: () -> [UInt8]) -> [UInt8]? {
    let file = coreview_memory_file()
    guard file >= 0 else { return nil }
    defer { close(file) }
    let parent = getpid()
    let child = coreview_fork()
    guard child >= 0 else { return nil }
    if child == 0 {
      prepare(parent: parent, seconds: seconds)
      write(work(), to: file)
      _exit(0)
    }
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
    return contents(of: file)
  }

  private static func prepare(parent: pid_t, seconds: Int) {
    _ = coreview_die_with_parent()
    if getppid() != parent { _exit(1) }
    // The alarm ends the child whatever our own parent did with the signal.
    signal(SIGALRM, SIG_DFL)
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe sigprocmask(SIG_UNBLOCK, &signals, nil)
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGCHLD)
    unsafe sigprocmask(SIG_BLOCK, &signals, nil)
    // Threads stand while this process waits for its turn; who may not raise it goes on as it is.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -20)
    alarm(UInt32(clamping: seconds))
  }

  private static func write(_ bytes: [UInt8], to file: Int32) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(file, $0.baseAddress! + done, $0.count - done)
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
      done += count
    }
  }

  private static func contents(of file: Int32) -> [UInt8] {
    let size = Int(lseek(file, 0, SEEK_END))
    guard size > 0 else { return [] }
    return [UInt8](capacity: size) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, initialized in
        while initialized < size {
          let got = unsafe pread(file, buffer.baseAddress! + initialized, size - initialized, initialized)
          if got < 0, errno == EINTR { continue }
          if got <= 0 { break }
          initialized += got
        }
      }
    }
  }
}
