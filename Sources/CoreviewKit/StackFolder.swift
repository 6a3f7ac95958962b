internal import Backtraces
internal import ProcessModel
internal import Reporting
internal import Triage
internal import Unwinding

/// Walks the threads and puts those with the same stack together.
///
/// Each stack is walked once for its fingerprint, and those that are new once more for their frames: nothing is
/// kept of the threads that fold, and of a deep stack only its ends.
struct StackFolder {
  /// Two independent chains of hashes over the tokens of a stack's frames, from the innermost.
  ///
  /// The seeds are drawn by each run, so that no file can be made whose stacks collide.
  private struct Fingerprint: Hashable {
    var first: UInt64
    var second: UInt64
    var count: Int

    mutating func add(_ token: UInt64) {
      first = Self.mix(first ^ token)
      second = Self.mix(second &+ token)
      count += 1
    }

    /// The finalizer of SplitMix64.
    private static func mix(_ value: UInt64) -> UInt64 {
      var mixed = value &+ 0x9e37_79b9_7f4a_7c15
      mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
      return mixed ^ (mixed >> 31)
    }
  }

  private let process: CoreProcess
  private let limits: ReportLimits
  let sites: FrameSites
  private(set) var stacks: [Report.Stack] = []
  private(set) var notes: [Report.Note] = []
  private var byFingerprint: [Fingerprint: Int] = [:]
  private let seed: Fingerprint
  private var kept = 0
  /// The tokens of the stack that is being walked: recursions are found in them.
  private var tokens: [UInt64] = []
  /// Frames in which recursions are looked for.
  private static let tokenLimit = 1_000_000

  init(process: CoreProcess, limits: ReportLimits) {
    self.process = process
    self.limits = limits
    sites = FrameSites(process: process)
    seed = Fingerprint(first: .random(in: 0 ... .max), second: .random(in: 0 ... .max), count: 0)
  }

  /// Adds a thread: to the stack that it shares, or as a new one. The crashed thread stays alone.
  mutating func add(_ thread: Report.Thread, of listed: ListedThread) {
    let unwinder = process.unwinder(of: listed)
    var fingerprint = seed
    var walker = StackWalker(thread: unwinder)
    let most = process.unwinder.architecture.isUnwound ? limits.walkedFrames : min(1, limits.walkedFrames)
    tokens.removeAll(keepingCapacity: true)
    while fingerprint.count < most, let frame = walker.next() {
      let token = sites.site(of: frame).token
      fingerprint.add(token)
      if tokens.count < Self.tokenLimit { tokens.append(token) }
    }
    let count = fingerprint.count
    if count == most, process.unwinder.architecture.isUnwound {
      notes.append(
        Report.Note(
          kind: .limit, isIncomplete: true,
          text: "LWP \(thread.lwp): the walk over its stack was given up after \(count) frames"))
    }
    fingerprint.add(Self.token(of: walker.ending))
    if let rank = Report.Thread.Class.allCases.firstIndex(of: thread.kind), thread.kind != .user {
      fingerprint.add(UInt64(rank))
    }
    if !thread.isCrashed, let known = byFingerprint[fingerprint] {
      stacks[known].threads.append(thread)
      return
    }
    if !thread.isCrashed { byFingerprint[fingerprint] = stacks.count }
    var stack = Report.Stack()
    stack.threads = [thread]
    stack.frameCount = count
    stack.stopReason = count == 0 ? nil : walker.ending?.message
    stack.frames = frames(unwinder, count: count)
    stack.repetitions = repetitions()
    kept += stack.frames.count
    stacks.append(stack)
  }

  /// The recursions of the stack that was walked last.
  private func repetitions() -> [Report.Repetition] {
    guard tokens.count >= Repetitions.fewestFrames else { return [] }
    return Repetitions.runs(tokens).map { run in
      var result = Report.Repetition()
      result.first = run.first
      result.last = run.last
      result.functions = tokens[run.first..<run.first + run.period].map(sites.name)
      result.count = run.rounds
      return result
    }
  }

  /// The ends of a stack that is known to have `count` frames.
  private func frames(_ unwinder: ThreadUnwinder, count: Int) -> [Report.Frame] {
    let most = max(limits.fewestFrames, limits.frames - kept)
    let inner = min(limits.innermostFrames, most)
    let outer = min(limits.outermostFrames, most - inner)
    var result: [Report.Frame] = []
    result.reserveCapacity(min(count, inner + outer))
    var walker = StackWalker(thread: unwinder)
    var (callee, latest): (PhysicalFrame?, PhysicalFrame?) = (nil, nil)
    while let frame = walker.next(), frame.level < count {
      if frame.physical !== latest { (callee, latest) = (latest, frame.physical) }
      if frame.level >= inner, frame.level < count - outer { continue }
      result.append(sites.site(of: frame).frame(frame, callee: callee))
    }
    return result
  }

  /// How a stack ends, without the addresses that differ from thread to thread.
  private static func token(of ending: StopReason?) -> UInt64 {
    switch ending {
    case nil, .outermost: .max
    case .unavailable: .max - 1
    case .inner: .max - 2
    case .identical: .max - 3
    case .samePlace: .max - 4
    case .memory: .max - 5
    }
  }
}
