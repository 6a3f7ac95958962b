internal import Backtraces
internal import Bytes
internal import Evaluation
internal import Values

/// `whatis`, `ptype`, and what else asks for types and symbols.
enum TypeCommands {
  static let commands: [String: Commands.Action] = ["whatis": whatis, "ptype": ptype]

  static func whatis(_ session: Session, _ line: String) throws(CommandError) {
    let rest = withoutFlags(line)
    try session.evaluating { evaluator throws(EvaluationFailure) in
      let text = rest.isEmpty ? try evaluator.typeOfLastValue() : try evaluator.whatis(rest)
      session.output.append("type = \(text)\n")
    }
  }

  static func ptype(_ session: Session, _ line: String) throws(CommandError) {
    let rest = withoutFlags(line)
    try session.evaluating { evaluator throws(EvaluationFailure) in
      session.output.append("type = \(try evaluator.describe(rest))\n")
    }
  }

  /// `/o`, `/r` and their kin.
  private static func withoutFlags(_ line: String) -> String {
    guard line.hasPrefix("/") else { return line }
    return String(line.drop { $0 != " " }.drop { $0 == " " })
  }
}
