package import Backtraces
internal import Bytes
package import Elfutils
internal import Expressions
internal import ProcessModel
internal import Symbols
package import Unwinding
internal import Values

/// Evaluates expressions in a frame, or without one.
package final class Evaluator {
  package let workspace: Workspace
  package let scope: Scope
  let thread: ListedThread?
  /// `whatis` and `sizeof` want types: what cannot be read is taken for zero.
  var wantsTypesOnly = false
  /// What a warning said; written in front of the result.
  package var warnings: [String] = []

  /// Expressions nest at most this deep.
  static let maximumDepth = 250
  var depth = 0

  package init(workspace: Workspace, frame: Frame?, thread: ListedThread?) {
    self.workspace = workspace
    self.thread = thread
    scope = Scope(frame: frame, fallback: workspace.fallbackLanguage, types: workspace.maker.reader)
  }

  var maker: TypeMaker { workspace.maker }
  var memory: ProcessMemory { workspace.memory }
  package var language: Language { scope.language }
  var order: ByteOrder { memory.byteOrder }
  var isCxx: Bool { language == .cxx }

  /// What spells types here.
  var typeText: TypeText {
    let names = workspace.process?.symbolTexts
    return TypeText(language: language, maker: maker) { names?.canonical($0) ?? $0 }
  }

  var context: ModuleContext {
    ModuleContext(
      frame: scope.frame.map { FrameContext(frame: $0.physical, inlineDepth: $0.inlineDepth) },
      memory: memory,
      architecture: workspace.architecture, bias: scope.module?.bias ?? 0,
      threadStorage: { [weak self] in self.flatMap { $0.threadStorage(of: $0.scope.module) } })
  }

  func context(of module: Module) -> ModuleContext {
    ModuleContext(
      frame: context.frame, memory: memory, architecture: workspace.architecture, bias: module.bias,
      threadStorage: { [weak self] in self?.threadStorage(of: module) })
  }

  /// Where a module's thread-local variables start for the selected thread.
  func threadStorage(of module: Module?) -> UInt64? {
    guard let module, let process = workspace.process, let pthread = thread?.pthread,
      let storage = process.unwinder.threadLocalStorage
    else { return nil }
    return try? storage.address(of: 0, moduleBias: module.bias, pthread: pthread, in: memory)
  }

  // MARK: Reading

  /// The bytes of a value; those of a lazy one are read now.
  func fetch(_ value: Value) throws(EvaluationFailure) -> FetchedValue {
    if let content = value.content {
      if case .failed(let error) = content.content { throw EvaluationFailure(error) }
      return content
    }
    guard let address = value.address else { return FetchedValue(.optimizedOut) }
    let type = value.type.stripped
    let size = try byteCount(of: value.type)
    if wantsTypesOnly {
      let count = Int(min(size, ValueFetcher.maximumSize))
      return FetchedValue(.bytes([UInt8](repeating: 0, count: count)), address: address)
    }
    if type.kind == .function || type.kind == .void { return FetchedValue(.bytes([]), address: address) }
    do throws(EvaluationError) {
      return try ValueFetcher.value(at: .memory(address & context.addressMask), size: size, in: context)
    } catch {
      throw EvaluationFailure(error)
    }
  }

  /// A value that needs no more reading.
  func fetched(_ value: Value) throws(EvaluationFailure) -> Value {
    var result = value
    result.content = try fetch(value)
    return result
  }

  /// The bytes of a whole value, for arithmetic.
  func bytes(_ value: Value) throws(EvaluationFailure) -> [UInt8] {
    let content = try fetch(value)
    let size = Int(min(try byteCount(of: value.type), ValueFetcher.maximumSize))
    switch content.content {
    case .number, .bytes: return content.bytes(size: size, order: order) ?? []
    case .failed(let error): throw EvaluationFailure(error)
    case .optimizedOut, .syntheticPointer, .partial:
      if wantsTypesOnly { return [UInt8](repeating: 0, count: size) }
      throw EvaluationFailure("value has been optimized out")
    case .unavailable:
      if wantsTypesOnly { return [UInt8](repeating: 0, count: size) }
      throw EvaluationFailure("value is not available")
    }
  }

  func byteCount(of type: ValueType) throws(EvaluationFailure) -> UInt64 {
    let plain = type.stripped
    return plain.kind == .function || plain.kind == .void ? 1 : plain.byteCount
  }

  // MARK: Names

  /// The value of a variable, lazily where it is in memory.
  func value(of variable: Variable) throws(EvaluationFailure) -> Value {
    let context = variable.isLocal ? self.context : self.context(of: variable.module)
    var type = maker.reader.type(ofVariable: variable.entry)
    type = resolved(type, in: context, pc: variable.pc)
    let size = type.stripped.byteCount
    guard case .expression(let operations) = variable.entry.location(Attribute.location, at: variable.pc)
    else {
      let parameter = Parameter(
        entry: variable.entry, at: variable.pc, language: language, types: maker.reader)
      return Value(type, parameter.value(in: context))
    }
    do throws(EvaluationError) {
      let location = try ExpressionMachine.location(operations, in: context)
      if case .memory(let address) = location { return Value(type, at: address & context.addressMask) }
      var value = Value(type, try ValueFetcher.value(at: location, size: size, in: context))
      if case .register(let number) = location,
        let name = Registers.name(ofDwarf: number, workspace.architecture)
      {
        value.place = .register(name)
      }
      value.isUninitialized = operations.last?.code == Operator.gnuUninit.rawValue
      return value
    } catch {
      switch error {
      case .optimizedOut: return Value(type, FetchedValue(.optimizedOut))
      case .unavailable: return Value(type, FetchedValue(.unavailable))
      default: throw EvaluationFailure(error)
      }
    }
  }

  /// An array whose length the frame tells, with that length.
  private func resolved(_ type: ValueType, in context: ModuleContext, pc: UInt64) -> ValueType {
    let plain = type.stripped
    guard plain.kind == .array, plain.dimensions.contains(where: { $0.constant == nil }),
      let element = plain.target
    else { return type }
    var result = resolved(element, in: context, pc: pc)
    for dimension in plain.dimensions.reversed() {
      let count = try? DynamicBounds.count(of: dimension, in: context, filePC: pc, types: maker.reader)
      result = maker.array(of: result, count: count ?? 0)
    }
    return result
  }
}
