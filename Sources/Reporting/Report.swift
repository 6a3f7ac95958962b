/// Everything that is said about one core: plain values, ready to be printed, stored or compared.
///
/// What a core does not tell is `nil`, never a made-up value. Strings come from the core and from files and may
/// hold anything; who prints them makes them harmless. `docs/report-schema.md` describes the same as JSON.
public struct Report: Sendable, Equatable {
  /// The version of the facts and their names: raised when one changes its meaning or goes away.
  public static let schemaVersion = 1

  /// The version of this report.
  public var schemaVersion = Report.schemaVersion
  /// The program that made it, with its version.
  public var generator = ""
  /// What was looked at.
  public var origin = Origin.core
  /// The path of the core, snapshot or folder, as it was given; of a running process `process` and its PID.
  public var core = ""
  /// How a running process was looked at; `nil` for a core and for a copy of /proc.
  public var capture: Capture?
  /// The path of the executable that was read; `nil` where none was found.
  public var executable: String?
  /// The processor, as `x86-64`; 32-bit programs on it are `i386`. Of others than these two no stack is unwound.
  public var architecture = ""
  /// Digits of an address: 16 or 8.
  public var addressDigits = 16
  /// Who died.
  public var process = Process()
  /// What was written down of it besides its core; `nil` where nothing was.
  public var record: Record?
  /// Of which signal; `nil` for a core that was taken of a running process.
  public var signal: Signal?
  /// Why, in words: the signal and the diagnosis, as `SIGSEGV: write to 0x8, near NULL`.
  public var reason = ""
  /// The same with what it rests on.
  public var diagnosis = Diagnosis()
  /// What tells this crash from others; `nil` for a core without a crashed thread.
  public var signature: Signature?
  /// The registers of the crashed thread, where asked for.
  public var registers: [Register] = []
  /// Instructions around the crashed thread's pc, where asked for.
  public var disassembly: [Instruction] = []
  /// The source around the crash, where asked for and there.
  public var source: Source?
  /// Who waits for whom, where asked for.
  public var locks: Locks?
  /// The threads that ran the program, those with the same stack together; the crashed one is first and alone.
  public var stacks: [Stack] = []
  /// Threads of the kernel's that belong to the process, as io_uring makes: they have no stack of their own.
  public var workers: [Thread] = []
  /// The io_urings that the core shows, by address.
  public var rings: [Ring] = []
  /// The files and images that frames and call sites lie in, the executable always; by address.
  public var modules: [Module] = []
  /// The address space, by address; `nil` where it was not asked for.
  public var mappings: [Mapping]?
  /// Whether values that can hold secrets were replaced by ``Report/redaction``: see `Rendering`.
  public var isRedacted = false
  /// What is missing or in doubt.
  public var notes: [Note] = []

  /// An empty report.
  public init() {}

  /// The number of threads, workers included.
  public var threadCount: Int { stacks.reduce(workers.count) { $0 + $1.threads.count } }
  /// Whether everything was there that the report needs: no note says that something is missing.
  public var isComplete: Bool { !notes.contains { $0.isIncomplete } }
  /// The thread that the signal ended.
  public var crashedThread: Thread? {
    stacks.first?.threads.first { $0.isCrashed } ?? workers.first { $0.isCrashed }
  }
}

extension Report {
  /// What a report is made of.
  public enum Origin: String, Sendable, Equatable {
    /// A core file: the process is dead.
    case core
    /// A snapshot that coreview wrote of a running process.
    case snapshot
    /// A running process.
    case process
    /// A copy of /proc/PID, which has no memory.
    case procFolder = "proc"
  }

  /// How long a running process was held.
  public struct Capture: Sendable, Equatable {
    /// `stop` all threads at once, `rolling` one after the other, `no-stop` none.
    public var mode = ""
    /// From the first thread's stop until the last went on, in nanoseconds.
    public var window: UInt64 = 0
    /// The longest that any one thread was held, in nanoseconds.
    public var longestHold: UInt64 = 0
    /// Threads that were stopped, read, and let go.
    public var stoppedThreads = 0

    /// A capture of nothing.
    public init() {}
  }

