internal import Backtraces
internal import Bytes
internal import CoreFiles
internal import Elfutils
internal import ProcessModel
@_exported public import Reporting
internal import LiveProcesses
internal import ProcFiles
internal import Snapshots
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
  let origin: Report.Origin
  /// What /proc said, if anything did.
  let facts: ProcFacts?
  var captureFacts: Report.Capture?
  /// The running process, as long as its memory may be asked for.
  let live: LiveImage?
  /// Read when a crash is named: what runs has none.
  lazy var roles = FunctionRoles()

  /// Opens a core, and its executable: the one that is named, or the one that the core names.
  ///
  /// An executable that is missing or does not belong to the core is no error: the report says so in its notes.
  ///
  /// `journal` names a file that `journalctl -o json --all` wrote, whose record of this core is joined. `proc` is what was
  /// kept of the process's /proc folder: a copy of it, or a snapshot.
  public convenience init(
    path: String, executable: String? = nil, proc: String? = nil, search: SearchOptions = SearchOptions(),
    journal: String? = nil
  ) throws(CoreDumpError) {
    try self.init(
      path: path, executable: executable, proc: proc, finder: try search.finder(), journal: journal)
  }

  convenience init(
    path: String, executable: String? = nil, proc: String? = nil, finder: FileFinder, journal: String? = nil
  ) throws(CoreDumpError) {
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
    var notes: [Report.Note] = []
    let snapshot = SnapshotFile(core)
    if let snapshot { notes += Self.notes(of: snapshot, path) }
    var facts = snapshot?.process.map { ProcFacts($0, machine: core.architecture.machine) }
    if let proc {
      let (joined, problem) = Self.facts(at: proc, for: core)
      facts = joined ?? facts
      if let problem { notes.append(Report.Note(kind: .process, isIncomplete: true, text: problem)) }
    }
    self.init(
      core: core, path: path, executable: executable, origin: snapshot == nil ? .core : .snapshot,
      facts: facts,
      notes: notes, finder: finder)
    captureFacts = snapshot.map { Self.capture($0, core) }
    guard origin == .core else { return }
    var records = RecordFinder(path: path, processID: core.info?.processID)
    if let journal { records.join(journal: journal) }
    record = records.record
    self.notes += records.notes
  }

  convenience init(_ core: CoreFile, path: String, executable: String?, finder: FileFinder) {
    self.init(
      core: core, path: path, executable: executable, origin: .core, facts: nil, notes: [], finder: finder)
  }

  private init(
    core: CoreFile, path: String, executable: String?, origin: Report.Origin, facts: ProcFacts?,
    notes: [Report.Note], finder: FileFinder, live: LiveImage? = nil
  ) {
    self.path = path
    self.origin = origin
    self.facts = facts
    self.live = live
    finder.supply(core.memory, of: core.architecture)
    var found = FoundExecutable(core: core, finder: finder)
    found.open(named: executable)
    process = CoreProcess(
      core: core, executable: found.elf, finder: finder, labels: facts?.labels ?? ThreadLabels())
    self.finder = finder
    self.notes = notes + found.notes
    for gap in facts?.process.gaps ?? [] where !self.notes.contains(where: { $0.text == gap }) {
      self.notes.append(Report.Note(kind: .process, isIncomplete: origin != .core, text: gap))
    }
  }
}

// MARK: Running processes, snapshots, copies of /proc

extension CoreDump {
  /// Looks at a running process: its threads are stopped for some milliseconds (``ProcessCapture``), copied, and let
  /// go; the kernel's own are never attached to. Whatever could not be had is said in the report's notes.
  public convenience init(
    process id: Int32, capture: ProcessCapture = ProcessCapture(), search: SearchOptions = SearchOptions()
  ) throws(CoreDumpError) {
    let image = try Self.image(of: id, capture, records: false)
    let seen = image.capture
    self.init(
      core: image.core, path: "process \(seen.process.id)", executable: nil, origin: .process,
      facts: ProcFacts(seen.process, machine: image.core.architecture.machine),
      notes: seen.gaps.map { Report.Note(kind: .process, isIncomplete: true, text: $0) }
        + seen.remarks.map { Report.Note(kind: .process, isIncomplete: false, text: $0) },
      finder: try search.finder(for: image), live: image)
    var held = Report.Capture()
    held.mode = seen.mode.rawValue
    held.window = seen.window
    held.longestHold = seen.longestHold
    held.stoppedThreads = seen.threads.count { $0.outcome == .stopped }
    captureFacts = held
  }

  /// Reads a plain copy of /proc/PID, as `cp -r` or sosreport make it. It has no memory: threads have names, states,
  /// system calls and kernel stacks, and of their own code only where they were.
  public convenience init(folder: String, executable: String? = nil, search: SearchOptions = SearchOptions())
    throws(CoreDumpError)
  {
    let finder = try search.finder()
    let tree = ProcTree(folder: folder)
    guard let found = ProcProcess(tree) else {
      throw CoreDumpError(
        path: folder,
        description:
          "\(folder): is a directory, but no copy of /proc/PID: it has neither stat nor status nor task")
    }
    let image: CoreFile
    do {
      image = try CoreFile(
        FileBytes(
          image: FolderImage(found, tree).pieces(generator: "coreview " + Self.version), name: folder))
    } catch {
      throw CoreDumpError(path: folder, description: error.description)
    }
    self.init(
      core: image, path: folder, executable: executable, origin: .procFolder,
      facts: ProcFacts(found, machine: image.architecture.machine), notes: [], finder: finder)
  }

