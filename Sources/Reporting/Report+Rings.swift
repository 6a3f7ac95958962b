extension Report {
  /// One io_uring, as far as its pages are in the core.
  public struct Ring: Sendable, Equatable {
    /// How it was found.
    public enum Source: String, Sendable, Equatable {
      /// NT_FILE names its mapping.
      case mapping
      /// A SQPOLL thread's parameters lead to it: it lies in the application's own memory.
      case parameters
      /// The kernel itself told it, in /proc's fdinfo.
      case descriptor = "fdinfo"
    }

    /// Where it lies.
    public var address: UInt64 = 0
    /// The descriptor it was opened by; `nil` where only memory showed it.
    public var descriptor: Int32?
    /// The LWP of its SQPOLL thread, by fdinfo.
    public var pollThread: Int32?
    /// Polls that wait for their descriptor, by fdinfo.
    public var armedPolls = 0
    /// How it was found.
    public var source = Source.mapping
    /// The queue of requests; `nil` where its pages are not in the core or make no sense.
    public var submissions: RingQueue?
    /// The queue of results; `nil` like `submissions`.
    public var completions: RingQueue?
    /// Requests that the kernel dropped because they were invalid.
    public var dropped: UInt32 = 0
    /// Results for which the queue was full.
    public var overflows: UInt32 = 0
    /// `IORING_SQ_…`: 1 the SQPOLL thread sleeps, 2 results wait in the kernel, 4 task work waits.
    public var submissionFlags: UInt32 = 0
    /// Published by the application, not taken by the kernel; the first `ReportLimits.ringEntries`.
    public var unsubmitted: [RingEntry] = []
    /// Posted by the kernel, not seen by the application; the first `ReportLimits.ringEntries`.
    public var unreaped: [RingResult] = []
    /// Requests that were being executed when the process died; the first `ReportLimits.ringEntries`.
    public var inFlight: [RingRequest] = []
    /// How many requests were in flight, kept or not; by fdinfo, those taken and not answered.
    public var inFlightCount = 0
    /// What could not be told, and how to have it next time: a sentence each.
    public var remarks: [String] = []

    /// A ring of which nothing is known.
    public init() {}
  }

  /// Indices of a queue: both count on for ever, and wrap at 2^32.
  public struct RingQueue: Sendable, Equatable {
    /// What was taken.
    public var head: UInt32
    /// What was put in.
    public var tail: UInt32
    /// Slots.
    public var entries: UInt32

    /// A queue.
    public init(head: UInt32, tail: UInt32, entries: UInt32) {
      self.head = head
      self.tail = tail
      self.entries = entries
    }

    /// Entries that wait; `nil` where head and tail cannot belong to one queue.
    public var pending: UInt32? { tail &- head <= entries ? tail &- head : nil }
  }

  /// `struct io_uring_sqe`: what an application asked for.
  public struct RingEntry: Sendable, Equatable {
    /// Its place in the array of entries.
    public var slot: UInt32 = 0
    /// Such as 22.
    public var opcode: UInt8 = 0
    /// Such as `READ`.
    public var operation = ""
    /// `IOSQE_…`.
    public var flags: UInt8 = 0
    /// The file; an index of registered files if `isFixedFile`.
    public var descriptor: Int32 = 0
    /// Whether `descriptor` is an index.
    public var isFixedFile = false
    /// `off`.
    public var offset: UInt64 = 0
    /// `addr`.
    public var address: UInt64 = 0
    /// `len`.
    public var length: UInt32 = 0
    /// What the application recognises it by.
    public var userData = UserData()

    /// An entry of zeros.
    public init() {}
  }

  /// `struct io_uring_cqe`: how a request ended.
  public struct RingResult: Sendable, Equatable {
    /// Of the request that it answers.
    public var userData = UserData()
    /// `res`: below zero an error number.
    public var result: Int32 = 0
    /// `IORING_CQE_F_…`.
    public var flags: UInt32 = 0

    /// A result of zeros.
    public init() {}
  }

  /// `user_data`, which often is a pointer.
  public struct UserData: Sendable, Equatable {
    /// As the application wrote it.
    public var value: UInt64 = 0
    /// `NAME` or `NAME+OFFSET`, where it points at something that has a name.
    public var symbol: String?

    /// A zero.
    public init() {}
  }

  /// A request that was being executed when the process died: the dump's own SIGKILL aborted it.
  public struct RingRequest: Sendable, Equatable {
    /// The result that the abort left.
    public var result = RingResult()
    /// Whether it must have been the dump that aborted it.
    public var confidence = Thread.Confidence.certain
    /// What it was. Several if that cannot be told apart; none if its entry has been used again.
    public var entries: [RingEntry] = []

    /// A request of which nothing is known.
    public init() {}
  }
}
