internal import Bytes
internal import Backtraces
internal import CoreFiles
internal import GDBFace
internal import KernelWorkers
internal import ProcFiles
internal import ProcessModel
internal import Reporting

/// What /proc said of a process, in the report's words.
struct ProcFacts {
  let process: ProcProcess
  private let byID: [Int32: ProcThread]
  private let machine: UInt16

  init(_ process: ProcProcess, machine: UInt16) {
    self.process = process
    self.machine = machine
    byID = Dictionary(process.threads.map { ($0.id, $0) }) { first, _ in first }
  }

  var labels: ThreadLabels { ThreadLabels(process) }

  func complete(_ thread: inout Report.Thread) {
    guard let facts = byID[thread.lwp] else { return }
    thread.name = facts.nameText
    thread.state = facts.stat?.state.map { String($0) }
    thread.waitChannel = facts.waitChannel
    thread.kernelStack = facts.kernelStack ?? []
    thread.systemCall = facts.systemCall.flatMap(call)
  }

  private func call(_ found: ProcSystemCall) -> Report.Thread.SystemCall? {
    switch found {
    case .running: return nil
    case .outside: return Report.Thread.SystemCall(number: -1)
    case .inside(let number, let arguments, _, _):
      var call = Report.Thread.SystemCall(number: number)
      call.name = SystemCallNames.name(number, machine: machine)
      let count = call.name.flatMap { SystemCallNames.argumentCount(of: $0) } ?? arguments.count
      call.arguments = Array(arguments.prefix(count))
      return call
    }
  }

  // MARK: Rings

  /// The rings as fdinfo shows them; of each list at most `limit` entries.
  func rings(limit: Int, names: AddressNames) -> [Report.Ring] {
    process.rings.map { found in
      var ring = Report.Ring()
      ring.source = .descriptor
      ring.descriptor = found.descriptor
      ring.address = address(of: found) ?? 0
      ring.submissions = queue(found.submissionHead, found.submissionTail, found.submissionMask)
      ring.completions = queue(found.completionHead, found.completionTail, found.completionMask)
      ring.pollThread = found.pollThread.flatMap { $0 > 0 ? $0 : nil }
      ring.armedPolls = found.polls.count
      ring.inFlightCount = Int(found.inFlight ?? 0)
      ring.unsubmitted = found.unsubmitted.prefix(limit).map { entry in
        var result = Report.RingEntry()
        result.slot = entry.slot
        result.operation = entry.operation
        result.opcode = RingOperation.number(entry.operation) ?? 0
        result.descriptor = entry.descriptor
        result.userData = names.userData(entry.userData)
        return result
      }
      ring.unreaped = found.unreaped.prefix(limit).map { completion in
        var result = Report.RingResult()
        result.userData = names.userData(completion.userData)
        result.result = completion.result
        result.flags = completion.flags
        return result
      }
      return ring
    }
  }

  private func queue(_ head: UInt32?, _ tail: UInt32?, _ mask: UInt32?) -> Report.RingQueue? {
    guard let head, let tail, let mask else { return nil }
    return Report.RingQueue(head: head, tail: tail, entries: mask == .max ? mask : mask + 1)
  }

  /// Where its first page is mapped: by the inode, where each ring has its own.
  private func address(of ring: ProcRing) -> UInt64? {
    guard let inode = ring.inode, process.rings.filter({ $0.inode == inode }).count == 1 else { return nil }
    return process.maps?.mappings.first {
      $0.inode == inode && $0.offset == 0 && $0.path.hasPrefix("anon_inode:[io_uring]")
    }?.range.lowerBound
  }

  // MARK: Joining

  /// Why the facts are not of a core's process; `nil` where nothing speaks against it.
  func difference(from core: CoreFile) -> String? {
    if let bytes = process.auxiliaryVectorBytes, !core.auxiliaryVector.entries.isEmpty {
      let word = core.architecture.wordSize
      var entries: [UInt64: UInt64] = [:]
      var at = 0
      while at + 2 * word <= bytes.count {
        let key = bytes.unsigned(at: at, size: word, order: core.architecture.byteOrder)
        if key == 0 { break }
        entries[key] = bytes.unsigned(at: at + word, size: word, order: core.architecture.byteOrder)
        at += 2 * word
      }
      // AT_RANDOM, AT_ENTRY, AT_SYSINFO_EHDR and AT_BASE lie at random places, each process's own.
      return entries == core.auxiliaryVector.entries ? nil : "their auxiliary vectors differ"
    }
    let own = Set(core.threads.map(\.id))
    let shared = process.threads.filter { own.contains($0.id) || own.contains($0.innerID ?? $0.id) }
    if shared.isEmpty { return "they have no thread in common" }
    if let pid = core.info?.processID, pid != process.id, pid != process.mainThread?.innerID {
      return "one is of process \(pid), the other of process \(process.id)"
    }
    return nil
  }

  /// The same facts by the LWPs of a core, which are those of the process's own PID namespace.
  func renumbered(for core: CoreFile) -> ProcFacts {
    let own = Set(core.threads.map(\.id))
    var process = process
    for index in process.threads.indices {
      let thread = process.threads[index]
      if !own.contains(thread.id), let inner = thread.innerID, own.contains(inner) {
        process.threads[index].id = inner
      }
    }
    return ProcFacts(process, machine: machine)
  }
}
