internal import Backtraces
internal import Evaluation
internal import Unwinding

extension Session {
  /// What evaluates expressions in the selected frame.
  func evaluator() -> Evaluator {
    guard let process, process.threads.indices.contains(selectedThread) else {
      return Evaluator(workspace: workspace, frame: nil, thread: nil)
    }
    let selected = try? frame(at: selectedLevel)
    return Evaluator(workspace: workspace, frame: selected ?? nil, thread: process.threads[selectedThread])
  }

  /// Runs what evaluates, in the words of commands.
  func evaluating<Result>(
    _ body: (Evaluator) throws(EvaluationFailure) -> Result
  ) throws(CommandError) -> Result {
    let evaluator = evaluator()
    do throws(EvaluationFailure) {
      let result = try body(evaluator)
      tell(evaluator)
      return result
    } catch {
      tell(evaluator)
      throw CommandError(error.message)
    }
  }

  /// Warnings stand in front of what they warn of.
  func tell(_ evaluator: Evaluator) {
    guard !evaluator.warnings.isEmpty else { return }
    flush()
    for warning in evaluator.warnings { note(warning + "\n") }
    evaluator.warnings = []
    flush()
  }
}
