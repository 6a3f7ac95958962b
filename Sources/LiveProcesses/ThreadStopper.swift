internal import Bytes
internal import CLinux
internal import Glibc
internal import ProcFiles
internal import ProcessModel

/// Stops threads by ptrace(2), copies their registers and stacks, and lets them go.
///
/// Runs in a child process of its own: a tracer that dies, however it dies, frees its tracees, so that no thread can be
/// left standing, and one that never stopped (vfork, state D) forgets that it was asked to. PTRACE_SEIZE, unlike
/// PTRACE_ATTACH, sends no signal, and a thread that was stopped before stays stopped after.
///
/// A class, since of what a child held that was killed nobody can tell whether it was given back.
final class ThreadStopper {
  private enum State {
    /// Ours, and running.
    case seized
    /// Stopped; the signal that it was about to receive goes with it when it is let go.
    case stopped(signal: Int32, at: UInt64)
    /// Not ours, or no longer.
    case done
  }

  private let tree: ProcTree
  private let options: CaptureOptions
  private(set) var ranges: StackRanges
  private let memory: RemoteMemory
  private(set) var threads: [CapturedThread]
  private var states: [State]
  private(set) var copied: [CapturedRange] = []
  /// All that were found in the process, the kernel's own too, ascending.
  private var known: [Int32]
  /// Those that were made after the list was read.
  private(set) var newcomers: [Int32] = []
  /// Whether the process still made threads when it was no longer asked.
  private(set) var isUnfinished = false
  /// What a register set is read into: NT_X86_XSTATE, the largest, has some 11 KiB with AMX.
  private var buffer = [UInt8](repeating: 0, count: 16384)
  /// What a stack is read into while its thread stands alone: memory that is there already.
  private var stackBuffer: [UInt8] = []
  private var windowStart: UInt64 = 0
  private var windowEnd: UInt64 = 0

  private static let seize: Int32 = 0x4206
  private static let interrupt: Int32 = 0x4207
  private static let detach: Int32 = 17
  private static let eventStop: Int32 = 128
  /// NT_PRSTATUS, NT_PRFPREG, NT_X86_XSTATE, NT_386_TLS.
  private static let generalSet: UInt = 1
  private static let floatingPointSet: UInt = 2
  private static let vectorSet: UInt = 0x202
  private static let threadAreaSet: UInt = 0x200
  /// After this time of waiting, threads in state D are not waited for any longer.
  private static let patience: UInt64 = 20_000_000
  /// How often the process is asked for threads that it has made meanwhile.
  private static let mostRounds = 8
  private static let largestStack = 256 << 10

  /// `tree` is the process's folder, `listed` all threads in it that were found, ascending, `threads` those that are to be
  /// stopped.
  init(
    tree: ProcTree, listed: [Int32], threads: [Int32], options: CaptureOptions, ranges: StackRanges,
    memory: RemoteMemory
  ) {
    self.tree = tree
    known = listed
    self.options = options
    self.ranges = ranges
    self.memory = memory
    self.threads = threads.map { CapturedThread(id: $0, outcome: .unstopped(nil)) }
    states = threads.map { _ in .done }
  }

  /// From the first stop to the last thread's going on, in nanoseconds.
  var window: UInt64 { windowEnd &- windowStart }

  /// Everything.
  func run() {
    take(threads.indices)
    // To take many threads takes long enough for others to be made.
    if takeNewcomers() != nil { ranges.update(from: tree) }
    switch options.mode {
    case .rolling:
      stackBuffer = [UInt8](repeating: 0, count: Self.largestStack)
      rollingWindow()
    case .all, .none: commonWindow()
    }
  }

  /// Takes the threads that were made since the list was last read; where they begin in `threads`, or `nil` where there are
  /// none. Of the kernel's own it only remembers that they are there.
  private func takeNewcomers() -> Int? {
    let first = threads.count
    let found = tree.threadNumbers().filter { id in
      let place = known.leadingCount { $0 < id }
      return place == known.count || known[place] != id
    }
    guard !found.isEmpty else { return nil }
    newcomers += found
    known = (known + found).sorted()
    for id in found {
      // Without it nothing says that it is no worker.
      guard let stat = tree.bytes("task/\(id)/stat").flatMap({ ProcStat($0) }),
        !stat.isKernelWorker,
        stat.state != "Z", stat.state != "X"
      else { continue }
      threads.append(CapturedThread(id: id, outcome: .unstopped(nil)))
      states.append(.done)
    }
    take(first..<threads.count)
    return threads.count > first ? first : nil
  }

