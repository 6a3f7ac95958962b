internal import CLinux
internal import Glibc
internal import ProcFiles
internal import ProcessModel

/// Stops threads by ptrace(2), copies their registers and stacks, and lets them go.
///
/// Runs in a child process of its own: a tracer that dies, however it dies, frees its tracees, so that no thread can be
/// left standing, and one that never stopped (vfork, state D) forgets that it was asked to. PTRACE_SEIZE, unlike
/// PTRACE_ATTACH, sends no signal, and a thread that was stopped before stays stopped after.
struct ThreadStopper {
  private enum State {
    /// Ours, and running.
    case seized
    /// Stopped; the signal that it was about to receive goes with it when it is let go.
    case stopped(signal: Int32, at: UInt64)
    /// Not ours, or no longer.
    case done
  }

  private let processID: Int32
  private let options: CaptureOptions
  private let ranges: StackRanges
  private let memory: RemoteMemory
  private(set) var threads: [CapturedThread]
  private var states: [State]
  private(set) var copied: [CapturedRange] = []
  /// What a register set is read into: NT_X86_XSTATE, the largest, has some 11 KiB with AMX.
  private var buffer = [UInt8](repeating: 0, count: 16384)
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

  init(processID: Int32, threads: [Int32], options: CaptureOptions, ranges: StackRanges, memory: RemoteMemory)
  {
    self.processID = processID
    self.options = options
    self.ranges = ranges
    self.memory = memory
    self.threads = threads.map { CapturedThread(id: $0, outcome: .unstopped(nil)) }
    states = threads.map { _ in .done }
  }

  /// From the first stop to the last thread's going on, in nanoseconds.
  var window: UInt64 { windowEnd &- windowStart }

  /// Everything.
  mutating func run() {
    for index in threads.indices { take(index) }
    switch options.mode {
    case .rolling: rollingWindow()
    case .all, .none: commonWindow()
    }
  }

  // MARK: Stopping

  private mutating func take(_ index: Int) {
    if coreview_ptrace(Self.seize, threads[index].id, 0, 0) == 0 {
      states[index] = .seized
    } else {
      let code = errno
      threads[index].outcome = code == ESRCH ? .exited : .refused(code)
    }
  }

  private mutating func commonWindow() {
    windowStart = Self.now()
    for index in states.indices where isSeized(index) { ask(index) }
    wait(for: states.indices.filter { isSeized($0) }, since: windowStart)
    var wanted: [Range<UInt64>] = []
    for index in states.indices where isStopped(index) { wanted += registers(index) }
    copied = memory.read(ranges.merged(wanted))
    for index in states.indices where isStopped(index) { letGo(index) }
    windowEnd = Self.now()
  }

  private mutating func rollingWindow() {
    windowStart = Self.now()
    var pieces: [CapturedRange] = []
    for index in states.indices where isSeized(index) {
      let start = Self.now()
      ask(index)
      wait(for: [index], since: start)
      guard isStopped(index) else { continue }
      let wanted = registers(index)
      pieces += memory.read(ranges.merged(wanted))
      letGo(index)
      threads[index].held = Self.now() &- start
      if Self.now() &- windowStart > 50 &* deadline { break }
    }
    copied = pieces
    windowEnd = Self.now()
  }

  private var deadline: UInt64 { UInt64(max(0, options.deadlineMilliseconds)) &* 1_000_000 }

  private mutating func ask(_ index: Int) {
    if coreview_ptrace(Self.interrupt, threads[index].id, 0, 0) != 0, errno == ESRCH {
      threads[index].outcome = .exited
      states[index] = .done
    }
  }

  /// Waits until the threads have stopped, the deadline is over, or the rest sleeps where it cannot be interrupted.
  private mutating func wait(for indices: [Int], since start: UInt64) {
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
      if waited >= min(Self.patience, deadline / 2), pending.allSatisfy({ isUninterruptible($0) }) { break }
      var pause = timespec(tv_sec: 0, tv_nsec: Int(min(deadline - waited, 2_000_000)))
      isWholeRound = unsafe sigtimedwait(&children, nil, &pause) < 0
    }
    for index in pending { threads[index].outcome = .unstopped(state(index)) }
  }

  /// Takes what the kernel has to say of a thread, if anything; `true` when nothing more is to come.
  private mutating func hasStopped(_ index: Int) -> Bool {
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
    states[index] = .stopped(signal: event == Self.eventStop ? 0 : (status >> 8) & 0xff, at: Self.now())
    return true
  }

  private mutating func letGo(_ index: Int) {
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
    ProcTree(folder: "/proc/\(processID)").bytes("task/\(threads[index].id)/stat")
      .flatMap { ProcStat($0) }?.state
  }

  private func isUninterruptible(_ index: Int) -> Bool { state(index) == "D" }

  // MARK: Reading

  /// Reads the registers of a stopped thread; the ranges of memory that belong to them.
  private mutating func registers(_ index: Int) -> [Range<UInt64>] {
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

  private mutating func registerSet(_ set: UInt, of id: Int32) -> [UInt8] {
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
