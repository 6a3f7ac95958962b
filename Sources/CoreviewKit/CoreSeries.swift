internal import Signatures
internal import Symbols

/// Opens cores one after another, each with what earlier ones needed of libraries and debug files already read.
///
///     let series = CoreSeries()
///     for path in paths { print(try series.open(path).report().reason) }
///
/// What is kept is bounded by a number of files; a file that was replaced between two cores is read anew. A ``CoreDump`` is
/// only to be used until the next one is opened.
public final class CoreSeries {
  private let search: SearchOptions
  private let files = SharedFiles()
  private var roles = FunctionRoles()

  /// A series whose files are all looked for in the same places.
  public init(search: SearchOptions = SearchOptions()) {
    self.search = search
  }

  /// Opens a core as ``CoreDump/init(path:executable:proc:search:journal:)`` does.
  public func open(_ path: String) throws(CoreDumpError) -> CoreDump {
    files.bound()
    let core = try CoreDump(path: path, finder: try search.finder(shared: files))
    core.roles = roles
    return core
  }

  /// Forgets what earlier cores needed.
  public func forget() {
    files.clear()
    roles = FunctionRoles()
  }
}
