internal import Bytes
internal import Reporting

/// The kernel's threads for the text: those of one kind and owner under a heading, equal ones on one line.
struct WorkerBlock {
  /// What a heading says.
  struct Heading: Hashable {
    var subsystem: String
    var owner: String
  }

  /// Workers that nothing tells apart but their LWP.
  struct Line {
    var tag: String
    var details: String
    var threads: [Report.Thread]
  }

  struct Group {
    var heading: Heading
    var count = 0
    var lines: [Line] = []

    var title: String {
      "\(heading.subsystem): \(count) \(count == 1 ? "worker" : "workers")\(heading.owner)"
    }
    var isRingGroup: Bool { heading.subsystem == WorkerBlock.ringSubsystem }
  }

  static let ringSubsystem = "io_uring"

  /// In the order in which the core shows them.
  private(set) var groups: [Group] = []

  private struct Key: Hashable {
    var heading: Heading
    var tag: String
    var details: String
  }

  init(_ report: Report) {
    var places: [Heading: Int] = [:]
    var lines: [Key: Int] = [:]
    for thread in report.workers {
      let tag = Self.tag(thread.kind, isNamed: thread.name?.hasPrefix("iou-sqp-") == true)
      let heading = Heading(
        subsystem: Self.subsystem(thread.kind), owner: Self.owner(thread.provenance?.owner))
      let place = places[heading] ?? groups.count
      if place == groups.count {
        places[heading] = place
        groups.append(Group(heading: heading))
      }
      groups[place].count += 1
      let key = Key(
        heading: heading, tag: tag,
        details: Self.details(thread, hasRings: !report.rings.isEmpty, digits: report.addressDigits))
      if let line = lines[key] {
        groups[place].lines[line].threads.append(thread)
      } else {
        lines[key] = groups[place].lines.count
        groups[place].lines.append(Line(tag: key.tag, details: key.details, threads: [thread]))
      }
    }
  }

  // MARK: Words

  private static func subsystem(_ kind: Report.Thread.Class) -> String {
    switch kind {
    case .vhostWorker: "vhost"
    case .kvmWorker: "KVM"
    case .ioWorker, .submissionPoller, .manager: ringSubsystem
    case .kernelWorker, .user, .damaged, .crashedAtZero, .unexplainedZero: "kernel"
    }
  }

  private static func tag(_ kind: Report.Thread.Class, isNamed: Bool) -> String {
    switch kind {
    case .ioWorker: "[io_uring worker]"
    case .submissionPoller:
      isNamed ? "[io_uring SQPOLL thread]" : "[io_uring SQPOLL thread, or its worker]"
    case .manager: "[io_uring manager]"
    case .vhostWorker: "[vhost worker]"
    case .kvmWorker: "[KVM worker]"
    case .kernelWorker, .user, .damaged, .crashedAtZero, .unexplainedZero: "[kernel worker]"
    }
  }

  private static func owner(_ owner: Report.Thread.Provenance.Owner?) -> String {
    switch owner {
    case .thread(let lwp): " of LWP \(lwp)"
    case .oneOf(let several): " of one of " + several.map { "LWP \($0)" }.joined(separator: ", ")
    case .exited: " whose owner has exited"
    case .unknown(let why): ", owner unknown: \(why)"
    case nil: ", owner unknown"
    }
  }

  private static func details(_ thread: Report.Thread, hasRings: Bool, digits: Int) -> String {
    var words: [String] = []
    switch thread.confidence {
    case .certain: words.append("certain")
    case .likely: words.append("likely a worker (this core cannot prove it)")
    case .possible: words.append("possibly a worker (little speaks for it)")
    }
    if thread.kind == .kernelWorker, hasRings { words.append("probably of io_uring, which is in use") }
    if thread.isCrashed { words.append("received the signal") }
    if let activity = thread.provenance?.activity { words.append(activity) }
    guard let provenance = thread.provenance else { return words.joined(separator: ", ") }
    if let descriptor = provenance.ringDescriptor { words.append("ring fd \(descriptor)") }
    if let found = provenance.parameters {
      words.append("\(found.submissionEntries) SQ and \(found.completionEntries) CQ entries")
      if let idle = found.idleMilliseconds { words.append("sleeps after \(idle) ms") }
      if let processor = found.processor { words.append("bound to CPU \(processor)") }
    }
    words += made(thread.kind, provenance, digits)
    return words.joined(separator: ", ")
  }

