/// What a core's notes say of one thread besides its registers: evidence for what kind of thread it is.
///
/// Kernel cores have most of it; gcore leaves `heldSignals`, `pendingSignals`, `parentID` and
/// `isFloatingPointValid` at zero and gives every thread a signal note.
package struct ThreadNotes: Sendable, Equatable {
  /// Bytes of NT_PRSTATUS as the note announces them; `Architecture.NoteLayout.statusSize` when whole.
  package var statusSize: Int
  /// File offset of NT_PRSTATUS; `nil` where no core has one.
  package var statusOffset: UInt64?
  /// Every byte of NT_PRSTATUS that is there is zero: no kernel writes that, for `pr_pid` is never 0.
  package var isStatusBlank: Bool
  /// `pr_sigpend`: signals queued for the thread.
  package var pendingSignals: UInt64
  /// `pr_ppid`; 0 in gcore's cores.
  package var parentID: Int32
  /// `pr_fpvalid`; false in gcore's cores.
  package var isFloatingPointValid: Bool
  /// The thread's own NT_SIGINFO. A kernel writes one for the process, after the first thread.
  package var signal: SignalInfo?
  /// File range of NT_SIGINFO, as far as it is `siginfo_t`.
  package var signalPlace: Range<UInt64>?
  /// `xstate_bv` of NT_X86_XSTATE: the register sets that are not in their initial state.
  package var stateComponents: UInt64?
  /// The TLS pointer, where a note of its own holds it: NT_386_TLS (the entry that `gs` selects), NT_ARM_TLS.
  package var threadPointer: UInt64?
  /// NT_ARM_SYSTEM_CALL, NT_S390_SYSTEM_CALL: −1 outside of system calls.
  package var systemCall: Int32?
  /// How the registers of NT_PRSTATUS were come by; a snapshot's note of ours tells.
  package var registerSource = RegisterSource.stopped

  package init(
    statusSize: Int, isStatusBlank: Bool = false, pendingSignals: UInt64 = 0, parentID: Int32 = 0,
    isFloatingPointValid: Bool = false, signal: SignalInfo? = nil, stateComponents: UInt64? = nil,
    threadPointer: UInt64? = nil, systemCall: Int32? = nil
  ) {
    self.statusSize = statusSize
    self.isStatusBlank = isStatusBlank
    self.pendingSignals = pendingSignals
    self.parentID = parentID
    self.isFloatingPointValid = isFloatingPointValid
    self.signal = signal
    self.stateComponents = stateComponents
    self.threadPointer = threadPointer
    self.systemCall = systemCall
  }
}

/// Who wrote a core: the two differ in what they tell of a thread.
package enum CoreWriter: Sendable, Equatable {
  /// fs/binfmt_elf.c: NT_PRSTATUS of the dumping thread is the first note.
  case kernel
  /// gdb's `generate-core-file`, and other tools that begin with NT_PRPSINFO.
  case debugger
  /// coreview, of a running process: with notes of its own (docs/snapshot-format.md).
  case snapshot
}

/// How the registers of a thread were come by.
package enum RegisterSource: String, Sendable, Equatable {
  /// All of them, of a thread that stood still.
  case stopped
  /// Stack pointer, program counter and the arguments of the system call in which it was blocked.
  case blocked
  /// Those that /proc shows of a thread of the kernel's: never attached to.
  case worker
  /// None: the thread could not be stopped, or there was nothing but a copy of /proc.
  case absent
}
