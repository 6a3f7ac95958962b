internal import Glibc

/// What this program may know of the process that it is and ask of the system: its environment, its terminal,
/// its folder, a shell.
package enum HostProcess {
  /// An environment variable; `nil` where it is not set.
  package static func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// This process's own number.
  package static var processID: Int32 { getpid() }

  /// Opens /dev/null in the place of standard descriptors that are closed, as the kernel starts its helpers: else
  /// the first files that are opened would be written to by mistake.
  package static func completeStandardDescriptors() {
    while true {
      let descriptor = unsafe open("/dev/null", O_RDWR)
      guard (0...2).contains(descriptor) else {
        if descriptor >= 0 { close(descriptor) }
        return
      }
    }
  }

  /// Says something on stderr, and in the kernel's log where that is allowed.
  package static func log(_ line: [UInt8]) {
    let log = unsafe open("/dev/kmsg", O_WRONLY | O_NOCTTY | O_CLOEXEC)
    unsafe line.withUnsafeBytes { bytes in
      _ = unsafe write(2, bytes.baseAddress, bytes.count)
      if log >= 0 { _ = unsafe write(log, bytes.baseAddress, bytes.count) }
    }
    if log >= 0 { close(log) }
  }

  /// Whether a descriptor is a terminal; see isatty(3).
  package static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1
  }

  /// The folder that relative paths start from; see getcwd(3).
  package static var currentFolder: String? {
    guard let path = unsafe getcwd(nil, 0) else { return nil }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  /// A path without symbolic links; `nil` where nothing is there. See realpath(3).
  package static func realPath(_ path: String) -> String? {
    guard let found = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(found) }
    return unsafe String(cString: found)
  }

  /// Whether a file is there to be read; see access(2).
  package static func isReadable(_ path: String) -> Bool {
    unsafe access(path, R_OK) == 0
  }

  /// Holds on to something until this process ends, whose memory the kernel takes back in one go.
  package static func keepUntilExit(_ object: AnyObject) { _ = unsafe Unmanaged.passRetained(object) }

  /// Changes the folder; the system's word for it when that fails, see chdir(2).
  package static func changeFolder(to path: String) -> String? {
    guard unsafe chdir(path) == 0 else { return unsafe String(cString: strerror(errno)) }
    return nil
  }

  /// Runs a command line with the user's shell, its input `bytes` where there are any; waits for its end.
  ///
  /// The status is that of waitpid(2), or `nil` where no child could be made.
  @discardableResult
  package static func shell(_ command: String, input bytes: [UInt8]? = nil) -> Int32? {
    var ends: (reading: Int32, writing: Int32) = (-1, -1)
    if bytes != nil {
      var pair: [Int32] = [0, 0]
      guard unsafe pipe(&pair) == 0 else { return nil }
      ends = (pair[0], pair[1])
    }
    let child = fork_(command, ends)
    if ends.reading >= 0 { close(ends.reading) }
    if let bytes, ends.writing >= 0 {
      // The command may end without reading all.
      let before = signal(SIGPIPE, SIG_IGN)
      var text = TextBuffer()
      text.append(bytes: bytes)
      text.flush(to: ends.writing)
      close(ends.writing)
      _ = signal(SIGPIPE, before)
    }
    guard let child else { return nil }
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status
  }

  private static func fork_(_ command: String, _ ends: (reading: Int32, writing: Int32)) -> pid_t? {
    let shell = variable("SHELL").flatMap { $0.isEmpty ? nil : $0 } ?? "/bin/sh"
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    if ends.reading >= 0 {
      unsafe posix_spawn_file_actions_adddup2(&actions, ends.reading, 0)
      unsafe posix_spawn_file_actions_addclose(&actions, ends.reading)
      unsafe posix_spawn_file_actions_addclose(&actions, ends.writing)
    }
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe [
      strdup(shell), strdup("-c"), strdup(command), nil,
    ]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var child: pid_t = 0
    guard unsafe posix_spawn(&child, shell, &actions, nil, &arguments, environ) == 0 else { return nil }
    return child
  }
}
