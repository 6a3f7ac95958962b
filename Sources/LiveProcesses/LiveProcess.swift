internal import Bytes
internal import CLinux
internal import Glibc
package import ProcFiles
package import ProcessModel

/// A running process that is looked at: from /proc, and for a moment by ptrace(2).
///
/// The only room that touches a live process; what comes out are plain values. The kernel's own threads (PF_IO_WORKER,
/// PF_USER_WORKER) are never attached to: a stop aborts the request that they execute.
package struct LiveProcess {
  package let id: Int32
  /// The thread by which the process is reached: the main one, or where that has ended and with it its view of memory
  /// and files, another that lives.
  package let anchor: Int32
  package let tree: ProcTree
  package let architecture: Architecture
  private(set) package var remarks: [String] = []

  /// Opens a process by its number or by that of one of its threads.
  package init(id: Int32) throws(LiveError) {
    let given = ProcTree(folder: "/proc/\(id)")
    guard let status = given.bytes("status").map({ ProcStatus($0) }), !status.isEmpty else {
      throw LiveError(
        SystemFiles.isFolder("/proc/\(id)")
          ? "process \(id): /proc/\(id)/status cannot be read"
          : "process \(id): there is no such process (or /proc hides it: hidepid)")
    }
    let group = status.groupID ?? id
    self.id = group
    if group != id { remarks.append("\(id) is a thread of process \(group), which is shown") }
    var tree = group == id ? given : ProcTree(folder: "/proc/\(group)")
    var anchor = group
    guard let main = tree.bytes("stat").flatMap({ ProcStat($0) }) else {
      throw LiveError("process \(group): it has ended")
    }
    if main.state == "Z" {
      guard let living = Self.livingThread(of: tree) else {
        throw LiveError(
          "process \(group): a zombie: it has ended, and its parent \(main.parentID ?? 0) has not waited for it yet"
        )
      }
      anchor = living
      tree = ProcTree(folder: "/proc/\(living)")
    }
    self.anchor = anchor
    self.tree = tree
    if tree.bytes("maps").map({ $0.isEmpty }) == true {
      throw LiveError("process \(group): a thread of the kernel's: it has no memory of its own")
    }
    architecture = Self.is32Bit(tree) ? .i386 : .x86_64
    if status.isDumping { remarks.append("process \(group) is dying: its core is being written") }
    addNamespaceRemarks(group)
  }

  private static func livingThread(of tree: ProcTree) -> Int32? {
    tree.threadNumbers().first { id in
      let state = tree.bytes("task/\(id)/stat").flatMap { ProcStat($0) }?.state
      return state != nil && state != "Z" && state != "X"
    }
  }

  private static func is32Bit(_ tree: ProcTree) -> Bool {
    // `e_machine` of the executable, whatever its path leads to today.
    guard let head = try? SystemFiles.read("\(tree.name)/exe", limit: 20, followsLinks: true),
      head.count == 20
    else { return false }
    return head[4] == 1 && head[18] == 3
  }

  private mutating func addNamespaceRemarks(_ id: Int32) {
    if isForeign("pid") {
      remarks.append(
        "process \(id) lives in another PID namespace: LWPs are shown as seen from here; the number in a name"
          + " like iou-wrk-N is of the initial namespace")
    }
    if isForeign("mnt") {
      remarks.append(
        "process \(id) lives in another mount namespace: its files are read through \(tree.name)/root"
      )
    }
  }

  /// Whether the process has another namespace of a kind than coreview.
  package func isForeign(_ kind: String) -> Bool {
    guard let own = SystemFiles.inode("/proc/self/ns/\(kind)"),
      let other = SystemFiles.inode("\(tree.name)/ns/\(kind)")
    else { return false }
    return own != other
  }

  // MARK: Capture

  /// Reads /proc, then registers and stacks.
  package func capture(_ options: CaptureOptions) throws(LiveError) -> Capture {
    // What the threads were doing is read first: a stop makes blocked calls start again.
    guard let process = ProcProcess(tree, detail: options.detail, isRunning: true) else {
      throw LiveError("process \(id): it has ended")
    }
    guard let maps = process.maps, !maps.mappings.isEmpty else {
      throw LiveError(
        "process \(id): \(tree.name)/maps cannot be read: \(reason(process)); /proc's other files say too little"
      )
    }
    var capture = Capture(
      process: process, architecture: architecture, threads: [], memory: [], mode: options.mode,
      window: 0,
      longestHold: 0, gaps: process.gaps, remarks: remarks)
    let forbidden = userFaultRanges(process)
    if !forbidden.isEmpty {
      capture.remarks.append(
        "process \(id) handles page faults itself (userfaultfd): \(forbidden.count) ranges of its memory are not read"
      )
    }
    let memory = RemoteMemory(processID: anchor, forbidden: forbidden)
    let wanted = process.threads.filter { $0.stat?.isKernelWorker != true && !Self.hasEnded($0) }
    let ranges = StackRanges(maps: maps, forbidden: forbidden, threads: wanted.count)
    var found: [Int32: CapturedThread] = [:]
    if options.mode == .none {
      var reader = PassiveReader(
        tree: tree, ranges: ranges, memory: memory, architecture: architecture)
      var pieces: [CapturedRange] = []
      var wanted = wanted.map(\.id)
      for listing in 1...Self.mostListings where !wanted.isEmpty {
        for id in wanted {
          let (seen, copied) = reader.read(id)
          found[id] = seen
          pieces += copied
        }
        if listing == Self.mostListings { break }
        let listed = capture.process.threads.map(\.id) + capture.process.endedThreads
        wanted = tree.threadNumbers().filter { !listed.contains($0) }
        wanted = capture.process.add(wanted, from: tree, detail: .whole).filter {
          $0.stat?.isKernelWorker != true
        }
        .map(\.id)
        // After the list of threads: the stacks of all in it are there.
        reader.ranges.update(from: ProcTree(folder: tree.name))
      }
      capture.process.maps = reader.ranges.maps
      capture.memory = Self.joined(pieces)
    } else if !wanted.isEmpty {
      let stopper = ThreadStopper(
        tree: ProcTree(folder: tree.name), listed: process.threads.map(\.id),
        threads: wanted.map(\.id),
        options: options, ranges: ranges, memory: memory)
      let limit = 2 + options.deadlineMilliseconds / 1000 * (options.mode == .rolling ? 60 : 2)
      switch TracerChild.run(
        seconds: max(10, limit), isUrgent: options.mode == .rolling, { stopper.run() })
      {
      case .done:
        capture.window = stopper.window
        for thread in stopper.threads { found[thread.id] = thread }
        capture.memory = Self.joined(stopper.copied)
        capture.process.maps = stopper.ranges.maps
        capture.process.add(stopper.newcomers, from: tree, detail: options.detail)
        if stopper.isUnfinished {
          let text =
            "process \(id): made threads faster than they could be stopped: the newest are not shown"
          // One thread at a time there is no moment at which these would be all.
          if options.mode == .rolling {
            capture.remarks.append(text)
          } else {
            capture.gaps.append(text)
          }
        }
      case .broken:
        capture.gaps.append("process \(id): the copy of its threads was given up: it took too long")
      case .refused(let code):
        throw LiveError(
          "process \(id): no child process could be started to stop its threads, errno \(code)")
      }
    }
    for thread in capture.process.threads {
      var seen = found[thread.id] ?? CapturedThread(id: thread.id, outcome: .unstopped(nil))
      if thread.stat?.isKernelWorker == true { seen.outcome = .worker }
      if Self.hasEnded(thread) { seen.outcome = .exited }
      if case .refused = seen.outcome, let tracer = tracer(of: thread.id) {
        seen.outcome = .traced(by: tracer)
      }
      // Nothing is known of it, and nobody can ask any more.
      if seen.outcome == .exited, !Self.hasEnded(thread) {
        capture.process.endedThreads.append(thread.id)
      } else {
        capture.threads.append(seen)
      }
    }
    guard !capture.threads.isEmpty else { throw LiveError("process \(id): it has ended") }
    let shown = Set(capture.threads.map(\.id))
    capture.process.threads.removeAll { !shown.contains($0.id) }
    capture.longestHold = capture.threads.reduce(0) { max($0, $1.held) }
    let unexplained = capture.threads.indices.filter { !Self.explainsItself(capture.threads[$0]) }
    capture.process.complete(unexplained, from: tree)
    explain(&capture)
    return capture
  }

  /// Without stopping it a process that makes threads all the time is never known in full.
  private static let mostListings = 3

  private static func hasEnded(_ thread: ProcThread) -> Bool {
    thread.stat?.state == "Z" || thread.stat?.state == "X"
  }

  /// Whether a thread's registers say where it is: else /proc is asked, though only now.
  private static func explainsItself(_ thread: CapturedThread) -> Bool {
    guard thread.outcome == .stopped else { return thread.outcome == .blocked }
    guard let block = RegisterBlock(thread.general) else { return false }
    return block.stackPointer != 0 && block.programCounter != 0
  }

  /// In order and without overlaps; of what was copied twice the first copy stays.
  private static func joined(_ pieces: [CapturedRange]) -> [CapturedRange] {
    var result: [CapturedRange] = []
    for piece in pieces.sorted(by: { $0.start < $1.start }) {
      guard let last = result.last, piece.start < last.end else {
        result.append(piece)
        continue
      }
      guard piece.end > last.end else { continue }
      result.append(piece.dropFirst(last.end - piece.start))
    }
    return result
  }

  private func tracer(of thread: Int32) -> Int32? {
    let status = tree.read("task/\(thread)/status", isFresh: true)
    guard let tracer = (try? status.get()).flatMap({ ProcStatus($0).tracerID }), tracer > 0 else {
      return nil
    }
    return tracer
  }

  // MARK: What could not be had

  /// One sentence for each reason, with the threads that it holds for.
  private func explain(_ capture: inout Capture) {
    var groups: [(sentence: String, threads: [Int32], hidesSomething: Bool)] = []
    func add(_ sentence: String, _ thread: Int32, hidesSomething: Bool = true) {
      if let index = groups.firstIndex(where: { $0.sentence == sentence }) {
        groups[index].threads.append(thread)
      } else {
        groups.append((sentence, [thread], hidesSomething))
      }
    }
    for id in capture.process.endedThreads {
      add("ended while it was looked at: it is not shown", id, hidesSomething: false)
    }
    for (index, thread) in capture.threads.enumerated() {
      switch thread.outcome {
      case .stopped, .blocked, .worker: break
      case .exited:
        add("has ended (state Z): it has no stack any more", thread.id, hidesSomething: false)
      case .traced(let tracer):
        add(
          "is traced by process \(tracer)\(name(of: tracer)), which has to let it go first",
          thread.id)
      case .refused(let code): add(refusal(code), thread.id)
      case .unstopped(let state): add(unstopped(state, capture.process.threads[index]), thread.id)
      case .running: add("was running, and no thread was to be stopped (--no-stop)", thread.id)
      }
    }
    for (sentence, threads, hidesSomething) in groups {
      let shown =
        threads.prefix(8).map { String($0) }.joined(separator: ", ")
        + (threads.count > 8 ? ", …" : "")
      let who =
        threads.count == 1 ? "LWP \(shown)" : "\(threads.count) threads (LWP \(shown)): each"
      let text = "process \(id): \(who) \(sentence)"
      if hidesSomething { capture.gaps.append(text) } else { capture.remarks.append(text) }
    }
  }

  private func name(of process: Int32) -> String {
    guard let bytes = ProcTree(folder: "/proc/\(process)").bytes("comm"), bytes.count > 1 else {
      return ""
    }
    return " (" + String(decoding: bytes.dropLast(), as: UTF8.self) + ")"
  }

  private func refusal(_ code: Int32) -> String {
    var why = unsafe String(cString: strerror(code))
    if let scope = (try? SystemFiles.read("/proc/sys/kernel/yama/ptrace_scope", limit: 16))?.first,
      scope != 0x30
    {
      why +=
        "; /proc/sys/kernel/yama/ptrace_scope is \(Character(Unicode.Scalar(scope))): only its ancestors"
        + " and root may look, and with 3 nobody"
    } else {
      why += "; " + advice()
    }
    return "may not be attached to (\(why)): shown from /proc"
  }

  /// What helps against EPERM and EACCES: ptrace(2), "Ptrace access mode checking".
  private func advice() -> String {
    let own = geteuid()
    if own == 0 { return "that takes CAP_SYS_PTRACE, which root has not got here (a container?)" }
    if tree.bytes("status").flatMap({ ProcStatus($0).userID }) == Int32(bitPattern: own) {
      return
        "it has made itself undumpable (PR_SET_DUMPABLE) or has more rights than you: run coreview as root"
    }
    return "run coreview as root or as the process's user"
  }

  private func unstopped(_ state: Character?, _ thread: ProcThread) -> String {
    let limit = "did not stop in time and was let go"
    guard state == "D" || thread.stat?.state == "D" else { return limit + ": shown from /proc" }
    let place = thread.waitChannel.map { " in \($0)" } ?? ""
    var isFork =
      thread.kernelStack?.contains { $0.contains("vfork") || $0 == "kernel_clone" } == true
    if case .inside(let number, _, _, _)? = thread.systemCall {
      let call = SystemCallNames.name(number, machine: architecture.machine)
      isFork = isFork || call == "vfork" || call == "clone" || call == "clone3"
    }
    return limit
      + ": it sleeps uninterruptibly\(place) (state D\(isFork ? ": vfork or posix_spawn" : ""));"
      + " shown from /proc"
  }

  private func reason(_ process: ProcProcess) -> String {
    switch tree.read("maps") {
    case .success(let bytes):
      bytes.isEmpty ? "it is empty, as of a process that ends" : "it makes no sense"
    case .failure(.missing): "the process has ended"
    case .failure(.denied): "permission denied; " + advice()
    case .failure(.failed(let why)): why
    }
  }

  // MARK: Memory

  /// Memory that a thread of the process brings when it is touched: a read from outside would wait for that thread.
  private func userFaultRanges(_ process: ProcProcess) -> [Range<UInt64>] {
    guard process.descriptors.values.contains(where: { $0.hasPrefix("anon_inode:[userfaultfd]") }),
      let bytes = tree.bytes("smaps")
    else { return [] }
    var result: [Range<UInt64>] = []
    var current: Range<UInt64>?
    for line in bytes.split(separator: 0x0a) {
      if line.starts(with: Array("VmFlags:".utf8)) {
        let flags = line.split(separator: 0x20)
        if let current,
          flags.contains(where: {
            ["um", "uw", "ui"].contains(String(decoding: $0, as: UTF8.self))
          })
        {
          result.append(current)
        }
      } else if let mapping = ProcMaps(Array(line)).mappings.first {
        current = mapping.range
      }
    }
    return result
  }

  /// The memory of the process as it is now.
  package func memory(_ process: ProcProcess) -> RemoteMemory {
    RemoteMemory(processID: anchor, forbidden: userFaultRanges(process))
  }
}
