internal import Bytes
internal import LineTables
internal import Backtraces
internal import CoreFiles
internal import Disassembly
internal import Elfutils
internal import ProcessModel
internal import Symbols
internal import Triage
internal import Unwinding
internal import Values

/// What in the source a bad pointer is: found by following the code that loaded it, checked against memory.
struct PointerTracing {
  let process: CoreProcess
  let thread: ListedThread
  let scene: Scene

  /// A value with the expression that stands for it.
  private struct Named {
    var expression: String
    var type: ValueType?
    var value: UInt64
    var evidence: [String]
  }

  /// Code that is followed: instructions before the pc.
  private static let window: UInt64 = 256
  private static let longestChain = 8

  private var architecture: Architecture { process.core.architecture }
  private var memory: ProcessMemory { process.core.memory }

  /// `nil` where nothing certain is found.
  func origin(_ instruction: Instruction, _ disassembler: inout Disassembler) -> Scene.Origin? {
    let operands = Operands(scene)
    let accesses = operands.accesses(instruction)
    let address = scene.signal.faultAddress
    let suspect = accesses.first { access in
      address.map { $0 &- access.address < UInt64(max(access.size, 1)) } ?? !scene.isCanonical(access.address)
    }
    var walker = StackWalker(thread: process.unwinder(of: thread))
    guard let access = suspect, let memory = access.memory, let register = memory.base,
      register != "rip", let value = access.registerValue, let frame = walker.next()
    else { return nil }
    let tracer = tracer(frame, until: instruction.address, &disassembler)
    let finder = VariableFinder(frame: frame)
    var offset = memory.displacement
    var base = tracer.origin(of: register)
    var expected = value
    if case .sum(let inner, let distance) = base {
      (base, offset, expected) = (inner, offset &+ distance, value &- UInt64(bitPattern: distance))
    }
    guard
      let named = resolve(base, tracer, finder, depth: 0)
        ?? inRegister(register, tracer, finder) ?? onlyHolder(of: value, finder),
      named.value == expected || named.value == value
    else { return nil }
    if named.value != expected { offset = memory.displacement }
    var result = Scene.Origin(
      expression: named.expression, value: named.value, evidence: named.evidence)
    guard memory.index == nil, offset >= 0, let target = named.type?.pointee, target.isRecord,
      let part = FieldPath.part(of: target, at: UInt64(offset)), !part.name.isEmpty
    else { return result }
    result.field = part.name
    result.fieldOwner = target.title(in: finder.language)
    result.fieldOffset = UInt64(offset)
    return result
  }

  /// Follows the code of the frame's function, from a place where an instruction is known to begin.
  private func tracer(
    _ frame: Frame, until pc: UInt64, _ disassembler: inout Disassembler
  ) -> RegisterTracer {
    guard let start = start(frame, pc), start <= pc,
      let tracer = RegisterTracer.following(process.core, from: start, until: pc, &disassembler)
    else { return RegisterTracer(wordSize: architecture.wordSize) }
    return tracer
  }

  /// The function's start, or that of a line not too far before the pc.
  private func start(_ frame: Frame, _ pc: UInt64) -> UInt64? {
    let function = frame.code.functionStart
    guard function != 0, function <= pc else { return frame.code.lineStart }
    if pc - function <= Self.window { return function }
    guard let module = frame.code.module, let lines = frame.code.unit?.lines,
      let row = lines.lookup(module.fileAddress(pc - Self.window).rawValue)
    else { return frame.code.lineStart }
    let start = module.processAddress(FileAddress(row.start))
    return start <= pc && pc - start <= 4 * Self.window ? start : frame.code.lineStart
  }

  // MARK: From values to names

  private func resolve(
    _ origin: ValueOrigin, _ tracer: RegisterTracer, _ finder: VariableFinder, depth: Int
  ) -> Named? {
    guard depth < Self.longestChain else { return nil }
    switch origin {
    case .entry(let register):
      guard tracer.origin(of: register) == origin else { return nil }
      return inRegister(register, tracer, finder)
    case .loaded(let base, let offset):
      if let start = tracer.value(of: base, scene.registers),
        let found = variable(at: (start &+ UInt64(bitPattern: offset)) & architecture.addressMask, finder)
      {
        return found
      }
      guard let pointer = resolve(base, tracer, finder, depth: depth + 1) else { return nil }
      return load(pointer, offset, finder)
    case .result(let call):
      return returned(by: call, finder)
    case .sum, .constant, .unknown: return nil
    }
  }

