extension Report.Thread {
  /// What kind of thread a core shows: one that ran the program, one of the kernel's, or one in doubt.
  public enum Class: String, Sendable, Equatable, CaseIterable {
    /// It ran the program.
    case user = "user_thread"
    /// `iou-wrk-N`: runs io_uring requests that would block who submitted them.
    case ioWorker = "io_worker"
    /// `iou-sqp-N`, or a worker of one: a core shows both with the same registers.
    case submissionPoller = "sqpoll"
    /// `iou-mgr-N` of Linux 5.12.
    case manager = "io_manager"
    /// `vhost-N`.
    case vhostWorker = "vhost_worker"
    /// `kvm-nx-lpage-re`.
    case kvmWorker = "kvm_worker"
    /// A thread of the kernel's, of which the core does not say whose work it did.
    case kernelWorker = "kernel_worker"
    /// Its notes were zeroed or cut: nothing can be said of it.
    case damaged
    /// A user thread that jumped through NULL with a destroyed stack pointer.
    case crashedAtZero = "crashed_at_zero"
    /// pc and sp are zero, and neither a worker's marks nor a crash explain it.
    case unexplainedZero = "unexplained_zero"

    /// Whether the kernel made it: it never runs the program and has no stack.
    public var isWorker: Bool {
      switch self {
      case .ioWorker, .submissionPoller, .manager, .vhostWorker, .kvmWorker, .kernelWorker: true
      case .user, .damaged, .crashedAtZero, .unexplainedZero: false
      }
    }
  }

  /// How sure the class is.
  public enum Confidence: String, Sendable, Equatable {
    /// Nothing else is known to look like this.
    case certain
    /// Marks that a worker always has could not be seen in this core.
    case likely
    /// Few marks speak for it.
    case possible
  }

  /// One fact that speaks for or against a worker.
  public struct Evidence: Sendable, Equatable {
    /// What it adds to the score; below zero it speaks against a worker.
    public var points: Int
    /// A short sentence with the values that were seen.
    public var text: String

    /// A piece of evidence.
    public init(points: Int, text: String) {
      self.points = points
      self.text = text
    }
  }

  /// Where a worker comes from, by what it inherited from the thread that made it.
  public struct Provenance: Sendable, Equatable {
    /// Whose worker it is.
    public enum Owner: Sendable, Equatable, Hashable {
      /// The thread with this LWP made it.
      case thread(Int32)
      /// One of these did: they share a TLS pointer.
      case oneOf([Int32])
      /// No living thread has its TLS pointer: the thread that made it has exited.
      case exited(threadPointer: UInt64)
      /// The core does not tell; why.
      case unknown(String)
    }

    /// Whose worker it is.
    public var owner: Owner
    /// The system call in which its owner was when it was made; −1 in user mode, `nil` where unknown.
    public var systemCall: Int64?
    /// The ring's descriptor, as the io_uring_enter named it that made the worker.
    public var ringDescriptor: Int32?
    /// What io_uring_setup was told, for a SQPOLL thread whose memory still has it.
    public var parameters: RingParameters?
    /// Where its owner entered the kernel.
    public var callSite: CallSite?
    /// Inherited facts that need not be this worker's: a sentence each.
    public var hints: [String] = []
    /// What it was doing, by /proc: `executing SPLICE, in pipe_wait_readable`, `idle`.
    public var activity: String?

    /// The provenance of a worker of this owner.
    public init(owner: Owner) {
      self.owner = owner
    }
  }

  /// A system call in which a thread was blocked, by /proc.
  public struct SystemCall: Sendable, Equatable {
    /// Its number; −1 for a thread that was blocked outside of any.
    public var number: Int64
    /// Its name; `nil` for a number that is not known for the architecture.
    public var name: String?
    /// The arguments it takes; all six where their number is not known.
    public var arguments: [UInt64] = []

    /// A system call.
    public init(number: Int64) {
      self.number = number
    }
  }

  /// `struct io_uring_params`, see io_uring_setup(2).
  public struct RingParameters: Sendable, Equatable, Hashable {
    /// Where it lies.
    public var address: UInt64 = 0
    /// Entries of the submission queue.
    public var submissionEntries: UInt32 = 0
    /// Entries of the completion queue.
    public var completionEntries: UInt32 = 0
    /// `IORING_SETUP_…`.
    public var flags: UInt32 = 0
    /// The processor that the SQPOLL thread is bound to; `nil` for one that is not.
    public var processor: UInt32?
    /// Milliseconds without work after which the SQPOLL thread sleeps; `nil` for a ring without one.
    public var idleMilliseconds: UInt32?
    /// Whether the rings lie in the application's own memory (IORING_SETUP_NO_MMAP).
    public var usesOwnMemory = false

    /// Parameters of nothing.
    public init() {}
  }

  /// An address of code outside any stack.
  public struct CallSite: Sendable, Equatable, Hashable {
    /// The address after the instruction.
    public var address: UInt64
    /// The function that is not inlined; `nil` where nothing names it.
    public var function: String?
    /// From the function's start to `address`.
    public var functionOffset: UInt64?
    /// The path of the file that it lies in.
    public var module: String?
    /// `Report.Module.buildID`.
    public var buildID: String?
    /// `address` as the file writes it; `nil` where the file was not read.
    public var moduleOffset: UInt64?
    /// Whether a `syscall` instruction stands before it; `nil` where that text could not be read.
    public var followsSystemCall: Bool?

    /// An address of which nothing is known.
    public init(address: UInt64) {
      self.address = address
    }
  }
}
