internal import Backtraces
internal import Bytes
internal import CoreFiles
internal import Elfutils
internal import ProcessModel
internal import Snapshots
internal import Symbols
internal import Unwinding

/// Loading: `file`, `exec-file`, `symbol-file`, `core-file`, and the same by the command line.
enum FileCommands {
  static let commands: [String: Commands.Action] = [
    "file": file, "exec-file": file, "symbol-file": file, "core-file": core, "detach": detach,
    "attach": attach,
    "kill": kill, "directory": directory, "add-auto-load-safe-path": addSafePath,
    "add-auto-load-scripts-directory": addScriptsDirectory, "sharedlibrary": nothing,
    "dont-repeat": nothing, "handle": nothing, "delete": nothing,
  ]

  /// What gdb does has no effect on a core that is looked at once.
  private static func nothing(_: Session, _: String) throws(CommandError) {}

  // MARK: Commands

  private static func file(_ session: Session, _ text: String) throws(CommandError) {
    let words = Words.split(text)
    guard let path = words.first(where: { !$0.hasPrefix("-") }) else {
      session.executablePath = nil
      if session.corePath != nil { reload(session) }
      return
    }
    if words.count > 1, let extra = words.first(where: { $0 != path && !$0.hasPrefix("-") }) {
      throw CommandError("Unrecognized argument \"\(extra)\"")
    }
    try setExecutable(tilde(path), in: session)
    if session.corePath != nil { reload(session) }
  }

  private static func core(_ session: Session, _ text: String) throws(CommandError) {
    guard !text.isEmpty else {
      if session.process != nil, session.isInteractive { session.output.append("No core file now.\n") }
      session.unload()
      return
    }
    try loadCore(tilde(text), in: session)
  }

  private static func attach(_ session: Session, _ text: String) throws(CommandError) {
    guard !text.isEmpty else { throw CommandError("Argument required (process-id to attach).") }
    try LiveSession.attach(text, in: session)
  }

  private static func detach(_ session: Session, _: String) throws(CommandError) {
    if session.live != nil {
      LiveSession.detach(session)
      return session.unload()
    }
    guard session.process != nil else { throw CommandError("The program is not being run.") }
    if session.isInteractive { session.output.append("No core file now.\n") }
    session.unload()
  }

  private static func kill(_ session: Session, _: String) throws(CommandError) {
    guard session.process != nil else { throw CommandError("The program is not being run.") }
    if session.parameters.isOn("confirm") {
      session.output.append(
        "Kill the program being debugged? (y or n) [answered Y; input not from terminal]\n")
    }
    throw CommandError("You can't do that without a process to debug.")
  }

  /// `directory FOLDER…`: put before those that are searched for source files.
  private static func directory(_ session: Session, _ text: String) throws(CommandError) {
    let before = session.parameters["directories"]
    session.parameters["directories"] =
      text.isEmpty ? "" : text.split(separator: " ").joined(separator: ":") + ":" + before
    if session.isInteractive {
      session.output.append("Source directories searched: \(session.parameters["directories"])$cdir:$cwd\n")
    }
  }

  private static func addSafePath(_ session: Session, _ text: String) throws(CommandError) {
    session.parameters["auto-load safe-path"] += ":" + text
  }

  private static func addScriptsDirectory(_ session: Session, _ text: String) throws(CommandError) {
    session.parameters["auto-load scripts-directory"] += ":" + text
  }

  private static func tilde(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = HostProcess.variable("HOME") else { return path }
    return home + path.dropFirst()
  }

