internal import ArgumentParser
internal import CoreviewKit

/// The options that say where files are, of every command that reads a core.
struct SearchArguments: ParsableArguments {
  @Flag(help: "Use files that the core shows to be of another build; their names may be wrong.")
  var allowMismatch = false

  @Flag(help: "Ask no debuginfod server, also where DEBUGINFOD_URLS names some.")
  var noDebuginfod = false

  @Flag(help: "Neither read nor write the cache of decompressed debug information.")
  var noCache = false

  @Option(
    name: .customLong("debug-dir"),
    help: ArgumentHelp("Where debug files are, besides /usr/lib/debug; may be given again.", valueName: "dir")
  )
  var debugDirectories: [String] = []

  @Option(help: ArgumentHelp("What stands before the absolute names of libraries.", valueName: "dir"))
  var sysroot = ""

  @Option(
    name: .customLong("solib-search-path"),
    help: ArgumentHelp(
      "Folders, parted by colons, with libraries that are not at their paths.", valueName: "dirs"))
  var librarySearchPath = ""

  @Option(
    help: ArgumentHelp(
      "The unpacked image of the container that the process ran in; its names never lead out of it.",
      valueName: "dir"))
  var root: String?

  var options: SearchOptions {
    var result = SearchOptions()
    result.allowsMismatch = allowMismatch
    result.debugDirectories = debugDirectories + result.debugDirectories
    result.sysroot = sysroot
    result.librarySearchPath = librarySearchPath.split(separator: ":").map(String.init)
    result.root = root
    result.asksServers = !noDebuginfod
    result.usesCache = !noCache
    return result
  }
}
