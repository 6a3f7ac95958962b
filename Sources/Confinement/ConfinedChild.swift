internal import CConfinement
internal import CLinux
internal import Glibc

/// Work in a child that can be lost: what hostile bytes do to it they do to nobody else.
package enum ConfinedChild {
  /// How the work ended.
  package enum Ending: Equatable, Sendable {
    case exited(Int32)
    /// A signal ended the child: a crash, or a limit.
    case signalled(Int32)
    /// No child could be made.
    case notStarted
  }

  /// What the child tells its parent on the way: one word in memory that both have.
  @safe package final class Progress {
    private let word: UnsafeMutablePointer<UInt32>?

    package init() {
      let page = unsafe mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
      unsafe word = page == MAP_FAILED ? nil : page?.assumingMemoryBound(to: UInt32.self)
    }

    deinit { if let word = unsafe word { unsafe munmap(word, 4096) } }

    /// Whether the child has begun to print: who goes on after it must not print the same again.
    package var hasOutput: Bool { unsafe word.map { unsafe $0.pointee != 0 } ?? true }

    /// Says so.
    package func beginOutput() { if let word = unsafe word { unsafe word.pointee = 1 } }
  }

  /// Runs `work` in a child with no more than `permissions`, and waits for it.
  ///
  /// The child has this process's descriptors; its result is the exit code. It dies with its parent.
  package static func run(_ permissions: Permissions, _ work: () -> Int32) -> Ending {
    let parent = getpid()
    let child = coreview_fork_confined()
    guard child >= 0 else { return .notStarted }
    if child == 0 {
      _ = coreview_die_with_parent()
      if getppid() != parent { _exit(1) }
      for number in crashes { signal(number, SIG_DFL) }
      Confinement.enter(permissions)
      _exit(work())
    }
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
  }

  /// Signals of a crash. Swift's runtime answers them with a program that prints a backtrace, where it is told to: it
  /// would be one more that reads hostile memory, and cannot be started in the child.
  private static let crashes = [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP]

  /// Signals by which a user, a terminal or a closed pipe ends a program: no findings about a file.
  private static let requests: Set<Int32> = [SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM]

  /// Ends this process as the child ended, where that was somebody's wish.
  package static func follow(_ number: Int32) {
    guard requests.contains(number) else { return }
    signal(number, SIG_DFL)
    raise(number)
  }
}