  private func inRegister(_ register: String, _ tracer: RegisterTracer, _ finder: VariableFinder) -> Named? {
    guard let number = architecture.registers.first(where: { $0.name == register })?.dwarf,
      let value = scene.registers[register],
      let variable = finder.variables.first(where: { $0.register == number }), variable.value == value
    else { return nil }
    return Named(
      expression: variable.name, type: variable.type, value: value,
      evidence: [
        "variable \(variable.name) is in register \(register)", "\(register) = \(value.hexadecimal)",
      ])
  }

  private func variable(at address: UInt64, _ finder: VariableFinder) -> Named? {
    guard let variable = finder.variable(at: address), let start = variable.address,
      let value = try? memory.readWord(at: address)
    else { return nil }
    var result = Named(
      expression: variable.name, type: variable.type, value: value,
      evidence: [
        "variable \(variable.name) at \(start.hexadecimal)", "\(value.hexadecimal) at \(address.hexadecimal)",
      ])
    let offset = address &- start
    if !variable.type.isPointer {
      guard let part = FieldPath.part(of: variable.type, at: offset), part.rest == 0 else { return nil }
      result.expression += (part.name.isEmpty || part.name.hasPrefix("[") ? "" : ".") + part.name
      result.type = part.type
    } else if offset != 0 {
      return nil
    }
    return result
  }

  /// What a typed pointer points at, at an offset.
  private func load(_ pointer: Named, _ offset: Int64, _ finder: VariableFinder) -> Named? {
    guard let target = pointer.type?.pointee, offset >= 0,
      let part = FieldPath.part(of: target, at: UInt64(offset)), part.rest == 0
    else { return nil }
    let address = pointer.value &+ UInt64(bitPattern: offset)
    guard let value = try? memory.readWord(at: address) else { return nil }
    let isArrow = finder.language == .c || finder.language == .cxx || finder.language == .minimal
    let expression =
      part.name.isEmpty ? "*" + pointer.expression : pointer.expression + (isArrow ? "->" : ".") + part.name
    return Named(
      expression: expression, type: part.type, value: value,
      evidence: pointer.evidence + ["\(expression) at \(address.hexadecimal) is \(value.hexadecimal)"])
  }

  /// What a function returned, and nobody changed since.
  private func returned(by call: Instruction, _ finder: VariableFinder) -> Named? {
    guard case .immediate(let target)? = call.operands.first?.place else { return nil }
    let code = process.unwinder.resolver.code(at: .instruction(UInt64(bitPattern: target)))
    guard var name = AddressNames.name(code), code.functionStart == UInt64(bitPattern: target),
      let value = scene.registers[architecture.wordSize == 8 ? "rax" : "eax"]
    else { return nil }
    if name.hasSuffix("@plt") { name.removeLast(4) }
    return Named(
      expression: "the result of \(name)", type: nil, value: value,
      evidence: ["call of \(name) at \(call.address.hexadecimal), whose result was not changed since"])
  }

  /// The one pointer variable that holds a value which no other has by chance.
  private func onlyHolder(of value: UInt64, _ finder: VariableFinder) -> Named? {
    guard value >= Scene.nearNull else { return nil }
    let holders = finder.variables.filter { $0.value == value && $0.type.isPointer }
    guard let only = holders.first, holders.count == 1 else { return nil }
    return Named(
      expression: only.name, type: only.type, value: value,
      evidence: ["of all variables here \(only.name) alone holds \(value.hexadecimal)"])
  }
}

extension RegisterTracer {
  /// The tracer at the end of a piece of x86 code that begins with an instruction; `nil` where it cannot be decoded to there.
  static func following(
    _ core: CoreFile, from start: UInt64, until pc: UInt64, _ disassembler: inout Disassembler
  ) -> RegisterTracer? {
    guard core.architecture.prologue != .none, start <= pc else { return nil }
    let bytes = core.memory.readAvailable(at: start, count: Int(clamping: pc - start))
    guard bytes.count == Int(clamping: pc - start) else { return nil }
    var code: [Instruction] = []
    var at = 0
    while at < bytes.count {
      let rest = Array(bytes[at..<min(at + Disassembler.longestInstruction, bytes.count)])
      guard let next = disassembler.instruction(at: start &+ UInt64(at), bytes: rest, syntax: .intel) else {
        return nil
      }
      code.append(next)
      at += next.size
    }
    var tracer = RegisterTracer(wordSize: core.architecture.wordSize)
    tracer.follow(code, until: pc)
    return tracer
  }
}
