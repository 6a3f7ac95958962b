internal import ProcessModel

/// How an architecture's kernel leaves the registers of a thread that it made for itself, as data.
///
/// Each `copy_thread` does it its own way: x86 copies the maker's registers and clears three, the others clear
/// all and note kernel mode where user mode stood. Measured on kernels 5.10 to 7.2; arch/*/kernel/process.c.
/// To add an architecture: a value here, and its registers in ProcessModel.
struct WorkerMarks: Sendable {
  /// A register that says in which mode the processor ran.
  struct Mode: Sendable {
    enum Rule: Sendable {
      /// Kernel mode is what masks to this value.
      case kernel(UInt64)
      /// Kernel mode is what does not mask to this value.
      case user(UInt64)
    }

    var register: String
    var mask: UInt64
    var rule: Rule
    /// Whether a zero register is a worker's too; elsewhere it tells nothing, for damage makes zeros.
    var isZeroKernel = false

    func isKernel(_ value: UInt64) -> Bool? {
      if value == 0, !isZeroKernel {
        if case .user(0) = rule { return false }
        return nil
      }
      switch rule {
      case .kernel(let bits): return value & mask == bits
      case .user(let bits): return value & mask != bits
      }
    }
  }

  enum Form: Sendable {
    /// The maker's registers, with the result, pc and sp cleared (since Linux 5.13).
    case inherited
    /// Registers that the kernel cleared.
    case cleared
  }

  var form: Form
  /// `~{SIGKILL, SIGSTOP}`: what create_io_thread and vhost_task block.
  var heldSignals: UInt64
  var mode: Mode?
  /// Whether a worker keeps its maker's TLS pointer: dup_task_struct copies it unless it is a general register.
  var keepsThreadPointer = true
  /// Registers that stay non-zero in a cleared file.
  var exceptions: Set<String> = []
  /// system call number, its first three arguments, and the result.
  var systemCall: String?
  var arguments: [String] = []
  var result: String?
  var ioctl: UInt64 = 16
  /// The registers in which `syscall` leaves return address and flags.
  var returnAddress: String?
  var savedFlags: String?
  var flags: String?
  var codeSegment: String?
  /// Code segments of user space.
  var userSegments: [UInt64] = []
  /// A register that holds the thread's function: equal for all workers of one kind (s390x).
  var threadFunction: String?

  static func of(_ architecture: Architecture) -> WorkerMarks {
    switch architecture.name {
    case "x86-64":
      WorkerMarks(
        form: .inherited, heldSignals: lp64, systemCall: "orig_rax", arguments: ["rdi", "rsi", "rdx"],
        result: "rax", returnAddress: "rcx", savedFlags: "r11", flags: "eflags", codeSegment: "cs",
        userSegments: [0x33, 0x23])
    case "i386":
      WorkerMarks(
        form: .inherited, heldSignals: 0xfffb_feff, systemCall: "orig_eax", arguments: ["ebx", "ecx", "edx"],
        result: "eax", ioctl: 54, flags: "eflags", codeSegment: "cs", userSegments: [0x23, 0x73])
    case "aarch64":
      WorkerMarks(
        form: .cleared, heldSignals: lp64,
        mode: Mode(register: "pstate", mask: 0xf, rule: .user(0)), exceptions: ["pstate"])
    case "arm":
      WorkerMarks(
        form: .cleared, heldSignals: 0xfffb_feff,
        mode: Mode(register: "cpsr", mask: 0x1f, rule: .user(0x10)), exceptions: ["cpsr"])
    case "s390x":
      // The regset always shows the problem-state bit (PSW_USER_BITS); what it leaves are the address-space
      // bits, and home space, 11, is the kernel's (arch/s390/kernel/ptrace.c: PSW_MASK_USER).
      WorkerMarks(
        form: .cleared, heldSignals: lp64,
        mode: Mode(register: "pswm", mask: 0xc000_0000_0000, rule: .kernel(0xc000_0000_0000)),
        exceptions: Set(
          ["pswm", "pswa", "r9", "r10", "orig_r2", "tp"] + (0...15).map { "acr\($0)" }),
        threadFunction: "r9")
    case "mips64el":
      // SIGSTOP is 23 here.
      WorkerMarks(
        form: .cleared, heldSignals: 0xffff_ffff_ffbf_feff,
        mode: Mode(register: "status", mask: 0x18, rule: .user(0x10)), keepsThreadPointer: false,
        exceptions: ["status"])
    case "ppc64le":
      // Since 6.4 `softe` is 1 as in user threads; before, there were no registers at all.
      WorkerMarks(
        form: .cleared, heldSignals: lp64,
        mode: Mode(register: "msr", mask: 0x4000, rule: .user(0x4000), isZeroKernel: true),
        keepsThreadPointer: false,
        exceptions: ["softe"])
    default:
      WorkerMarks(form: .cleared, heldSignals: lp64, keepsThreadPointer: false)
    }
  }

  private static let lp64: UInt64 = 0xffff_ffff_fffb_feff
}
