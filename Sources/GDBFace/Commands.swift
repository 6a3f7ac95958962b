internal import Backtraces
internal import Bytes

/// gdb's command language, as far as coreview speaks it: names, unique prefixes, aliases.
package struct Commands {
  /// What a command does with the rest of its line.
  typealias Action = @Sendable (Session, String) throws(CommandError) -> Void

  /// Aliases that gdb gives a meaning although they are prefixes of several commands.
  private static let aliases: [String: String] = [
    "bt": "backtrace", "where": "backtrace", "f": "frame", "t": "thread", "taas": "thread apply all -s",
    "tfaas": "thread apply all -s -- frame apply all -s", "i": "info", "inf": "info", "q": "quit",
    "dow": "down", "e": "echo",
  ]

  private static let table: [String: Action] = [
    "backtrace": BacktraceCommand.run,
    "frame": FrameCommands.frame,
    "up": FrameCommands.up,
    "down": FrameCommands.down,
    "select-frame": FrameCommands.select,
    "faas": FrameApply.silently,
    "thread": ThreadCommands.thread,
    "info": InfoCommand.run,
    "echo": echo,
    "set": set,
    "show": show,
    "quit": quit,
  ]

  /// Names of gdb commands that coreview does not have: they make prefixes ambiguous as they do in gdb.
  private static let others = [
    "add-symbol-file", "advance", "attach", "break", "call", "commands", "continue", "core-file", "define",
    "delete",
    "detach", "directory", "disable", "disassemble", "display", "document", "edit", "enable", "exec-file",
    "explore",
    "file", "find", "finish", "focus", "forward-search", "function", "handle", "help", "if", "inspect",
    "interpreter-exec",
    "jump", "kill", "layout", "list", "load", "macro", "maintenance", "monitor", "next", "nexti", "output",
    "overlay",
    "print", "printf", "ptype", "pwd", "python", "record", "refresh", "restore", "reverse-continue", "run",
    "save",
    "search", "section", "sharedlibrary", "shell", "signal", "skip", "source",
    "start", "step",
    "stepi", "stop", "symbol-file", "target", "task", "tbreak", "tcatch", "trace", "tty", "tui", "undisplay",
    "unset",
    "until", "unwindonsignal", "watch", "while", "winheight", "x", "apropos", "alias", "catch", "cd",
    "checkpoint",
    "clear", "clone-inferior", "collect", "compare-sections", "compile", "complete", "condition", "demangle",
    "dump",
    "dprintf", "end", "eval", "flash-erase", "generate-core-file", "guile", "hbreak", "ignore",
    "inferior",
    "info", "init-if-undefined", "kill", "nosharedlibrary", "pipe", "queue-signal", "rbreak", "return",
    "rwatch",
    "starti", "strace", "tdump", "tfind", "thbreak", "tp", "tsave", "tstart", "tstatus", "tstop", "tvariable",
    "add-auto-load-safe-path", "add-auto-load-scripts-directory", "delete", "ni", "si", "nexti", "p", "s",
    "n", "c", "r",
    "l", "b", "d", "h", "u",
  ]

  /// Runs one line. Comments and empty lines do nothing.
  static func run(_ line: String, in session: Session) throws(CommandError) {
    let trimmed = String(line.drop { $0 == " " || $0 == "\t" })
    if trimmed.isEmpty || trimmed.hasPrefix("#") { return }
    let end = trimmed.firstIndex {
      !($0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "-" || $0 == "_" || $0 == ".")
    }
    let word = String(trimmed[..<(end ?? trimmed.endIndex)])
    let rest = String(trimmed[(end ?? trimmed.endIndex)...].drop { $0 == " " || $0 == "\t" })
    if let alias = aliases[word] {
      if let action = table[alias] { return try action(session, rest) }
      return try run(alias + " " + rest, in: session)
    }
    if let action = table[word] { return try action(session, rest) }
    guard !word.isEmpty else { throw CommandError("Undefined command: \"\(trimmed)\".  Try \"help\".") }
    let names = Swift.Set(Array(table.keys) + others).filter { $0.hasPrefix(word) }.sorted()
    if names.count == 1, let action = table[names[0]] { return try action(session, rest) }
    if names.contains(word) || names.count == 1 {
      throw CommandError("coreview gdb has no command \"\(names.count == 1 ? names[0] : word)\".")
    }
    if names.isEmpty { throw CommandError("Undefined command: \"\(word)\".  Try \"help\".") }
    throw CommandError("Ambiguous command \"\(trimmed)\": \(names.joined(separator: ", ")).")
  }

  /// `echo TEXT`: C escapes, a backslash at the end joins nothing, no newline is added.
  private static func echo(_ session: Session, _ text: String) throws(CommandError) {
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.popFirst() {
      guard byte == 0x5c else {
        session.output.append(byte: byte)
        continue
      }
      guard let escaped = bytes.popFirst() else { return }
      switch escaped {
      case UInt8(ascii: "n"): session.output.append(byte: 0x0a)
      case UInt8(ascii: "t"): session.output.append(byte: 0x09)
      case UInt8(ascii: "r"): session.output.append(byte: 0x0d)
      case UInt8(ascii: "a"): session.output.append(byte: 0x07)
      case UInt8(ascii: "b"): session.output.append(byte: 0x08)
      case UInt8(ascii: "f"): session.output.append(byte: 0x0c)
      case UInt8(ascii: "v"): session.output.append(byte: 0x0b)
      case UInt8(ascii: "e"): session.output.append(byte: 0x1b)
      case 0x30...0x37:
        var value = Int(escaped - 0x30)
        var digits = 1
        while digits < 3, let next = bytes.first, (0x30...0x37).contains(next) {
          value = value * 8 + Int(next - 0x30)
          bytes.removeFirst()
          digits += 1
        }
        session.output.append(byte: UInt8(truncatingIfNeeded: value))
      case 0x0a: break
      default: session.output.append(byte: escaped)
      }
    }
  }

  /// Settings that scripts make for a terminal hold already: nothing is paged, styled or asked.
  private static func set(_ session: Session, _ line: String) throws(CommandError) {
    guard let rest = subject("print", of: line) else { return }
    try PrintSettingCommands.set(session, rest)
  }

  private static func show(_ session: Session, _ line: String) throws(CommandError) {
    guard let rest = subject("print", of: line) else { return }
    try PrintSettingCommands.show(session, rest)
  }

  /// What follows a word that may be cut short; `nil` where the line begins with something else.
  static func subject(_ name: String, of line: String) -> String? {
    let word = line.prefix { $0 != " " && $0 != "\t" }
    guard !word.isEmpty, name.hasPrefix(word) else { return nil }
    return String(line.dropFirst(word.count).drop { $0 == " " || $0 == "\t" })
  }

  private static func quit(_ session: Session, _: String) throws(CommandError) {
    session.isQuitting = true
  }
}
