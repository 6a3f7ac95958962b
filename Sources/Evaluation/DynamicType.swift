internal import Backtraces
internal import ProcessModel
internal import Elfutils
internal import Symbols
internal import Values

/// What an object is in truth, by the tables of its class (Itanium C++ ABI 2.5).
enum DynamicType {
  /// Where the whole object starts whose part is at an address; `nil` for one without tables.
  static func wholeObject(
    at address: UInt64, of part: ValueType, in evaluator: Evaluator
  ) throws(EvaluationFailure) -> UInt64? {
    guard let table = table(at: address, in: evaluator),
      let offset = try? evaluator.memory.readWord(at: table &- 2 &* UInt64(evaluator.memory.wordSize))
    else { return nil }
    return address &+ offset
  }

  private static func table(at address: UInt64, in evaluator: Evaluator) -> UInt64? {
    guard let table = try? evaluator.memory.readWord(at: address), table != 0 else { return nil }
    return table
  }

  /// The class that the symbol of an object's table names.
  static func type(at address: UInt64, in evaluator: Evaluator) throws(EvaluationFailure) -> ValueType? {
    guard let table = table(at: address, in: evaluator),
      let symbol = evaluator.workspace.process?.symbolTexts.name(at: table),
      symbol.name.hasPrefix("vtable for ")
    else { return nil }
    let name = String(symbol.name.dropFirst("vtable for ".count))
    guard case .type(let type)? = try evaluator.resolve("::" + name) else { return nil }
    return type
  }
}
