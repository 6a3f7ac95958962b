/// gdb's own command line, as far as a core needs it: options with one dash or two, `-x VALUE` or `-x=VALUE`.
package struct Options: Sendable, Equatable {
  /// A command and when it runs.
  package struct Command: Sendable, Equatable {
    package var text: String
    /// `-iex`, `-ix`: before the files are loaded.
    package var isEarly: Bool
    /// `-x`, `-ix`: the text names a file of commands.
    package var isFile: Bool
  }

  package var executable: String?
  package var core: String?
  package var commands: [Command] = []
  package var isBatch = false
  package var showsVersion = false
  package var showsHelp = false
  /// Arguments that nothing could be made of, in gdb's words.
  package var complaints: [String] = []

  /// Options without a value that change nothing here: no init files are read, nothing is styled.
  private static let silent: Set<String> = [
    "q", "quiet", "silent", "nx", "n", "nh", "nw", "nowindows", "batch-silent", "readnow", "readnever",
    "return-child-result",
    "interpreter", "l", "tui", "f", "fullname", "annotate",
  ]
  private static let valued: [String: String] = [
    "ex": "ex", "eval-command": "ex", "iex": "iex", "init-eval-command": "iex", "x": "x", "command": "x",
    "ix": "ix", "init-command": "ix", "c": "core", "core": "core", "e": "exec", "exec": "exec", "s": "exec",
    "se": "exec", "symbols": "exec", "cd": "cd", "d": "directory", "directory": "directory", "D": "data",
    "data-directory": "data", "i": "data", "p": "pid", "pid": "pid", "b": "data", "t": "data", "tty": "data",
  ]

  package init(arguments: [String]) {
    var rest = arguments[...]
    var files: [String] = []
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-"), argument.utf8.count > 1 else {
        files.append(argument)
        continue
      }
      let body = String(argument.drop { $0 == "-" })
      let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let name = parts[0]
      if name == "args" {
        if let first = rest.popFirst() { files.append(first) }
        break
      }
      if name == "batch" {
        isBatch = true
      } else if name == "version" || name == "v" {
        showsVersion = true
      } else if name == "help" || name == "h" {
        showsHelp = true
      } else if let meaning = Self.valued[name] {
        guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
          complaints.append("option requires an argument -- '\(name)'")
          continue
        }
        take(meaning, value)
      } else if !Self.silent.contains(name) {
        complaints.append("unrecognized option '\(argument)'")
      }
    }
    if executable == nil, !files.isEmpty { executable = files.removeFirst() }
    if core == nil, !files.isEmpty { core = files.removeFirst() }
    for extra in files {
      complaints.append("Excess command line arguments ignored. (\(extra))")
    }
  }

  private mutating func take(_ meaning: String, _ value: String) {
    switch meaning {
    case "ex": commands.append(Command(text: value, isEarly: false, isFile: false))
    case "iex": commands.append(Command(text: value, isEarly: true, isFile: false))
    case "x": commands.append(Command(text: value, isEarly: false, isFile: true))
    case "ix": commands.append(Command(text: value, isEarly: true, isFile: true))
    case "core": core = value
    case "exec": executable = value
    default: break
    }
  }
}
