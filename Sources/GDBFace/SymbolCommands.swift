internal import Unwinding
internal import Backtraces
internal import Bytes
internal import Evaluation
internal import LineTables
internal import ProcessModel
internal import Symbols

/// `info symbol` and `info address`: from addresses to names, and back.
enum SymbolCommands {
  static let subjects: [String: Commands.Action] = ["symbol": symbol, "address": address]

  private static func symbol(_ session: Session, _ text: String) throws(CommandError) {
    guard !text.isEmpty else { throw CommandError("Argument required (address).") }
    let number = try session.address(text)
    guard let found = session.evaluator().symbol(at: number) else {
      session.output.append("No symbol matches \(text).\n")
      return
    }
    session.output.append(bytes: Escaping.inert(Array(found.name.utf8)))
    if found.offset != 0 { session.output.append(" + \(found.offset)") }
    session.output.append(" in section \(found.section)")
    if session.process?.modules.libraries.isEmpty == false {
      session.output.append(" of ")
      session.output.append(bytes: Escaping.inert(Array(path(found.module).utf8)))
    }
    session.output.append(byte: 0x0a)
  }

  private static func path(_ module: Module) -> String {
    guard module.kind == .executable, !module.name.hasPrefix("/"),
      let folder = HostProcess.variable("PWD")
    else { return module.name }
    return folder + "/" + (module.name.hasPrefix("./") ? String(module.name.dropFirst(2)) : module.name)
  }

  private static func address(_ session: Session, _ text: String) throws(CommandError) {
    guard !text.isEmpty else { throw CommandError("Argument required.") }
    let said = try session.evaluating { evaluator throws(EvaluationFailure) in try evaluator.place(of: text) }
    session.output.append(said + "\n")
  }
}
