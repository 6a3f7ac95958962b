extension Report {
  /// Parts of a report that cost more than a reader of its first lines wants to wait for.
  public struct Parts: OptionSet, Sendable {
    /// A bit for each part.
    public let rawValue: Int

    /// A set of parts.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// `Report.registers`.
    public static let registers = Parts(rawValue: 1)
    /// `Report.disassembly`.
    public static let disassembly = Parts(rawValue: 2)
    /// `Report.source`.
    public static let source = Parts(rawValue: 4)
    /// `Report.locks`.
    public static let locks = Parts(rawValue: 8)
    /// All of them.
    public static let all: Parts = [.registers, .disassembly, .source, .locks]
  }

  /// A register of the crashed thread.
  public struct Register: Sendable, Equatable {
    /// Its name, as `rax`.
    public var name = ""
    /// As many bytes as the register has; zero above.
    public var value: UInt64 = 0
    /// What it points at; `nil` for numbers that are no address of the process.
    public var target: Target?

    /// A register that holds zero.
    public init() {}
  }

  /// What is at an address.
  public struct Target: Sendable, Equatable {
    /// What kind of memory it is.
    public enum Kind: String, Sendable, Equatable {
      /// A function, or code of a module.
      case code
      /// A variable, or data of a module.
      case data
      case stack
      case heap
      /// Any other mapping.
      case mapping
    }

    /// What kind of memory it is.
    public var kind = Kind.mapping
    /// `NAME` or `NAME+OFFSET`.
    public var symbol: String?
    /// The mapping: a path, `[stack]`, `[heap]`, `[anonymous]`.
    public var mapping: String?
    /// Whose stack it is.
    public var lwp: Int32?
    /// The text there, if it looks like one.
    public var string: String?

    /// A target of which nothing is known.
    public init() {}
  }

  /// Lines of a source file around the one that faulted.
  public struct Source: Sendable, Equatable {
    /// The file that was read.
    public var path = ""
    /// The line of the crash.
    public var line = 0
    /// The number of the first of `lines`.
    public var firstLine = 0
    /// Without their newlines.
    public var lines: [String] = []
    /// Whether the file is newer than the executable: then it need not be what was compiled.
    public var isNewer = false

    /// Source of nothing.
    public init() {}
  }

  /// A thread that waits for another.
  public struct Lock: Sendable, Equatable {
    /// What it waits for.
    public enum Kind: String, Sendable, Equatable {
      case mutex
      case readWriteLock = "rwlock"
      case condition
      case join
      /// A futex of which nothing else is known.
      case futex
    }

    /// What it waits for.
    public var kind = Kind.mutex
    /// Who waits.
    public var waiter: Int32 = 0
    /// Where the lock is.
    public var address: UInt64?
    /// The variable there, if it has a name.
    public var symbol: String?
    /// Who holds it; `nil` where that is not known, as for a condition.
    public var owner: Int32?
    /// Whether the owner is a thread of the core.
    public var isOwnerAlive = true
    /// On what it rests.
    public var evidence = ""

    /// A lock of which nothing is known.
    public init() {}
  }

  /// Who waits for whom.
  public struct Locks: Sendable, Equatable {
    /// A wait for each thread that waits.
    public var waits: [Lock] = []
    /// Threads that wait for each other in a ring: a deadlock; LWPs, each waits for the next, the last for the first.
    public var cycles: [[Int32]] = []

    /// No waits.
    public init() {}
  }

  /// What tells one crash from another, the same in every process that runs the same program.
  public struct Signature: Sendable, Equatable {
    /// What the frames are named by.
    public enum Basis: String, Sendable, Equatable {
      case names
      /// Build IDs and offsets, where names are missing, also if only in part.
      case offsets
      /// No frame can be told by either; the signal and the executable alone.
      case none
    }

    /// The first 16 hexadecimal digits of SHA-256 over signal and frames.
    public var hash = ""
    /// The signal's name.
    public var signal = ""
    /// Frames that count, innermost first: names, or `BUILD-ID+OFFSET`.
    public var frames: [String] = []
    /// What the frames are named by.
    public var basis = Basis.none
    /// `f1 | f2 | …`, at most 255 characters.
    public var pipe = ""
    /// Apport's StacktraceAddressSignature; `nil` where too few frames lie in files.
    public var apport: String?
    /// satyr's hash for duplicates: SHA-1; `nil` without frames.
    public var satyr: String?

    /// A signature of nothing.
    public init() {}
  }
}
