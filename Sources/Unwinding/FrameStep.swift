internal import Elfutils
internal import Expressions
internal import ProcessModel
internal import Symbols

/// One step outwards: from a frame to its caller, with every test that gdb makes on the way (contract, U-31).
struct FrameStep {
  let frame: PhysicalFrame
  private var process: ProcessUnwinder { frame.thread.process }
  private var architecture: Architecture { process.architecture }

  init(frame: PhysicalFrame) {
    self.frame = frame
  }

  func caller() -> Result<PhysicalFrame, StopReason> {
    guard case .success(let id) = frame.id, !frame.plan.isOutermost else { return .failure(stopBefore()) }
    var saved = SavedRegisters(frame: frame, stackAddress: id.stackAddress)
    if let reason = leave(id, &saved) { return .failure(reason) }
    guard let location = location(saved.programCounter) else { return .failure(saved.withoutProgramCounter) }
    let next = PhysicalFrame(
      plan: process.plan(at: location), registers: saved.registers, unreadable: saved.unreadable,
      inner: PhysicalFrame.Inner(
        isNormal: !frame.isSignalFrame, id: id, returnAddressPlace: saved.returnAddressPlace),
      thread: frame.thread)
    switch next.id {
    case .failure(.memory(let error)): return .failure(.memory(error))
    case .failure: return .success(next)
    case .success(let nextID):
      guard frame.thread.isNew(nextID, after: id) else { return .failure(.identical) }
      return .success(withTailCalls(next, id, saved.returnAddressPlace))
    }
  }

  /// Why there is no caller. Who it is, in DWARF's terms, is looked up only if its identity matters.
  func failure() -> StopReason? {
    guard case .success(let id) = frame.id, !frame.plan.isOutermost else { return stopBefore() }
    var saved = SavedRegisters(frame: frame, stackAddress: id.stackAddress)
    if let reason = leave(id, &saved) { return reason }
    guard let location = location(saved.programCounter) else { return saved.withoutProgramCounter }
    let address = PhysicalFrame.stackAddress(
      process.plan(at: location), saved.registers, saved.unreadable, process)
    switch address {
    case .failure(.memory(let error)): return .memory(error)
    case .failure: return nil
    case .success(let address):
      if frame.thread.isAboveAll(address, after: id) { return nil }
      if case .failure(let reason) = frame.caller { return reason }
      return nil
    }
  }

  /// The reason not to step at all.
  private func stopBefore() -> StopReason {
    if case .failure(let reason) = frame.id, !frame.plan.isOutermost { return reason }
    return .outermost
  }

  /// Restores the caller's registers, with the tests before and after; the reason if one fails.
  private func leave(_ id: FrameID, _ saved: inout SavedRegisters) -> StopReason? {
    let inner = frame.isSignalFrame ? nil : frame.inner
    // With functions inlined at its address the next frame inwards is one of those: gdb does not compare.
    if let inner, inner.isNormal, id.stackAddress < inner.id.stackAddress, !isMoreStack,
      frame.plan.functionCount <= 1
    {
      return .inner
    }
    saved.restore()
    if let inner, inner.isNormal, inner.returnAddressPlace == saved.returnAddressPlace,
      saved.returnAddressPlace != .computed
    {
      return .samePlace
    }
    return nil
  }

  private func location(_ programCounter: UInt64?) -> CodeLocation? {
    programCounter.map { frame.isSignalFrame ? .instruction($0) : .returnAddress($0) }
  }

  /// The caller with the frames of functions between that left by a jump (contract, U-20).
  private func withTailCalls(
    _ next: PhysicalFrame, _ id: FrameID, _ returnAddressPlace: ReturnAddressPlace
  ) -> PhysicalFrame {
    guard frame.plan.isCallFrame, !frame.isSignalFrame, next.callSite != nil, id.functionStart != 0 else {
      return next
    }
    let sites: [CallSite]
    if let known = next.plan.tailCalls[id.functionStart] {
      sites = known
    } else {
      sites = process.callSites.chain(from: next, to: id.functionStart)
      next.plan.tailCalls[id.functionStart] = sites
    }
    guard !sites.isEmpty else { return next }
    var outer = PhysicalFrame(
      plan: next.plan, registers: next.registers, unreadable: next.unreadable,
      inner: PhysicalFrame.Inner(isNormal: false, id: id, returnAddressPlace: returnAddressPlace),
      thread: frame.thread)
    for site in sites.reversed() {
      var registers = next.registers
      registers[architecture.programCounter] = site.returnPC
      outer = PhysicalFrame(
        plan: process.plan(at: .returnAddress(site.returnPC)), registers: registers,
        unreadable: next.unreadable,
        inner: PhysicalFrame.Inner(isNormal: true, id: id, returnAddressPlace: returnAddressPlace),
        thread: frame.thread, tailCallTo: outer)
    }
    return outer
  }

  /// Split stacks (`-fsplit-stack`) may grow anywhere.
  private var isMoreStack: Bool {
    frame.plan.code.symbol?.name == "__morestack"
      || frame.plan.code.function?.name == Array("__morestack".utf8)
  }
}

