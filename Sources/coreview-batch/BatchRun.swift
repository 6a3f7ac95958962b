internal import Batch
internal import Bytes
internal import Crashes
internal import Rendering
internal import Reporting

/// One run: finds, analyses what is new, notes it, and tells.
struct BatchRun {
  private let command: BatchCommand

  /// Crashes that are noted in one transaction; what is lost with a run that is killed, and found again by the next.
  private static let batchSize = 16
  /// Seconds after which they are noted, however few they are.
  private static let interval: UInt64 = 1_000_000_000
  /// Cores that could not be read and are named at the end.
  private static let namedFailures = 20

  init(_ command: BatchCommand) {
    self.command = command
  }

  func run() throws -> Ending {
    let candidates = found()
    if let db = command.db { try PrivateFile.make(db) }
    let database = try CrashDatabase(path: command.db)
    try database.beginRun(generator: "coreview", now: HostProcess.time)
    let fresh = try database.unknown(candidates, retriesFailed: command.retryFailed)
    var progress = Progress(total: fresh.count, isTerminal: HostProcess.isTerminal(2)) { text in
      var copy = text
      copy.flush(to: 2)
    }
    progress.say("\(candidates.count) candidates, \(fresh.count) of them new")
    let lines = try command.ndjson.map { try PrivateFile(path: $0) }
    var isWritten = true
    var pending: [(CoreCandidate, CrashRecord)] = []
    var last = HostProcess.uptime
    var pool = WorkerPool(settings())
    try pool.run(fresh) { candidate, found in
      var record = found
      // In a folder it was only worth a look; a file that was named should have been one.
      if record.outcome == .notACore, candidate.isNamed { record.outcome = .failed }
      let now = HostProcess.uptime
      progress.advance(failed: record.outcome == .failed, now: now)
      if record.outcome == .failed { progress.say(Self.sentence(candidate, record)) }
      if let lines, !record.report.isEmpty {
        var text = TextBuffer()
        text.append(bytes: record.report)
        text.append(byte: 0x0a)
        isWritten = lines.write(&text) && isWritten
      }
      if command.ndjson != nil { record = Self.withoutRepeatedReport(record, pending) }
      pending.append((candidate, record))
      if pending.count >= Self.batchSize || now &- last > Self.interval {
        try database.note(pending)
        pending.removeAll(keepingCapacity: true)
        last = now
      }
    }
    try database.note(pending)
    progress.finish()
    if isWritten { try lines?.finish() }
    return try tell(database, candidates.count, isWritten: isWritten)
  }

  /// With `--ndjson` every record has its report; the database keeps the first of a bucket.
  private static func withoutRepeatedReport(
    _ record: CrashRecord, _ pending: [(CoreCandidate, CrashRecord)]
  ) -> CrashRecord {
    guard pending.contains(where: { $0.1.signature == record.signature && !$0.1.report.isEmpty }) else {
      return record
    }
    var result = record
    result.report = []
    return result
  }

  private static func sentence(_ candidate: CoreCandidate, _ record: CrashRecord) -> String {
    record.problem.hasPrefix(candidate.path) ? record.problem : "\(candidate.path): \(record.problem)"
  }

  private func settings() -> WorkerPool.Settings {
    let own = HostProcess.executable ?? "coreview-batch"
    let folder = own.lastIndex(of: "/").map { String(own[...$0]) } ?? ""
    var settings = WorkerPool.Settings(program: folder + "coreview", arguments: command.workerArguments)
    settings.children = command.children
    settings.timeout = command.timeout
    return settings
  }

  private func found() -> [CoreCandidate] {
    var finder = CoreFinder()
    for path in command.paths {
      if path == "-" {
        for line in StandardInput.lines() { finder.add(line) }
      } else {
        finder.add(path)
      }
    }
    for problem in finder.problems { Console.complain(problem) }
    guard let text = command.shard, let shard = Shard(text, variable: HostProcess.variable) else {
      return finder.candidates
    }
    return finder.candidates.filter { shard.contains($0.path) }
  }

  // MARK: The end

  private func tell(_ database: CrashDatabase, _ candidates: Int, isWritten: Bool) throws -> Ending {
    let buckets = try database.clusteredBuckets()
    if let path = command.html {
      let file = try PrivateFile(path: path)
      var isWhole = true
      BucketRenderer.html(buckets, title: "Crashes") { text in isWhole = file.write(&text) && isWhole }
      guard isWhole else { throw FileError(path: path, problem: .system(errno: 28)) }
      try file.finish()
    }
    let own = try database.counts(ofThisRun: true)
    let all = try database.counts(ofThisRun: false)
    try database.finishRun(now: HostProcess.time)
    var table = BucketRenderer.table(buckets)
    guard buckets.isEmpty || table.flush(to: 1) else { return .nothing }
    let total = all.complete + all.incomplete + all.failed
    _ = Console.print(
      "\(total) cores: \(buckets.count) buckets"
        + " (\(buckets.filter { $0.state == .new }.count) new,"
        + " \(buckets.filter { $0.state == .regressed }.count) regressed);"
        + " \(own.complete + own.incomplete + own.failed) analysed now, \(all.failed) failed")
    let failures = try database.failures(limit: Self.namedFailures)
    for crash in failures {
      _ = Console.print(
        "failed: " + (crash.problem.hasPrefix(crash.path) ? crash.problem : "\(crash.path): \(crash.problem)")
      )
    }
    if all.failed > failures.count { _ = Console.print("failed: \(all.failed - failures.count) more") }
    if !isWritten {
      Console.complain("\(command.ndjson ?? ""): could not be written in full")
      return .incomplete
    }
    if buckets.contains(where: { command.failStates.contains($0.state.rawValue) }) { return .found }
    if total == 0 || total == all.failed { return .nothing }
    return all.failed > 0 || all.incomplete > 0 ? .incomplete : .complete
  }
}
