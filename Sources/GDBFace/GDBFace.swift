internal import Backtraces
internal import Bytes
internal import CoreFiles
internal import ProcessModel

/// `coreview gdb`: gdb's options and commands, and gdb's answers.
package enum GDBFace {
  /// Runs everything; the result is gdb's exit status.
  package static func run(_ arguments: [String], endsProcess: Bool = false) -> Int32 {
    let options = Options(arguments: arguments)
    let isSilent = options.isSilent
    let session = Session { output, notes in
      if isSilent { output.removeAll() } else { output.flush(to: 1) }
      notes.flush(to: 2)
    }
    defer { session.flush() }
    if endsProcess { HostProcess.keepUntilExit(session) }
    for complaint in options.complaints { session.note(complaint + "\n") }
    if options.isUnusable {
      session.note("Use `coreview gdb --help' for a complete list of options.\n")
      return 1
    }
    if options.showsVersion || options.showsHelp {
      session.output.append(options.showsHelp ? Options.help : Version.text)
      return 0
    }
    session.isInteractive = !options.isBatch
    if options.isBatch {
      session.parameters["width"] = "unlimited"
      session.parameters["height"] = "unlimited"
    }
    if !options.isQuiet, !options.isBatch { session.output.append(Version.text + "\n") }
    return run(options, in: session)
  }

  private static func run(_ options: Options, in session: Session) -> Int32 {
    if let folder = options.folder, let reason = HostProcess.changeFolder(to: folder) {
      session.note("\(folder): \(reason).\n")
    }
    let standardInput = CommandInput(lines: LineInput(descriptor: 0), name: nil) { prompt in
      session.output.append(prompt)
      session.flush()
    }
    session.input = standardInput
    // It holds the session.
    defer { session.input = nil }
    for folder in options.sourceFolders { session.parameters["directories"] += folder + ":" }
    var hasFailed = false
    for command in options.commands where command.isEarly {
      hasFailed = execute(command, in: session)
    }
    hasFailed = load(options, into: session, hasFailed: hasFailed)
    for command in options.commands where !command.isEarly {
      hasFailed = execute(command, in: session)
    }
    if !options.isBatch, !session.isQuitting {
      converse(standardInput, in: session)
      hasFailed = false
    }
    for gap in session.process?.core.lateGaps ?? [] { session.note("warning: \(gap.what)\n") }
    for line in session.process?.cuts ?? [] { session.note("warning: \(line)\n") }
    LiveSession.detach(session)
    if let status = session.exitStatus { return status }
    if options.returnsChildResult { return 255 }
    return options.isBatch && hasFailed ? 1 : 0
  }

  /// Runs a step; `true` when it failed, with gdb's message on stderr.
  private static func attempt(_ session: Session, _ step: () throws(CommandError) -> Void) -> Bool {
    defer { session.flush() }
    do throws(CommandError) {
      try step()
      return false
    } catch {
      session.flush()
      session.note(error.message + "\n")
      return true
    }
  }

  private static func execute(_ command: Options.Command, in session: Session) -> Bool {
    guard !session.isQuitting else { return false }
    return attempt(session) { () throws(CommandError) in
      if command.isFile {
        try UserCommands.run(file: command.text, in: session)
      } else {
        try UserCommands.execute(command.text, in: session)
      }
    }
  }

  private static func load(_ options: Options, into session: Session, hasFailed: Bool) -> Bool {
    guard !session.isQuitting else { return hasFailed }
    var (executable, core) = (options.executable, options.core)
    // `coreview gdb CORE` and `CORE EXE`: a core is told by what it is, not by where it stands.
    if let path = executable, FileKind.of(path) == .core,
      core == nil || core.map({ FileKind.of($0) }) == .executable
    {
      (executable, core) = (core, path)
    }
    var hasFailed = hasFailed
    if let executable {
      hasFailed = attempt(session) { () throws(CommandError) in
        do throws(CommandError) {
          try FileCommands.setExecutable(executable, in: session)
        } catch {
          // gdb goes without an executable then, and does not look for another one.
          session.executablePath = executable
          throw error
        }
      }
    }
    // `gdb PROGRAM PID`, as gdb has it: a number that is no file.
    let process =
      options.process ?? core.flatMap { Int32($0) != nil && FileKind.of($0) == .missing ? $0 : nil }
    if let process {
      return attempt(session) { () throws(CommandError) in
        try LiveSession.attach(process, in: session)
      }
    }
    if let core {
      hasFailed = attempt(session) { () throws(CommandError) in
        try FileCommands.loadCore(core, isFirst: true, in: session)
      }
    }
    return hasFailed
  }

  /// Reads commands from standard input until its end or `quit`; an empty line repeats the one before.
  private static func converse(_ input: CommandInput, in session: Session) {
    var latest = ""
    while !session.isQuitting {
      guard var line = input.next(prompting: session.parameters["prompt"]) else {
        if HostProcess.isTerminal(0) { session.output.append("quit\n") }
        return
      }
      if line.trimmingBlanks.isEmpty { line = latest }
      latest = Repetition.next(after: line)
      _ = attempt(session) { () throws(CommandError) in try UserCommands.execute(line, in: session) }
    }
  }
}

/// What an empty line means after a command.
enum Repetition {
  /// Commands that go on where they were, without their arguments.
  private static let continued: Set<String> = ["list", "l"]
  private static let never: Set<String> = ["core-file", "file", "kill", "run", "source", "define", "detach"]

  static func next(after line: String) -> String {
    guard let (word, _) = Commands.split(line) else { return "" }
    if continued.contains(word) { return word }
    return never.contains(word) ? "" : line
  }
}

/// Who answers.
enum Version {
  static let text = """
    GNU gdb (coreview) 13.1
    This is coreview, which answers for cores in the words of gdb 13.1. It is not gdb and has no code of gdb.

    """
}
