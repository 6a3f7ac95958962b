internal import Backtraces
internal import CoreFiles
internal import Elfutils
internal import ProcessModel
@_exported public import Reporting
internal import Signatures
internal import Symbols

/// A core file, opened: what a program that wants a report starts with.
///
///     let dump = try CoreDump(path: "core.1234")
///     let report = dump.report()
///     print(report.reason)                    // SIGSEGV: no mapping at 0x8 (SEGV_MAPERR)
///     for frame in report.stacks[0].frames { print(frame.level, frame.function ?? "??") }
///
/// Opens the core, the executable, the libraries that frames lie in and their debug files; regular files only, and
/// nothing on the network. Not to be used by two threads at a time.
public final class CoreDump {
  /// The version of coreview.
  public static let version = "0.1.0"

  /// The path of the core, as it was given.
  public let path: String
  let process: CoreProcess
  let finder: FileFinder
  /// What was written down of the process besides its core.
  var record: Report.Record?
  /// What went wrong with the executable, if anything.
  private(set) var notes: [Report.Note] = []
  var plumbing = Plumbing.shipped

  /// Opens a core, and its executable: the one that is named, or the one that the core names.
  ///
  /// An executable that is missing or does not belong to the core is no error: the report says so in its notes.
  ///
  /// `journal` names a file that `journalctl -o json --all` wrote, whose record of this core is joined.
  public convenience init(
    path: String, executable: String? = nil, search: SearchOptions = SearchOptions(), journal: String? = nil
  ) throws(CoreDumpError) {
    let finder = try search.finder()
    let core: CoreFile
    do {
      core = try CoreFile(path: path)
    } catch {
      var sentence = error.description
      if case .unreadable = error.problem { sentence += "; name a core file that can be read" }
      let isForeign =
        switch error.problem {
        case .empty, .notELF, .notCore: true
        default: false
        }
      throw CoreDumpError(path: path, description: sentence, isForeign: isForeign)
    }
    try Self.requireThreads(core, path)
    var records = RecordFinder(path: path, processID: core.info?.processID)
    if let journal { records.join(journal: journal) }
    self.init(core, path: path, executable: executable, finder: finder)
    record = records.record
    notes += records.notes
  }

  init(_ core: CoreFile, path: String, executable: String?, finder: FileFinder) {
    self.path = path
    finder.supply(core.memory, of: core.architecture)
    var found = FoundExecutable(core: core, finder: finder)
    found.open(named: executable)
    process = CoreProcess(core: core, executable: found.elf, finder: finder)
    self.finder = finder
    notes = found.notes
  }
}

/// Why a file could not be opened as a core.
public struct CoreDumpError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The path that was given.
  public var path: String
  /// One sentence that starts with the path: what is wrong, and where that helps, what to do.
  public var description: String
  /// Whether the file can be read and is something else than a core.
  public var isForeign = false
}
