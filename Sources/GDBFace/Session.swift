package import Backtraces
internal import Snapshots
package import Bytes
internal import CoreFiles
internal import Elfutils
internal import Evaluation
internal import ProcessModel
internal import Symbols
package import Unwinding

/// Why a command did nothing, in gdb's words; goes to stderr.
package struct CommandError: Error, Sendable, Equatable {
  package var message: String

  package init(_ message: String) { self.message = message }
}

/// The state between commands: the process, the selected thread and frame, and what is still to be written.
package final class Session {
  package private(set) var process: CoreProcess?
  package var output = TextBuffer()
  package var notes = TextBuffer()
  /// Where the texts go; tests catch them in memory.
  package var write: (_ output: inout TextBuffer, _ notes: inout TextBuffer) -> Void
  /// Index into the process's threads.
  package var selectedThread = 0
  /// Level of the selected frame.
  package var selectedLevel = 0
  /// Inside `thread apply`, what would go to stderr is part of the result (contract, S-3).
  package var isCapturing = false
  /// Whether complaints stand in the text although it is streamed.
  var mixesComplaints = false {
    didSet {
      if let process { FrameWriter.tellExceptions(mixesComplaints, in: process.unwinder) }
    }
  }
  package var isQuitting = false
  /// What `quit N` asks for.
  package var exitStatus: Int32?
  package var parameters = Settings()
  /// The names of the files that were loaded, for commands that load the other one.
  var executablePath: String?
  var corePath: String?
  /// Whether a user types the commands, or they come from standard input in their place: gdb then says more.
  var isInteractive = false
  /// Where commands that need more lines read them.
  var input: CommandInput?
  var userCommands: [String: UserCommand] = [:]
  /// Names given by `thread name`, by thread number.
  var threadNames: [Int: String] = [:]
  /// Whether gdb's advice on its safe path has been given.
  var hasAdvised = false
  /// How deep command files and user commands are nested.
  var depth = 0
  /// Where `list` stands.
  var listing = SourceListing()
  private var log: OutputFile?
  /// What was written since it began to be kept.
  private var recording: TextBuffer?
  /// The running process that is looked at, if it is one.
  var live: LiveImage?

  /// The value history and the convenience variables.
  private(set) var workspace = Workspace(process: nil)
  /// The format letter and size of the last `x` or `print`, for the next without.
  var lastFormat = Format()
  /// Where `x` goes on.
  var nextAddress: UInt64 = 0
  /// `set print …`; told to the process that is loaded, and kept for the next.
  package var settings = PrintSettings() {
    didSet { process?.settings = settings }
  }
  /// Settings that change nothing, by name.
  var inertSettings: [String: String] = [:]

  package init(write: @escaping (_ output: inout TextBuffer, _ notes: inout TextBuffer) -> Void) {
    self.write = write
  }

  package func flush() { emit(&output) }

  /// Hands on a part of the output, while the rest of it may be in somebody else's hands.
  func emit(_ text: inout TextBuffer) {
    recording?.append(text)
    if let recording, !RepeatedStack.isKept(recording) { self.recording = nil }
    guard let log else { return write(&text, &notes) }
    log.write(text)
    log.write(notes)
    if parameters.isOn("logging redirect") {
      text.removeAll()
      notes.removeAll()
    } else {
      write(&text, &notes)
    }
  }

  /// Keeps what is written from here on, as long as it is not too much.
  func beginRecording() {
    flush()
    recording = TextBuffer()
  }

  /// All that was written, unless it was too much.
  func endRecording() -> TextBuffer? {
    flush()
    defer { recording = nil }
    return recording
  }

  /// A note for the user: stderr, or within `thread apply` where the result goes.
  package func note(_ text: String) {
    if isCapturing {
      output.append(text)
    } else {
      notes.append(text)
    }
  }

  /// Begins or ends to write what is printed to the log file.
  func log(_ isOn: Bool) throws(CommandError) {
    let path = parameters["logging file"]
    flush()
    guard isOn else {
      if log != nil, isInteractive { output.append("Done logging to \(path).\n") }
      log = nil
      return
    }
    if log != nil { throw CommandError("Already logging to \(path).") }
    do throws(FileError) {
      let file = try OutputFile(path: path, isAppending: !parameters.isOn("logging overwrite"))
      if isInteractive {
        let verb = parameters.isOn("logging redirect") ? "Redirecting" : "Copying"
        output.append("\(verb) output to \(path).\nCopying debug output to \(path).\n")
        flush()
      }
      log = file
    } catch {
      throw CommandError("set logging: \(error.reason)")
    }
  }

  package func load(_ process: CoreProcess) {
    self.process = process
    FrameWriter.followScripts(parameters.isOn("auto-load python-scripts"), in: process.unwinder)
    process.settings = settings
    let next = Workspace(process: process)
    next.inherit(workspace)
    workspace = next
    selectedThread = 0
    selectedLevel = 0
  }

  /// Forgets the process, as `detach` does.
  func unload() {
    process = nil
    corePath = nil
    live = nil
    threadNames = [:]
    listing = SourceListing()
    selectedThread = 0
    selectedLevel = 0
  }

  /// The thread that commands speak of.
  package func currentThread() throws(CommandError) -> (process: CoreProcess, thread: ListedThread) {
    guard let process, process.threads.indices.contains(selectedThread) else {
      throw CommandError("No stack.")
    }
    return (process, process.threads[selectedThread])
  }

  /// The frame at a level of the selected thread; `nil` beyond the outermost.
  package func frame(at level: Int) throws(CommandError) -> Frame? {
    let (process, thread) = try currentThread()
    var walker = StackWalker(thread: process.unwinder(of: thread))
    while let frame = walker.next() {
      if frame.level == level { return frame }
    }
    return nil
  }

  /// The selected frame, in the words of commands that need one.
  func selectedFrame(_ complaint: String = "No frame selected.") throws(CommandError) -> Frame {
    guard process != nil, let frame = try frame(at: selectedLevel) else { throw CommandError(complaint) }
    return frame
  }

  // MARK: Facts for `show`

  var currentLanguageName: String {
    guard process != nil, let frame = try? frame(at: selectedLevel) else { return "c" }
    return LanguageNames.name(of: frame.code.unit?.language ?? workspace.fallbackLanguage)
  }

  var architectureName: String {
    guard let process else { return "i386" }
    switch process.core.architecture.name {
    case "x86-64": return "i386:x86-64"
    case let name: return name
    }
  }

  var byteOrderName: String { process?.core.architecture.byteOrder == .big ? "big" : "little" }

  /// What a changed setting means for what is loaded.
  func settingChanged(_ name: String) {
    switch name {
    case "sysroot", "solib-search-path": if process != nil { FileCommands.reload(self) }
    case "backtrace limit", "backtrace past-main", "backtrace past-entry": FileCommands.apply(self)
    default: break
    }
  }
}

extension FileError {
  /// The system's word alone: gdb puts the path where it wants it.
  var reason: String {
    let prefix = path + ": "
    return description.hasPrefix(prefix) ? String(description.dropFirst(prefix.count)) : description
  }
}

extension Session {
  /// Writes what there is once it is much, in loops of command files.
  func flushWhereLong() {
    if !isCapturing, output.count > 65536 { flush() }
  }
}