  /// The process, as its core tells it (NT_PRPSINFO).
  public struct Process: Sendable, Equatable {
    /// Its PID, in the namespace it lived in.
    public var pid: Int32?
    /// Its name, which the kernel cuts to 15 bytes.
    public var command: String?
    /// The start of its command line, at most 80 bytes.
    public var arguments: String?

    /// A process of which nothing is known.
    public init() {}
  }

  /// The signal that ended the process; see sigaction(2).
  public struct Signal: Sendable, Equatable {
    /// Such as 11.
    public var number: Int32 = 0
    /// Such as `SIGSEGV`.
    public var name = ""
    /// Such as `Segmentation fault`.
    public var text = ""
    /// `si_code`; `nil` for a core without NT_SIGINFO.
    public var code: Int32?
    /// Such as `SEGV_MAPERR`; `nil` for a code without a name.
    public var codeName: String?
    /// `si_addr`, for signals that carry one.
    public var faultAddress: UInt64?
    /// `si_pid` and `si_uid`, for signals that a process sent.
    public var sender: Sender?

    /// No signal in particular.
    public init() {}
  }

  /// The process that sent a signal.
  public struct Sender: Sendable, Equatable {
    /// Its PID; 0 for a process outside the receiver's PID namespace.
    public var pid: Int32
    /// Its real user ID.
    public var uid: UInt32

    /// A sender.
    public init(pid: Int32, uid: UInt32) {
      self.pid = pid
      self.uid = uid
    }
  }

  /// A file or image in the address space.
  public struct Module: Sendable, Equatable {
    /// What kind of thing a module is.
    public enum Kind: String, Sendable, Equatable {
      /// The program itself.
      case executable
      /// A shared library.
      case library
      /// The code that the kernel maps into each process.
      case vdso
    }

    /// What it is.
    public var kind = Kind.library
    /// Its path as the process knew it; the vDSO has a description instead.
    public var path = ""
    /// The addresses it occupies.
    public var range: Range<UInt64> = 0..<0
    /// The build ID of the file that was read, in hexadecimal.
    public var buildID: String?
    /// The build ID that its image in the core shows.
    public var buildIDInCore: String?
    /// The file that gave debug information, which may be the module's own; `nil` where there is none.
    public var debugFile: String?

    /// How that file was found; `nil` where there is none.
    public var debugOrigin: DebugOrigin?
    /// The package that the file came in, where the file or its image in the core says so.
    public var package: Package?
    /// Why the file, or debug information of it, is not to be had; `nil` where all is there.
    public var problem: String?
    /// Commands that would get what is missing; any one of them will do.
    public var remedies: [String] = []

    /// A module of which nothing is known.
    public init() {}
  }

  /// How the debug information of a module was found.
  public enum DebugOrigin: String, Sendable, Equatable {
    /// It stands in the file itself.
    case own
    /// In a debug directory, by build ID.
    case buildID = "build_id"
    /// By .gnu_debuglink, whose checksum it has.
    case link
    /// Function names only, in .gnu_debugdata of the file.
    case embedded
    /// From a debuginfod server, or its cache.
    case server
  }

  /// A package, as the build put it into the file (FDO packaging metadata, `.note.package`).
  public struct Package: Sendable, Equatable {
    /// `deb`, `rpm`, …
    public var type: String?
    /// The distribution's `ID` of os-release(5).
    public var distribution: String?
    /// Its name.
    public var name: String?
    /// Its version.
    public var version: String?

    /// A package of which nothing is known.
    public init() {}
  }

  /// One thing that the reader must know about the report.
  public struct Note: Sendable, Equatable {
    /// What it is about.
    public enum Kind: String, Sendable, Equatable {
      /// The core ends early, or a note in it is damaged.
      case core
      /// No executable, or one that does not belong to the core.
      case executable
      /// A library that is missing or of another build.
      case library
      /// A limit of coreview's own cut something.
      case limit
      /// Something about a running process, or about what /proc said of it.
      case process
    }

    /// What it is about.
    public var kind: Kind
    /// Whether the report lacks something because of it, or may be wrong.
    public var isIncomplete: Bool
    /// A sentence: what is wrong, and what to do.
    public var text: String

    /// A note.
    public init(kind: Kind, isIncomplete: Bool, text: String) {
      self.kind = kind
      self.isIncomplete = isIncomplete
      self.text = text
    }
  }
}
