internal import Bytes
package import Disassembly
package import ProcessModel
package import Reporting

/// Everything that a diagnosis may look at, as plain values; `CoreviewKit` reads them out of the core.
package struct Scene {
  /// A frame of the crashed thread, as far as it matters.
  package struct Frame: Sendable, Equatable {
    package var function: String?
    package var module: String?
    package var pc: UInt64
    package var kind: Report.Frame.Kind

    package init(function: String?, module: String? = nil, pc: UInt64, kind: Report.Frame.Kind = .normal) {
      self.function = function
      self.module = module
      self.pc = pc
      self.kind = kind
    }
  }

  /// What in the source a bad pointer is.
  package struct Origin: Sendable, Equatable {
    /// `o->in->leaf`; `nil` where only the type is known.
    package var expression: String?
    /// What it is worth.
    package var value: UInt64
    /// The field that the operand means.
    package var field: String?
    package var fieldOwner: String?
    package var fieldOffset: UInt64?
    package var evidence: [String]

    package init(
      expression: String? = nil, value: UInt64, field: String? = nil, fieldOwner: String? = nil,
      fieldOffset: UInt64? = nil,
      evidence: [String] = []
    ) {
      self.expression = expression
      self.value = value
      self.field = field
      self.fieldOwner = fieldOwner
      self.fieldOffset = fieldOffset
      self.evidence = evidence
    }
  }

  package var architecture: Architecture
  package var signal: Report.Signal
  package var processID: Int32?
  package var threadID: Int32 = 0
  /// `si_syscall` of SIGSYS.
  package var systemCall: Int32?
  /// By their names in `Architecture.registers`.
  package var registers: [String: UInt64] = [:]
  package var programCounter: UInt64 = 0
  package var stackPointer: UInt64 = 0
  package var instruction: Instruction?
  package var map: MemoryMap
  /// The innermost frames.
  package var frames: [Frame] = []
  package var frameCount = 0
  package var repetitions: [Report.Repetition] = []
  /// The call instruction that the word on top of the stack returns behind.
  package var callBeforeTop: Instruction?
  /// The function that holds `callBeforeTop`.
  package var callBeforeTopFunction: String?
  package var origin: Origin?
  package var message: Report.Diagnosis.Message?
  package var messageEvidence: [String] = []
  /// Whether the message was known by its looks alone, and may be another's.
  package var isMessageGuessed = false
  /// The kernel's reservation for the main thread's stack: an address within.
  package var mainStack: UInt64?
  /// The innermost function that is not of a runtime's way to give up.
  package var culprit: String?
  /// A number of so many bytes in the process's memory.
  package var read: (UInt64, Int) -> UInt64?

  package init(
    architecture: Architecture, signal: Report.Signal, map: MemoryMap,
    read: @escaping (UInt64, Int) -> UInt64?
  ) {
    self.architecture = architecture
    self.signal = signal
    self.map = map
    self.read = read
  }

  /// Addresses below this are near NULL: the kernel lets nobody map the first 64 KiB (vm.mmap_min_addr).
  package static let nearNull: UInt64 = 0x10000

  /// Whether an address is one that 4-level page tables of x86-64 can map; of other processors all are.
  package func isCanonical(_ address: UInt64) -> Bool {
    guard architecture.name == "x86-64" else { return true }
    let top = address >> 47
    return top == 0 || top == 0x1ffff
  }

  package var word: UInt64 { UInt64(architecture.wordSize) }

  /// Where the crash is: `main`, or the address.
  package var place: String {
    frames.first { $0.kind != .signal }?.function ?? programCounter.hexadecimal
  }
}
