internal import CLinux
internal import Glibc

/// A child process that does one piece of work in our own memory, while we wait: as vfork(2) has it.
///
/// Nothing is copied, neither page tables on the way in nor stacks on the way out. It is a process of its own all the
/// same: what it traces is freed when it ends, however it ends; it dies with its parent, and of an alarm if it hangs.
enum TracerChild {
  /// How it went.
  enum Outcome {
    case done
    /// It was killed half-way: what it was working on makes no sense.
    case broken
    /// It could not be started; the number is errno.
    case refused(Int32)
  }

  /// What the child finds behind its only argument.
  private final class Job {
    let parent: pid_t
    let seconds: Int
    let isUrgent: Bool
    let work: () -> Void
    /// Set by the child, in our memory, when the work is finished.
    var isDone = false

    init(parent: pid_t, seconds: Int, isUrgent: Bool, work: @escaping () -> Void) {
      self.parent = parent
      self.seconds = seconds
      self.isUrgent = isUrgent
      self.work = work
    }
  }

  /// Swift's frames are small, and nothing in the child recurses.
  private static let stackSize = 1 << 20
  private static let page = 4096

  /// Runs `work` in a child, and returns once it has ended. A child that is killed leaves what it held as it was; where it `isUrgent`, before everything of ordinary priority.
  static func run(seconds: Int, isUrgent: Bool, _ work: @escaping () -> Void) -> Outcome {
    let stack = unsafe mmap(
      nil, stackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let stack = unsafe stack, unsafe stack != UnsafeMutableRawPointer(bitPattern: -1) else {
      return .refused(errno)
    }
    // An overflow ends the child instead of writing over what lies below.
    unsafe mprotect(stack, page, PROT_NONE)
    let job = Job(parent: getpid(), seconds: seconds, isUrgent: isUrgent, work: work)
    let outcome = withExtendedLifetime(job) {
      let child = unsafe coreview_run_child(
        { context in
          unsafe TracerChild.enter(Unmanaged<Job>.fromOpaque(context!).takeUnretainedValue())
          return 0
        }, Unmanaged.passUnretained(job).toOpaque(), stack + stackSize)
      guard child > 0 else { return Outcome.refused(errno) }
      var status: Int32 = 0
      while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
      return job.isDone ? .done : .broken
    }
    unsafe munmap(stack, stackSize)
    return outcome
  }

  private static func enter(_ job: Job) {
    _ = coreview_die_with_parent()
    guard getppid() == job.parent else { return }
    // The alarm ends the child whatever our own parent did with the signal.
    signal(SIGALRM, SIG_DFL)
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe sigprocmask(SIG_UNBLOCK, &signals, nil)
    _ = coreview_reap_the_dead()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGCHLD)
    unsafe sigprocmask(SIG_BLOCK, &signals, nil)
    // Threads stand while this process waits for its turn; who may not raise it goes on as it is.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -20)
    // Where all threads have to come to a stop, each must be given a processor first; where it is one, it has been, and stands
    // until we are. It sleeps in between, and so takes nobody's turn for long; the priority ends with the child.
    if job.isUrgent {
      var lowest = sched_param()
      lowest.sched_priority = 1
      unsafe sched_setscheduler(0, SCHED_FIFO, &lowest)
    }
    alarm(UInt32(clamping: job.seconds))
    job.work()
    job.isDone = true
  }
}