  /// Where its owner entered the kernel: to make it, or for something else that task work interrupted.
  private static func made(
    _ kind: Report.Thread.Class, _ provenance: Report.Thread.Provenance, _ digits: Int
  ) -> [String] {
    guard let site = provenance.callSite else {
      return provenance.systemCall == -1 ? ["made while its owner ran in user mode"] : []
    }
    let isOwnCall = kind != .ioWorker || provenance.systemCall == 426
    return [(isOwnCall ? "made at " : "made while its owner was at ") + place(site, digits)]
  }

  /// `function+offset (module)`, or `address (module+offset)`.
  private static func place(_ site: Report.Thread.CallSite, _ digits: Int) -> String {
    var text = "0x" + hexadecimal(site.address, digits)
    if let function = site.function { text = "\(function)+\(site.functionOffset ?? 0)" }
    if let module = site.module {
      let offset = site.function == nil ? site.moduleOffset.map { "+" + $0.hexadecimal } : nil
      text += " (" + (module.split(separator: "/").last.map(String.init) ?? module) + (offset ?? "") + ")"
    }
    return text
  }

  private static func hexadecimal(_ value: UInt64, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

extension WorkerBlock {
  // MARK: Rings

  /// The lines of the rings: each with its numbers and what was in flight; those without pages together.
  static func lines(of rings: [Report.Ring]) -> [String] {
    var lines: [String] = []
    var without: [(remarks: [String], rings: [Report.Ring])] = []
    var places: [[String]: Int] = [:]
    for ring in rings {
      if ring.submissions == nil, ring.source != .descriptor {
        if let place = places[ring.remarks] {
          without[place].rings.append(ring)
        } else {
          places[ring.remarks] = without.count
          without.append((ring.remarks, [ring]))
        }
        continue
      }
      lines.append(summary(ring))
      lines += ring.inFlight.prefix(longestList).map { "  " + request($0) }
      if ring.inFlightCount > longestList, ring.source != .descriptor {
        lines.append("  … \(ring.inFlightCount - longestList) more; --json has them")
      }
      lines += ring.remarks.map { "  " + $0 }
    }
    for (remarks, rings) in without {
      let what = rings.count == 1 ? "ring" : "\(rings.count) rings"
      let at = rings.prefix(4).map { ($0.address).hexadecimal }.joined(separator: ", ")
      lines.append("\(what) at \(at)\(rings.count > 4 ? ", …" : ""): " + remarks.joined(separator: "; "))
    }
    return lines
  }

  /// Requests of one ring that are printed.
  private static let longestList = 16

  private static func summary(_ ring: Report.Ring) -> String {
    func count(_ queue: Report.RingQueue?) -> String { queue?.pending.map { "\($0)" } ?? "an unknown number" }
    var words = [
      "\(count(ring.submissions)) unsubmitted", "\(count(ring.completions)) unreaped",
    ]
    if ring.dropped > 0 { words.append("\(ring.dropped) dropped") }
    if ring.overflows > 0 { words.append("\(ring.overflows) overflowed") }
    if ring.source == .descriptor {
      words.append(ring.inFlightCount == 0 ? "none in flight" : "\(ring.inFlightCount) in flight")
      if ring.armedPolls > 0 { words.append("\(ring.armedPolls) armed polls") }
      if let poller = ring.pollThread { words.append("SQPOLL thread LWP \(poller)") }
      return "ring fd \(ring.descriptor ?? -1)"
        + (ring.address == 0 ? "" : " at \(ring.address.hexadecimal)")
        + ": " + words.joined(separator: ", ")
    }
    words.append(
      ring.inFlightCount == 0 ? "none seen in flight" : "\(ring.inFlightCount) in flight at death:")
    return "ring at \(ring.address.hexadecimal): " + words.joined(separator: ", ")
  }

  private static func request(_ request: Report.RingRequest) -> String {
    let data = userData(request.result.userData)
    var text: String
    switch request.entries.count {
    case 0: text = "a request whose entry was used again, \(data)"
    case 1: text = entry(request.entries[0]) + " " + data
    default: text = "one of " + request.entries.map(entry).joined(separator: ", ") + ": " + data
    }
    if request.confidence != .certain {
      text += " (likely: its result \(request.result.result) can have another cause)"
    }
    return text
  }

  private static func entry(_ entry: Report.RingEntry) -> String {
    let file = entry.descriptor == -100 && !entry.isFixedFile ? "AT_FDCWD" : "\(entry.descriptor)"
    return "\(entry.operation) \(entry.isFixedFile ? "registered file" : "fd") \(file)"
  }

  private static func userData(_ data: Report.UserData) -> String {
    "user_data " + data.value.hexadecimal + (data.symbol.map { " <\($0)>" } ?? "")
  }

}
