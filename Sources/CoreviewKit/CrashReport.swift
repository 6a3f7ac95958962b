internal import Backtraces
internal import CoreFiles
internal import ProcessModel
internal import Reporting
internal import Signatures
internal import Triage
internal import Unwinding

/// Adds to a report why the process died and what the crash is known by: the last step, by all that is known then.
struct CrashReport {
  let process: CoreProcess
  /// What signatures leave out; asked for once something has crashed.
  let rules: () -> FunctionRoles

  /// Frames of an interrupted stack that are looked at.
  private static let frames = 64
  /// Processes of more threads are not asked who waits for whom, unless the user does.
  private static let mostThreads = 1000

  func complete(_ report: inout Report, _ reason: CrashReason, _ parts: Report.Parts) {
    guard let signal = reason.signal, let thread = process.threads.first else {
      report.diagnosis.kind = .noSignal
      report.diagnosis.sentence = reason.sentence
      locks(&report, parts)
      return
    }
    let roles = rules()
    let stack = report.stacks.first { $0.threads.contains { $0.isCrashed } }
    var scene = SceneMaker(process: process, thread: thread, stack: stack, signal: signal, roles: roles)
      .scene()
    var died = thread
    report.diagnosis = Triage.diagnose(scene)
    var signed = stack
    if let code = signal.code, code <= 0, let earlier = InterruptedContext(process, thread) {
      let interrupted = interruptedStack(earlier, stack)
      let before = SceneMaker(
        process: process, thread: earlier.thread, stack: interrupted, signal: earlier.signal,
        roles: roles
      ).scene()
      let diagnosis = Triage.diagnose(before)
      if let told = Self.told(diagnosis, of: earlier.signal, after: report.diagnosis) {
        report.diagnosis = told
        (scene, died, signed) = (before, earlier.thread, interrupted)
      }
    }
    report.diagnosis.instruction = scene.instruction.map { Report.Instruction($0, in: process) }
    report.reason = signal.name + ": " + report.diagnosis.sentence
    switch report.diagnosis.confidence {
    case .certain: break
    case .likely: report.reason += " (likely)"
    case .possible: report.reason += " (unsure)"
    }
    let memory = process.core.memory
    let maker = SignatureMaker(roles: roles) { address in
      memory.mapping(containing: address).map { ($0.path, $0.range.lowerBound) }
    }
    report.signature = maker.signature(of: report, stack: signed)
    let details = DetailReader(process: process, thread: died, scene: scene)
    if parts.contains(.registers) { report.registers = details.registers() }
    if parts.contains(.disassembly) { report.disassembly = details.disassembly() }
    if parts.contains(.source) { report.source = details.source() }
    locks(&report, parts)
  }

  /// What a handler was told of, where that says more than how the handler ended the program.
  private static func told(
    _ earlier: Report.Diagnosis, of signal: Report.Signal, after later: Report.Diagnosis
  ) -> Report.Diagnosis? {
    var result = earlier
    if (signal.code ?? 0) > 0 {
      result.sentence = "a handler of \(signal.name) ended the program: " + earlier.sentence
      result.findings.append(
        Report.Diagnosis.Finding("The signal frame on the stack tells what was interrupted.", evidence: []))
      return result
    }
    // Go ends itself by a signal whose handler sends it once more.
    return earlier.kind == .panic || earlier.message != nil ? result : nil
  }

  private func interruptedStack(_ earlier: InterruptedContext, _ stack: Report.Stack?) -> Report.Stack {
    let sites = FrameSites(process: process)
    var result = stack ?? Report.Stack()
    if let place = result.frames.firstIndex(where: { $0.kind == .signal }) {
      result.frames.removeFirst(place + 1)
      return result
    }
    result.frames = []
    var walker = StackWalker(thread: process.unwinder(of: earlier.thread))
    while result.frames.count < Self.frames, let frame = walker.next() {
      result.frames.append(sites.site(of: frame).frame(frame))
    }
    result.frameCount = result.frames.count
    return result
  }

  /// A process that was ended from outside may have hung.
  private func locks(_ report: inout Report, _ parts: Report.Parts) {
    let mayHang = report.diagnosis.kind == .killedByProcess || report.diagnosis.kind == .noSignal
    guard parts.contains(.locks) || mayHang && process.threads.count <= Self.mostThreads else { return }
    report.locks = LockReader(process: process).locks()
  }
}
