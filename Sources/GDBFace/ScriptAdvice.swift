internal import Bytes
internal import Elfutils
internal import Symbols

/// What gdb says of the scripts that lie beside the files of a process, or that the executable names, and that
/// it does not load as they are outside its safe path (gdb manual, "Auto-loading extensions"). coreview loads
/// no script at all; one inside the safe path is passed over without a word, as gdb loads those.
struct ScriptAdvice {
  /// The byte that an entry of .debug_gdb_scripts begins with (gdb manual, "The .debug_gdb_scripts section").
  private enum Entry: UInt8 {
    case pythonFile = 1
    case schemeFile = 3
    case pythonText = 4
    case schemeText = 6
  }

  /// Bytes of .debug_gdb_scripts that are read.
  private static let maximumSection = 1 << 16

  private let session: Session
  private let safePath: [String]
  private let endings: [String]

  init(_ session: Session) {
    self.session = session
    let folders = session.parameters["debug-file-directory"]
    safePath = session.parameters["auto-load safe-path"].split(separator: ":").flatMap { part in
      if part == "$debugdir" { return folders.split(separator: ":").map(String.init) }
      return [part.hasPrefix("$datadir") ? "/usr/share/gdb" + part.dropFirst("$datadir".count) : String(part)]
    }
    endings =
      (session.parameters.isOn("auto-load gdb-scripts") ? ["-gdb.gdb"] : [])
      + (session.parameters.isOn("auto-load python-scripts") ? ["-gdb.py"] : [])
  }

  /// Says it for the executable and then for the libraries, in the order of the link map.
  func write(for modules: ModuleList) {
    if let executable = modules.executable {
      lookBeside(HostProcess.realPath(executable.elf.path) ?? executable.elf.path)
      readSection(of: executable.elf)
    }
    guard !endings.isEmpty else { return }
    let libraries = modules.libraries.filter { $0.name.hasPrefix("/") }
    var folders = LibraryFolders(of: libraries.map(\.name), endings: endings)
    for library in libraries {
      guard folders.mayHaveScript(library.name), let path = folders.realPath(library.name) else { continue }
      lookBeside(path)
    }
  }

  private func lookBeside(_ path: String) {
    for ending in endings where HostProcess.isReadable(path + ending) { decline(path + ending) }
  }

  private func isSafe(_ path: String) -> Bool {
    safePath.contains { folder in
      folder == "/" || path == folder || path.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
    }
  }

  private func decline(_ path: String) {
    guard !isSafe(path) else { return }
    let name = Escaping.inertText(path)
    session.note(
      """
      warning: File "\(name)" auto-loading has been declined by your `auto-load safe-path' set to \
      "\(session.parameters["auto-load safe-path"])".

      """)
    SafePathHint.write(of: name, in: session)
  }

  /// Scripts by name, looked for from the current folder, and scripts as text.
  private func readSection(of elf: ElfFile) {
    guard let section = elf.section(named: ".debug_gdb_scripts") else { return }
    let bytes = elf.withBytes(of: section) { span in
      var reader = ByteReader(span)
      return (try? reader.readBytes(min(Self.maximumSection, reader.remaining))) ?? []
    }
    let isPythonOn = session.parameters.isOn("auto-load python-scripts")
    let file = Escaping.inertText(HostProcess.realPath(elf.path) ?? elf.path)
    var complaints: Set<Entry> = []
    var start = 0
    while let bytes, start < bytes.count, let kind = Entry(rawValue: bytes[start]) {
      guard let end = bytes[start...].firstIndex(of: 0) else { break }
      let text = String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
      switch kind {
      case .pythonFile where !isPythonOn, .pythonText where !isPythonOn: break
      case .pythonFile:
        if let path = HostProcess.realPath(text) {
          decline(path)
        } else if complaints.insert(kind).inserted {
          note("Missing", "python", at: start, of: file)
        }
      case .pythonText: decline(file)
      case .schemeFile, .schemeText:
        if complaints.insert(.schemeFile).inserted {
          note("Unsupported", "guile", at: start, of: file)
        }
      }
      start = end + 1
    }
  }

  private func note(_ what: String, _ language: String, at offset: Int, of file: String) {
    session.note(
      """
      warning: \(what) auto-load script at offset \(offset) in section .debug_gdb_scripts
      of file \(file).
      Use `info auto-load \(language)-scripts [REGEXP]' to list them.

      """)
  }
}

/// gdb's advice how to allow a file that it did not load; given once.
enum SafePathHint {
  static func write(of file: String, in session: Session) {
    guard !session.hasAdvised else { return }
    session.hasAdvised = true
    session.output.append(
      """
      To enable execution of this file add
      \tadd-auto-load-safe-path \(file)
      line to your configuration file "\(settingsFile)".
      To completely disable this security protection add
      \tset auto-load safe-path /
      line to your configuration file "\(settingsFile)".
      For more information about this security protection see the
      "Auto-loading safe path" section in the GDB manual.  E.g., run from the shell:
      \tinfo "(gdb)Auto-loading safe path"

      """)
  }

  /// Where gdb would read its settings: below $XDG_CONFIG_HOME, else below $HOME.
  private static var settingsFile: String {
    if let folder = HostProcess.variable("XDG_CONFIG_HOME"), folder.hasPrefix("/") {
      return folder + "/gdb/gdbinit"
    }
    return (HostProcess.variable("HOME") ?? "$HOME") + "/.config/gdb/gdbinit"
  }
}
