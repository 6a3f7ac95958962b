internal import Reporting

/// Finds recursions in a stack: runs of frames that repeat themselves.
package enum Repetitions {
  /// A run of frames with one period.
  package struct Run: Sendable, Equatable {
    package var first: Int
    /// Frames of one round.
    package var period: Int
    package var rounds: Int

    package init(first: Int, period: Int, rounds: Int) {
      self.first = first
      self.period = period
      self.rounds = rounds
    }

    package var last: Int { first + period * rounds - 1 }
  }

  /// Rounds longer than this are not looked for.
  package static let longestPeriod = 24
  /// Fewer rounds, or fewer frames in all, are no recursion worth a word.
  package static let fewestRounds = 4
  package static let fewestFrames = 12
  private static let mostRuns = 16

  /// The runs in a stack's tokens (equal for frames that are the same), innermost first, without overlap.
  ///
  /// The time is the number of frames times the longest period.
  package static func runs(_ tokens: [UInt64]) -> [Run] {
    var result: [Run] = []
    var at = 0
    while at < tokens.count, result.count < mostRuns {
      guard let run = best(from: at, tokens) else {
        at += 1
        continue
      }
      result.append(run)
      at = run.last + 1
    }
    return result
  }

  /// The run that starts at a place, with the period that covers most; the shortest of those.
  private static func best(from start: Int, _ tokens: [UInt64]) -> Run? {
    var best: Run?
    for period in 1...longestPeriod where start + period * fewestRounds <= tokens.count {
      guard tokens[start] == tokens[start + period] else { continue }
      var end = start + period
      while end < tokens.count, tokens[end] == tokens[end - period] { end += 1 }
      let rounds = (end - start) / period
      guard rounds >= fewestRounds, rounds * period >= fewestFrames else { continue }
      if rounds * period > best.map({ $0.period * $0.rounds }) ?? 0 {
        best = Run(first: start, period: period, rounds: rounds)
      }
    }
    return best
  }
}
