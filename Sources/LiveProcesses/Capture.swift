package import ProcFiles
package import ProcessModel

/// How much of a process is held still while it is looked at.
package enum StopMode: String, Sendable {
  /// All threads at once: what they show belongs together.
  case all = "stop"
  /// One thread at a time.
  case rolling
  /// None: only threads that are blocked show where.
  case none = "no-stop"
}

/// What a capture is to do.
package struct CaptureOptions: Sendable {
  package var mode = StopMode.all
  /// After this time whatever did not stop is let go.
  package var deadlineMilliseconds = 200
  /// Whether the whole vector state is wanted (NT_X86_XSTATE).
  package var wantsVectorState = false
  /// How much is read of threads that will be stopped; of those that are not, everything is.
  package var detail = ProcDetail.names

  package init() {}
}

/// What was seen of one thread.
package struct CapturedThread: Sendable, Equatable {
  package enum Outcome: Sendable, Equatable {
    /// Stopped, read, and let go.
    case stopped
    /// Not stopped: blocked all the while, so that where it is can be told (`--no-stop`).
    case blocked
    /// The kernel's own: never attached to.
    case worker
    /// It ended meanwhile, or had ended before.
    case exited
    /// Somebody else traces it; 0 where that has changed since.
    case traced(by: Int32)
    /// The kernel does not let us; the number is errno.
    case refused(Int32)
    /// It did not stop before the deadline; the letter is its state then.
    case unstopped(Character?)
    /// It runs, and no thread was to be stopped.
    case running
  }

  package var id: Int32
  package var outcome: Outcome
  /// `elf_gregset_t`, as NT_PRSTATUS has it; empty unless stopped. Of a blocked thread what is not known is 0.
  package var general: [UInt8] = []
  /// NT_PRFPREG.
  package var floatingPoint: [UInt8] = []
  /// NT_X86_XSTATE.
  package var vectorState: [UInt8] = []
  /// NT_386_TLS, of 32-bit threads.
  package var threadAreas: [UInt8] = []
  /// How long it was held, in nanoseconds.
  package var held: UInt64 = 0

  package init(id: Int32, outcome: Outcome) {
    self.id = id
    self.outcome = outcome
  }
}

/// A piece of the process's memory. Many are slices of one array, into which they were read together.
package struct CapturedRange: Sendable, Equatable {
  package var start: UInt64
  package var bytes: ArraySlice<UInt8>

  package init(start: UInt64, bytes: ArraySlice<UInt8>) {
    self.start = start
    self.bytes = bytes
  }

  package init(start: UInt64, bytes: [UInt8]) {
    self.init(start: start, bytes: bytes[...])
  }

  /// What lies behind its first `count` bytes.
  package func dropFirst(_ count: UInt64) -> CapturedRange {
    CapturedRange(start: start &+ count, bytes: bytes.dropFirst(Int(count)))
  }

  package var end: UInt64 { start &+ UInt64(bytes.count) }
}

/// A process as it was at one time, all of it copied.
package struct Capture: Sendable {
  package var process: ProcProcess
  package var architecture: Architecture
  /// In the order of `process.threads`.
  package var threads: [CapturedThread]
  /// Stacks and thread blocks, ascending, none overlapping.
  package var memory: [CapturedRange]
  package var mode: StopMode
  /// From the first thread's stop to the last one's going on, in nanoseconds; 0 where none was stopped.
  package var window: UInt64
  /// The longest that any one thread was held.
  package var longestHold: UInt64
  /// What could not be had: a sentence each.
  package var gaps: [String]
  /// Things to know that took nothing away.
  package var remarks: [String]

  package init(
    process: ProcProcess, architecture: Architecture, threads: [CapturedThread], memory: [CapturedRange],
    mode: StopMode, window: UInt64, longestHold: UInt64, gaps: [String], remarks: [String]
  ) {
    self.process = process
    self.architecture = architecture
    self.threads = threads
    self.memory = memory
    self.mode = mode
    self.window = window
    self.longestHold = longestHold
    self.gaps = gaps
    self.remarks = remarks
  }
}
