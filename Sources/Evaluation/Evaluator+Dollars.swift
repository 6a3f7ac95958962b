internal import Backtraces
internal import CoreFiles
internal import ProcessModel
internal import Values

extension Evaluator {
  /// `$1`, `$`, `$$2`, `$rip`, `$_siginfo`, `$foo`; the name without its first dollar.
  func dollar(_ name: String) throws(EvaluationFailure) -> Value {
    if let past = try history(name) { return past }
    if let register = try register(name) { return register }
    if let known = workspace.convenience[name] {
      // What `x` saw last is read when it is wanted.
      var value = try fetched(known)
      value.place = .convenience(name)
      return value
    }
    return try special(name) ?? Value(maker.void, FetchedValue(.bytes([])), place: .convenience(name))
  }

  /// What a name of the value history stands for; `nil` for other names.
  private func history(_ name: String) throws(EvaluationFailure) -> Value? {
    let empty = Value(maker.void, FetchedValue(.bytes([])))
    let count = workspace.historyCount
    if name.isEmpty { return workspace.past(count) ?? empty }
    if name == "$" { return workspace.past(count - 1) ?? empty }
    var digits = Substring(name)
    let isRelative = digits.hasPrefix("$")
    if isRelative { digits = digits.dropFirst() }
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    guard let number = Int(digits) else { throw EvaluationFailure("Numeric constant too large.") }
    if isRelative {
      let at = count - number
      if let value = workspace.past(at) { return value }
      if at <= 0, count == 0 || number >= count { return at < 0 || count == 0 ? empty : empty }
      return empty
    }
    if number == 0 { return workspace.past(count) ?? empty }
    guard let value = workspace.past(number) else {
      throw EvaluationFailure("History has not yet reached $\(number).")
    }
    return value
  }

  private func special(_ name: String) throws(EvaluationFailure) -> Value? {
    switch name {
    case "_thread", "_gthread":
      return Value(maker.int, number: UInt64(clamping: workspace.process == nil ? 0 : thread?.number ?? 0))
    case "_inferior": return Value(maker.int, number: 1)
    case "_inferior_thread_count":
      return Value(maker.int, number: UInt64(workspace.process?.threads.count ?? 0))
    case "_gdb_major": return Value(maker.int, number: 13)
    case "_gdb_minor": return Value(maker.int, number: 1)
    case "_exitsignal":
      guard let signal = workspace.process?.core.threads.last?.currentSignal, signal != 0 else { return nil }
      return Value(maker.int, number: UInt64(signal))
    case "_siginfo": return try signalInformation()
    default: return nil
    }
  }

  /// The note on the signal, in the type that the kernel's headers give it.
  private func signalInformation() throws(EvaluationFailure) -> Value {
    guard let process = workspace.process, let thread else {
      throw EvaluationFailure("Unable to read siginfo")
    }
    let type = SignalInformation.type(maker)
    guard let bytes = process.core.signalBytes(of: thread.snapshot) else {
      throw EvaluationFailure("Unable to read siginfo")
    }
    let size = Int(type.byteCount)
    let padded = Array((bytes + [UInt8](repeating: 0, count: max(0, size - bytes.count))).prefix(size))
    return Value(type, FetchedValue(.bytes(padded)))
  }
}
