internal import CLinux
internal import Glibc
package import ProcFiles
package import ProcessModel
internal import Bytes

/// A running process that is looked at: from /proc, and for a moment by ptrace(2).
///
/// The only room that touches a live process; what comes out are plain values. The kernel's own threads (PF_IO_WORKER,
/// PF_USER_WORKER) are never attached to: a stop aborts the request that they execute.
package struct LiveProcess {
  package let id: Int32
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
    let tree = group == id ? given : ProcTree(folder: "/proc/\(group)")
    self.tree = tree
    guard let main = tree.bytes("stat").flatMap({ ProcStat($0) }) else {
      throw LiveError("process \(group): it has ended")
    }
    let threads = tree.threadNumbers()
    if main.state == "Z", threads.count <= 1 {
      throw LiveError(
        "process \(group): a zombie: it has ended, and its parent \(main.parentID ?? 0) has not waited for it yet"
      )
    }
    if tree.bytes("maps").map({ $0.isEmpty }) == true, main.state != "Z" {
      throw LiveError("process \(group): a thread of the kernel's: it has no memory of its own")
    }
    architecture = Self.is32Bit(tree) ? .i386 : .x86_64
    if status.isDumping { remarks.append("process \(group) is dying: its core is being written") }
    addNamespaceRemarks(group)
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
        "process \(id) lives in another mount namespace: its files are read through /proc/\(id)/root")
    }
  }

  /// Whether the process has another namespace of a kind than coreview.
  package func isForeign(_ kind: String) -> Bool {
    guard let own = SystemFiles.inode("/proc/self/ns/\(kind)"),
      let other = SystemFiles.inode("/proc/\(id)/ns/\(kind)")
    else { return false }
    return own != other
  }

  // MARK: Capture

  /// Reads /proc, then registers and stacks.
  package func capture(_ options: CaptureOptions) throws(LiveError) -> Capture {
    // What the threads were doing is read first: a stop makes blocked calls start again.
    guard let process = ProcProcess(tree) else { throw LiveError("process \(id): it has ended") }
    guard let maps = process.maps, !maps.mappings.isEmpty else {
      throw LiveError(
        "process \(id): /proc/\(id)/maps cannot be read: \(reason(process)); /proc's other files say too little"
      )
    }
    var capture = Capture(
      process: process, architecture: architecture, threads: [], memory: [], mode: options.mode, window: 0,
      longestHold: 0, gaps: process.gaps, remarks: remarks)
    let forbidden = userFaultRanges(process)
    if !forbidden.isEmpty {
      capture.remarks.append(
        "process \(id) handles page faults itself (userfaultfd): \(forbidden.count) ranges of its memory are not read"
      )
    }
    let memory = RemoteMemory(processID: id, forbidden: forbidden)
    let wanted = process.threads.filter { $0.stat?.isKernelWorker != true && !Self.hasEnded($0) }
    let ranges = StackRanges(maps: maps, forbidden: forbidden, threads: wanted.count)
    var found: [Int32: CapturedThread] = [:]
    if options.mode == .none {
      let reader = PassiveReader(tree: tree, ranges: ranges, memory: memory, architecture: architecture)
      var pieces: [CapturedRange] = []
      for thread in wanted {
        let (seen, copied) = reader.read(thread.id)
        found[thread.id] = seen
        pieces += copied
      }
      capture.memory = Self.joined(pieces)
    } else if !wanted.isEmpty {
      var stopper = ThreadStopper(
        processID: id, threads: wanted.map(\.id), options: options, ranges: ranges, memory: memory)
      let limit = 2 + options.deadlineMilliseconds / 1000 * (options.mode == .rolling ? 60 : 2)
      guard let records = TracerChild.run(seconds: max(10, limit), { stopper.run() }) else {
        throw LiveError(
          "process \(id): no child process could be started to stop its threads, errno \(errno)")
      }
      take(records, &capture, &found)
    }
    for thread in process.threads {
      var seen = found[thread.id] ?? CapturedThread(id: thread.id, outcome: .unstopped(nil))
      if thread.stat?.isKernelWorker == true { seen.outcome = .worker }
      if Self.hasEnded(thread) { seen.outcome = .exited }
      if case .refused = seen.outcome, let tracer = tracer(of: thread.id) {
        seen.outcome = .traced(by: tracer)
      }
      capture.threads.append(seen)
    }
    capture.longestHold = capture.threads.reduce(0) { max($0, $1.held) }
    explain(&capture)
    return capture
  }

  private static func hasEnded(_ thread: ProcThread) -> Bool {
    thread.stat?.state == "Z" || thread.stat?.state == "X"
  }

  private func take(_ records: [UInt8], _ capture: inout Capture, _ found: inout [Int32: CapturedThread]) {
    var reader = CaptureRecordReader(records)
    guard let window = reader.number(), let count = reader.number() else {
      capture.gaps.append("process \(id): the copy of its threads was given up: it took too long")
      return
    }
    capture.window = window
    for _ in 0..<min(count, UInt64(records.count)) {
      guard let thread = reader.thread() else { break }
      found[thread.id] = thread
    }
    var pieces: [CapturedRange] = []
    for _ in 0..<min(reader.number() ?? 0, UInt64(records.count)) {
      guard let start = reader.number(), let bytes = reader.block() else { break }
      pieces.append(CapturedRange(start: start, bytes: bytes))
    }
    capture.memory = Self.joined(pieces)
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
      result.append(
        CapturedRange(start: last.end, bytes: Array(piece.bytes.dropFirst(Int(last.end - piece.start)))))
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
    var groups: [(sentence: String, threads: [Int32])] = []
    func add(_ sentence: String, _ thread: Int32) {
      if let index = groups.firstIndex(where: { $0.sentence == sentence }) {
        groups[index].threads.append(thread)
      } else {
        groups.append((sentence, [thread]))
      }
    }
    for (index, thread) in capture.threads.enumerated() {
      switch thread.outcome {
      case .stopped, .blocked, .worker: break
      case .exited:
        let isOld = Self.hasEnded(capture.process.threads[index])
        add(
          isOld ? "has ended (state Z): it has no stack any more" : "ended while it was looked at", thread.id)
      case .traced(let tracer):
        add("is traced by process \(tracer)\(name(of: tracer)), which has to let it go first", thread.id)
      case .refused(let code): add(refusal(code), thread.id)
      case .unstopped(let state): add(unstopped(state, capture.process.threads[index]), thread.id)
      case .running: add("was running, and no thread was to be stopped (--no-stop)", thread.id)
      }
    }
    for (sentence, threads) in groups {
      let shown =
        threads.prefix(8).map { String($0) }.joined(separator: ", ") + (threads.count > 8 ? ", …" : "")
      let who = threads.count == 1 ? "LWP \(shown)" : "\(threads.count) threads (LWP \(shown)): each"
      capture.gaps.append("process \(id): \(who) \(sentence)")
    }
  }

  private func name(of process: Int32) -> String {
    guard let bytes = ProcTree(folder: "/proc/\(process)").bytes("comm"), bytes.count > 1 else { return "" }
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
      why += "; run coreview as root or as the process's user"
    }
    return "may not be attached to (\(why)): shown from /proc"
  }

  private func unstopped(_ state: Character?, _ thread: ProcThread) -> String {
    let limit = "did not stop in time and was let go"
    guard state == "D" || thread.stat?.state == "D" else { return limit + ": shown from /proc" }
    let place = thread.waitChannel.map { " in \($0)" } ?? ""
    var isFork = thread.kernelStack?.contains { $0.contains("vfork") || $0 == "kernel_clone" } == true
    if case .inside(let number, _, _, _)? = thread.systemCall {
      let call = SystemCallNames.name(number, machine: architecture.machine)
      isFork = isFork || call == "vfork" || call == "clone" || call == "clone3"
    }
    return limit + ": it sleeps uninterruptibly\(place) (state D\(isFork ? ": vfork or posix_spawn" : ""));"
      + " shown from /proc"
  }

  private func reason(_ process: ProcProcess) -> String {
    switch tree.read("maps") {
    case .success(let bytes): bytes.isEmpty ? "it is empty, as of a process that ends" : "it makes no sense"
    case .failure(.missing): "the process has ended"
    case .failure(.denied): "permission denied; run coreview as root or as the process's user"
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
          flags.contains(where: { ["um", "uw", "ui"].contains(String(decoding: $0, as: UTF8.self)) })
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
    RemoteMemory(processID: id, forbidden: userFaultRanges(process))
  }
}
