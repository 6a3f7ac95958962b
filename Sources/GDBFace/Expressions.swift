internal import Backtraces
internal import Bytes
internal import Evaluation

/// What commands need of expressions: numbers and addresses.
extension Session {
  /// The number that an expression means.
  func integer(_ text: String) throws(CommandError) -> Int64 {
    Int64(bitPattern: try address(text))
  }

  /// The address that an expression means.
  func address(_ text: String) throws(CommandError) -> UInt64 {
    try evaluating { evaluator throws(EvaluationFailure) in try evaluator.address(text) }
  }

  /// `set VARIABLE = EXPRESSION`.
  func assign(_ text: String) throws(CommandError) {
    guard !text.isEmpty else { throw CommandError("Argument required (expression to compute).") }
    try evaluating { evaluator throws(EvaluationFailure) in
      if try !evaluator.isAssignment(text) {
        evaluator.warnings.append("warning: Expression is not an assignment (and might have no effect)")
      }
      _ = try evaluator.evaluate(text)
    }
  }

  /// `show values`: the last ten, or ten around a number.
  func showHistory(_ text: String) throws(CommandError) {
    let settings = self.settings.options
    try evaluating { evaluator throws(EvaluationFailure) in
      var first = evaluator.workspace.historyCount - 9
      if !text.isEmpty { first = Int(Int64(bitPattern: try evaluator.address(text))) - 5 }
      first = max(1, first)
      for number in first..<max(first, min(evaluator.workspace.historyCount + 1, first + 10)) {
        guard let value = evaluator.past(number) else { break }
        output.append("$\(number) = ")
        try evaluator.append(value, options: settings, into: &output)
        output.append(byte: 0x0a)
      }
    }
  }
}
