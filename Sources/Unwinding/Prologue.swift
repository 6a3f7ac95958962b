internal import ProcessModel
internal import Symbols

/// What a function's first instructions say about its frame, for code without CFI.
///
/// `base` is the word below the return address: the saved frame pointer's place where there is one.
package struct Prologue: Sendable, Equatable {
  package enum Base: Sendable, Equatable {
    /// base = frame pointer.
    case framePointer
    /// base = stack pointer + offset.
    case stackPointer(Int64)
  }

  package var base: Base
  /// Whether the caller's frame pointer is saved at base.
  package var savesFramePointer: Bool

  private static let endbr64: [UInt8] = [0xf3, 0x0f, 0x1e, 0xfa]
  private static let endbr32: [UInt8] = [0xf3, 0x0f, 0x1e, 0xfb]

  /// Contract, U-16 and U-17. Throws where the code of a known function cannot be read.
  static func amd64(functionStart: UInt64, pc: UInt64, memory: ProcessMemory) throws(MemoryError) -> Prologue
  {
    let frameless = Prologue(base: .stackPointer(-8), savesFramePointer: false)
    guard functionStart != 0 else { return frameless }
    var at = functionStart
    if let code = try? memory.read(at: at, count: 4), code == endbr64 { at &+= 4 }
    guard pc > at else { return frameless }
    guard try memory.readByte(at: at) == 0x55 else { return frameless }
    let pushed = Prologue(base: .stackPointer(0), savesFramePointer: true)
    guard pc > at &+ 1 else { return pushed }
    let move = try memory.read(at: at &+ 1, count: 3)
    if move == [0x48, 0x89, 0xe5] || move == [0x48, 0x8b, 0xec] {
      return Prologue(base: .framePointer, savesFramePointer: true)
    }
    return pushed
  }

  /// `lea 4(%esp),%reg`; `and $-16,%esp`; `push -4(%reg)`: how gcc aligns the stack of main, by register.
  private static let realignments: [[UInt8]] = [(0x44, 0x70), (0x4c, 0x71), (0x54, 0x72)].map {
    [0x8d, $0.0, 0x24, 0x04, 0x83, 0xe4, 0xf0, 0xff, $0.1, 0xfc]
  }

  /// Contract, U-18. Registers that are pushed at the start lie below the return address, so that base is as many
  /// words above the stack pointer; after another instruction none are counted.
  static func i386(functionStart: UInt64, pc: UInt64, memory: ProcessMemory) throws(MemoryError) -> Prologue {
    let frameless = Prologue(base: .stackPointer(-4), savesFramePointer: false)
    guard functionStart != 0 else {
      // An unknown function is taken to keep a frame pointer; after a jump into nowhere there is no frame.
      let isReadable = (try? memory.readByte(at: pc)) != nil
      return isReadable ? Prologue(base: .framePointer, savesFramePointer: true) : frameless
    }
    var at = functionStart
    if let code = try? memory.read(at: at, count: 4), code == endbr32 { at &+= 4 }
    if let code = try? memory.read(at: at, count: 10), realignments.contains(code), pc > at &+ 10 {
      at &+= 10
    }
    guard pc > at else { return frameless }
    let savesFramePointer = try memory.readByte(at: at) == 0x55
    if savesFramePointer, pc > at &+ 1 {
      let move = try memory.read(at: at &+ 1, count: 2)
      if move == [0x89, 0xe5] || move == [0x8b, 0xec] {
        return Prologue(base: .framePointer, savesFramePointer: true)
      }
    }
    var count: Int64 = 0
    // %esp itself is 0x54; there are seven others.
    while count < 7, pc > at, (0x50...0x57).contains(try memory.readByte(at: at)) {
      count += 1
      at &+= 1
    }
    return Prologue(base: .stackPointer(4 * count - 4), savesFramePointer: savesFramePointer)
  }
}

/// The kernel's signal return, recognised by its code where no CFI marks it (contract, U-15).
enum SignalTrampoline {
  /// mov $15,%rax; syscall.
  private static let amd64: [UInt8] = [0x48, 0xc7, 0xc0, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x05]
  /// pop %eax; mov $119,%eax; int $0x80.
  private static let sigreturn: [UInt8] = [0x58, 0xb8, 0x77, 0x00, 0x00, 0x00, 0xcd, 0x80]
  /// mov $173,%eax; int $0x80.
  private static let rtSigreturn: [UInt8] = [0xb8, 0xad, 0x00, 0x00, 0x00, 0xcd, 0x80]

  static func isAt(_ pc: UInt64, code: CodeInfo, memory: ProcessMemory, architecture: Architecture) -> Bool {
    let name = code.function?.name ?? code.symbol.map { Array($0.name.utf8) }
    switch architecture.prologue {
    case .amd64:
      if name == Array("__restore_rt".utf8) { return true }
      guard name.map({ String(decoding: $0, as: UTF8.self).contains("sigaction") }) ?? true else {
        return false
      }
      return start(of: amd64, syscallAt: 7, pc, memory) != nil
    case .i386:
      if name == Array("__restore".utf8) || name == Array("__restore_rt".utf8) { return true }
      guard name.map({ String(decoding: $0, as: UTF8.self).contains("sigaction") }) ?? true else {
        return false
      }
      return start(of: sigreturn, syscallAt: 6, pc, memory) != nil
        || start(of: rtSigreturn, syscallAt: 5, pc, memory) != nil
    case .none: return false
    }
  }

  /// Where the sequence starts, if pc is at its start or at its system call.
  private static func start(
    of sequence: [UInt8], syscallAt: Int, _ pc: UInt64, _ memory: ProcessMemory
  ) -> UInt64? {
    for candidate in [pc, pc &- UInt64(syscallAt)] {
      if let bytes = try? memory.read(at: candidate, count: sequence.count), bytes == sequence {
        return candidate
      }
    }
    return nil
  }

  /// Where the kernel saved the interrupted registers: `struct sigcontext`, by DWARF number.
  static func savedRegisters(
    of registers: RegisterFile, pc: UInt64, memory: ProcessMemory, architecture: Architecture
  ) -> [(register: Int, address: UInt64)] {
    guard let stack = registers[architecture.stackPointer] else { return [] }
    switch architecture.prologue {
    case .amd64:
      // struct rt_sigframe: the handler's return address is popped, ucontext.uc_mcontext is at rsp + 40.
      let context = stack &+ 40
      let order = [8, 9, 10, 11, 12, 13, 14, 15, 5, 4, 6, 3, 1, 0, 2, 7, 16]
      return order.enumerated().map { ($0.element, context &+ UInt64(8 * $0.offset)) }
    case .i386:
      let isOld = start(of: sigreturn, syscallAt: 6, pc, memory) != nil
      // sigreturn: the context is on top of the stack (behind the signal number, popped or not);
      // rt_sigreturn: behind four words and a siginfo pointer's ucontext.
      let context: UInt64
      if isOld {
        context = start(of: sigreturn, syscallAt: 6, pc, memory) == pc ? stack &+ 4 : stack
      } else {
        guard let ucontext = try? memory.readWord(at: stack &+ 8) else { return [] }
        context = ucontext &+ 20
      }
      // gs fs es ds edi esi ebp esp ebx edx ecx eax trapno err eip
      return [(7, 4), (6, 5), (5, 6), (4, 7), (3, 8), (2, 9), (1, 10), (0, 11), (8, 14)].map {
        ($0.0, context &+ UInt64(4 * $0.1))
      }
    case .none: return []
    }
  }
}
