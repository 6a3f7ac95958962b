internal import Backtraces
internal import Bytes
internal import Elfutils
internal import Evaluation
internal import LineTables
internal import ProcessModel
internal import Symbols
internal import Unwinding

/// `info source` and `info line`.
enum SourceCommands {
  static let subjects: [String: Commands.Action] = ["source": source, "line": line]

  // MARK: info source

  private static func source(_ session: Session, _: String) throws(CommandError) {
    guard let file = session.listing.file, let unit = file.unit else {
      session.output.append("No current source file.\n")
      return
    }
    func say(_ label: String, _ text: [UInt8]) {
      session.output.append(label)
      session.output.append(bytes: Escaping.inert(text))
      session.output.append(byte: 0x0a)
    }
    say("Current source file is ", file.name)
    if let directory = unit.compilationDirectory { say("Compilation directory is ", Array(directory.utf8)) }
    if let text = file.text() {
      say("Located in ", Array(Texts.realPath(text.path).utf8))
      session.output.append("Contains \(text.lineCount) line\(text.lineCount == 1 ? "" : "s").\n")
    }
    session.output.append("Source language is \(LanguageNames.name(of: unit.language(ofFile: file.name))).\n")
    if let producer = unit.producer { say("Producer is ", Array((producer + ".").utf8)) }
    session.output.append("Compiled with DWARF \(unit.unit.version) debugging format.\n")
    let hasMacros = Attribute.macroTables.contains { unit.root.has($0) }
    session.output.append(
      hasMacros ? "Includes preprocessor macro info.\n" : "Does not include preprocessor macro info.\n")
  }

  // MARK: info line

  /// `info line [PLACE]`: the row of the line table there.
  private static func line(_ session: Session, _ text: String) throws(CommandError) {
    guard session.process != nil else {
      throw CommandError("No symbol table is loaded.  Use the \"file\" command.")
    }
    if text.hasPrefix("*") {
      return address(try session.address(String(text.dropFirst())), in: session)
    }
    guard !text.isEmpty else {
      guard let file = session.listing.file, let line = session.listing.first else {
        session.output.append("No line number information available.\n")
        return
      }
      return number(line, of: file, in: session)
    }
    ListCommand.beginWithMain(session)
    if let comma = text.firstIndex(of: ",") {
      throw CommandError("Junk at end of line specification: \(text[comma...])")
    }
    let base = LineSpecification(session: session, file: session.listing.file, line: session.listing.next)
    let places = try base.places(text)
    for place in places {
      if let found = place.address {
        address(found, in: session)
      } else {
        number(place.line, of: place.file, in: session)
      }
    }
    if places.isEmpty {
      let found = try session.evaluating { evaluator throws(EvaluationFailure) in
        try evaluator.codeAddress(text)
      }
      if let found { address(found, in: session) }
    }
  }

  private static func address(_ address: UInt64, in session: Session) {
    guard let code = session.process?.unwinder.resolver.code(at: .instruction(address)) else { return }
    guard let match = code.line, let module = code.module, let lines = code.unit?.lines else {
      session.output.append("No line number information available")
      session.output.append(address != 0 ? " for address " : ".")
      if address != 0 { append(address, in: session) }
      session.output.append(byte: 0x0a)
      return
    }
    let offset = address &- module.processAddress(FileAddress(match.start))
    tell(Int(match.line), of: lines.name(ofFile: match.file), match, module, offset, in: session)
  }

  /// The first row of a line, or of the next one that has code.
  private static func number(_ line: Int, of file: SourceFile, in session: Session) {
    guard let lines = file.unit?.lines, let module = file.module, let index = file.index else { return }
    let rows = lines.rows(ofFile: index).filter { $0.isStatement && $0.line > 0 }
    let exact = rows.first { $0.line == line }
    let later = rows.filter { Int($0.line) > line }.min { $0.line < $1.line }
    guard let row = exact ?? later else {
      session.output.append("Line number \(line) is out of range for \"")
      session.output.append(bytes: Escaping.inert(file.name))
      session.output.append("\".\n")
      return
    }
    if let match = lines.lookup(row.address), match.line == line, match.start == row.address {
      return tell(line, of: file.name, match, module, 0, in: session)
    }
    session.output.append("Line \(line) of \"")
    session.output.append(bytes: Escaping.inert(file.name))
    session.output.append("\" is at address ")
    point(at: module.processAddress(FileAddress(row.address)), in: session)
    session.output.append(" but contains no code.\n")
  }

  private static func tell(
    _ line: Int, of name: [UInt8], _ match: LineTable.Match, _ module: Module, _ offset: UInt64,
    in session: Session
  ) {
    session.output.append("Line \(line) of \"")
    session.output.append(bytes: Escaping.inert(name))
    session.output.append("\" starts at address ")
    point(at: module.processAddress(FileAddress(match.start)), in: session)
    if let end = match.end {
      session.output.append(" and ends at ")
      append(module.processAddress(FileAddress(end)), in: session)
    }
    session.output.append(".\n")
  }

  /// An address that the next `x` takes up.
  private static func point(at address: UInt64, in session: Session) {
    append(address, in: session)
    session.nextAddress = address
  }

  /// An address with its symbol.
  private static func append(_ address: UInt64, in session: Session) {
    var text = TextBuffer()
    session.evaluator().appendAddress(address, into: &text)
    session.output.append(text)
  }
}
