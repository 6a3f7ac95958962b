internal import Backtraces
internal import CoreFiles
internal import ProcessModel
internal import Reporting
internal import Symbols
internal import Unwinding

/// What a signal handler interrupted, for programs that handle a crash themselves and die of abort(3) or raise(3) then.
///
/// x86-64: the kernel's `struct rt_sigframe` lies at the stack pointer of the trampoline's frame; `struct ucontext`
/// first, its registers in the order of `struct sigcontext` (<asm/sigcontext.h>), then `siginfo_t`.
struct InterruptedContext {
  /// The thread as it was then.
  var thread: ListedThread
  /// The signal that was handled.
  var signal: Report.Signal

  private static let contextSize: UInt64 = 304
  private static let registersOffset: UInt64 = 40
  private static let registers = [
    "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rdi", "rsi", "rbp", "rbx", "rdx", "rax", "rcx",
    "rsp", "rip",
  ]
  private static let searched = 64
  /// `mov $15,%rax; syscall`: rt_sigreturn.
  private static let trampoline: [UInt8] = [0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05]

  /// `nil` where no frame is a signal trampoline, or its context makes no sense.
  init?(_ process: CoreProcess, _ listed: ListedThread) {
    let architecture = process.core.architecture
    guard architecture.name == "x86-64" else { return nil }
    let memory = process.core.memory
    var walker = StackWalker(thread: process.unwinder(of: listed))
    for _ in 0..<Self.searched {
      guard let frame = walker.next() else { return nil }
      let isTrampoline =
        frame.kind == .signalTrampoline
        || frame.level > 0
          && memory.readAvailable(at: frame.programCounter, count: Self.trampoline.count) == Self.trampoline
      guard isTrampoline, let context = frame.physical.registers[architecture.stackPointer] else { continue }
      guard let made = Self.read(context, listed, architecture, process.core) else { return nil }
      self = made
      return
    }
    return nil
  }

  private init(thread: ListedThread, signal: Report.Signal) {
    self.thread = thread
    self.signal = signal
  }

  private static func read(
    _ context: UInt64, _ listed: ListedThread, _ architecture: Architecture, _ core: CoreFile
  ) -> InterruptedContext? {
    let memory = core.memory
    guard let info = try? memory.read(at: context &+ contextSize, count: 128),
      let note = CoreNotes.signal(info, architecture), (1...64).contains(note.number)
    else { return nil }
    var snapshot = listed.snapshot
    var block = snapshot.registerBlock
    for (index, name) in registers.enumerated() {
      guard let value = try? memory.readWord(at: context &+ registersOffset &+ UInt64(8 * index)),
        let place = architecture.registers.first(where: { $0.name == name }), place.offset + 8 <= block.count
      else { return nil }
      if let number = place.dwarf { snapshot.registers[number] = value }
      for byte in 0..<8 { block[place.offset + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte)) }
    }
    snapshot.registerBlock = block
    var thread = listed
    thread.snapshot = snapshot
    return InterruptedContext(thread: thread, signal: CrashReason.signal(note))
  }
}
