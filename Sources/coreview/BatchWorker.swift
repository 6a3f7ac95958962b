internal import Batch
internal import Bytes
internal import Confinement
internal import CoreviewKit
internal import Rendering
internal import Reporting

/// The child of `coreview batch`: reads paths from stdin, each ended by a NUL, and answers a record for each.
///
/// It bounds itself before it opens the first core, and ends of its own will when it has grown large: its parent starts
/// another, and a batch of any size needs the memory of one core.
struct BatchWorker {
  private var search = SearchOptions()
  private var isRedacted = true
  /// Whether each record carries the report, and not only the first of its signature.
  private var sendsAllReports = false
  private var timeout: UInt32 = 60
  private var reported: Set<String> = []

  /// Bytes at which a worker makes room for another.
  private static let largest: UInt64 = 768 << 20

  /// Runs until stdin ends; for arguments see ``BatchWorker/Option``.
  static func run(_ arguments: [String]) -> ExitCode {
    var worker = BatchWorker()
    var memory: UInt64 = 4096
    for argument in arguments {
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      let value = parts.count > 1 ? parts[1] : ""
      switch parts.first {
      case "--memory": memory = UInt64(value) ?? memory
      case "--timeout": worker.timeout = UInt32(value) ?? worker.timeout
      case "--no-redact": worker.isRedacted = false
      case "--all-reports": worker.sendsAllReports = true
      case "--debug-dir": worker.search.debugDirectories.insert(value, at: 0)
      case "--sysroot": worker.search.sysroot = value
      case "--solib-search-path":
        worker.search.librarySearchPath = value.split(separator: ":").map(String.init)
      case "--root": worker.search.root = value
      case "--allow-mismatch": worker.search.allowsMismatch = true
      default: return .nothing
      }
    }
    HostProcess.limit(memory: memory << 20, files: 512, fileSize: 1 << 40)
    // This is the child that can be lost already.
    var permissions = Sandbox.permissions(worker.search)
    permissions.cpuSeconds = .max
    Confinement.enter(permissions)
    return worker.answerAll()
  }

  private mutating func answerAll() -> ExitCode {
    var paths = PathStream()
    while let path = paths.next() {
      // The parent is first with its own clock; this is for a parent that is gone.
      HostProcess.endAfter(seconds: timeout &+ 10)
      var answer = record(of: path).encoded
      HostProcess.endAfter(seconds: 0)
      guard answer.flush(to: 1) else { return .nothing }
      if HostProcess.peakMemory > Self.largest { return .complete }
    }
    return .complete
  }

  private mutating func record(of path: String) -> CrashRecord {
    var record = CrashRecord()
    var report: Report
    do {
      report = try CoreDump(path: path, search: search).report()
    } catch {
      record.outcome = error.isForeign ? .notACore : .failed
      record.problem = error.description
      return record
    }
    if isRedacted { report = Redactor.redacted(report) }
    record.outcome = report.isComplete ? .complete : .incomplete
    record.problem = report.notes.first { $0.isIncomplete }?.text ?? ""
    record.program = report.process.command ?? ""
    record.executable = report.executable ?? ""
    let module = report.modules.first { $0.kind == .executable }
    record.buildID = module?.buildIDInCore ?? module?.buildID ?? ""
    record.signal = report.signal?.name ?? ""
    record.reason = report.reason
    record.pid = report.process.pid.map(Int64.init) ?? 0
    record.threads = Int64(report.threadCount)
    if let signature = report.signature {
      record.signature = signature.hash
      record.title = signature.pipe
      record.frames = signature.frames.map { Escaping.inertText($0) }.joined(separator: "\n")
    }
    if sendsAllReports || reported.insert(record.signature).inserted {
      var text = TextBuffer()
      JSONRenderer.render(report, isCompact: true) { piece in
        text.append(piece)
        piece.removeAll()
      }
      record.report = text.bytes.dropLast(text.bytes.last == 0x0a ? 1 : 0).map { $0 }
    }
    return record
  }
}
