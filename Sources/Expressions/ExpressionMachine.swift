internal import Bytes
package import Elfutils
internal import ProcessModel

/// Evaluates DWARF expressions (DWARF 5, 2.5 and 2.6) of DWARF 2 to 5 and GNU, as untrusted input: bounded in
/// steps and stack, total in arithmetic. Every refusal is an `EvaluationError`.
///
/// To add an operator: a case in `Operator`, one arm in `Run.execute`, a named case in the tests.
package struct ExpressionMachine {
  /// Operations executed in one evaluation. Real expressions run a few dozen; only loops reach this.
  package static let maximumSteps = 10_000
  package static let maximumDepth = 1_000

  /// Where a variable is. `object` is what DW_OP_push_object_address pushes.
  package static func location(
    _ operations: [LocationOperation], in context: some ExpressionContext, object: UInt64? = nil
  ) throws(EvaluationError) -> ValueLocation {
    guard !operations.isEmpty else { return .optimizedOut }
    switch operations.count {
    case 1: if let location = try simple(operations[0], in: context) { return location }
    // What optimized code has for most arguments: a number, or what the register held at entry.
    case 2 where operations[1].code == Operator.stackValue.rawValue:
      if let value = try simpleValue(operations[0], in: context) { return .value(value) }
    default: break
    }
    var run = Run(stack: [], object: object, wordSize: context.wordSize)
    return try run.location(operations, in: context)
  }

  /// The number on top of the stack at the end: for CFI, targets of call sites, frame bases and array bounds.
  ///
  /// `initial` is on the stack first, its last element on top.
  package static func number(
    _ operations: [LocationOperation], initial: [UInt64] = [], in context: some ExpressionContext,
    object: UInt64? = nil
  ) throws(EvaluationError) -> UInt64 {
    if operations.count == 1, let location = try simple(operations[0], in: context) {
      return try number(at: location, in: context)
    }
    var run = Run(stack: initial.map { TypedValue(generic: $0) }, object: object, wordSize: context.wordSize)
    return try number(at: try run.location(operations, in: context), in: context)
  }

  private static func number(
    at location: ValueLocation, in context: some ExpressionContext
  ) throws(EvaluationError) -> UInt64 {
    switch location {
    case .memory(let number): return number
    case .value(let value): return value.number(wordSize: context.wordSize) & context.addressMask
    case .register(let number):
      guard let value = context.register(number) else { throw .optimizedOut }
      return value
    case .optimizedOut: throw .optimizedOut
    case .implicit, .implicitPointer, .pieces: throw .unsupported("not a number")
    }
  }

  /// The one-operation expressions that most frame bases, CFA rules and variables are, without a stack.
  private static func simple(
    _ operation: LocationOperation, in context: some ExpressionContext
  ) throws(EvaluationError) -> ValueLocation? {
    let address: UInt64
    switch operation.code {
    case 0x03: address = operation.first &+ context.bias
    case 0x50...0x6f: return .register(Int(operation.code - 0x50))
    case 0x70...0x8f:
      guard let base = context.register(Int(operation.code - 0x70)) else { throw .optimizedOut }
      address = base &+ operation.first
    case 0x91: address = try context.frameBase() &+ operation.first
    case 0x9c: address = try context.canonicalFrameAddress()
    default: return nil
    }
    return .memory(address & context.addressMask)
  }

  /// The value on top of the stack with its type: what DW_OP_entry_value pushes, and what a call site tells of a parameter.
  package static func typed(
    _ operations: [LocationOperation], in context: some ExpressionContext
  ) throws(EvaluationError) -> TypedValue {
    if operations.count == 1, let value = try simpleValue(operations[0], in: context) { return value }
    var run = Run(stack: [], object: nil, wordSize: context.wordSize)
    return try run.value(operations, in: context)
  }

  /// What one of the common operations leaves on the stack; `nil` where the machine has to tell.
  private static func simpleValue(
    _ operation: LocationOperation, in context: some ExpressionContext
  ) throws(EvaluationError) -> TypedValue? {
    let number: UInt64
    switch operation.code {
    case 0x08...0x11: number = operation.first
    case 0x30...0x4f: number = UInt64(operation.code - 0x30)
    case 0x70...0x8f:
      guard let base = context.register(Int(operation.code - 0x70)) else { return nil }
      number = base &+ operation.first
    case 0xa3, 0xf3:
      guard case .expression(let inner) = operation.nested else { return nil }
      return try context.entryValue(inner)
    default: return nil
    }
    return TypedValue(generic: number & context.addressMask)
  }
}

