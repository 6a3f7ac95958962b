internal import Bytes

/// Analyses cores in child processes, so that what a core does to its reader it does to a child.
///
/// Each child reads paths and answers records, one after another, and keeps the symbols that it has read. A child that
/// dies or takes too long is replaced; the core that it was at gets one more try in a fresh one, unless it was too slow.
package struct WorkerPool {
  /// How children are started, and what they may take.
  package struct Settings: Sendable {
    package var program: String
    package var arguments: [String]
    package var children = 1
    /// Seconds for one core.
    package var timeout = 60

    package init(program: String, arguments: [String]) {
      self.program = program
      self.arguments = arguments
    }
  }

  /// Cores that a child has before it: while it is at one, the next is there already.
  private static let depth = 2

  private struct Job {
    var index: Int
    var isRetry = false
  }

  /// A child, what it was given, and what came of its answers so far.
  private struct Worker {
    var process: ChildProcess
    var jobs: [Job] = []
    var bytes: [UInt8] = []
    /// When it began with its first job.
    var since: UInt64 = 0
  }

  private let settings: Settings
  private var workers: [Worker] = []
  private var retries: [Job] = []
  private var next = 0

  package init(_ settings: Settings) {
    self.settings = settings
  }

  /// Analyses all, and hands each record on as it comes. Throws if no child can be started.
  package mutating func run(
    _ candidates: [CoreCandidate], _ result: (CoreCandidate, CrashRecord) throws -> Void
  ) throws {
    ChildProcess.ignoreBrokenPipes()
    defer { workers.removeAll() }
    while true {
      try fill(candidates)
      if workers.isEmpty { return }
      let ready = ChildProcess.poll(workers.map(\.process), milliseconds: wait())
      for index in workers.indices.reversed() {
        let isOpen = ready[index] ? workers[index].process.receive(into: &workers[index].bytes) : true
        var isSane = true
        while isSane, let record = takeRecord(of: index, &isSane) {
          guard !workers[index].jobs.isEmpty else {
            isSane = false
            break
          }
          let job = workers[index].jobs.removeFirst()
          workers[index].since = HostProcess.uptime
          try result(candidates[job.index], record)
        }
        if !isOpen || !isSane {
          try bury(index, candidates, result)
        } else if isLate(workers[index]) {
          let job = workers[index].jobs.removeFirst()
          retries += workers[index].jobs
          _ = workers[index].process.end()
          workers.remove(at: index)
          try result(candidates[job.index], Self.failure("took longer than \(settings.timeout) s"))
        }
      }
    }
  }

  /// Gives each child something to do, and starts children while there is more.
  private mutating func fill(_ candidates: [CoreCandidate]) throws(FileError) {
    func hasWork() -> Bool { next < candidates.count || !retries.isEmpty }
    while hasWork() {
      // A retry goes to a child of its own, which has seen nothing yet.
      if let place = workers.indices.filter({ workers[$0].jobs.count < Self.depth }).min(by: {
        workers[$0].jobs.count < workers[$1].jobs.count
      }), retries.isEmpty, workers[place].jobs.isEmpty || workers.count >= settings.children {
        give(Job(index: next), to: place, candidates)
        next += 1
        continue
      }
      if !retries.isEmpty, let idle = workers.indices.first(where: { workers[$0].jobs.isEmpty }) {
        // An idle child makes room for a fresh one.
        workers.remove(at: idle)
      }
      guard workers.count < settings.children else { return }
      workers.append(Worker(process: try ChildProcess(settings.program, settings.arguments)))
      if retries.isEmpty {
        give(Job(index: next), to: workers.count - 1, candidates)
        next += 1
      } else {
        give(retries.removeFirst(), to: workers.count - 1, candidates)
      }
    }
    // What is idle now stays idle.
    workers.removeAll { $0.jobs.isEmpty }
  }

  private mutating func give(_ job: Job, to place: Int, _ candidates: [CoreCandidate]) {
    if workers[place].jobs.isEmpty { workers[place].since = HostProcess.uptime }
    workers[place].jobs.append(job)
    // If it is gone, its pipe says so.
    _ = workers[place].process.send(Array(candidates[job.index].path.utf8) + [0])
  }

  /// The next whole record of a child; `isSane` becomes `false` for bytes that are none.
  private mutating func takeRecord(of index: Int, _ isSane: inout Bool) -> CrashRecord? {
    var rest = workers[index].bytes[...]
    guard let length = CrashRecord.length(of: &rest) else { return nil }
    guard length <= CrashRecord.maximumSize else {
      isSane = false
      return nil
    }
    guard rest.count >= length else { return nil }
    guard let record = CrashRecord(encoded: rest.prefix(length)) else {
      isSane = false
      return nil
    }
    workers[index].bytes = Array(rest.dropFirst(length))
    return record
  }

  /// A child has ended: of its own will when it had grown too large, or by the core that it was at.
  private mutating func bury(
    _ index: Int, _ candidates: [CoreCandidate], _ result: (CoreCandidate, CrashRecord) throws -> Void
  ) throws {
    var worker = workers.remove(at: index)
    let ending = worker.process.end()
    if case .exited(0) = ending {
      for job in worker.jobs.reversed() { retries.insert(job, at: 0) }
      return
    }
    guard !worker.jobs.isEmpty else { return }
    var job = worker.jobs.removeFirst()
    retries += worker.jobs
    if job.isRetry {
      let how =
        switch ending {
        case .exited(let code): "ended with \(code)"
        case .signalled(let number): "died of \(ChildProcess.name(ofSignal: number))"
        }
      try result(candidates[job.index], Self.failure("its analysis \(how), twice"))
    } else {
      job.isRetry = true
      retries.append(job)
    }
  }

  private func isLate(_ worker: Worker) -> Bool {
    !worker.jobs.isEmpty && HostProcess.uptime &- worker.since > UInt64(settings.timeout) &* 1_000_000_000
  }

  /// Milliseconds until the first child is late.
  private func wait() -> Int32 {
    let now = HostProcess.uptime
    let first = workers.map { $0.since &+ UInt64(settings.timeout) &* 1_000_000_000 }.min() ?? now
    return first <= now ? 1 : Int32(clamping: (first - now) / 1_000_000 + 1)
  }

  private static func failure(_ problem: String) -> CrashRecord {
    var record = CrashRecord()
    record.outcome = .failed
    record.problem = problem
    return record
  }
}
