internal import Bytes
internal import ProcFiles
internal import ProcessModel

/// Damage, then the gate, the veto and the score: so that what looks like a worker for another reason is
/// named by that reason first, and no single fact makes a worker.
///
/// The measurements behind every step: 5.10.223, 6.1, 6.12, 6.18 and 7.2 kernels on seven architectures.
struct Classifier {
  let image: ThreadImage
  let marks: WorkerMarks
  let mapsRing: Bool
  /// By TLS pointer: indices of the threads that have it.
  let sharers: [UInt64: [Int]]
  /// Linux up to 5.15 on FSGSBASE processors: threads that do not dump have lost their TLS pointer.
  let hasLostThreadPointers: Bool
  var classes: [ThreadClass] = []
  /// By TLS pointer: the threads of user space that have it, of each at most `longestList`.
  private(set) var users: [UInt64: [Int]] = [:]
  /// By thread function (s390x): the kernel workers that run it, of each at most `longestList`.
  private(set) var functions: [UInt64: [Int]] = [:]

  /// Threads that one sentence names.
  static let longestList = 8

  init(_ image: ThreadImage) {
    self.image = image
    marks = WorkerMarks.of(image.architecture)
    mapsRing = image.mapsRing
    var sharers: [UInt64: [Int]] = [:]
    for index in image.threads.indices {
      if let pointer = image.threadPointer(of: index), pointer != 0 {
        sharers[pointer, default: []].append(index)
      }
    }
    self.sharers = sharers
    hasLostThreadPointers =
      image.threads.count > 1
      && image.threads.indices.dropFirst().allSatisfy { image.threadPointer(of: $0) == 0 }
  }

  mutating func run() -> [ThreadClass] {
    classes = image.threads.indices.map { joined(classify($0), $0) }
    markSiblings()
    group()
    for index in classes.indices where classes[index].kind.isKernelWorker {
      classes[index].provenance = provenance(of: index)
      addFacts(to: index)
    }
    return classes
  }

  /// The class of a thread by itself, and its confidence.
  private func classify(_ index: Int) -> ThreadClass {
    if let damage = damage(of: index) { return damage }
    guard isAtZero(index) else {
      return ThreadClass(id: image.threads[index].id, kind: .userThread, confidence: .certain)
    }
    if let veto = veto(of: index) { return veto }
    let evidence = evidence(of: index)
    let score = evidence.reduce(0) { $0 + $1.points }
    let id = image.threads[index].id
    guard let confidence = verdict(score, Set(evidence.map(\.mark))) else {
      return ThreadClass(
        id: id, kind: .unexplainedZero, confidence: .possible, score: score, evidence: evidence)
    }
    return ThreadClass(
      id: id, kind: kind(of: index), confidence: confidence, score: score, evidence: evidence)
  }

  // MARK: Damage

  private func damage(of index: Int) -> ThreadClass? {
    let thread = image.threads[index], notes = image.notes[index]
    // Nobody could read registers; the note says so, and its zeros mean nothing.
    if notes.registerSource == .absent, thread.id > 0 { return nil }
    let expected = image.architecture.notes.statusSize
    var text: String
    if notes.isStatusBlank {
      text = "NT_PRSTATUS is all zeros"
    } else if thread.id <= 0 {
      text = "pr_pid is \(thread.id)"
    } else if notes.statusSize != expected {
      text = "NT_PRSTATUS has \(notes.statusSize) bytes, not \(expected)"
    } else if !thread.hasRegisters {
      text = "the file ends within the registers of NT_PRSTATUS"
    } else if marks.codeSegment != nil, isBlockBlank(index), !couldBeBlankWorker(index),
      // A worker that the kernel's flags name has no registers to damage.
      image.facts[thread.id]?.stat?.isKernelWorker != true
    {
      // A user thread's code segment is never 0, and 5.12's workers keep their maker's TLS pointer.
      text = "every register is zero, the TLS pointer too, which other threads have"
    } else {
      return nil
    }
    if let offset = notes.statusOffset { text += " (its note is at offset \(offset.hexadecimal))" }
    return ThreadClass(
      id: thread.id, kind: .damaged, confidence: .certain, evidence: [Evidence(.verdict, 0, text)])
  }

  private func isBlockBlank(_ index: Int) -> Bool {
    image.threads[index].registerBlock.allSatisfy { $0 == 0 } && (image.threadPointer(of: index) ?? 0) == 0
  }

  /// 5.12 on an FSGSBASE processor: the TLS pointer is lost in all threads but the first.
  private func couldBeBlankWorker(_ index: Int) -> Bool {
    index > 0 && hasLostThreadPointers && image.writer == .kernel
      && image.threads[index].heldSignals == marks.heldSignals
  }

  // MARK: Gate and veto

  /// Whether the thread is where no user thread can run: pc = sp = 0, or kernel mode without a stack.
  ///
  /// s390x up to Linux 6.11 shows `__ret_from_fork` as pc.
  private func isAtZero(_ index: Int) -> Bool {
    let thread = image.threads[index]
    guard thread.registers[image.architecture.stackPointer] == 0 else { return false }
    return thread.registers[image.architecture.programCounter] == 0 || isKernelMode(index) == true
  }

  /// What the saved processor state says; `nil` where the architecture saves none, or it was zeroed.
  func isKernelMode(_ index: Int) -> Bool? {
    guard let mode = marks.mode, let value = image.register(mode.register, of: index) else { return nil }
    return mode.isKernel(value)
  }

