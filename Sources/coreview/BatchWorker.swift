internal import ArgumentParser
internal import Arguments
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
struct BatchWorker: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coreview batch-worker", abstract: "The child of coreview batch.", shouldDisplay: false)

  /// Address space in MiB, and seconds for one core.
  @Option var memory: UInt64 = 4096
  @Option var timeout: UInt32 = 60
  @Flag var noRedact = false
  /// Whether each record carries the report, and not only the first of its signature.
  @Flag var allReports = false
  @OptionGroup var search: SearchArguments

  /// Bytes at which a worker makes room for another.
  private static let largest: UInt64 = 768 << 20
  /// Files that are open at a time.
  private static let mostFiles: Int32 = 1024

  /// Runs until stdin ends.
  static func answer(_ arguments: [String]) -> ExitCode {
    let worker = parseOrExit(arguments)
    HostProcess.limit(memory: worker.memory << 20, files: UInt64(mostFiles), fileSize: 1 << 40)
    // This is the child that can be lost already.
    var permissions = Sandbox.permissions(worker.search.options)
    permissions.cpuSeconds = .max
    Confinement.enter(permissions)
    return worker.answerAll()
  }

  private func answerAll() -> ExitCode {
    var paths = PathStream()
    let series = CoreSeries(search: search.options)
    var reported: Set<String> = []
    let first = HostProcess.addressSpace
    let half = (first + max(first, memory << 20)) / 2
    while let path = paths.next() {
      // The parent is first with its own clock; this is for a parent that is gone.
      HostProcess.endAfter(seconds: timeout &+ 10)
      var answer = record(of: path, series, &reported).encoded
      HostProcess.endAfter(seconds: 0)
      guard answer.flush(to: 1) else { return .nothing }
      if HostProcess.peakMemory > Self.largest || !hasRoom(series, half) { return .complete }
    }
    return .complete
  }

  /// Whether at least half of what one core may take is there for the next one, if need be without what earlier ones read.
  private func hasRoom(_ series: CoreSeries, _ half: UInt64) -> Bool {
    func isRoomy() -> Bool {
      HostProcess.addressSpace <= half && HostProcess.lowestFreeDescriptor < Self.mostFiles / 2
    }
    if isRoomy() { return true }
    series.forget()
    return isRoomy()
  }

  private func record(
    of path: String, _ series: CoreSeries, _ reported: inout Set<String>
  ) -> CrashRecord {
    var record = CrashRecord()
    var report: Report
    do {
      report = try series.open(path).report()
    } catch {
      record.outcome = error.isForeign ? .notACore : .failed
      record.problem = error.description
      return record
    }
    if !noRedact { report = Redactor.redacted(report) }
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
    if allReports || reported.insert(record.signature).inserted {
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
