package import ArgumentParser

/// The options that say where files are, of every command that reads a core.
package struct SearchArguments: ParsableArguments {
  @Flag(help: "Use files that the core shows to be of another build; their names may be wrong.")
  package var allowMismatch = false

  @Flag(help: "Ask no debuginfod server, also where DEBUGINFOD_URLS names some.")
  package var noDebuginfod = false

  @Flag(help: "Neither read nor write the cache of decompressed debug information.")
  package var noCache = false

  @Option(
    name: .customLong("debug-dir"),
    help: ArgumentHelp("Where debug files are, besides /usr/lib/debug; may be given again.", valueName: "dir")
  )
  package var debugDirectories: [String] = []

  @Option(help: ArgumentHelp("What stands before the absolute names of libraries.", valueName: "dir"))
  package var sysroot = ""

  @Option(
    name: .customLong("solib-search-path"),
    help: ArgumentHelp(
      "Folders, parted by colons, with libraries that are not at their paths.", valueName: "dirs"))
  package var librarySearchPath = ""

  @Option(
    help: ArgumentHelp(
      "The unpacked image of the container that the process ran in; its names never lead out of it.",
      valueName: "dir"))
  package var root: String?

  package init() {}

  /// The words that a command line with these options holds.
  package var words: [String] {
    var result = debugDirectories.map { "--debug-dir=\($0)" }
    if allowMismatch { result.append("--allow-mismatch") }
    if noDebuginfod { result.append("--no-debuginfod") }
    if noCache { result.append("--no-cache") }
    if !sysroot.isEmpty { result.append("--sysroot=\(sysroot)") }
    if !librarySearchPath.isEmpty { result.append("--solib-search-path=\(librarySearchPath)") }
    if let root { result.append("--root=\(root)") }
    return result
  }
}
