internal import Bytes
package import Elfutils
package import Expressions
package import ProcessModel
internal import Symbols

/// What DWARF expressions of a function's variables may ask: the registers and memory of one frame.
package struct FrameContext: ExpressionContext {
  package let frame: PhysicalFrame
  /// How many functions the one that is asked for is inlined in, at this address.
  let inlineDepth: Int
  /// Whose addresses the expressions write: that of the call site, which may be another than the frame's.
  private let module: Module?

  /// The frame of a function that is inlined into so many others.
  package init(frame: PhysicalFrame, inlineDepth: Int) {
    self.init(frame: frame, inlineDepth: inlineDepth, module: frame.plan.module)
  }

  /// The frame as its callee sees it: that of the innermost function at its address.
  init(callerFrame frame: PhysicalFrame) {
    let isPlain = !frame.isTailCall && !frame.isSignalFrame
    self.init(frame: frame, inlineDepth: isPlain ? max(0, frame.plan.functionCount - 1) : 0)
  }

  private init(frame: PhysicalFrame, inlineDepth: Int, module: Module?) {
    self.frame = frame
    self.inlineDepth = inlineDepth
    self.module = module
  }

  /// Where gdb evaluates what a call site says: in the next frame outwards. For an inlined function that is
  /// the one it is inlined in, with this frame's registers, although the call was made by the caller's.
  func callerContext(_ caller: PhysicalFrame) -> FrameContext {
    guard inlineDepth > 0 else { return FrameContext(callerFrame: caller) }
    return FrameContext(frame: frame, inlineDepth: inlineDepth - 1, module: caller.plan.module)
  }

  private var process: ProcessUnwinder { frame.thread.process }
  package var memory: ProcessMemory { process.memory }
  package var architecture: Architecture { process.architecture }
  package var bias: UInt64 { module?.bias ?? 0 }

  package func register(_ number: Int) -> UInt64? { frame.registers[number] }
  package func vectorRegister(_ number: Int) -> [UInt8]? { frame.thread.vectorRegister(number) }

  package func canonicalFrameAddress() throws(EvaluationError) -> UInt64 {
    switch frame.plan.method {
    case .callFrame:
      switch frame.id {
      case .success(let id): return id.stackAddress
      case .failure(.memory(let error)): throw .memory(error)
      case .failure: throw .unavailable
      }
    default: throw .unsupported("can't compute CFA for this frame")
    }
  }

  /// DW_AT_frame_base is an expression too, one level down from the one that asks.
  package func frameBase() throws(EvaluationError) -> UInt64 {
    try frame.thread.nested(levels: 1) { () throws(EvaluationError) in try evaluatedFrameBase() }
  }

  private func evaluatedFrameBase() throws(EvaluationError) -> UInt64 {
    switch frame.plan.frameBase {
    case .canonicalFrameAddress: return try canonicalFrameAddress()
    case .registerPlus(let number, let offset):
      guard let value = frame.registers[number] else { throw .unavailable }
      return (value &+ UInt64(bitPattern: offset)) & architecture.addressMask
    case .expression(let operations):
      switch try ExpressionMachine.location(operations, in: self) {
      case .memory(let address): return address
      case .register(let number):
        guard let value = frame.registers[number] else { throw .unavailable }
        return value
      default: return try ExpressionMachine.number(operations, initial: [], in: self)
      }
    case .missing:
      throw .unsupported("Could not find the frame base for \"\(frame.plan.functionNameForMessages)\".")
    }
  }

  package func entryValue(_ expression: [LocationOperation]) throws(EvaluationError) -> TypedValue {
    let dereferenced = EntryPlace(dereferenced: expression)
    guard let place = dereferenced ?? EntryPlace(expression) else { throw .optimizedOut }
    return try entryValue(place, isData: dereferenced != nil)
  }

  /// An entry value may depend on its caller's, and so on outwards: each is found once, or every argument of every frame
  /// of a recursion would ask all frames outside of it.
  private func entryValue(_ place: EntryPlace, isData: Bool) throws(EvaluationError) -> TypedValue {
    let thread = frame.thread
    let isFramesOwn = inlineDepth == 0 && module === frame.plan.module
    if isFramesOwn, let known = frame.entryValues.first(where: { $0.place == place && $0.isData == isData }) {
      return try thread.nested(levels: known.levels) { () throws(EvaluationError) in try known.value.get() }
    }
    guard let entry = try EntryValue.find(place, isData: isData, in: self) else { throw .optimizedOut }
    let (value, levels) = thread.evaluated { () throws(EvaluationError) in
      try ExpressionMachine.typed(entry.value, in: entry.context)
    }
    if isFramesOwn, let levels {
      frame.entryValues.append(
        PhysicalFrame.KnownEntryValue(place: place, isData: isData, value: value, levels: levels))
    }
    return try value.get()
  }

  package func threadLocalAddress(_ offset: UInt64) throws(EvaluationError) -> UInt64 {
    let lwp = frame.thread.thread.id
    guard let module else { throw .unsupported("Cannot find thread-local storage") }
    // gdb knows the executable by its whole name.
    let name = module.kind == .executable ? HostProcess.realPath(module.name) ?? module.name : module.name
    let path = String(decoding: Escaping.inert(Array(name.utf8)), as: UTF8.self)
    let kind =
      module.kind == .executable ? "executable" : module.kind == .library ? "shared library" : "object"
    guard let pthread = process.pthreads[lwp], let storage = process.threadLocalStorage else {
      throw .unsupported(
        "Cannot find thread-local storage for LWP \(lwp), \(kind == "executable" ? "executable file" : kind) \(path):\nCannot find thread-local variables on this target"
      )
    }
    let thread = "Thread \(pthread.hexadecimal) (LWP \(lwp))"
    do throws(ThreadLocalStorage.Failure) {
      return try storage.address(of: offset, moduleBias: module.bias, pthread: pthread, in: memory)
    } catch {
      switch error {
      case .memory(let error): throw .memory(error)
      case .unallocated:
        throw .unsupported(
          "The inferior has not yet allocated storage for thread-local variables in\nthe \(kind) `\(path)'\nfor \(thread)"
        )
      case .unknown:
        throw .unsupported(
          "Cannot find thread-local storage for \(thread), \(kind == "executable" ? "executable file" : kind) \(path):\nCannot find thread-local variables on this target"
        )
      }
    }
  }
}