  static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), StandardInput.descriptor(path) == nil,
      let folder = HostProcess.currentFolder
    else { return path }
    return "\(folder)/\(path)"
  }

  // MARK: Loading

  private static let mostMappings = 65536

  /// Names the executable; it is opened with the core.
  static func setExecutable(_ path: String, in session: Session) throws(CommandError) {
    do throws(FileError) {
      _ = try FileBytes(path: path)
    } catch {
      throw CommandError("\(path): \(error.gdbReason).")
    }
    guard (try? ElfFile(path: path)) != nil else {
      throw CommandError("\"\(absolute(path))\": not in executable format: file format not recognized")
    }
    session.executablePath = path
    if session.isInteractive { session.output.append("Reading symbols from \(path)...\n") }
  }

  /// Loads a core and says what gdb says by itself. `isFirst` is the core of the command line: gdb loads it before
  /// the scripts that come with libraries, so that its first frame is printed without their printers.
  static func loadCore(_ path: String, isFirst: Bool = false, in session: Session) throws(CommandError) {
    session.unload()
    let core: CoreFile
    do throws(CoreFileError) {
      core = try CoreFile(path: absolute(path))
      guard core.hasWholeNotes else { throw CoreFileError(path: absolute(path), problem: .notELF) }
    } catch {
      throw CommandError(error.gdbMessage)
    }
    session.corePath = path
    let process = process(of: core, in: session)
    for gap in core.gaps { session.note("warning: \(gap.what)\n") }
    lookForMappedFiles(core, in: session)
    compare(process, in: session)
    session.load(process)
    // A snapshot has names.
    if let facts = SnapshotFile(core)?.process { session.name(ThreadLabels(facts)) }
    apply(session)
    let hasRawArguments = session.settings.hasRawArguments
    if isFirst { session.settings.hasRawArguments = true }
    StartUp.write(session)
    session.settings.hasRawArguments = hasRawArguments
    ScriptAdvice(session).write(for: process.modules)
  }

  /// gdb opens every file that was mapped, and complains of those that are not there: of a path once, of what has none, such
  /// as anon_inode:[io_uring], each time. How it spells names below a sysroot is not known here.
  private static func lookForMappedFiles(_ core: CoreFile, in session: Session) {
    guard ["", "/", "target:"].contains(session.parameters["sysroot"]) else { return }
    var seen: Set<String> = []
    for mapping in core.fileMappings.prefix(mostMappings) {
      let isPath = mapping.path.hasPrefix("/")
      guard seen.insert(mapping.path).inserted || !isPath, FileStatus(path: mapping.path) == nil else {
        continue
      }
      let name = Escaping.inertText(mapping.path)
      let shown = isPath ? name : "\(name) which was expanded to \(name)"
      session.note("\nwarning: Can't open file \(shown) during file-backed mapping note processing\n")
    }
  }

  /// gdb's doubts whether core and executable are a pair: neither build ID nor name agree, or the file is the newer.
  private static func compare(_ process: CoreProcess, in session: Session) {
    guard let executable = process.modules.executable?.elf else { return }
    let name = executable.path.split(separator: "/").last.map(String.init) ?? executable.path
    let ran = process.modules.executableImage?.buildID
    if let ran, ran == executable.buildIDBytes.map({ BuildID($0) }) {
      guard executable.modified > process.core.modified else { return }
      session.note("\nwarning: exec file is newer than core file.\n")
    } else if let info = process.core.info, info.command != name {
      session.note("\nwarning: core file may not match specified executable file.\n")
    }
  }

  /// The core with the executable that was named, or else the one that the core names.
  private static func process(of core: CoreFile, in session: Session) -> CoreProcess {
    let name =
      session.executablePath
      ?? ExecutableFinder.path(auxiliaryVector: core.auxiliaryVector, memory: core.memory)
    var executable: ElfFile?
    if let name {
      executable = try? ElfFile(path: name)
      // gdb said so when the executable was named.
      if executable == nil, session.executablePath == nil {
        session.note("\(name): No such file or directory.\n")
      }
    }
    return CoreProcess(core: core, executable: executable, finder: finder(session))
  }

  private static func finder(_ session: Session) -> FileFinder {
    var search = FileSearch()
    search.debugDirectories = folders(session.parameters["debug-file-directory"])
    let root = session.parameters["sysroot"]
    search.sysroot = root == "target:" || root == "/" ? "" : root
    search.librarySearchPath = folders(session.parameters["solib-search-path"])
    search.asksServers = session.parameters["debuginfod enabled"] == "on"
    let finder = FileFinder(search)
    if search.asksServers {
      finder.onDownload = { [unowned session] in DownloadLine.write($0, in: session) }
    }
    return finder
  }

  private static func folders(_ list: String) -> [String] {
    list.split(separator: ":").map { String($0) }
  }

  /// The same core again, after its executable or the paths of its libraries have changed.
  static func reload(_ session: Session) {
    guard let path = session.corePath, let core = try? CoreFile(path: absolute(path)) else { return }
    let (thread, level) = (session.selectedThread, session.selectedLevel)
    session.load(process(of: core, in: session))
    apply(session)
    (session.selectedThread, session.selectedLevel) = (thread, level)
  }

  /// The settings that the process holds itself.
  static func apply(_ session: Session) {
    guard let unwinder = session.process?.unwinder else { return }
    unwinder.maximumFrames = session.parameters.limit("backtrace limit") ?? .max
    unwinder.goOn(
      pastMain: session.parameters.isOn("backtrace past-main"),
      pastEntry: session.parameters.isOn("backtrace past-entry"))
  }
}

/// Words as gdb's argument vectors have them: quotes and backslashes taken away.
enum Words {
  static func split(_ text: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var isEscaped = false
    for character in text {
      if isEscaped {
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character == " " || character == "\t" {
        if let whole = word { words.append(whole) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let whole = word { words.append(whole) }
    return words
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
    case .unreadable(let why):
      why.hasSuffix("is a directory")
        ? "\"\(path)\" is not a core dump: file format not recognized" : "\(why)."
    default: "\"\(path)\" is not a core dump: file format not recognized"
    }
  }
}
