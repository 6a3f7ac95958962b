internal import Unwinding
internal import Backtraces
internal import Bytes
internal import Evaluation
internal import LineTables
internal import ProcessModel
internal import Symbols

/// `info symbol`, `info address` and `info line`: from addresses to names and lines, and back.
enum SymbolCommands {
  static let subjects: [String: Commands.Action] = ["symbol": symbol, "address": address, "line": line]

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

  /// `info line FUNCTION`, `info line *ADDRESS`: the row of the line table there.
  private static func line(_ session: Session, _ text: String) throws(CommandError) {
    let address: UInt64
    if text.hasPrefix("*") {
      address = try session.address(String(text.dropFirst()))
    } else if text.isEmpty {
      address = try session.selectedFrame().code.lookup
    } else {
      let found = try session.evaluating { evaluator throws(EvaluationFailure) in
        try evaluator.codeAddress(text)
      }
      guard let found else { throw CommandError("Function \"\(text)\" not defined.") }
      address = found
    }
    guard let process = session.process else {
      throw CommandError("No symbol table is loaded.  Use the \"file\" command.")
    }
    let code = process.unwinder.resolver.code(at: .instruction(address))
    var label = TextBuffer()
    let evaluator = session.evaluator()
    guard let match = code.line, let module = code.module, let lines = code.unit?.lines else {
      label.append("No line number information available for address ")
      evaluator.appendAddress(address, into: &label)
      session.output.append(label)
      session.output.append(byte: 0x0a)
      return
    }
    label.append("Line \(match.line) of \"")
    label.append(bytes: Escaping.inert(lines.name(ofFile: match.file)))
    label.append("\"")
    let start = module.processAddress(FileAddress(match.start))
    label.append(" starts at address ")
    evaluator.appendAddress(start, into: &label)
    if let end = match.end {
      label.append(" and ends at ")
      evaluator.appendAddress(module.processAddress(FileAddress(end)), into: &label)
    }
    label.append(".\n")
    session.output.append(label)
  }
}