/// One evaluation: the stack and what the expression has said of the location so far.
///
/// The context is handed to each function: a generic type of another module would be instantiated anew for each evaluation.
private struct Run {
  var stack: [TypedValue]
  let object: UInt64?
  let wordSize: Int
  let mask: UInt64
  /// What a terminal operator gave; the next DW_OP_piece or the end takes it.
  var pending: ValueLocation?
  var pieces: [ValueLocation.Piece] = []

  init(stack: [TypedValue], object: UInt64?, wordSize: Int) {
    self.stack = stack
    self.object = object
    self.wordSize = wordSize
    // As the context has it: asking it once more costs as much as the rest of this.
    mask = wordSize == 8 ? .max : 0xffff_ffff
  }

  mutating func location(
    _ operations: [LocationOperation], in context: some ExpressionContext
  ) throws(EvaluationError) -> ValueLocation {
    try execute(operations, in: context)
    if !pieces.isEmpty {
      guard pending == nil else { throw .unsupported("location after pieces") }
      return .pieces(pieces)
    }
    if let pending { return pending }
    return .memory(try popNumber())
  }

  /// What an expression that is no location leaves on the stack.
  mutating func value(
    _ operations: [LocationOperation], in context: some ExpressionContext
  ) throws(EvaluationError) -> TypedValue {
    try execute(operations, in: context)
    guard pieces.isEmpty else { throw .unsupported("location after pieces") }
    guard pending == nil else { throw .unsupported("operator after location") }
    return try pop()
  }

  private mutating func execute(
    _ operations: [LocationOperation], in context: some ExpressionContext
  ) throws(EvaluationError) {
    var index = 0
    var steps = 0
    while index < operations.count {
      steps += 1
      guard steps <= ExpressionMachine.maximumSteps else { throw .unsupported("expression too long") }
      let operation = operations[index]
      index += 1
      // After a register, a constant or DW_OP_stack_value only a piece (or nothing) may follow.
      if pending != nil, !Self.mayEnd(operation.code) { throw .unsupported("operator after location") }
      if let distance = try execute(operation, in: context) {
        index = try Self.target(of: distance, from: operation, in: operations)
      }
    }
  }

  private static func mayEnd(_ code: UInt8) -> Bool {
    switch Operator(rawValue: code) {
    case .piece, .bitPiece, .nop, .gnuUninit: true
    // DW_OP_stack_value after a typed constant or DW_OP_entry_value is ordinary; those are not pending.
    default: false
    }
  }

  /// The index of the operation that a jump leads to; the end of the expression is allowed.
  private static func target(
    of distance: Int64, from operation: LocationOperation, in operations: [LocationOperation]
  ) throws(EvaluationError) -> Int {
    // DW_OP_skip and DW_OP_bra take three bytes.
    let goal = Int64(truncatingIfNeeded: operation.offset) &+ 3 &+ distance
    guard goal >= 0, let last = operations.last else { throw .unsupported("bad jump") }
    let low = operations.leadingCount { $0.offset < UInt64(goal) }
    if low == operations.count, UInt64(goal) > last.offset { return low }
    guard low < operations.count, operations[low].offset == UInt64(goal) else {
      throw .unsupported("bad jump")
    }
    return low
  }

  /// Runs one operation; a jump returns its distance.
  private mutating func execute(
    _ operation: LocationOperation, in context: some ExpressionContext
  ) throws(EvaluationError) -> Int64? {
    switch operation.code {
    case 0x30...0x4f: try push(UInt64(operation.code - 0x30))
    case 0x50...0x6f: pending = .register(Int(operation.code - 0x50))
    case 0x70...0x8f: try push(try register(UInt64(operation.code - 0x70), in: context) &+ operation.first)
    default:
      guard let code = Operator(rawValue: operation.code) else {
        // DW_OP_GNU_parameter_ref: the callee's view of a value that no call site tells.
        if operation.code == 0xfa { throw .optimizedOut }
        throw .unsupported("Unhandled dwarf expression opcode 0x" + String(operation.code, radix: 16))
      }
      return try execute(code, operation, in: context)
    }
    return nil
  }

