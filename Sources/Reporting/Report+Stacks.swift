extension Report {
  /// A thread of the process.
  public struct Thread: Sendable, Equatable {
    /// From 1, in the order of the core: the number that gdb shows.
    public var number = 0
    /// The kernel's number of the thread.
    public var lwp: Int32 = 0
    /// Where its `struct pthread` lies, as gdb shows it; `nil` for a thread that libc does not know.
    public var pthread: UInt64?
    /// Whether it was ending when the process died.
    public var isExiting = false
    /// Whether it is the thread that the signal ended.
    public var isCrashed = false
    /// Whether the core has its registers; a thread known from libc's lists alone has none, and no frames.
    public var hasRegisters = true
    /// What kind of thread it is.
    public var kind = Class.user
    /// How sure that is.
    public var confidence = Confidence.certain
    /// On what it rests; empty for most threads that ran the program.
    public var evidence: [Evidence] = []
    /// Where a worker comes from; `nil` for all others.
    public var provenance: Provenance?
    /// The name it had given itself, of at most 15 bytes; a core alone does not tell it.
    public var name: String?
    /// Its state as /proc has it: `S` sleeping, `R` running, `D` uninterruptible, `T` stopped, `Z` ended; see ps(1).
    public var state: String?
    /// The kernel's function in which it slept.
    public var waitChannel: String?
    /// The system call in which it was blocked.
    public var systemCall: SystemCall?
    /// The kernel's functions, innermost first; only root sees them.
    public var kernelStack: [String] = []

    /// A thread of which nothing is known.
    public init() {}

    /// What gdb calls it: `Thread 0x7f… (LWP n)`, or `LWP n`, and its name where that is known.
    public var targetID: String {
      let named = name.map { " \"\($0)\"" } ?? ""
      guard let pthread else { return "LWP \(lwp)" + named }
      return "Thread 0x" + String(pthread, radix: 16) + " (LWP \(lwp))" + (isExiting ? " (Exiting)" : "")
        + named
    }
  }

  /// One stack, and the threads that have it.
  ///
  /// Stacks are the same when their frames are, by function and line, and their threads' classes; addresses and arguments may differ and are
  /// those of the first thread.
  public struct Stack: Sendable, Equatable {
    /// The threads, by number; at least one.
    public var threads: [Thread] = []
    /// The frames, innermost first. Of a deep stack only the ends: `level` tells the gap.
    public var frames: [Frame] = []
    /// How many frames there are, shown or not.
    public var frameCount = 0
    /// Why the walk ended early, in gdb's words; `nil` where the stack ends as it should.
    public var stopReason: String?
    /// Recursions, outermost last.
    public var repetitions: [Repetition] = []

    /// A stack without frames.
    public init() {}

    /// How many frames were left out.
    public var omittedFrames: Int { max(0, frameCount - frames.count) }
  }

  /// A function that has not returned yet, as gdb counts them.
  public struct Frame: Sendable, Equatable {
    /// How the function came to be in the stack.
    public enum Kind: String, Sendable, Equatable {
      /// It was called.
      case normal
      /// It was inlined into the next frame's function.
      case inlined
      /// Not a function: the kernel's way back from a signal handler, which is the frame before.
      case signal
      /// It is not on the stack: it left by a jump.
      case tailCall = "tail_call"
    }

    /// How the frame was found, and so how far it can be trusted.
    public enum Trust: String, Sendable, Equatable {
      /// By the thread's registers: frame 0.
      case context
      /// By call frame information.
      case cfi
      /// Without it, by what the function's first instructions do to the stack.
      case prologue
      /// By the registers that the kernel saved for a signal handler.
      case signal
      /// It shares the next frame's place on the stack.
      case inline
      /// By call sites alone: it left by a jump.
      case callSite = "call_site"
    }

    /// From 0, the innermost.
    public var level = 0
    /// How it was found.
    public var trust = Trust.cfi
    /// How the function came to be in the stack.
    public var kind = Kind.normal
    /// Where it executes, or where it will continue.
    public var pc: UInt64 = 0
    /// Whether the address is where a line's code starts: gdb then leaves the address out.
    public var isAtLineStart = false
    /// Its name; `nil` where nothing names it.
    public var function: String?
    /// What stands between its parentheses, in gdb's words: `argc=1, argv=0x7ffd…`.
    public var arguments = ""
    /// Its source file, as the compiler wrote it down.
    public var file: String?
    /// The line in `file`.
    public var line: Int?
    /// The module that `pc` lies in.
    public var module: ModulePlace?

    /// A frame of which nothing is known.
    public init() {}
  }

  /// A place in a module, which means the same in every process that loads it.
  public struct ModulePlace: Sendable, Equatable {
    /// `Module.path`.
    public var path = ""
    /// `Module.kind`.
    public var kind = Module.Kind.library
    /// `Module.buildID`.
    public var buildID: String?
    /// The address as the file writes it, before it was loaded.
    public var offset: UInt64 = 0

    /// A place in no module.
    public init() {}
  }
}
