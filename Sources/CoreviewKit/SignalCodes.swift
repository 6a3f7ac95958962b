/// The codes of signals (`si_code`), with their names in <signal.h> and what each means; see sigaction(2).
enum SignalCodes {
  /// A code and what it says: `%` stands for the fault address.
  private typealias Meaning = (code: Int32, name: String, text: String)

  private static let kernel: Int32 = 128
  private static let (ill, trap, bus, fpe, segv, sys): (Int32, Int32, Int32, Int32, Int32, Int32) =
    (4, 5, 7, 8, 11, 31)

  /// Codes of one signal.
  private static let specific: [Int32: [Meaning]] = [
    segv: [
      (1, "SEGV_MAPERR", "no mapping at %"),
      (2, "SEGV_ACCERR", "the mapping at % does not permit the access"),
      (3, "SEGV_BNDERR", "a bounds check failed at %"),
      (4, "SEGV_PKUERR", "a memory protection key forbids the access at %"),
      (10, "SEGV_CPERR", "the shadow stack does not match at %"),
      (
        kernel, "SI_KERNEL",
        "a general protection fault, as by an address that is not canonical; the kernel does not tell it"
      ),
    ],
    bus: [
      (1, "BUS_ADRALN", "misaligned access at %"),
      (2, "BUS_ADRERR", "nothing behind the mapping at %, as when the mapped file was cut short"),
      (3, "BUS_OBJERR", "hardware error at %"),
      (4, "BUS_MCEERR_AR", "the memory at % is broken"),
      (5, "BUS_MCEERR_AO", "broken memory was found at %"),
      (kernel, "SI_KERNEL", "a stack segment fault; the kernel does not tell the address"),
    ],
    fpe: [
      (1, "FPE_INTDIV", "integer division by zero at %"),
      (2, "FPE_INTOVF", "integer overflow at %"),
      (3, "FPE_FLTDIV", "floating-point division by zero at %"),
      (4, "FPE_FLTOVF", "floating-point overflow at %"),
      (5, "FPE_FLTUND", "floating-point underflow at %"),
      (6, "FPE_FLTRES", "inexact floating-point result at %"),
      (7, "FPE_FLTINV", "invalid floating-point operation at %"),
      (8, "FPE_FLTSUB", "subscript out of range at %"),
      (14, "FPE_FLTUNK", "floating-point exception at %"),
    ],
    ill: [
      (1, "ILL_ILLOPC", "illegal opcode at %"),
      (2, "ILL_ILLOPN", "illegal operand at %"),
      (3, "ILL_ILLADR", "illegal addressing mode at %"),
      (4, "ILL_ILLTRP", "illegal trap at %"),
      (5, "ILL_PRVOPC", "privileged instruction at %"),
      (6, "ILL_PRVREG", "privileged register at %"),
      (7, "ILL_COPROC", "coprocessor error at %"),
      (8, "ILL_BADSTK", "internal stack error at %"),
    ],
    trap: [
      (1, "TRAP_BRKPT", "breakpoint at %"),
      (2, "TRAP_TRACE", "a single step to %"),
      (3, "TRAP_BRANCH", "a branch to %"),
      (4, "TRAP_HWBKPT", "hardware breakpoint or watchpoint at %"),
      (kernel, "SI_KERNEL", "a breakpoint instruction"),
    ],
    sys: [
      (1, "SYS_SECCOMP", "a system call that a seccomp filter forbids"),
      (2, "SYS_USER_DISPATCH", "a system call that is dispatched to user space"),
    ],
  ]

  /// Codes of any signal: who sent it. `%` stands for the sender.
  private static let common: [Meaning] = [
    (0, "SI_USER", "sent by %"),
    (kernel, "SI_KERNEL", "sent by the kernel"),
    (-1, "SI_QUEUE", "sent by % through sigqueue(3)"),
    (-2, "SI_TIMER", "a POSIX timer ran out"),
    (-3, "SI_MESGQ", "a message queue has news"),
    (-4, "SI_ASYNCIO", "asynchronous input or output is done"),
    (-5, "SI_SIGIO", "input or output is possible"),
    (-6, "SI_TKILL", "sent by % to this thread"),
    (-7, "SI_DETHREAD", "another thread ran execve(2)"),
    (-60, "SI_ASYNCNL", "a name was looked up"),
  ]

  /// The name of a code and what it means; `nil` for a code that nobody has described.
  static func meaning(of code: Int32, signal: Int32) -> (name: String, text: String)? {
    let found = specific[signal]?.first { $0.code == code } ?? common.first { $0.code == code }
    return found.map { ($0.name, $0.text) }
  }

  /// Whether the code comes with `si_pid` and `si_uid`.
  static func hasSender(_ code: Int32) -> Bool { code == 0 || code == -1 || code == -6 }

  /// Signals that the processor raises at an instruction.
  static func isFault(_ signal: Int32, code: Int32) -> Bool {
    code > 0 && [ill, trap, bus, fpe, segv].contains(signal)
  }
}
