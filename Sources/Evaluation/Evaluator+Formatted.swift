internal import Expressions
internal import ProcessModel
internal import Bytes
internal import Values

extension Evaluator {
  /// The values of a list with commas between.
  package func evaluateList(_ text: String) throws(EvaluationFailure) -> [Value] {
    var parser = try Parser(text, self)
    var values: [Value] = []
    repeat {
      if !values.isEmpty { try parser.expect(",") }
      values.append(try fetched(try value(of: try parser.argument())))
    } while parser.lexer.token == .symbol(",")
    guard parser.lexer.token == .end else { throw parser.syntaxError() }
    return values
  }

  package func size(of value: Value) -> Int { Int(clamping: value.type.stripped.byteCount) }

  /// What `%s` shows: the characters of an array, or behind a pointer, up to the NUL.
  package func characters(_ value: Value) throws(EvaluationFailure) -> [UInt8] {
    let value = try unreferenced(value)
    if value.type.stripped.kind == .array {
      return Array(try bytes(value).prefix { $0 != 0 })
    }
    var address = try number(ofAddress: value)
    guard address != 0 else { return Array("(null)".utf8) }
    var result: [UInt8] = []
    while result.count < 1 << 24 {
      let piece = memory.readAvailable(at: address, count: 4096)
      if let end = piece.firstIndex(of: 0) { return result + piece[..<end] }
      result += piece
      address &+= UInt64(piece.count)
      if piece.count < 4096 { throw EvaluationFailure(.memory(MemoryError(address: address))) }
    }
    return result
  }

  /// A float as `%f`, `%e` and `%g` have it.
  package func floatText(_ value: Value, letter: UInt8, precision: Int?) throws(EvaluationFailure) -> String {
    let number = try float(try unreferenced(value))
    guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
    return DecimalFloat.text(Double(number), letter: letter, precision: precision ?? 6)
  }
}