  private mutating func execute(
    _ code: Operator, _ operation: LocationOperation, in context: some ExpressionContext
  ) throws(EvaluationError) -> Int64? {
    let first = operation.first
    switch code {
    case .addr: try push(first &+ context.bias)
    case .const1u, .const1s, .const2u, .const2s, .const4u, .const4s, .const8u, .const8s, .constu, .consts:
      try push(first)

    case .dup: try push(try peek(0))
    case .drop: _ = try pop()
    case .over: try push(try peek(1))
    case .pick: try push(try peek(first))
    case .swap:
      let (top, second) = (try pop(), try pop())
      try push(top)
      try push(second)
    case .rot:
      let (top, second, third) = (try pop(), try pop(), try pop())
      try push(top)
      try push(third)
      try push(second)

    case .abs, .neg, .not: try push(try Arithmetic.unary(code, try pop(), wordSize: wordSize))
    case .and, .div, .minus, .mod, .mul, .or, .plus, .shl, .shr, .shra, .xor, .eq, .ge, .gt, .le, .lt, .ne:
      let right = try pop()
      try push(try Arithmetic.binary(code, try pop(), right, wordSize: wordSize))
    case .plusUconst:
      let value = try pop()
      guard !value.isFloat else { throw .unsupported("bits of a float") }
      try push(value.with(value.bits &+ UInt128(first), wordSize: wordSize))

    case .skip: return Int64(Int16(truncatingIfNeeded: first))
    case .bra: return try pop().bits == 0 ? nil : Int64(Int16(truncatingIfNeeded: first))
    case .nop, .gnuUninit: break

    case .deref: try push(try load(at: try popNumber(), size: wordSize, in: context))
    case .derefSize: try push(try load(at: try popNumber(), size: Int(clamping: first), in: context))
    case .derefType, .gnuDerefType:
      let bytes = try readBytes(at: try popNumber(), count: min(Int(clamping: first), 16), in: context)
      try push(TypedValue(bytes: bytes, type: try type(of: operation), order: context.byteOrder))
    case .constType, .gnuConstType:
      guard case .typedBytes(let type?, let bytes) = operation.nested else { throw .unsupported("type") }
      try push(TypedValue(bytes: bytes, type: type, order: context.byteOrder))
    case .regvalType, .gnuRegvalType:
      try push(try typedRegister(first, try type(of: operation), in: context))
    case .convert, .gnuConvert:
      let target = try optionalType(of: operation)
      guard let result = try pop().converted(to: target, wordSize: wordSize) else {
        throw .unsupported("conversion")
      }
      try push(result)
    case .reinterpret, .gnuReinterpret:
      let target = try optionalType(of: operation)
      let value = try pop()
      let result = TypedValue(bits: value.bits, type: target)
      guard result.width(wordSize: wordSize) == value.width(wordSize: wordSize) else {
        throw .unsupported("reinterpretation of another size")
      }
      try push(result)

    case .fbreg: try push(try context.frameBase() &+ first)
    case .bregx: try push(try register(first, in: context) &+ operation.second)
    case .callFrameCFA: try push(try context.canonicalFrameAddress())
    case .formTLSAddress, .gnuPushTLSAddress: try push(try context.threadLocalAddress(try popNumber()))
    case .entryValue, .gnuEntryValue:
      guard case .expression(let inner) = operation.nested else { throw .unsupported("entry value") }
      try push(try context.entryValue(inner))
    // What a parameter was that the function no longer takes: its callers still say so.
    case .gnuParameterRef: try push(try context.entryValue([operation]))
    case .pushObjectAddress:
      guard let object else { throw .unsupported("no object") }
      try push(object)

    case .regx: pending = .register(Int(clamping: first))
    case .stackValue: pending = .value(try pop())
    case .implicitValue:
      guard case .bytes(let bytes) = operation.nested else { throw .unsupported("implicit value") }
      pending = .implicit(bytes)
    case .implicitPointer, .gnuImplicitPointer:
      guard case .entry(let entry) = operation.nested else { throw .unsupported("implicit pointer") }
      pending = .implicitPointer(entry: entry, byteOffset: Int64(bitPattern: operation.second))
    case .piece:
      let (bits, overflow) = first.multipliedReportingOverflow(by: 8)
      try addPiece(bits: overflow ? .max : bits, offset: 0)
    case .bitPiece: try addPiece(bits: first, offset: operation.second)
    }
    return nil
  }

