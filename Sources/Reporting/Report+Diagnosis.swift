extension Report {
  /// Why the process died: one sentence, how sure it is, and on what it rests.
  public struct Diagnosis: Sendable, Equatable {
    /// What kind of death it was. Words may be added.
    public enum Class: String, Sendable, Equatable, CaseIterable {
      /// An access at or near address 0, by a pointer that was NULL.
      case nullDereference = "null_dereference"
      /// An access through a pointer that cannot be one: not canonical.
      case nonCanonicalPointer = "non_canonical_pointer"
      /// An access where nothing is mapped.
      case unmappedMemory = "unmapped_memory"
      /// A write to a page that may only be read, or executed.
      case readOnlyMemory = "read_only_memory"
      /// An access to a page that permits none of this kind.
      case forbiddenMemory = "forbidden_memory"
      /// An instruction that wants its operand aligned.
      case misalignedAccess = "misaligned_access"
      /// The processor went where there is memory, but no code.
      case executedData = "executed_data"
      /// A call or jump through a NULL pointer.
      case jumpToNull = "jump_to_null"
      /// A call or jump to an address that is none.
      case jumpToGarbage = "jump_to_garbage"
      /// A return to an address that somebody overwrote.
      case corruptReturnAddress = "corrupt_return_address"
      /// The stack was used up.
      case stackOverflow = "stack_overflow"
      /// The guard between a function's variables and its return address was overwritten.
      case stackSmashed = "stack_smashed"
      /// An integer was divided by zero.
      case divisionByZero = "division_by_zero"
      /// The quotient of an integer division does not fit: the smallest number by −1.
      case divisionOverflow = "division_overflow"
      /// A floating-point operation, with such exceptions turned on.
      case floatingPoint = "floating_point"
      /// An instruction that the compiler puts where the program must not go: ud2, brk, int3.
      case deliberateTrap = "deliberate_trap"
      /// Bytes that are no instruction for this processor.
      case illegalInstruction = "illegal_instruction"
      /// An instruction that only the kernel may use.
      case privilegedInstruction = "privileged_instruction"
      /// A breakpoint or a single step without a debugger.
      case breakpoint
      /// A mapped file ends before the page that was used.
      case fileTruncated = "file_truncated"
      /// A bus error of another kind.
      case busError = "bus_error"
      /// assert(3) and its like.
      case assertion
      /// malloc(3) found its own data overwritten, or memory freed twice.
      case heapCorruption = "heap_corruption"
      /// A checked function of the C library (FORTIFY_SOURCE) refused.
      case fortify
      /// abort(3), with a text or without.
      case abort
      /// A C++ exception that nobody caught, or std::terminate for another reason.
      case uncaughtException = "uncaught_exception"
      /// A panic of Rust or Go.
      case panic
      /// fatalError, a failed precondition or a runtime check of Swift.
      case fatalError = "fatal_error"
      /// Another process sent the signal.
      case killedByProcess = "killed_by_process"
      /// The process sent the signal to itself.
      case raised
      /// A resource limit: CPU time, file size.
      case resourceLimit = "resource_limit"
      /// A system call that a filter forbids, or that does not exist.
      case forbiddenSystemCall = "forbidden_system_call"
      /// A timer, a terminal or another event that the kernel reports by a signal.
      case event
      /// The core was taken of a running process.
      case noSignal = "no_signal"
      /// The core does not tell.
      case unknown
    }

    /// What the instruction wanted with the address.
    public enum Access: String, Sendable, Equatable {
      case read
      /// Also for instructions that read and write back.
      case write
      case execute
    }

    /// The address that could not be used, and who used it.
    public struct Fault: Sendable, Equatable {
      /// Where; of a jump the place jumped to.
      public var address: UInt64 = 0
      /// Whether the address was computed from the instruction's operand, since the kernel does not tell it.
      public var isRebuilt = false
      /// What was wanted there; `nil` where it is not clear.
      public var access: Access?
      /// Bytes that were wanted; `nil` where it is not clear.
      public var size: Int?
      /// The operand in AT&T syntax, as `0x8(%rax)`.
      public var operand: String?
      /// The register that held the bad pointer.
      public var register: String?
      /// Its value.
      public var registerValue: UInt64?
      /// What in the source the pointer is: `o->in->leaf`.
      public var expression: String?
      /// The field that the address means, as `next`; `frame.corner[2].y` within nested types.
      public var field: String?
      /// The type that has the field, as `struct node`.
      public var fieldOwner: String?
      /// The field's offset in that type.
      public var fieldOffset: UInt64?
      /// The mapping at the address: a path, `[stack]`, `[anonymous]`; `nil` where nothing is mapped.
      public var mapping: String?

      /// A fault of which nothing is known.
      public init() {}
    }

    /// A text that the program left when it gave up.
    public struct Message: Sendable, Equatable {
      /// Where it comes from.
      public enum Source: String, Sendable, Equatable {
        /// `__abort_msg` of glibc: assert(3), malloc(3), FORTIFY_SOURCE.
        case libc
        /// `__glib_assert_msg` of GLib.
        case glib
        /// The exception object of C++.
        case cxxException = "cxx_exception"
        case rustPanic = "rust_panic"
        case swiftError = "swift_error"
        case goPanic = "go_panic"
      }

      /// Where it comes from.
      public var source: Source
      /// The text; `nil` where the program left none, as for a C++ exception that is no std::exception.
      public var text: String?
      /// The type of the exception or of the value that was thrown.
      public var type: String?

      /// A message.
      public init(source: Source, text: String?, type: String? = nil) {
        self.source = source
        self.text = text
        self.type = type
      }
    }

    /// Something that was found out, with the places that it was read from.
    public struct Finding: Sendable, Equatable {
      /// A sentence.
      public var text: String
      /// What it rests on, as `signal note: si_addr 0x8` or `register rax = 0x0`.
      public var evidence: [String]

      /// A finding.
      public init(_ text: String, evidence: [String]) {
        self.text = text
        self.evidence = evidence
      }
    }

    /// The kind of death.
    public var kind = Class.unknown
    /// In words, without the signal's name: `write to 0x8, near NULL: field 'next' of struct node at offset 8`.
    public var sentence = ""
    /// How sure the class is. Anything less than certain is said in the sentence or a finding, too.
    public var confidence = Thread.Confidence.certain
    /// What leads to it, the most telling first.
    public var findings: [Finding] = []
    /// The address, for deaths by an access or a jump.
    public var fault: Fault?
    /// The text that the program left.
    public var message: Message?
    /// The instruction at the crashed thread's pc; `nil` where it was not decoded or not asked for.
    public var instruction: Instruction?

    /// A diagnosis that says nothing.
    public init() {}
  }

  /// A machine instruction.
  public struct Instruction: Sendable, Equatable {
    /// Where it is.
    public var address: UInt64 = 0
    /// Its bytes.
    public var bytes: [UInt8] = []
    /// In AT&T syntax, as `mov %rax,0x8(%rdx)`.
    public var text = ""
    /// The function that it belongs to.
    public var symbol: String?
    /// How far it is from the function's start.
    public var symbolOffset: UInt64?

    /// An instruction of which nothing is known.
    public init() {}
  }

  /// Frames of a stack that repeat: a recursion.
  public struct Repetition: Sendable, Equatable {
    /// The level of the first frame that belongs to it.
    public var first = 0
    /// The level of the last.
    public var last = 0
    /// The functions of one round, innermost first.
    public var functions: [String] = []
    /// Rounds.
    public var count = 0

    /// A repetition of nothing.
    public init() {}
  }
}