/// The caller's registers, as the callee's frame keeps them.
struct SavedRegisters {
  let frame: PhysicalFrame
  let stackAddress: UInt64
  var registers: RegisterFile
  var unreadable: [Int: UInt64]
  var returnAddressPlace = ReturnAddressPlace.computed

  init(frame: PhysicalFrame, stackAddress: UInt64) {
    self.frame = frame
    self.stackAddress = stackAddress
    self.registers = frame.registers
    self.unreadable = frame.unreadable
  }

  private var process: ProcessUnwinder { frame.thread.process }
  private var architecture: Architecture { process.architecture }

  var programCounter: UInt64? { registers[architecture.programCounter] }

  mutating func restore() {
    if let offsets = frame.plan.offsets { return restore(by: offsets) }
    let word = UInt64(architecture.wordSize)
    switch frame.plan.method {
    case .callFrame(let row): restore(by: row)
    case .epilogue:
      load(architecture.programCounter, at: stackAddress &- word)
      set(architecture.stackPointer, stackAddress)
    case .prologue(let prologue):
      if prologue.savesFramePointer { load(architecture.framePointer, at: stackAddress &- 2 &* word) }
      load(architecture.programCounter, at: stackAddress &- word)
      set(architecture.stackPointer, stackAddress)
    case .signalTrampoline:
      let places = SignalTrampoline.savedRegisters(
        of: frame.registers, pc: frame.programCounter, memory: process.memory, architecture: architecture)
      for (register, address) in places { load(register, at: address) }
    case .none, .unreadable: break
    }
  }

  private mutating func restore(by offsets: SavedOffsets) {
    let process = process
    let architecture = process.architecture
    set(architecture.stackPointer, stackAddress)
    for (register, offset) in offsets.saved {
      let address = (stackAddress &+ UInt64(bitPattern: offset)) & process.addressMask
      if register == architecture.programCounter { returnAddressPlace = .memory(address) }
      load(register, at: address, process.memory)
    }
  }

  private mutating func restore(by row: CallFrameRow) {
    // The stack pointer is the CFA unless a rule says otherwise.
    set(architecture.stackPointer, stackAddress)
    var hasReturnAddress = false
    for (register, rule) in row.rules {
      let isReturnAddress = register == row.returnAddressRegister
      let target = isReturnAddress ? architecture.programCounter : register
      hasReturnAddress = hasReturnAddress || isReturnAddress
      apply(rule, to: target, isReturnAddress: isReturnAddress)
    }
    if !hasReturnAddress {
      // No rule: the return address still is in its register (U-12).
      set(architecture.programCounter, frame.registers[row.returnAddressRegister])
      returnAddressPlace = .register(row.returnAddressRegister)
    }
  }

  private mutating func apply(_ rule: RegisterRule, to target: Int, isReturnAddress: Bool) {
    let mask = architecture.addressMask
    switch rule {
    case .undefined: set(target, nil)
    case .savedAt(let offset): load(target, at: (stackAddress &+ UInt64(bitPattern: offset)) & mask)
    case .cfaPlus(let offset): set(target, (stackAddress &+ UInt64(bitPattern: offset)) & mask)
    case .register(let number):
      set(target, frame.registers[number])
      if isReturnAddress { returnAddressPlace = .register(number) }
    case .savedAtExpression(let operations):
      switch evaluate(operations) {
      case .success(let address): load(target, at: address)
      case .failure(let reason): fail(target, reason)
      }
    case .valueOfExpression(let operations):
      switch evaluate(operations) {
      case .success(let value): set(target, value)
      case .failure(let reason): fail(target, reason)
      }
    }
  }

  /// Why there is no return address.
  var withoutProgramCounter: StopReason {
    if let address = unreadable[architecture.programCounter] {
      return .memory(MemoryError(address: address))
    }
    return .unavailable
  }

  private func evaluate(_ operations: [LocationOperation]) -> Result<UInt64, StopReason> {
    let context = RegisterContext(registers: frame.registers, unreadable: frame.unreadable, process: process)
    do throws(EvaluationError) {
      return .success(try ExpressionMachine.number(operations, initial: [stackAddress], in: context))
    } catch {
      return .failure(StopReason(error))
    }
  }

  private mutating func set(_ register: Int, _ value: UInt64?) {
    registers[register] = value
    if !unreadable.isEmpty { unreadable[register] = nil }
  }

  private mutating func fail(_ register: Int, _ reason: StopReason) {
    registers[register] = nil
    if case .memory(let error) = reason { unreadable[register] = error.address }
  }

  private mutating func load(_ register: Int, at address: UInt64) {
    if register == architecture.programCounter { returnAddressPlace = .memory(address) }
    load(register, at: address, process.memory)
  }

  private mutating func load(_ register: Int, at address: UInt64, _ memory: ProcessMemory) {
    do throws(MemoryError) {
      set(register, try memory.readWord(at: address))
    } catch {
      registers[register] = nil
      unreadable[register] = error.address
    }
  }
}
