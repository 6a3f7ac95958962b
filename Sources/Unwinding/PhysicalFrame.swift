internal import Elfutils
internal import Expressions
package import ProcessModel
internal import Symbols

/// What makes a frame this frame: where its stack begins and which function runs (contract, U-2).
package struct FrameID: Hashable, Sendable {
  package var stackAddress: UInt64
  package var functionStart: UInt64
}

/// Where a frame's return address is kept: what two frames may not share.
package enum ReturnAddressPlace: Equatable, Sendable {
  case memory(UInt64)
  case register(Int)
  case computed
}

/// One activation of a function out of line, or of a signal trampoline: registers, and how to its caller.
///
/// A frame knows its caller, found when first asked for, but not its callee: as the walk goes outwards the
/// inner frames are freed, and a million of them need the memory of two.
package final class PhysicalFrame {
  /// What must be remembered of the frame inside this one.
  struct Inner {
    /// Neither a signal trampoline nor a tail call: the tests between frames apply to normal ones only.
    var isNormal: Bool
    var id: FrameID
    var returnAddressPlace: ReturnAddressPlace
  }

  package let plan: UnwindPlan
  package let registers: RegisterFile
  package let thread: ThreadUnwinder
  /// Not on the stack: the frame of a function that left by a jump, with its caller's registers.
  package let isTailCall: Bool
  let inner: Inner?
  /// Saved registers that could not be read, and where they should have been.
  let unreadable: [Int: UInt64]
  /// The frame's identity, or why it has none.
  package let id: Result<FrameID, StopReason>
  /// The CFA of DWARF, or what prologue analysis found in its place.
  let stackAddress: UInt64?
  private var unwound: Result<PhysicalFrame, StopReason>?

  /// What a place held when the function was entered, and how many evaluations deep it had to be looked for.
  struct KnownEntryValue {
    var place: EntryPlace
    var isData: Bool
    var value: Result<TypedValue, EvaluationError>
    var levels: Int
  }
  /// One for each parameter that was asked for.
  var entryValues: [KnownEntryValue] = []
  /// `describingCall`, once it was looked for.
  var describing: (CallSite, PhysicalFrame)??

  init(
    plan: UnwindPlan, registers: RegisterFile, unreadable: [Int: UInt64] = [:], inner: Inner?,
    thread: ThreadUnwinder, tailCallTo outer: PhysicalFrame? = nil
  ) {
    self.isTailCall = outer != nil
    self.unwound = outer.map { .success($0) }
    self.plan = plan
    self.registers = registers
    self.unreadable = unreadable
    self.inner = inner
    self.thread = thread
    // A frame that is not on the stack begins where its callee's does.
    let address: Result<UInt64, StopReason> =
      if outer != nil, let inner {
        .success(inner.id.stackAddress)
      } else {
        Self.stackAddress(plan, registers, unreadable, thread.process)
      }
    switch address {
    case .success(let value):
      stackAddress = value
      id = .success(FrameID(stackAddress: value, functionStart: plan.functionStart))
    case .failure(let reason):
      stackAddress = nil
      id = .failure(reason)
    }
  }

  package var programCounter: UInt64 { plan.programCounter }
  package var isInnermost: Bool { inner == nil }
  package var isSignalFrame: Bool { plan.isSignalFrame }

  /// Whether stacks end here by name: the main function, the entry point.
  package var endsStack: Bool {
    guard !isSignalFrame, !isTailCall else { return false }
    if let known = plan.endsStack, !thread.process.hasMovedEnds { return known }
    let start = plan.functionStart
    let ends = start != 0 && thread.process.entryPoints.end(at: start)
    plan.endsStack = ends
    return ends
  }

  /// Whether CFI says that nobody called.
  package var hasNoCaller: Bool {
    guard case .callFrame(let row) = plan.method else { return false }
    return row.rules.contains { rule in
      if rule.register == row.returnAddressRegister, case .undefined = rule.rule { return true }
      return false
    }
  }

  /// The call that this frame waits for, as its compiler described it.
  package var callSite: CallSite? {
    if let known = plan.callSite { return known }
    var found: CallSite?
    if case .returnAddress(let pc) = plan.location {
      found = thread.process.callSites.site(returningTo: plan.code, pc: pc)
    }
    plan.callSite = .some(found)
    return found
  }

  /// The frame that called this one, or the reason why there is none to show.
  package var caller: Result<PhysicalFrame, StopReason> {
    if let unwound { return unwound }
    let result = FrameStep(frame: self).caller()
    unwound = result
    return result
  }

  /// Why there is no caller to show, found without asking who the caller is.
  var failure: StopReason? {
    guard let unwound else { return FrameStep(frame: self).failure() }
    if case .failure(let reason) = unwound { return reason }
    return nil
  }

  static func stackAddress(
    _ plan: UnwindPlan, _ registers: RegisterFile, _ unreadable: [Int: UInt64], _ process: ProcessUnwinder
  ) -> Result<UInt64, StopReason> {
    if let offsets = plan.offsets, let base = registers[offsets.cfaRegister] {
      return .success((base &+ UInt64(bitPattern: offsets.cfaOffset)) & process.addressMask)
    }
    let architecture = process.architecture
    let word = UInt64(architecture.wordSize)
    func value(_ register: Int) -> Result<UInt64, StopReason> {
      if let known = registers[register] { return .success(known) }
      if let address = unreadable[register] { return .failure(.memory(MemoryError(address: address))) }
      return .failure(.unavailable)
    }
    switch plan.method {
    case .callFrame(let row):
      switch row.cfa {
      case .registerPlus(let register, let offset):
        return value(register).map { ($0 &+ UInt64(bitPattern: offset)) & architecture.addressMask }
      case .expression(let operations):
        let context = RegisterContext(registers: registers, unreadable: unreadable, process: process)
        do throws(EvaluationError) {
          return .success(try ExpressionMachine.number(operations, initial: [], in: context))
        } catch {
          return .failure(StopReason(error))
        }
      }
    case .epilogue:
      return value(architecture.stackPointer).map { $0 &+ word }
    case .prologue(let prologue):
      switch prologue.base {
      case .framePointer:
        return value(architecture.framePointer).flatMap {
          $0 == 0 ? .failure(.outermost) : .success($0 &+ 2 &* word)
        }
      case .stackPointer(let offset):
        return value(architecture.stackPointer).flatMap { pointer in
          let base = (pointer &+ UInt64(bitPattern: offset)) & architecture.addressMask
          return base == 0 ? .failure(.outermost) : .success((base &+ 2 &* word) & architecture.addressMask)
        }
      }
    case .signalTrampoline:
      return value(architecture.stackPointer).map { $0 &+ 8 }
    case .none: return .failure(.outermost)
    case .unreadable(let error): return .failure(.memory(error))
    }
  }
}

extension StopReason {
  init(_ error: EvaluationError) {
    switch error {
    case .memory(let memory): self = .memory(memory)
    default: self = .unavailable
    }
  }
}

/// The context of CFI expressions: registers and memory, nothing of functions or variables.
struct RegisterContext: ExpressionContext {
  let registers: RegisterFile
  let unreadable: [Int: UInt64]
  let process: ProcessUnwinder

  var memory: ProcessMemory { process.memory }
  var architecture: Architecture { process.architecture }
  var bias: UInt64 { 0 }
  func register(_ number: Int) -> UInt64? { registers[number] }
  func vectorRegister(_: Int) -> [UInt8]? { nil }
  func canonicalFrameAddress() throws(EvaluationError) -> UInt64 { throw .unavailable }
  func frameBase() throws(EvaluationError) -> UInt64 { throw .unavailable }
  func entryValue(_: [LocationOperation]) throws(EvaluationError) -> TypedValue { throw .unavailable }
  func threadLocalAddress(_: UInt64) throws(EvaluationError) -> UInt64 { throw .unavailable }
}
