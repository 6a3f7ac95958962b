internal import Backtraces
internal import ProcessModel
internal import Symbols
internal import Unwinding

/// What commands need of expressions: numbers and addresses.
extension Session {
  /// The number that an expression means.
  func integer(_ text: String) throws(CommandError) -> Int64 {
    Int64(bitPattern: try AddressExpression.value(of: text, in: self))
  }

  /// The address that an expression means.
  func address(_ text: String) throws(CommandError) -> UInt64 {
    try AddressExpression.value(of: text, in: self)
  }

  /// `set VARIABLE = EXPRESSION`.
  func assign(_ text: String) throws(CommandError) {
    let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
    throw CommandError("No symbol \"\(name.isEmpty ? text[...] : name)\" in current context.")
  }

  /// `show values`, `show convenience`.
  func showHistory(_: String) throws(CommandError) {}
}
