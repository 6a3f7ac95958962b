internal import Bytes
internal import Elfutils
internal import Snapshots
internal import Symbols

/// Where the files of a process are looked for, and which are good enough.
public struct SearchOptions: Sendable, Equatable {
  /// Where debug files are, by build ID and by the path of the file they belong to.
  public var debugDirectories: [String] = ["/usr/lib/debug"]
  /// What stands before the absolute names of libraries: gdb's `sysroot`.
  public var sysroot = ""
  /// Folders with libraries that are not at their paths: gdb's `solib-search-path`.
  public var librarySearchPath: [String] = []
  /// The unpacked image of the container that the process ran in; names of files never lead out of it.
  public var root: String?
  /// Whether files are used that the core shows to be of another build.
  public var allowsMismatch = false
  /// Whether debuginfod servers are asked for what is missing, if the environment names any (DEBUGINFOD_URLS).
  public var asksServers = true
  /// Whether decompressed debug information is kept in `$XDG_CACHE_HOME/coreview` for the next run.
  public var usesCache = true
  /// Whether stderr, if it is a terminal, shows what is being fetched.
  public var showsProgress = false

  /// The options of a command line without any.
  public init() {}

  /// Whether there are servers that may be asked.
  package var mayAskServers: Bool { asksServers && DebuginfodClient.urls != nil }

  func finder(shared: SharedFiles? = nil) throws(CoreDumpError) -> FileFinder {
    var search = FileSearch()
    search.debugDirectories = debugDirectories
    search.sysroot = sysroot
    search.librarySearchPath = librarySearchPath
    search.checksIdentity = !allowsMismatch
    search.usesMappings = true
    search.asksServers = asksServers
    search.usesCache = usesCache
    search.showsProgress = showsProgress
    if let root {
      do throws(FileError) {
        search.root = try FolderRoot(path: root)
      } catch {
        throw CoreDumpError(path: root, description: "\(error.description); --root wants an unpacked image")
      }
    }
    return FileFinder(search, shared: shared)
  }

  /// The same for a running process, whose files may be gone from their paths or lie in a mount namespace of its own.
  func finder(for image: LiveImage) throws(CoreDumpError) -> FileFinder {
    var options = self
    options.root = root ?? image.root
    var search = try options.finder().search
    search.places = image.places
    return FileFinder(search)
  }
}
