internal import Bytes

/// A command that `define` made.
final class UserCommand {
  let name: String
  let body: [Statement]
  var documentation: String?

  init(name: String, body: [Statement]) {
    self.name = name
    self.body = body
  }
}

/// `define`, `document`, `source`, and how what they name is run.
enum UserCommands {
  static let commands: [String: Commands.Action] = [
    "define": define, "document": document, "source": source, "end": end, "python": python,
    "python-interactive": python, "guile": python, "guile-repl": python,
  ]

  private static func end(_: Session, _: String) throws(CommandError) {
    throw CommandError("This command cannot be used at the top level.")
  }

  private static func python(_: Session, _: String) throws(CommandError) {
    throw CommandError("coreview gdb runs no Python or Guile: the command did nothing.")
  }

  private static func name(_ text: String) throws(CommandError) -> String {
    let name = text.trimmingBlanks
    guard !name.isEmpty else { throw CommandError("Argument required (name of command to define).") }
    let valid = name.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) || "-_.".contains($0) }
    guard valid.count == name.count else {
      let rest = name.dropFirst(valid.count)
      throw CommandError(
        rest.first == " "
          ? "\"\(valid)\" is not a prefix command." : "Junk in argument list: \"\(rest)\"")
    }
    return name
  }

  private static func define(_ session: Session, _ text: String) throws(CommandError) {
    let name = try name(text)
    for prefix in ["hook-", "hookpost-"] where name.hasPrefix(prefix) {
      let target = String(name.dropFirst(prefix.count))
      guard session.userCommands[target] == nil, !CommandNames.commands.contains(target) else { continue }
      session.note("warning: Your new `\(name)' command does not hook any existing command.\n")
      session.output.append("Proceed? (y or n) [answered Y; input not from terminal]\n")
    }
    let body = try Statement.definition(from: session.input)
    let old = session.userCommands[name]
    session.userCommands[name] = UserCommand(name: name, body: body)
    session.userCommands[name]?.documentation = old?.documentation
  }

  private static func document(_ session: Session, _ text: String) throws(CommandError) {
    let name = try name(text)
    guard let command = session.userCommands[name] else {
      throw CommandError(
        CommandNames.commands.contains(name)
          ? "Command \"\(name)\" is built-in." : "Undefined command: \"\(name)\".")
    }
    command.documentation = Statement.raw(from: session.input).joined(separator: "\n")
  }

  /// `show user [NAME]`.
  static func show(_ name: String?, in session: Session) throws(CommandError) {
    var names = session.userCommands.keys.sorted()
    if let name {
      guard names.contains(name) else { throw CommandError("Not a user command.") }
      names = [name]
    }
    for name in names {
      session.output.append("User command \"\(name)\":\n")
      for statement in session.userCommands[name]?.body ?? [] {
        statement.write(depth: 1, into: &session.output)
      }
      session.output.append("\n")
    }
  }

  // MARK: Running

  /// Each level of nesting needs some of our own stack.
  private static let maximumDepth = 256

  private static func nested(_ session: Session, _ body: () throws(CommandError) -> Void) throws(CommandError)
  {
    let limit = min(session.parameters.limit("max-user-call-depth") ?? maximumDepth, maximumDepth)
    guard session.depth < limit else {
      throw CommandError("Max user call depth exceeded -- command aborted.")
    }
    session.depth += 1
    defer { session.depth -= 1 }
    try body()
  }

  static func run(_ command: UserCommand, arguments: String, in session: Session) throws(CommandError) {
    let words = words(of: arguments)
    let wasInteractive = session.isInteractive
    session.isInteractive = false
    defer { session.isInteractive = wasInteractive }
    try nested(session) { () throws(CommandError) in
      try run(command.body, words, in: session)
    }
  }

  /// What `loop_break` and `loop_continue` do to the statements after them.
  private enum Flow {
    case next
    case leave
    case again
  }

  @discardableResult
  private static func run(
    _ statements: [Statement], _ arguments: [String]?, in session: Session
  ) throws(CommandError) -> Flow {
    for statement in statements where !session.isQuitting {
      let flow = try run(statement, arguments, in: session)
      if flow != .next { return flow }
    }
    return .next
  }

  private static func run(
    _ statement: Statement, _ arguments: [String]?, in session: Session
  ) throws(CommandError) -> Flow {
    switch statement {
    case .line(let line):
      switch line.trimmingBlanks {
      case "loop_break": return .leave
      case "loop_continue": return .again
      default: try Commands.run(substituted(line, arguments), in: session)
      }
    case .branch(let condition, let then, let otherwise):
      let isTrue = try session.integer(substituted(condition, arguments)) != 0
      return try run(isTrue ? then : otherwise ?? [], arguments, in: session)
    case .loop(let condition, let body):
      while !session.isQuitting, try session.integer(substituted(condition, arguments)) != 0 {
        if try run(body, arguments, in: session) == .leave { break }
        session.flushWhereLong()
      }
    case .block(let head, _): try Commands.run(head, in: session)
    }
    return .next
  }

  /// A line, or the block that it begins, as the top level reads it.
  static func execute(_ line: String, in session: Session) throws(CommandError) {
    let statement = try Statement.read(line, from: session.input, depth: 0)
    _ = try run(statement, nil, in: session)
  }

  /// The arguments of a user's command: words, quoted ones as one.
  private static func words(of text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var quote: Character?
    var isEscaped = false
    for character in text {
      if quote == nil, !isEscaped, character == " " || character == "\t" {
        if !word.isEmpty { words.append(word) }
        word = ""
        continue
      }
      word.append(character)
      if isEscaped {
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
      }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// A line with `$arg0`, `$argc` and `$arg*` replaced.
  private static func substituted(_ line: String, _ arguments: [String]?) throws(CommandError) -> String {
    guard let arguments else { return line }
    var result = ""
    var rest = line[...]
    while let start = String(rest).range(ofText: "$arg") {
      let offset = String(rest).distance(from: String(rest).startIndex, to: start.lowerBound)
      result += rest.prefix(offset)
      let after = rest.dropFirst(offset + 4)
      let digits = after.prefix { $0.isASCII && $0.isNumber }
      if after.first == "c",
        after.dropFirst().first.map({ !$0.isLetter && !$0.isNumber && $0 != "_" }) ?? true
      {
        result += String(arguments.count)
        rest = after.dropFirst()
      } else if after.first == "*" {
        result += arguments.joined(separator: " ")
        rest = after.dropFirst()
      } else if !digits.isEmpty {
        guard let index = Int(digits), arguments.indices.contains(index) else {
          throw CommandError("Missing argument \(digits) in user function.")
        }
        result += arguments[index]
        rest = after.dropFirst(digits.count)
      } else {
        result += "$arg"
        rest = after
      }
    }
    return result + rest
  }

  // MARK: Command files

  private static func source(_ session: Session, _ text: String) throws(CommandError) {
    var path = text
    for flag in ["-s", "-v"] where path == flag || path.hasPrefix(flag + " ") {
      path = path.dropFirst(2).description.trimmingBlanks
    }
    guard !path.isEmpty else {
      throw CommandError("source command requires file name of file to source.")
    }
    try run(file: path, in: session)
  }

  /// Runs a command file; an error ends it, and says where it was.
  static func run(file path: String, in session: Session) throws(CommandError) {
    var name = path
    if path.hasPrefix("~/"), let home = HostProcess.variable("HOME") { name = home + path.dropFirst() }
    let lines: LineInput
    do throws(FileError) {
      lines = try LineInput(path: name)
    } catch {
      session.note("warning: \(path): \(error.gdbReason)\n")
      return
    }
    if path.hasSuffix(".py") || path.hasSuffix(".scm") { return try python(session, "") }
    let (input, isInteractive) = (session.input, session.isInteractive)
    let own = CommandInput(lines: lines, name: path)
    session.input = own
    session.isInteractive = false
    defer { (session.input, session.isInteractive) = (input, isInteractive) }
    do throws(CommandError) {
      try nested(session) { () throws(CommandError) in
        while !session.isQuitting, let line = own.next(prompting: "") {
          try execute(line, in: session)
          if !session.isCapturing { session.flush() }
        }
      }
    } catch {
      throw CommandError("\(path):\(own.line): Error in sourced command file:\n\(error.message)")
    }
  }
}

extension FileError {
  /// The system's sentence for the problem, without the path.
  var gdbReason: String { problem == .directory ? "Is a directory" : reason }
}