  /// A fault of the thread's own: a worker has none, for it never runs in user space.
  private func veto(of index: Int) -> ThreadClass? {
    var reason: String?
    let signal = image.notes[index].signal
    if let signal, signal.code > 0, [4, 7, 8, 11].contains(signal.number) {
      reason = "the fault (signal \(signal.number), code \(signal.code)) is this thread's own"
    } else if let flags = image.register(marks.flags, of: index), flags & 0x10000 != 0, !looksMade(index) {
      // RF is set by faults. A worker could inherit it from a maker that had just faulted (never seen; an
      // interrupted `rep stosb` does not leave it), so what only workers have in common comes first.
      reason = "eflags \(flags.hexadecimal) has RF: the thread had faulted"
    }
    return reason.map {
      ThreadClass(
        id: image.threads[index].id, kind: .crashedAtZero, confidence: .certain,
        evidence: [Evidence(.verdict, 0, $0 + ": a jump through NULL with a destroyed stack pointer")])
    }
  }

  /// A shared TLS pointer, and a worker's signals where the core tells.
  private func looksMade(_ index: Int) -> Bool {
    let shares = image.threadPointer(of: index).map { sharers[$0, default: []].count > 1 } ?? false
    return image.writer == .kernel
      ? image.threads[index].heldSignals == marks.heldSignals && (shares || hasLostThreadPointers) : shares
  }

  // MARK: Verdict

  private func verdict(_ score: Int, _ seen: Set<Evidence.Mark>) -> Confidence? {
    guard score >= 3 else { return nil }
    if seen.isDisjoint(with: [.userMode, .ownSignals]), score >= 9 {
      let isCertain: Bool
      switch marks.form {
      case .inherited:
        isCertain =
          seen.isSuperset(of: [.blockedSignals, .callSite, .arguments])
          || seen.contains(.sharedThreadPointer)
            && !seen.isDisjoint(with: [.blockedSignals, .callSite])
      case .cleared:
        isCertain = seen.contains(.kernelMode) && !(marks.mode?.isZeroKernel ?? true)
      }
      if isCertain { return .certain }
    }
    return score >= 6 ? .likely : .possible
  }

  /// Who makes such workers: io_uring_enter, io_uring_setup, two ioctls, and task work in any other call.
  private func kind(of index: Int) -> ThreadKind {
    guard marks.form == .inherited, let number = systemCall(of: index),
      image.register(marks.codeSegment, of: index) != 0
    else { return .kernelWorker }
    switch number {
    case 426: return .ioWorker
    case 425:
      // Task work can make an iou-wrk while the owner sets up a further ring.
      return parameters(of: index).map { $0.pollsSubmissions ? .submissionPoller : .ioWorker }
        ?? .submissionPoller
    case Int64(marks.ioctl) where argument(1, of: index) == 0xaf01: return .vhostWorker
    case Int64(marks.ioctl) where argument(1, of: index) == 0xae80: return .kvmWorker
    default: return mapsRing ? .ioWorker : .kernelWorker
    }
  }

  private mutating func group() {
    for (pointer, members) in sharers {
      var found: [Int] = []
      for index in members where !classes[index].kind.isKernelWorker && found.count < Self.longestList {
        found.append(index)
      }
      users[pointer] = found
    }
    guard let name = marks.threadFunction else { return }
    for index in classes.indices where classes[index].kind.isKernelWorker {
      guard let function = image.register(name, of: index),
        functions[function, default: []].count < Self.longestList
      else { continue }
      functions[function, default: []].append(index)
    }
  }

  /// A worker that task work made while its owner did something else: known by a sibling that is certain.
  private mutating func markSiblings() {
    for (pointer, members) in sharers {
      guard
        let known = members.first(where: {
          classes[$0].kind == .ioWorker && classes[$0].confidence == .certain
        })
      else { continue }
      for index in members where index != known && classes[index].kind.isKernelWorker {
        guard let number = systemCall(of: index), ![425, 426, Int64(marks.ioctl)].contains(number) else {
          continue
        }
        classes[index].kind = .ioWorker
        classes[index].evidence.append(
          Evidence(
            .sibling, 0,
            "LWP \(classes[known].id), an io_uring worker, has the TLS pointer \(pointer.hexadecimal) too"))
      }
    }
  }

  // MARK: Inherited values

  /// The system call, without x32's bit; −1 outside of one; `nil` where the architecture does not keep it.
  func systemCall(of index: Int) -> Int64? {
    guard marks.form == .inherited, image.register(marks.codeSegment, of: index) != 0,
      let raw = image.register(marks.systemCall, of: index)
    else { return nil }
    let value =
      image.architecture.wordSize == 8 ? Int64(bitPattern: raw) : Int64(Int32(truncatingIfNeeded: raw))
    return value >= 0 ? value & ~0x4000_0000 : -1
  }

  func argument(_ number: Int, of index: Int) -> UInt64? {
    guard marks.arguments.indices.contains(number) else { return nil }
    return image.register(marks.arguments[number], of: index)
  }

  /// What io_uring_setup wrote for its caller, while it is intact.
  func parameters(of index: Int) -> RingParameters? {
    guard systemCall(of: index) == 425, let address = argument(1, of: index) else { return nil }
    return RingParameters.read(at: address, memory: image.memory)
  }
}
