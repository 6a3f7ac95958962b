package import Backtraces
package import Bytes
internal import CoreFiles
internal import Elfutils
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
  package var isQuitting = false
  /// The source file that was looked for last, and whether it was there: gdb complains of a missing file
  /// once, and from then on names it in the line's place.
  var latestSource: SourceLine.File?

  /// `set print …`; told to the process that is loaded, and kept for the next.
  package var settings = PrintSettings() {
    didSet { process?.settings = settings }
  }
  /// Settings that change nothing, by name.
  var inertSettings: [String: String] = [:]

  package init(write: @escaping (_ output: inout TextBuffer, _ notes: inout TextBuffer) -> Void) {
    self.write = write
  }

  package func flush() {
    write(&output, &notes)
  }

  /// A note for the user: stderr, or within `thread apply` where the result goes.
  package func note(_ text: String) {
    if isCapturing {
      output.append(text)
    } else {
      notes.append(text)
    }
  }

  package func load(_ process: CoreProcess) {
    self.process = process
    process.settings = settings
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
}
