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
  /// What went wrong with the executable, if anything.
  private(set) var notes: [Report.Note] = []
  var plumbing = Plumbing.shipped

  /// Opens a core, and its executable: the one that is named, or the one that the core names.
  ///
  /// An executable that is missing or does not belong to the core is no error: the report says so in its notes.
  public init(path: String, executable: String? = nil) throws(CoreDumpError) {
    let core: CoreFile
    do {
      core = try CoreFile(path: path)
    } catch {
      var sentence = error.description
      if case .unreadable = error.problem { sentence += "; name a core file that can be read" }
      throw CoreDumpError(path: path, description: sentence)
    }
    guard !core.threads.isEmpty else {
      throw CoreDumpError(
        path: path,
        description:
          "\(path): holds no thread: cut off before its notes (a full disk, or a limit: see ulimit -c)")
    }
    self.path = path
    var found = FoundExecutable(core: core)
    found.open(named: executable)
    process = CoreProcess(core: core, executable: found.elf)
    notes = found.notes
  }
}

/// Why a file could not be opened as a core.
public struct CoreDumpError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The path that was given.
  public var path: String
  /// One sentence that starts with the path: what is wrong, and where that helps, what to do.
  public var description: String
}

/// The executable of a core: opened, or the reason why not as a note.
struct FoundExecutable {
  let core: CoreFile
  private(set) var elf: ElfFile?
  private(set) var notes: [Report.Note] = []

  init(core: CoreFile) {
    self.core = core
  }

  /// Opens the named file; where there is none or it cannot be used, the one that the core names.
  mutating func open(named path: String?) {
    if let path {
      switch Self.read(path, core.architecture) {
      case .success(let found):
        elf = found
        return
      case .failure(let problem): note(problem.sentence)
      }
    }
    guard let own = ExecutableFinder.path(auxiliaryVector: core.auxiliaryVector, memory: core.memory) else {
      if path == nil { note("the core does not tell its executable; name it: coreview EXE CORE") }
      return
    }
    guard own != path else { return }
    switch Self.read(own, core.architecture) {
    case .success(let found):
      elf = found
      if path != nil { note("\(own): read in its place, since the core names it", isIncomplete: false) }
    case .failure(let problem):
      if path == nil { note(problem.sentence + "; name the executable of the core: coreview EXE CORE") }
    }
  }

  private struct Problem: Error {
    var sentence: String
  }

  private mutating func note(_ text: String, isIncomplete: Bool = true) {
    notes.append(Report.Note(kind: .executable, isIncomplete: isIncomplete, text: text))
  }

  private static func read(_ path: String, _ architecture: Architecture) -> Result<ElfFile, Problem> {
    let elf: ElfFile
    do {
      elf = try ElfFile(path: path)
    } catch {
      return .failure(Problem(sentence: "\(error)"))
    }
    guard elf.header.type == 2 || elf.header.type == 3 else {
      return .failure(Problem(sentence: "\(path): is not an executable"))
    }
    let header = elf.header
    guard header.machine == architecture.machine, header.wordSize == architecture.wordSize,
      header.byteOrder == architecture.byteOrder
    else {
      return .failure(
        Problem(sentence: "\(path): is for another processor than the core, which is \(architecture.name)"))
    }
    return .success(elf)
  }
}
