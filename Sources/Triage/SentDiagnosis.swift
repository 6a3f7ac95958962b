internal import Bytes
internal import ProcessModel
internal import Reporting

/// Signals that somebody sent, and those by which the kernel reports an event.
struct SentDiagnosis {
  private let scene: Scene

  init(_ scene: Scene) { self.scene = scene }

  /// Functions that send signals, as the innermost frames show them.
  private static let raisers: Set<String> = [
    "raise", "__GI_raise", "gsignal", "kill", "__pthread_kill_implementation", "__pthread_kill_internal",
    "pthread_kill", "__GI___pthread_kill", "___pthread_kill", "tgkill", "syscall", "killpg", "sigqueue",
    "__GI_kill",
    "runtime.raise", "runtime.raise.abi0", "runtime.dieFromSignal", "runtime.crash",
  ]

  /// For a code of 0 or below: a process sent it.
  func result() -> Report.Diagnosis {
    let isOwn = scene.signal.sender.map { $0.pid == scene.processID } ?? false
    // The kernel sends these in the name of the process itself (send_sig of its fs/ and net/).
    if isOwn,
      [SignalNumber.pipe, SignalNumber.fileLimit, SignalNumber.cpuLimit].contains(scene.signal.number),
      !(scene.frames.first?.function.map(Self.raisers.contains) ?? false)
    {
      return unexplained()
    }
    if isOwn, let gaveUp = AbortDiagnosis(scene).result() { return gaveUp }
    var result = Report.Diagnosis()
    guard let sender = scene.signal.sender, [0, -1, -6].contains(scene.signal.code ?? 1) else {
      return unexplained()
    }
    if isOwn {
      result.kind = .raised
      let caller = scene.frames.first { $0.kind != .signal && !Self.raisers.contains($0.function ?? "") }
        .map { $0.function ?? ($0.pc).hexadecimal }
      result.sentence = "raised by the process itself" + (caller.map { ", in \($0)" } ?? "")
      if let handled = handled() { result.findings.append(handled) }
    } else {
      result.kind = .killedByProcess
      result.sentence =
        sender.pid == 0
        ? "sent by a process of another PID namespace, uid \(sender.uid)"
        : "sent by pid \(sender.pid), uid \(sender.uid)"
      if sender.pid == 1 || sender.pid == 0 {
        result.findings.append(
          Report.Diagnosis.Finding(
            "Who that was the core does not tell: pid 1 is init, 0 a process outside the namespace.",
            evidence: []))
      }
    }
    if let note = Triage.signalEvidence(scene) {
      result.findings.append(
        Report.Diagnosis.Finding("The kernel notes who sent the signal.", evidence: note.evidence))
    }
    return result
  }

  /// A program that handles a signal often sends it to itself afterwards, to die of it all the same.
  private func handled() -> Report.Diagnosis.Finding? {
    guard let index = scene.frames.firstIndex(where: { $0.kind == .signal }), index + 1 < scene.frames.count
    else {
      return nil
    }
    let place = scene.frames[index + 1].function ?? scene.frames[index + 1].pc.hexadecimal
    return Report.Diagnosis.Finding(
      "It was in a signal handler, which interrupted \(place).", evidence: ["frame <signal handler called>"])
  }

  /// For signals of the kernel's, and cores without a signal note.
  func unexplained() -> Report.Diagnosis {
    var result = Report.Diagnosis()
    result.kind = .event
    switch scene.signal.number {
    case SignalNumber.systemCall: systemCall(&result)
    case SignalNumber.cpuLimit:
      result.kind = .resourceLimit
      result.sentence = "the limit of CPU time was reached (RLIMIT_CPU, see ulimit -t), in \(scene.place)"
    case SignalNumber.fileLimit:
      result.kind = .resourceLimit
      result.sentence =
        "a file grew beyond the limit of file sizes (RLIMIT_FSIZE, see ulimit -f), in \(scene.place)"
    case SignalNumber.quit:
      result.sentence = "quit from the terminal (Ctrl-\\), or sent by an unknown process"
      result.confidence = scene.signal.code == 128 ? .certain : .possible
      if scene.signal.code == 128 { result.sentence = "quit from the terminal (Ctrl-\\)" }
    case SignalNumber.interrupt: result.sentence = "interrupted from the terminal (Ctrl-C)"
    case SignalNumber.hangUp: result.sentence = "the terminal was closed"
    case SignalNumber.pipe: result.sentence = "a write to a pipe or socket that nobody reads"
    case SignalNumber.alarm: result.sentence = "a timer ran out: alarm(2) or setitimer(2)"
    case SignalNumber.virtualAlarm, SignalNumber.profiling: result.sentence = "a timer of CPU time ran out"
    case SignalNumber.kill:
      result.kind = .unknown
      result.confidence = .possible
      result.sentence =
        "killed, by whom is unknown: the kernel when memory ran out (see its log), or a process"
    case SignalNumber.segmentation, SignalNumber.bus, SignalNumber.illegal, SignalNumber.trap,
      SignalNumber.arithmetic:
      result.kind = .unknown
      result.confidence = .possible
      result.sentence = "in \(scene.place); the core has no signal note, so the address is unknown"
    default:
      result.kind = .unknown
      result.confidence = .possible
      result.sentence = "cause unknown"
      if let name = scene.signal.codeName { result.sentence += " (\(name))" }
    }
    return result
  }

  private func systemCall(_ result: inout Report.Diagnosis) {
    result.kind = .forbiddenSystemCall
    let number = scene.systemCall
    let name = number.flatMap { SystemCallNames.name(Int64($0), machine: scene.architecture.machine) }
    let what = number.map { name.map { "\($0) (\(number ?? 0))" } ?? "number \($0)" } ?? "a system call"
    result.sentence =
      scene.signal.code == 1
      ? "the system call \(what) is forbidden by a seccomp filter" : "the system call \(what) was refused"
    result.findings.append(
      Report.Diagnosis.Finding("The kernel's note names the call.", evidence: Triage.noteEvidence(scene)))
  }
}
