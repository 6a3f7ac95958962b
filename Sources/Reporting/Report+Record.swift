extension Report {
  /// What somebody wrote down of the process besides its core: systemd-coredump in the core's name, in its extended
  /// attributes and in the journal, or `coreview handle` from /proc. `nil` stands for what nobody wrote down.
  public struct Record: Sendable, Equatable {
    /// Where a fact was found.
    public enum Source: String, Sendable, Equatable {
      /// The name of the core in systemd's store.
      case fileName = "file_name"
      /// Its `user.coredump.*` attributes.
      case attributes
      /// A record of the journal.
      case journal
      /// The process itself, before it went away.
      case proc
    }

    /// An open file of the process.
    public struct OpenFile: Sendable, Equatable {
      /// Its descriptor.
      public var descriptor: Int32
      /// What /proc/PID/fd said of it.
      public var path: String

      /// An open file.
      public init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
      }
    }

    /// A thread's name.
    public struct ThreadName: Sendable, Equatable {
      /// Its LWP.
      public var lwp: Int32
      /// Its `comm`, at most 15 bytes.
      public var name: String

      /// A name.
      public init(lwp: Int32, name: String) {
        self.lwp = lwp
        self.name = name
      }
    }

    /// An io_uring as the kernel saw it.
    public struct RingState: Sendable, Equatable {
      /// Its descriptor.
      public var descriptor: Int32
      /// The lines of /proc/PID/fdinfo.
      public var lines: [String]

      /// A ring.
      public init(descriptor: Int32, lines: [String]) {
        self.descriptor = descriptor
        self.lines = lines
      }
    }

    /// Where the facts come from, the most trusted last.
    public var sources: [Source] = []
    /// The PID, in the namespace of whoever wrote it down.
    public var pid: Int32?
    /// The real user ID.
    public var uid: UInt32?
    /// The real group ID.
    public var gid: UInt32?
    /// The signal.
    public var signal: Int32?
    /// The name of the process.
    public var command: String?
    /// The path of its executable.
    public var executable: String?
    /// Its command line.
    public var commandLine: String?
    /// The host's name.
    public var host: String?
    /// The ID of the boot: 32 hexadecimal digits.
    public var bootID: String?
    /// When it happened: microseconds since 1970, UTC.
    public var time: UInt64?
    /// The unit of systemd.
    public var unit: String?
    /// The slice of systemd.
    public var slice: String?
    /// The control group.
    public var controlGroup: String?
    /// The current directory.
    public var workingDirectory: String?
    /// The root directory.
    public var root: String?
    /// The package of the executable, and its version.
    public var package: String?
    /// `NAME=value`.
    public var environment: [String]?
    /// The open files, by descriptor.
    public var openFiles: [OpenFile]?
    /// The lines of /proc/PID/maps.
    public var maps: [String]?
    /// The names of the threads.
    public var threadNames: [ThreadName]?
    /// The io_urings, by descriptor.
    public var rings: [RingState]?

    /// A record without facts.
    public init() {}
  }
}
