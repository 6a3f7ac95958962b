internal import Backtraces
internal import CoreFiles
internal import KernelWorkers
internal import ProcessModel
internal import Reporting

/// What `KernelWorkers` found out of each thread and ring, in the report's words and with names for addresses.
struct WorkerFacts {
  private let classes: [ThreadClass]
  let names: AddressNames
  private let process: CoreProcess
  private let facts: ProcFacts?

  init(process: CoreProcess, facts: ProcFacts? = nil) {
    self.process = process
    self.facts = facts
    classes = classify(core: process.core, process: facts?.process)
    names = AddressNames(process: process)
  }

  /// Adds to a thread its class and what it rests on. A thread that libc alone knows stays a user thread.
  func complete(_ thread: inout Report.Thread) {
    facts?.complete(&thread)
    guard classes.indices.contains(thread.number - 1) else { return }
    let found = classes[thread.number - 1]
    thread.kind = Report.Thread.Class(found.kind)
    thread.confidence = Report.Thread.Confidence(found.confidence)
    thread.evidence = found.evidence.map { Report.Thread.Evidence(points: $0.points, text: $0.text) }
    thread.provenance = found.provenance.map(provenance)
  }

  private func provenance(_ found: Provenance) -> Report.Thread.Provenance {
    let owner: Report.Thread.Provenance.Owner
    switch found.owner {
    case .thread(let id): owner = .thread(id)
    case .oneOf(let ids): owner = .oneOf(ids)
    case .exited(let pointer): owner = .exited(threadPointer: pointer)
    case .unknown(let why): owner = .unknown(why)
    }
    var result = Report.Thread.Provenance(owner: owner)
    result.systemCall = found.systemCall
    result.ringDescriptor = found.ringDescriptor
    result.parameters = found.parameters.map(Report.Thread.RingParameters.init)
    result.callSite = found.callSite.map {
      names.callSite(at: $0.returnAddress, followsSystemCall: $0.followsSystemCall)
    }
    result.hints = found.hints
    result.activity = found.activity
    return result
  }

  // MARK: Rings

  /// The rings, of each list at most `limit` entries.
  func rings(limit: Int) -> [Report.Ring] {
    let told = facts?.rings(limit: limit, names: names) ?? []
    // Of a process that lives, the kernel itself tells; its pages would show the same, and nothing was cut off.
    if process.core.writer == .snapshot { return told }
    return told
      + KernelWorkers.rings(core: process.core).map { found in
        var ring = Report.Ring()
        ring.address = found.address
        ring.source = found.source == .mapping ? .mapping : .parameters
        ring.submissions = found.submissions.map(Report.RingQueue.init)
        ring.completions = found.completions.map(Report.RingQueue.init)
        ring.dropped = found.dropped
        ring.overflows = found.overflows
        ring.submissionFlags = found.submissionFlags
        ring.unsubmitted = found.unsubmitted.prefix(limit).map(entry)
        ring.unreaped = found.unreaped.prefix(limit).map(result)
        ring.inFlight = found.inFlight.prefix(limit).map(request)
        ring.inFlightCount = found.inFlight.count
        ring.remarks = found.remarks
        return ring
      }
  }

  private func entry(_ found: SubmissionEntry) -> Report.RingEntry {
    var entry = Report.RingEntry()
    entry.slot = found.slot
    entry.opcode = found.opcode
    entry.operation = found.operation
    entry.flags = found.flags
    entry.descriptor = found.descriptor
    entry.isFixedFile = found.isFixedFile
    entry.offset = found.offset
    entry.address = found.address
    entry.length = found.length
    entry.userData = names.userData(found.userData)
    return entry
  }

  private func result(_ found: CompletionEntry) -> Report.RingResult {
    var result = Report.RingResult()
    result.userData = names.userData(found.userData)
    result.result = found.result
    result.flags = found.flags
    return result
  }

  /// Candidates beyond this tell a reader nothing.
  private static let maximumCandidates = 8

  private func request(_ found: InFlightRequest) -> Report.RingRequest {
    var request = Report.RingRequest()
    request.result = result(found.completion)
    request.confidence = Report.Thread.Confidence(found.confidence)
    switch found.origin {
    case .entry(let only): request.entries = [entry(only)]
    case .oneOf(let several): request.entries = several.prefix(Self.maximumCandidates).map(entry)
    case .overwritten: break
    }
    return request
  }
}

extension Report.Thread.Class {
  init(_ kind: ThreadKind) {
    switch kind {
    case .userThread: self = .user
    case .ioWorker: self = .ioWorker
    case .submissionPoller: self = .submissionPoller
    case .manager: self = .manager
    case .vhostWorker: self = .vhostWorker
    case .kvmWorker: self = .kvmWorker
    case .kernelWorker: self = .kernelWorker
    case .damaged: self = .damaged
    case .crashedAtZero: self = .crashedAtZero
    case .unexplainedZero: self = .unexplainedZero
    }
  }
}

extension Report.Thread.Confidence {
  init(_ confidence: Confidence) {
    switch confidence {
    case .certain: self = .certain
    case .likely: self = .likely
    case .possible: self = .possible
    }
  }
}

extension Report.Thread.RingParameters {
  init(_ found: RingParameters) {
    self.init()
    address = found.address
    submissionEntries = found.submissionEntries
    completionEntries = found.completionEntries
    flags = found.flags
    processor = found.isBound ? found.pollCPU : nil
    idleMilliseconds = found.pollsSubmissions ? found.pollIdle : nil
    usesOwnMemory = found.usesOwnMemory
  }
}

extension Report.RingQueue {
  init(_ found: RingQueue) {
    self.init(head: found.head, tail: found.tail, entries: found.entries)
  }
}
