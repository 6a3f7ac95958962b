internal import Bytes
internal import Elfutils
internal import Symbols

/// What gdb writes to stdout while it asks debuginfod servers; without a terminal a line for each file.
enum DownloadLine {
  static func write(_ download: FileFinder.Download, in session: Session) {
    switch download {
    case .started(let kind, let name, let bytes):
      session.output.append("Downloading \(size(bytes))\(what(kind, name, session))...\n")
    case .failed(let kind, let name, let why):
      session.output.append("Download failed: \(why).  Continuing without \(what(kind, name, session)).\n")
    case .refused(let why):
      session.note("\nwarning: \(Escaping.inertText(why))\n")
    }
  }

  private static func what(_ kind: DebuginfodClient.Kind, _ name: String, _ session: Session) -> String {
    // The executable is named as the user wrote it; everything else has its path from the core or from a debug file.
    let isNamed = name == session.executablePath
    let path = isNamed ? FileCommands.absolute(name.hasPrefix("./") ? String(name.dropFirst(2)) : name) : name
    let shown = Escaping.inertText(path)
    return switch kind {
    case .debugInfo: "separate debug info for \(shown)"
    case .executable: "executable for \(shown)"
    case .source: "source file \(shown)"
    }
  }

  /// As far as it is known when the line is written, which is a matter of milliseconds for gdb, too.
  private static func size(_ bytes: Int) -> String {
    guard bytes > 0 else { return "" }
    let (unit, name) = bytes > 1 << 20 ? (1 << 20, "M") : (1 << 10, "K")
    let hundredths = (bytes * 100 + unit / 2) / unit
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) \(name) "
  }
}
