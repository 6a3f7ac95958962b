internal import ProcessModel
internal import Backtraces
internal import Bytes
internal import CoreFiles
internal import Elfutils
internal import Symbols

/// `coreview gdb`: gdb's options and commands, and gdb's answers.
package enum GDBFace {
  /// Runs everything; the result is gdb's exit status.
  package static func run(_ arguments: [String]) -> Int32 {
    let options = Options(arguments: arguments)
    let session = Session { output, notes in
      output.flush(to: 1)
      notes.flush(to: 2)
    }
    defer { session.flush() }
    for complaint in options.complaints { session.note("coreview gdb: \(complaint)\n") }
    if options.complaints.contains(where: { $0.hasPrefix("unrecognized") || $0.hasPrefix("option") }) {
      session.note("Use `coreview gdb --help' for a complete list of options.\n")
      return 1
    }
    var hasFailed = execute(options.commands.filter(\.isEarly), in: session)
    load(options, into: session)
    hasFailed = execute(options.commands.filter { !$0.isEarly }, in: session) || hasFailed
    for gap in session.process?.core.lateGaps ?? [] { session.note("warning: \(gap.what)\n") }
    return options.isBatch && hasFailed ? 1 : 0
  }

  private static func execute(_ commands: [Options.Command], in session: Session) -> Bool {
    var hasFailed = false
    for command in commands where !session.isQuitting {
      do throws(CommandError) {
        if command.isFile { throw CommandError("coreview gdb does not run command files yet: -x") }
        try Commands.run(command.text, in: session)
        hasFailed = false
      } catch {
        session.flush()
        session.note(error.message + "\n")
        hasFailed = true
      }
      session.flush()
    }
    return hasFailed
  }

  private static func load(_ options: Options, into session: Session) {
    var (executablePath, corePath) = (options.executable, options.core)
    // `coreview gdb CORE` and `CORE EXE`: a core is told by what it is, not by where it stands.
    if let path = executablePath, FileKind.of(path) == .core,
      corePath == nil || corePath.map({ FileKind.of($0) }) == .executable
    {
      (executablePath, corePath) = (corePath, path)
    }
    guard let corePath else {
      if let executablePath, FileKind.of(executablePath) == .missing {
        session.note("\(executablePath): No such file or directory.\n")
      }
      return
    }
    let core: CoreFile
    do throws(CoreFileError) {
      core = try CoreFile(path: corePath)
      guard core.hasWholeNotes else { throw CoreFileError(path: corePath, problem: .notELF) }
    } catch {
      session.note(error.gdbMessage + "\n")
      return
    }
    var executable: ElfFile?
    let name =
      executablePath ?? ExecutableFinder.path(auxiliaryVector: core.auxiliaryVector, memory: core.memory)
    if let name {
      executable = try? ElfFile(path: name)
      if executable == nil { session.note("\(name): No such file or directory.\n") }
    }
    for gap in core.gaps { session.note("warning: \(gap.what)\n") }
    let process = CoreProcess(core: core, executable: executable)
    session.load(process)
    StartUp.write(session)
    session.flush()
  }
}

/// What a file is, as far as the order of two names on a command line needs it.
package enum FileKind: Sendable, Equatable {
  case core
  case executable
  case other
  case missing

  package static func of(_ path: String) -> FileKind {
    // What is open already can be a core only, and is not to be read twice.
    if StandardInput.descriptor(path) != nil { return .core }
    guard let file = try? FileBytes(path: path) else { return .missing }
    let head = CoreFile.head(of: file, count: 18)
    guard head.count == 18, Array(head[0..<4]) == [0x7f, 0x45, 0x4c, 0x46] else { return .other }
    let type = head.unsigned(at: 16, size: 2, order: head[5] == 2 ? .big : .little)
    return type == 4 ? .core : type == 2 || type == 3 ? .executable : .other
  }
}

extension CoreFileError {
  /// gdb's sentence for a file that is no core.
  var gdbMessage: String {
    switch problem {
    case .unreadable(let why): "\(why)."
    default: "\"\(path)\" is not a core dump: file format not recognized"
    }
  }
}