  private mutating func addPiece(bits: UInt64, offset: UInt64) throws(EvaluationError) {
    guard pieces.count < ExpressionMachine.maximumDepth else { throw .unsupported("too many pieces") }
    var location = ValueLocation.optimizedOut
    if let known = pending {
      location = known
    } else if !stack.isEmpty {
      location = .memory(try popNumber())
    }
    pending = nil
    pieces.append(ValueLocation.Piece(location: location, bitSize: bits, bitOffset: offset))
  }
}

// MARK: Stack, registers, memory

extension Run {
  private mutating func push(_ value: TypedValue) throws(EvaluationError) {
    guard stack.count < ExpressionMachine.maximumDepth else { throw .unsupported("stack too deep") }
    stack.append(value)
  }

  private mutating func push(_ number: UInt64) throws(EvaluationError) {
    try push(TypedValue(generic: number & mask))
  }

  private mutating func pop() throws(EvaluationError) -> TypedValue {
    guard let value = stack.popLast() else { throw .unsupported("stack underflow") }
    return value
  }

  private mutating func popNumber() throws(EvaluationError) -> UInt64 {
    try pop().number(wordSize: wordSize) & mask
  }

  private func peek(_ depth: UInt64) throws(EvaluationError) -> TypedValue {
    guard depth < UInt64(stack.count) else { throw .unsupported("stack underflow") }
    return stack[stack.count - 1 - Int(depth)]
  }

  private func register(
    _ number: UInt64, in context: some ExpressionContext
  ) throws(EvaluationError) -> UInt64 {
    let number = Int(clamping: number)
    if let value = context.register(number) { return value }
    // gcc compares the low half of a vector register with DW_OP_breg17 (xmm0).
    guard number > context.architecture.programCounter, let bytes = context.vectorRegister(number),
      bytes.count >= wordSize
    else { throw .optimizedOut }
    return bytes.unsigned(at: 0, size: wordSize, order: context.byteOrder)
  }

  private func typedRegister(
    _ number: UInt64, _ type: LocationOperation.BaseType, in context: some ExpressionContext
  ) throws(EvaluationError) -> TypedValue {
    if type.size <= 8, let value = context.register(Int(clamping: number)) {
      return TypedValue(bits: 0, type: type).with(UInt128(value), wordSize: wordSize)
    }
    guard let bytes = context.vectorRegister(Int(clamping: number)) else { throw .optimizedOut }
    return TypedValue(bytes: bytes, type: type, order: context.byteOrder)
  }

  private func load(
    at address: UInt64, size: Int, in context: some ExpressionContext
  ) throws(EvaluationError) -> UInt64 {
    guard size >= 1, size <= 8 else { throw .unsupported("size of a load") }
    do {
      return try context.memory.readUnsigned(at: address, size: size)
    } catch {
      throw .memory(error)
    }
  }

  private func readBytes(
    at address: UInt64, count: Int, in context: some ExpressionContext
  ) throws(EvaluationError) -> [UInt8] {
    do {
      return try context.memory.read(at: address, count: count)
    } catch {
      throw .memory(error)
    }
  }

  private func type(of operation: LocationOperation) throws(EvaluationError) -> LocationOperation.BaseType {
    guard case .type(let type?) = operation.nested else { throw .unsupported("type") }
    return type
  }

  /// The generic type is `nil` and is written as a reference to entry 0.
  private func optionalType(
    of operation: LocationOperation
  ) throws(EvaluationError) -> LocationOperation.BaseType? {
    guard case .type(let type) = operation.nested, type != nil || operation.first == 0 else {
      throw .unsupported("type")
    }
    return type
  }
}
