internal import Backtraces
internal import Bytes

/// gdb's command language: names, the beginnings of names, aliases.
package struct Commands {
  /// What a command does with the rest of its line.
  typealias Action = @Sendable (Session, String) throws(CommandError) -> Void

  /// Every command, by its full name; each family of commands lists its own.
  private static let table: [String: Action] = {
    var table: [String: Action] = [
      "backtrace": BacktraceCommand.run,
      "taas": { (session, text) throws(CommandError) in
        try ThreadCommands.thread(session, "apply all -s " + text)
      },
      "tfaas": { (session, text) throws(CommandError) in
        try ThreadCommands.thread(session, "apply all -s -- frame apply all -s " + text)
      },
      "info": InfoCommand.run,
    ]
    for family in [
      ExamineCommand.commands, FrameCommands.commands, ThreadCommands.commands,
      SettingCommands.commands, TextCommands.commands, FileCommands.commands, UserCommands.commands,
      InstructionCommands.commands, PrintCommand.commands, TypeCommands.commands, FormattedOutput.commands,
      ListCommand.commands,
    ] {
      table.merge(family) { old, _ in old }
    }
    return table
  }()

  /// Commands whose text is taken as it is, with the blanks at its end.
  private static let literal: Set<String> = ["echo", "set", "shell", "pipe", "printf", "python", "define"]

  /// The name of the command that a line begins with, and what follows; `nil` for a line without one.
  static func split(_ line: String) -> (word: String, rest: String)? {
    let trimmed = line.drop { $0 == " " || $0 == "\t" }
    guard let first = trimmed.first, first != "#" else { return nil }
    if first == "!" || first == "|" {
      return (String(first), String(trimmed.dropFirst().drop { $0 == " " || $0 == "\t" }))
    }
    let word = trimmed.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) || "-_.".contains($0) }
    return (String(word), String(trimmed.dropFirst(word.count).drop { $0 == " " || $0 == "\t" }))
  }

  /// The full name of a command, as gdb finds it.
  static func name(_ word: String, line: String, in session: Session) throws(CommandError) -> String {
    if session.userCommands[word] != nil { return word }
    if table[word] != nil { return word }
    let own = session.userCommands.keys.filter { $0.hasPrefix(word) }
    let names = own.isEmpty ? CommandNames.commands : (CommandNames.commands + own).sorted()
    switch CommandNames.match(word, in: names, shorthands: CommandNames.shorthands) {
    case .name(let name): return name
    case .ambiguous(let found): throw CommandNames.ambiguity("", line, found)
    case .unknown: throw CommandError("Undefined command: \"\(word)\".  Try \"help\".")
    }
  }

  /// Runs one line. Comments and empty lines do nothing.
  static func run(_ line: String, in session: Session) throws(CommandError) {
    guard let (word, rest) = split(line) else { return }
    if session.parameters.isOn("trace-commands") {
      session.output.append(String(repeating: "+", count: session.depth + 1) + line + "\n")
    }
    guard !word.isEmpty else {
      throw CommandError("Undefined command: \"\(line.trimmingBlanks)\".  Try \"help\".")
    }
    let name = try name(word, line: line.trimmingBlanks, in: session)
    if let hook = session.userCommands["hook-" + name] {
      try UserCommands.run(hook, arguments: "", in: session)
    }
    if let command = session.userCommands[name] {
      try UserCommands.run(command, arguments: rest, in: session)
    } else {
      guard let action = table[name] else { throw Unsupported.error(name) }
      try action(session, literal.contains(name) ? rest : rest.trimmingBlanks)
    }
    if let hook = session.userCommands["hookpost-" + name] {
      try UserCommands.run(hook, arguments: "", in: session)
    }
  }
}

/// What becomes of gdb's commands that coreview does not have.
enum Unsupported {
  /// Commands for a program that runs: gdb's own answer for a core.
  private static let running: Set<String> = [
    "advance", "continue", "finish", "interrupt", "jump", "next", "nexti", "queue-signal", "reverse-continue",
    "reverse-finish", "reverse-next", "reverse-nexti", "reverse-step", "reverse-stepi", "signal", "step",
    "stepi", "until",
  ]

  static func error(_ name: String) -> CommandError {
    if running.contains(name) { return CommandError("The program is not being run.") }
    return CommandError("coreview gdb has no command \"\(name)\".")
  }
}