  /// Writes a snapshot of a running process: a small ELF core that also holds what /proc says
  /// (docs/snapshot-format.md). The file must not exist; only its owner may read it.
  ///
  /// Returns what the reader should know of it: what is missing, a sentence each.
  public static func writeSnapshot(
    of id: Int32, to path: String, capture: ProcessCapture = ProcessCapture(), hasArguments: Bool = false,
    hasEnvironment: Bool = false
  ) throws(CoreDumpError) -> SnapshotSummary {
    let image = try image(of: id, capture, records: true)
    var dump: CoreDump? = CoreDump(
      core: image.core, path: path, executable: nil, origin: .process,
      facts: ProcFacts(image.capture.process, machine: image.core.architecture.machine), notes: [],
      finder: try SearchOptions().finder(for: image), live: image)
    // What a report reads, whoever opens the snapshot will need.
    let report = dump?.report() ?? Report()
    dump = nil
    var contents = SnapshotContents()
    contents.hasArguments = hasArguments
    contents.hasEnvironment = hasEnvironment
    let bytes = image.snapshot(contents, generator: "coreview " + version)
    do {
      try NewFile.write(bytes, to: path)
    } catch {
      throw CoreDumpError(path: path, description: error.description)
    }
    var summary = SnapshotSummary()
    summary.bytes = bytes.count
    summary.threads = report.threadCount
    summary.window = image.capture.window
    summary.gaps = image.capture.gaps
    return summary
  }

  private static func image(of id: Int32, _ capture: ProcessCapture, records: Bool) throws(CoreDumpError)
    -> LiveImage
  {
    var options = CaptureOptions()
    options.mode = StopMode(rawValue: capture.mode.rawValue) ?? .all
    options.deadlineMilliseconds = capture.deadlineMilliseconds
    options.wantsVectorState = records
    options.detail = records || capture.isDetailed ? .whole : .names
    do {
      return try LiveImage(
        LiveProcess(id: id), options, records: records, generator: "coreview " + version)
    } catch {
      throw CoreDumpError(path: "\(id)", description: error.description)
    }
  }

  private static func notes(of snapshot: SnapshotFile, _ path: String) -> [Report.Note] {
    var notes = snapshot.remarks.map {
      Report.Note(kind: .process, isIncomplete: $0.isIncomplete, text: $0.text)
    }
    if let version = snapshot.version, version > SnapshotImage.version {
      notes.append(
        Report.Note(
          kind: .core, isIncomplete: true,
          text:
            "\(path): a snapshot of version \(version), of which this coreview reads \(SnapshotImage.version)"
        ))
    }
    return notes
  }

  private static func capture(_ snapshot: SnapshotFile, _ core: CoreFile) -> Report.Capture {
    var capture = Report.Capture()
    capture.mode = snapshot.mode ?? ""
    capture.window = snapshot.windowNanoseconds ?? 0
    capture.longestHold = snapshot.longestHoldNanoseconds ?? 0
    capture.stoppedThreads = core.threadNotes.count { $0.registerSource == .stopped }
    return capture
  }

  /// The facts of a copy of /proc or a snapshot, if they are of the core's process; else why not.
  private static func facts(at path: String, for core: CoreFile) -> (ProcFacts?, String?) {
    let found: ProcProcess
    if SystemFiles.isFolder(path) {
      guard let process = ProcProcess(ProcTree(folder: path)) else {
        return (nil, "\(path): no copy of /proc/PID: it was left out")
      }
      found = process
    } else {
      guard let other = try? CoreFile(path: path), let process = SnapshotFile(other)?.process else {
        return (nil, "\(path): neither a copy of /proc/PID nor a snapshot of coreview's: it was left out")
      }
      found = process
    }
    let facts = ProcFacts(found, machine: core.architecture.machine)
    if let difference = facts.difference(from: core) {
      return (nil, "\(path): not of the process of \(core.path): \(difference); it was left out")
    }
    return (facts.renumbered(for: core), nil)
  }

  /// What a process that is not dead is doing, in words.
  var state: String {
    var words: [String] = []
    switch facts?.process.mainThread?.stat?.state {
    case "T": words.append("stopped")
    case "t": words.append("stopped by a debugger")
    case "Z": words += ["running", "its main thread has ended"]
    default: words.append("running")
    }
    return words.joined(separator: ", ")
  }
}

/// How a running process is looked at.
public struct ProcessCapture: Sendable, Equatable {
  /// Which threads are held, and when.
  public enum Mode: String, Sendable, Equatable {
    /// All at once, so that their stacks belong together.
    case stop
    /// One after the other.
    case rolling
    /// None: only threads that are blocked show where.
    case noStop = "no-stop"
  }

  /// Which threads are held, and when.
  public var mode = Mode.stop
  /// After this time whatever did not stop is let go.
  public var deadlineMilliseconds = 200

  /// Whether the report says of every thread what /proc does: its system call, where it waits in the kernel, and the
  /// kernel's stack. Of threads that are not stopped it always does.
  public var isDetailed = true

  /// All threads at once, within 200 ms.
  public init() {}
}

/// What was written.
public struct SnapshotSummary: Sendable, Equatable {
  /// Size of the file.
  public var bytes = 0
  /// Threads in it.
  public var threads = 0
  /// How long the process was held, in nanoseconds.
  public var window: UInt64 = 0
  /// What is missing: a sentence each.
  public var gaps: [String] = []

  init() {}
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