  // MARK: Stopping

  /// Makes threads ours. Meanwhile those that die are reaped (`coreview_reap_the_dead`); else their deaths are waited for as
  /// their stops are.
  private func take(_ indices: Range<Int>) {
    var children = sigset_t()
    unsafe sigemptyset(&children)
    unsafe sigaddset(&children, SIGCHLD)
    unsafe sigprocmask(SIG_UNBLOCK, &children, nil)
    for index in indices { take(index) }
    unsafe sigprocmask(SIG_BLOCK, &children, nil)
  }

  private func take(_ index: Int) {
    if coreview_ptrace(Self.seize, threads[index].id, 0, 0) == 0 {
      states[index] = .seized
    } else {
      let code = errno
      threads[index].outcome = code == ESRCH ? .exited : .refused(code)
    }
  }

  /// Forgets newcomers for which there was no time.
  private func leaveOut(from first: Int) {
    let ids = threads[first...].map(\.id)
    newcomers.removeAll { ids.contains($0) }
    threads.removeSubrange(first...)
    states.removeSubrange(first...)
  }

  private func commonWindow() {
    windowStart = Self.now()
    var first = 0
    for round in 0... {
      let asked = (first..<threads.count).filter { isSeized($0) }
      for index in asked { ask(index) }
      wait(for: asked, since: windowStart)
      // Who was still running may have made more.
      guard let next = takeNewcomers() else { break }
      first = next
      isUnfinished = round >= Self.mostRounds || Self.now() &- windowStart >= deadline
      if isUnfinished {
        leaveOut(from: next)
        break
      }
    }
    var wanted: [Range<UInt64>] = []
    for index in states.indices where isStopped(index) { wanted += registers(index) }
    copied = memory.read(ranges.merged(wanted))
    for index in states.indices where isStopped(index) { letGo(index) }
    windowEnd = Self.now()
    // For the record: what is newer was guessed.
    if !newcomers.isEmpty { ranges.update(from: tree) }
  }

  private func rollingWindow() {
    windowStart = Self.now()
    var first = 0
    for round in 0... {
      for index in first..<threads.count where isSeized(index) {
        copied += copyAlone(index)
        isUnfinished = Self.now() &- windowStart > 50 &* deadline
        if isUnfinished { break }
      }
      if isUnfinished { break }
      guard let next = takeNewcomers() else { break }
      first = next
      ranges.update(from: tree)
      isUnfinished = round >= Self.mostRounds
      if isUnfinished {
        leaveOut(from: next)
        break
      }
    }
    windowEnd = Self.now()
  }

  /// Stops one thread, reads it, and lets it go.
  private func copyAlone(_ index: Int) -> [CapturedRange] {
    let start = Self.now()
    ask(index)
    wait(for: [index], since: start)
    guard isStopped(index) else { return [] }
    let wanted = ranges.merged(registers(index))
    let count = memory.read(wanted, into: &stackBuffer)
    let larger = count == nil ? memory.read(wanted) : []
    letGo(index)
    threads[index].held = Self.now() &- start
    guard count != nil else { return larger }
    var pieces: [CapturedRange] = []
    var at = 0
    for range in wanted {
      pieces.append(
        CapturedRange(start: range.lowerBound, bytes: Array(stackBuffer[at..<at + range.count])))
      at += range.count
    }
    return pieces
  }

  private var deadline: UInt64 { UInt64(max(0, options.deadlineMilliseconds)) &* 1_000_000 }

  private func ask(_ index: Int) {
    if coreview_ptrace(Self.interrupt, threads[index].id, 0, 0) != 0, errno == ESRCH {
      threads[index].outcome = .exited
      states[index] = .done
    }
  }

