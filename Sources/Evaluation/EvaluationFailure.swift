internal import Bytes
package import Expressions
internal import Values

/// Why an expression has no value, in gdb's words.
package struct EvaluationFailure: Error, Equatable, Sendable {
  package var message: String

  package init(_ message: String) { self.message = message }

  package init(_ error: EvaluationError) {
    var text = TextBuffer()
    FailureText.append(error, into: &text)
    message = text.string
  }

  /// What gdb says where its grammar ends.
  static func syntax(near rest: String) -> EvaluationFailure {
    EvaluationFailure("A syntax error in expression, near `\(rest)'.")
  }
}
