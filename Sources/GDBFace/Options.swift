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
  /// `-p PID`.
  package var process: String?
  package var commands: [Command] = []
  package var isBatch = false
  /// `-batch-silent`: nothing goes to stdout.
  package var isSilent = false
  /// `-q`: no greeting.
  package var isQuiet = false
  package var returnsChildResult = false
  /// `-cd`.
  package var folder: String?
  /// `-d`, in the order in which they are searched.
  package var sourceFolders: [String] = []
  package var showsVersion = false
  package var showsHelp = false
  /// Arguments that nothing could be made of, in gdb's words.
  package var complaints: [String] = []

  /// Options without a value that change nothing here: no init files are read, nothing is styled.
  private static let silent: Set<String> = [
    "nx", "n", "nh", "nw", "nowindows", "w", "windows", "readnow", "r", "readnever", "tui", "f", "fullname",
    "statistics", "write", "dbx", "mapped", "use-deprecated-index-sections",
  ]
  private static let valued: [String: String] = [
    "ex": "ex", "eval-command": "ex", "iex": "iex", "init-eval-command": "iex", "x": "x", "command": "x",
    "ix": "ix", "init-command": "ix", "c": "core", "core": "core", "e": "exec", "exec": "exec", "s": "exec",
    "se": "exec", "symbols": "exec", "cd": "cd", "d": "directory", "directory": "directory", "D": "data",
    "data-directory": "data", "p": "pid", "pid": "pid", "b": "data", "t": "data", "tty": "data",
    "l": "data", "interpreter": "data", "i": "data", "annotate": "data", "a": "data", "u": "data",
  ]

  /// Whether the command line cannot be used at all.
  package var isUnusable = false

  static let help = """
    coreview gdb [OPTION…] [EXECUTABLE] [CORE]
    coreview gdb [OPTION…] --args EXECUTABLE [ARGUMENT…]

      -batch                  run the commands, then leave
      -ex COMMAND, -x FILE    a command, a file of commands; -iex, -ix before the files are loaded
      -core FILE, -c FILE     the core
      -exec FILE, -se FILE    the executable
      -cd FOLDER, -d FOLDER   the working folder, a folder of source files
      -q, -nx, -batch-silent, -return-child-result, --version, --help as gdb has them

    See coreview(1) for the commands.

    """

  package init(arguments: [String]) {
    var rest = arguments[...]
    var files: [String] = []
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-"), argument.utf8.count > 1 else {
        files.append(argument)
        continue
      }
      let body = String(argument.dropFirst(argument.hasPrefix("--") ? 2 : 1))
      let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let name = parts[0]
      if name == "args" {
        // What follows are the program's arguments.
        if let first = rest.popFirst() { files = [first] + files }
        break
      }
      if name == "batch" {
        isBatch = true
      } else if name == "batch-silent" {
        (isBatch, isSilent) = (true, true)
      } else if ["q", "quiet", "silent"].contains(name) {
        isQuiet = true
      } else if name == "return-child-result" {
        returnsChildResult = true
      } else if name == "version" || name == "v" {
        showsVersion = true
      } else if name == "help" || name == "h" {
        showsHelp = true
      } else if let meaning = Self.valued[name] {
        guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
          complaints.append("coreview gdb: option '\(argument)' requires an argument")
          isUnusable = true
          continue
        }
        take(meaning, value)
      } else if !Self.silent.contains(name) {
        complaints.append("coreview gdb: unrecognized option '\(argument)'")
        isUnusable = true
      }
    }
    if executable == nil, !files.isEmpty { executable = files.removeFirst() }
    if core == nil, !files.isEmpty { core = files.removeFirst() }
    if let extra = files.first {
      complaints.append("Excess command line arguments ignored. (\(extra)\(files.count > 1 ? " ..." : ""))")
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
    case "cd": folder = value
    case "pid": process = value
    case "directory": sourceFolders.append(value)
    default: break
    }
  }
}