  /// Waits until the threads have stopped, the deadline is over, or the rest sleeps where it cannot be interrupted.
  private func wait(for indices: [Int], since start: UInt64) {
    var pending = indices.filter { isSeized($0) }
    var children = sigset_t()
    unsafe sigemptyset(&children)
    unsafe sigaddset(&children, SIGCHLD)
    var isWholeRound = true
    while true {
      // Asked by their numbers and in one go: of any child (-1) the kernel would look through all each time.
      if isWholeRound { pending = pending.filter { !hasStopped($0) } }
      while let last = pending.last, hasStopped(last) { pending.removeLast() }
      if pending.isEmpty { return }
      let waited = Self.now() &- start
      if waited >= deadline { break }
      if waited >= min(Self.patience, deadline / 2), pending.allSatisfy({ isUninterruptible($0) }) {
        break
      }
      var pause = timespec(tv_sec: 0, tv_nsec: Int(min(deadline - waited, 2_000_000)))
      isWholeRound = unsafe sigtimedwait(&children, nil, &pause) < 0
    }
    for index in pending { threads[index].outcome = .unstopped(state(index)) }
  }

  /// Takes what the kernel has to say of a thread, if anything; `true` when nothing more is to come.
  private func hasStopped(_ index: Int) -> Bool {
    var status: Int32 = 0
    let got = unsafe waitpid(threads[index].id, &status, Int32(bitPattern: 0x4000_0000) | WNOHANG)
    if got == 0 { return false }
    guard got > 0 else {
      if errno == EINTR { return false }
      threads[index].outcome = .exited
      states[index] = .done
      return true
    }
    guard status & 0xff == 0x7f else {
      threads[index].outcome = .exited
      states[index] = .done
      return true
    }
    let event = status >> 16
    // A thread on its way to a signal's handler is stopped too: the signal must reach it.
    states[index] = .stopped(
      signal: event == Self.eventStop ? 0 : (status >> 8) & 0xff, at: Self.now())
    return true
  }

  private func letGo(_ index: Int) {
    guard case .stopped(let signal, let start) = states[index] else { return }
    _ = coreview_ptrace(Self.detach, threads[index].id, 0, UInt(signal))
    threads[index].held = Self.now() &- start
    states[index] = .done
  }

  private func isSeized(_ index: Int) -> Bool {
    if case .seized = states[index] { true } else { false }
  }

  private func isStopped(_ index: Int) -> Bool {
    if case .stopped = states[index] { true } else { false }
  }

  private func state(_ index: Int) -> Character? {
    let stat = tree.read("task/\(threads[index].id)/stat", isFresh: true)
    return (try? stat.get()).flatMap { ProcStat($0) }?.state
  }

  private func isUninterruptible(_ index: Int) -> Bool { state(index) == "D" }

  // MARK: Reading

  /// Reads the registers of a stopped thread; the ranges of memory that belong to them.
  private func registers(_ index: Int) -> [Range<UInt64>] {
    let id = threads[index].id
    let general = registerSet(Self.generalSet, of: id)
    guard let block = RegisterBlock(general) else {
      // Killed while it stood: the set cannot be read any more.
      threads[index].outcome = .exited
      return []
    }
    threads[index].general = general
    threads[index].floatingPoint = registerSet(Self.floatingPointSet, of: id)
    if options.wantsVectorState {
      threads[index].vectorState = registerSet(Self.vectorSet, of: id)
    }
    if block.architecture.wordSize == 4 {
      threads[index].threadAreas = registerSet(Self.threadAreaSet, of: id)
    }
    threads[index].outcome = .stopped
    return ranges.ranges(stackPointer: block.stackPointer, threadPointer: block.threadPointer)
  }

  private func registerSet(_ set: UInt, of id: Int32) -> [UInt8] {
    let size = unsafe buffer.withUnsafeMutableBytes { bytes in
      var place = unsafe iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
      let failed = unsafe coreview_get_registers(id, set, &place) != 0
      return failed ? 0 : unsafe min(bytes.count, place.iov_len)
    }
    return Array(buffer[..<size])
  }

  static func now() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }
}