/// Where a parameter was when its function was entered: what call sites name parameters by.
package enum EntryPlace: Equatable, Sendable {
  case register(Int)
  /// Bytes from the callee's CFA, which is the caller's stack pointer before the call.
  case frameOffset(Int64)
  /// DW_OP_GNU_parameter_ref: a parameter that was made a constant of the function, by its offset in the file.
  case parameter(UInt64)

  /// The place that a location expression is, if it is nothing but a register or a stack slot.
  package init?(_ operations: [LocationOperation]) {
    guard operations.count == 1 else { return nil }
    let code = operations[0].code
    switch code {
    case 0x50...0x6f: self = .register(Int(code) - 0x50)
    case 0x90, 0xa5, 0xf5: self = .register(Int(clamping: operations[0].first))
    case 0x91: self = .frameOffset(Int64(bitPattern: operations[0].first))
    case 0xfa: self = .parameter(operations[0].first)
    default: return nil
    }
  }

  /// The place of a pointer or reference of which the expression is what it leads to.
  init?(dereferenced operations: [LocationOperation]) {
    guard operations.count == 2, 0x70...0x8f ~= operations[0].code, operations[0].first == 0,
      operations[1].code == 0x06 || operations[1].code == 0x94
    else { return nil }
    self = .register(Int(operations[0].code) - 0x70)
  }

  /// The same, as a call site's parameter writes it: its stack slots count from the stack pointer.
  init?(siteLocation operations: [LocationOperation], stackPointer: Int) {
    if operations.count == 1 {
      let only = operations[0]
      if Int(only.code) == 0x70 + stackPointer {
        self = .frameOffset(Int64(bitPattern: only.first))
        return
      }
      if only.code == 0x92, only.first == UInt64(stackPointer) {
        self = .frameOffset(Int64(bitPattern: only.second))
        return
      }
    }
    self.init(operations)
  }
}

/// The value a parameter had at entry: an expression of the call site, and where to evaluate it.
package struct EntryValue {
  package var value: [LocationOperation]
  package var context: FrameContext

  /// Contract, A-8: most failures mean that there is none; an error is told in the value's place.
  ///
  /// `isData` asks for what a pointer or reference led to.
  package static func find(
    _ place: EntryPlace, isData: Bool = false, in context: FrameContext
  ) throws(EvaluationError) -> EntryValue? {
    guard let (site, caller) = try context.frame.describingCall() else { return nil }
    // By index: a parameter is two arrays, and most are passed over.
    for index in site.parameters.indices where site.parameters[index].place == place {
      if let value = isData ? site.parameters[index].dataValue : site.parameters[index].value {
        return EntryValue(value: value, context: context.callerContext(caller))
      }
    }
    return nil
  }
}

extension PhysicalFrame {
  /// The call site that tells of the entry of the frame's function, and the frame that waits there.
  func describingCall() throws(EvaluationError) -> (CallSite, PhysicalFrame)? {
    if let describing { return describing }
    let start = plan.functionStart
    guard start != 0, !endsStack, case .success(let caller) = caller, let site = caller.callSite,
      let module = caller.plan.module
    else {
      describing = .some(nil)
      return nil
    }
    let (isDescribed, isFixed) = try thread.process.callSites.describes(
      entryOf: start, site, in: module, frame: caller)
    let result = isDescribed ? (site, caller) : nil
    // What depends on registers is asked for again: an evaluation may have been too deep.
    if isFixed { describing = .some(result) }
    return result
  }

  /// The frame base where it is the CFA or a register plus a constant; `nil` where it must be evaluated.
  package var simpleFrameBase: UInt64? {
    switch plan.frameBase {
    case .canonicalFrameAddress: plan.isCallFrame ? stackAddress : nil
    case .registerPlus(let number, let offset): registers[number].map { $0 &+ UInt64(bitPattern: offset) }
    case .expression, .missing: nil
    }
  }
}
