internal import Bytes
internal import ProcFiles
internal import ProcessModel

/// What /proc adds: its flags are the kernel's own word, which no register pattern outweighs; its names are anybody's.
extension Classifier {
  /// A class by the core, corrected by /proc.
  func joined(_ found: ThreadClass, _ index: Int) -> ThreadClass {
    guard found.kind != .damaged, let facts = image.facts[found.id] else { return found }
    let name = facts.nameText ?? ""
    let named = Self.kind(named: name)
    var result = found
    guard let flags = facts.stat?.flags else {
      // Without stat the name is all there is.
      guard let named, !found.kind.isKernelWorker, !image.threads[index].hasRegisters || isBlank(index) else {
        return found
      }
      result.kind = named
      result.confidence = .possible
      result.evidence.append(Evidence(.workerName, 3, "its name is a worker's; its flags are not known"))
      result.score += 3
      return result
    }
    if facts.stat?.isKernelWorker == true {
      let isRing = flags & ProcStat.ioWorker != 0
      let what = isRing ? "PF_IO_WORKER (0x10)" : "PF_USER_WORKER (0x4000)"
      result.kind = kind(of: facts, isRing: isRing)
      result.confidence = .certain
      result.evidence.append(
        Evidence(.workerFlag, 9, "flags \(flags.hexadecimal) in /proc's stat have \(what)"))
      if named != nil {
        result.evidence.append(Evidence(.workerName, 0, "its name is one that the kernel gives"))
      }
      result.score += 9
      return result
    }
    if found.kind.isKernelWorker {
      result.kind = .unexplainedZero
      result.evidence.append(
        Evidence(
          .noWorkerFlag, -9,
          "flags \(flags.hexadecimal) in /proc's stat have neither PF_IO_WORKER nor PF_USER_WORKER"))
      result.score -= 9
    } else if named != nil {
      result.evidence.append(
        Evidence(
          .workerName, 0,
          "its name is a worker's, but not its flags (\(flags.hexadecimal)): it took the name itself"
        ))
    } else if found.kind == .unexplainedZero, image.notes[index].registerSource != .stopped {
      result.kind = .userThread
      result.confidence = .certain
    }
    return result
  }

  /// Whether the image has nothing of the thread but its number.
  private func isBlank(_ index: Int) -> Bool {
    image.writer == .snapshot && image.notes[index].registerSource != .stopped
  }

  /// By its name, and where that was changed by what it executes.
  private func kind(of facts: ProcThread, isRing: Bool) -> ThreadKind {
    let stack = facts.kernelStack ?? []
    if let named = Self.kind(named: facts.nameText ?? "") {
      let isRingKind = [.ioWorker, .submissionPoller, .manager].contains(named)
      if isRingKind == isRing { return named }
    }
    if stack.contains("io_sq_thread") { return .submissionPoller }
    if stack.contains("vhost_task_fn") { return .vhostWorker }
    return isRing ? .ioWorker : .kernelWorker
  }

  static func kind(named name: String) -> ThreadKind? {
    if name.hasPrefix("iou-wrk-") { return .ioWorker }
    if name.hasPrefix("iou-sqp-") { return .submissionPoller }
    if name.hasPrefix("iou-mgr-") { return .manager }
    if name.hasPrefix("vhost-") { return .vhostWorker }
    return name.hasPrefix("kvm-nx-lpage") ? .kvmWorker : nil
  }

  // MARK: Provenance

  /// Owner and activity of a worker, as far as /proc tells more than the core.
  mutating func addFacts(to index: Int) {
    guard let facts = image.facts[classes[index].id], var provenance = classes[index].provenance else {
      return
    }
    if !Self.isKnown(provenance.owner) || image.writer == .snapshot,
      let owner = owner(named: facts.nameText ?? "", kind: classes[index].kind)
    {
      provenance.owner = owner
    } else if image.writer == .snapshot {
      provenance.owner = .unknown("/proc does not tell it")
    }
    provenance.activity = Self.activity(facts)
    classes[index].provenance = provenance
  }

  private static func isKnown(_ owner: Provenance.Owner) -> Bool {
    if case .thread = owner { true } else { false }
  }

  /// `iou-wrk-N` carries the number of the thread whose io-wq it is, `iou-sqp-N` of the one that set it up.
  private func owner(named name: String, kind: ThreadKind) -> Provenance.Owner? {
    guard Self.kind(named: name) != nil, let digits = name.split(separator: "-").last,
      let number = Int32(digits)
    else { return nil }
    if image.threads.contains(where: { $0.id == number }) { return .thread(number) }
    if image.hasInitialNumbers == true { return .exited(threadPointer: 0) }
    return .unknown(
      "its name says LWP \(number), in the initial PID namespace, and none here has that number")
  }

  /// By the kernel stack: the operation, whose function io_issue_sqe called, and where it sleeps.
  static func activity(_ facts: ProcThread) -> String? {
    guard let stack = facts.kernelStack, let top = stack.first else {
      return facts.waitChannel.map { $0 == "io_wq_worker" ? "idle" : "in \($0)" }
    }
    if let issue = stack.firstIndex(where: { $0 == "__io_issue_sqe" || $0 == "io_issue_sqe" }), issue > 0 {
      let function = stack[issue - 1]
      let operation = function.hasPrefix("io_") ? function.dropFirst(3).uppercased() : function
      return "executing \(operation), in \(top)"
    }
    if top == "io_wq_worker" || top == "io_wqe_worker" { return "idle" }
    if top == "io_sq_thread" { return "asleep" }
    return "in \(top)"
  }
}
