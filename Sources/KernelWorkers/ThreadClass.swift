internal import Bytes

/// What kind of thread a core shows: a user thread, or one that the kernel made inside the process.
package enum ThreadKind: String, Sendable, Equatable, CaseIterable {
  case userThread
  /// `iou-wrk-N`: runs requests that would block their submitter.
  case ioWorker
  /// `iou-sqp-N`, or a worker of one: a core shows both with the same registers.
  case submissionPoller
  /// `iou-mgr-N` of Linux 5.12. A core does not tell it from 5.12's other workers; /proc's comm does.
  case manager
  /// `vhost-N`, made by ioctl VHOST_SET_OWNER.
  case vhostWorker
  /// `kvm-nx-lpage-re`, made by the first KVM_RUN.
  case kvmWorker
  /// A thread of the kernel's, of which the core does not say whose work it did.
  case kernelWorker
  /// The thread's notes were zeroed or cut: nothing can be said of it.
  case damaged
  /// A user thread that jumped through NULL with a destroyed stack pointer.
  case crashedAtZero
  /// pc and sp are zero, and neither a worker's marks nor a crash explain it (a debugger can set them).
  case unexplainedZero

  /// Whether the kernel made the thread and it never runs in user space.
  package var isKernelWorker: Bool {
    switch self {
    case .ioWorker, .submissionPoller, .manager, .vhostWorker, .kvmWorker, .kernelWorker: true
    case .userThread, .damaged, .crashedAtZero, .unexplainedZero: false
    }
  }

  /// As a report calls it.
  package var title: String {
    switch self {
    case .userThread: "user thread"
    case .ioWorker: "io_uring worker (iou-wrk)"
    case .submissionPoller: "io_uring SQPOLL thread (iou-sqp) or a worker of it"
    case .manager: "io_uring manager (iou-mgr)"
    case .vhostWorker: "vhost worker"
    case .kvmWorker: "KVM worker (kvm-nx-lpage-re)"
    case .kernelWorker: "kernel worker"
    case .damaged: "damaged note"
    case .crashedAtZero: "crashed with pc = sp = 0"
    case .unexplainedZero: "pc = sp = 0, cause unknown"
    }
  }
}

/// How sure a class is.
package enum Confidence: Int, Sendable, Comparable {
  case possible
  case likely
  case certain

  package static func < (left: Confidence, right: Confidence) -> Bool { left.rawValue < right.rawValue }
}

/// One fact that speaks for or against a worker, with the value it was seen in.
package struct Evidence: Sendable, Equatable {
  package enum Mark: String, Sendable {
    /// The TLS pointer is also another thread's: no two user threads share one.
    case sharedThreadPointer = "A"
    /// All signals but SIGKILL and SIGSTOP are blocked.
    case blockedSignals = "B"
    /// The registers of a system call that entered from a readable `syscall` instruction.
    case callSite = "C"
    /// The system call and its arguments are what makes such a worker.
    case arguments = "D"
    /// Result 0, and the code segment of user space.
    case cleanResult = "E"
    /// No extended register state at all: `fpu_clone(minimal)`, Linux 5.16 and later.
    case emptyVectorState = "F"
    /// An io_uring is mapped.
    case mappedRing = "G"
    /// Linux 5.12: every register is zero, the code segment too.
    case zeroForm = "H"
    /// The saved processor state is one of kernel mode.
    case kernelMode = "M"
    /// A worker that is certain shares the TLS pointer.
    case sibling = "S"
    /// All general registers are zero, as the kernel leaves them on this architecture.
    case zeroRegisters = "Z"
    /// `rax` holds an error number: a user thread in a system call that a debugger interrupted.
    case errorResult = "X1"
    /// The TLS pointer is no other thread's.
    case uniqueThreadPointer = "X2"
    /// A kernel's core, and the thread does not block what workers block.
    case ownSignals = "X3"
    /// The saved processor state is one of user mode.
    case userMode = "X4"
    /// /proc's stat has PF_IO_WORKER or PF_USER_WORKER.
    case workerFlag = "P"
    /// /proc's name for it is a worker's; anybody can take it.
    case workerName = "N"
    /// /proc's stat has neither flag.
    case noWorkerFlag = "X5"
    /// The thread owns the fault that ended the process, or its note is damaged.
    case verdict = "V"
  }

  package var mark: Mark
  /// What it adds to the score.
  package var points: Int
  /// One short sentence with the values.
  package var text: String

  package init(_ mark: Mark, _ points: Int, _ text: String) {
    self.mark = mark
    self.points = points
    self.text = text
  }
}

/// A thread's class, how sure it is, and on what it rests.
package struct ThreadClass: Sendable, Equatable {
  /// The LWP, as the note has it.
  package var id: Int32
  package var kind: ThreadKind
  package var confidence: Confidence
  package var score: Int
  package var evidence: [Evidence]
  /// Where a worker comes from; `nil` for all others.
  package var provenance: Provenance?

  package init(
    id: Int32, kind: ThreadKind, confidence: Confidence, score: Int = 0, evidence: [Evidence] = [],
    provenance: Provenance? = nil
  ) {
    self.id = id
    self.kind = kind
    self.confidence = confidence
    self.score = score
    self.evidence = evidence
    self.provenance = provenance
  }
}
