package import Bytes
package import Reporting

/// Writes a report for a person to read: who died and why, the crashed thread, the others, the workers.
///
/// Frame lines are gdb's, byte for byte where the report has all frames. Notes are not part of the text: they go
/// to stderr, line by line, from ``notes(of:)``.
package struct TextRenderer {
  private let theme: Theme
  private let showsEvidence: Bool
  private var text = TextBuffer()
  /// More threads than this are listed as ranges of LWPs.
  private static let longestList = 16

  private init(theme: Theme, showsEvidence: Bool) {
    self.theme = theme
    self.showsEvidence = showsEvidence
  }

  /// The text of a report, handed on in pieces; with `showsEvidence` on what each thread's class rests.
  package static func render(
    _ report: Report, theme: Theme = .plain, showsEvidence: Bool = false, to sink: (inout TextBuffer) -> Void
  ) {
    var renderer = TextRenderer(theme: theme, showsEvidence: showsEvidence)
    renderer.header(report)
    for stack in report.stacks {
      renderer.text.append(byte: 0x0a)
      renderer.stack(stack, isFromProc: report.origin == .procFolder, digits: report.addressDigits)
      sink(&renderer.text)
    }
    renderer.workers(report, to: sink)
    if let record = report.record { renderer.lines(RecordBlock.tail(record)) }
    sink(&renderer.text)
  }

  /// The notes of a report, a line each.
  package static func notes(of report: Report) -> [[UInt8]] {
    report.notes.map { Escaping.inert(Array($0.text.utf8)) }
  }

  /// The frame lines of one stack.
  static func frames(of stack: Report.Stack, digits: Int) -> TextBuffer {
    var renderer = TextRenderer(theme: .plain, showsEvidence: false)
    renderer.frames(stack, digits: digits)
    return renderer.text
  }

  // MARK: The parts

  private mutating func header(_ report: Report) {
    let process = report.process
    styled(.process, process.command ?? "a process")
    if let pid = process.pid { text.append(" (pid \(pid))") }
    if report.origin == .process || report.origin == .snapshot {
      text.append(report.origin == .process ? " is " : " was ")
    } else if report.signal == nil {
      text.append(": ")
    } else {
      text.append(" died of ")
    }
    styled(.signal, report.reason)
    text.append(byte: 0x0a)
    if let arguments = process.arguments, !arguments.isEmpty {
      text.append("Command line: ")
      inert(arguments)
      text.append(byte: 0x0a)
    }
    if let capture = report.capture { self.capture(capture) }
    if let record = report.record { lines(RecordBlock.head(record)) }
    for finding in report.diagnosis.findings { remark(DiagnosisBlock.line(finding)) }
    if let signature = report.signature, !signature.frames.isEmpty {
      remark("Signature \(signature.hash): \(signature.pipe)")
    }
    details(report)
  }

  private mutating func remark(_ line: String) {
    text.append("  ")
    styled(.remark, line)
    text.append(byte: 0x0a)
  }

  /// The parts that were asked for.
  private mutating func details(_ report: Report) {
    let digits = report.addressDigits
    if let locks = report.locks, !locks.waits.isEmpty {
      heading("Threads that wait:")
      for cycle in locks.cycles {
        text.append("  ")
        styled(.signal, DiagnosisBlock.line(cycle: cycle))
        text.append(byte: 0x0a)
      }
      indented(locks.waits.map { DiagnosisBlock.line($0) })
    }
    if let source = report.source {
      heading("\(source.path):\(source.line)" + (source.isNewer ? " (newer than the executable):" : ":"))
      for (index, line) in source.lines.enumerated() {
        let number = source.firstLine + index
        inert((number == source.line ? "=> " : "   ") + "\(number)\t" + line)
        text.append(byte: 0x0a)
      }
    }
    if !report.disassembly.isEmpty {
      heading("Instructions of " + (report.disassembly[0].symbol ?? "code without a name") + ":")
      let pc = report.diagnosis.instruction?.address ?? report.stacks.first?.frames.first?.pc
      for instruction in report.disassembly {
        inert(DiagnosisBlock.line(instruction, pc: pc, digits: digits))
        text.append(byte: 0x0a)
      }
    }
    if !report.registers.isEmpty {
      heading("Registers:")
      let width = report.registers.map { $0.name.count }.max() ?? 0
      indented(report.registers.map { DiagnosisBlock.line($0, width: width, digits: digits) })
    }
  }

  private mutating func heading(_ line: String) {
    text.append(byte: 0x0a)
    styled(.heading, line)
    text.append(byte: 0x0a)
  }

  private mutating func lines(_ lines: [String]) {
    for line in lines {
      inert(line)
      text.append(byte: 0x0a)
    }
  }

  /// How long it was held: what looking at it cost the process.
  private mutating func capture(_ capture: Report.Capture) {
    let threads = "\(capture.stoppedThreads) \(capture.stoppedThreads == 1 ? "thread" : "threads")"
    switch capture.mode {
    case "rolling":
      text.append(
        "Paused: \(threads), one at a time, the longest for \(Self.milliseconds(capture.longestHold))\n")
    case "stop": text.append("Paused: \(threads) for \(Self.milliseconds(capture.window))\n")
    default: text.append("Paused: no thread\n")
    }
  }

  private static func milliseconds(_ nanoseconds: UInt64) -> String {
    let hundredths = (nanoseconds &+ 5_000) / 10_000
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) ms"
  }

  private mutating func stack(_ stack: Report.Stack, isFromProc: Bool, digits: Int) {
    if let first = stack.threads.first {
      heading(stack.threads, first)
      if showsEvidence { for thread in stack.threads { evidence(of: thread, indent: "  ") } }
    }
    let isBlind = isFromProc || stack.threads.first?.hasRegisters == false
    if isBlind || showsEvidence { facts(of: stack.threads) }
    frames(stack, isBlind: isBlind && stack.threads.first?.state != nil, digits: digits)
  }

  private mutating func frames(_ stack: Report.Stack, isBlind: Bool = false, digits: Int) {
    if stack.frames.isEmpty, !isBlind {
      text.append("#0  <unavailable> in ?? ()\n")
    }
    var expected = 0
    var recursions = stack.repetitions[...]
    for frame in stack.frames where frame.level >= expected {
      // Of a recursion the first round is shown.
      if let next = recursions.first, frame.level >= next.first + next.functions.count {
        recursions.removeFirst()
        expected = next.last + 1
        styled(.remark, "… " + DiagnosisBlock.line(next) + " …")
        text.append(byte: 0x0a)
        guard frame.level >= expected else { continue }
      }
      if frame.level > expected { omission(frame.level - expected) }
      expected = frame.level + 1
      self.frame(frame, digits: digits)
    }
    // A recursion whose frames were all left out, and the end of one.
    for next in recursions where next.first >= expected && next.last < stack.frameCount {
      styled(.remark, "… " + DiagnosisBlock.line(next) + " …")
      text.append(byte: 0x0a)
      expected = next.last + 1
    }
    if stack.frameCount > expected { omission(stack.frameCount - expected) }
    if let reason = stack.stopReason {
      styled(.remark, "Backtrace stopped: " + reason)
      text.append(byte: 0x0a)
    }
  }

  /// What /proc said of each thread: a line, and its kernel stack.
  private mutating func facts(of threads: [Report.Thread]) {
    for thread in threads.prefix(Self.longestFacts) {
      var words: [String] = []
      if let state = thread.state { words.append("state " + state + Self.stateName(state)) }
      if let call = thread.systemCall { words.append(Self.text(of: call)) }
      if let channel = thread.waitChannel { words.append("in " + channel) }
      guard !words.isEmpty || !thread.kernelStack.isEmpty else { continue }
      styled(.remark, "  LWP \(thread.lwp): " + words.joined(separator: ", "))
      text.append(byte: 0x0a)
      if !thread.kernelStack.isEmpty {
        styled(.remark, "    kernel stack: " + thread.kernelStack.joined(separator: " < "))
        text.append(byte: 0x0a)
      }
    }
    if threads.count > Self.longestFacts {
      styled(.remark, "  … \(threads.count - Self.longestFacts) more; --json has them")
      text.append(byte: 0x0a)
    }
  }

  /// Threads of one stack whose facts are printed.
  private static let longestFacts = 64

  private static func stateName(_ state: String) -> String {
    switch state {
    case "R": " (running)"
    case "S": " (sleeping)"
    case "D": " (uninterruptible)"
    case "T": " (stopped)"
    case "t": " (traced)"
    case "Z": " (ended)"
    case "I": " (idle)"
    default: ""
    }
  }

  private static func text(of call: Report.Thread.SystemCall) -> String {
    guard call.number >= 0 else { return "in no system call" }
    let arguments = call.arguments.map { $0 < 4096 ? "\($0)" : $0.hexadecimal }
    return (call.name ?? "system call \(call.number)") + "(" + arguments.joined(separator: ", ") + ")"
  }

  private mutating func omission(_ count: Int) {
    styled(.remark, "… \(count) \(count == 1 ? "frame" : "frames") …")
    text.append(byte: 0x0a)
  }

  /// A frame in gdb's words.
  private mutating func frame(_ frame: Report.Frame, digits: Int) {
    text.append(byte: 0x23)
    let start = text.count
    text.append(decimal: UInt64(max(0, frame.level)))
    text.pad(from: start, to: 2)
    text.append(byte: 0x20)
    guard frame.kind != .signal else {
      styled(.remark, "<signal handler called>")
      text.append(byte: 0x0a)
      return
    }
    if !frame.isAtLineStart {
      var address = TextBuffer()
      address.append(address: frame.pc, width: digits)
      styled(.address, address.string)
      text.append(" in ")
    }
    styled(.function, frame.function ?? "??")
    text.append(" (")
    // Values were made harmless when they were printed, and may hold bytes that a name may not.
    inert(frame.arguments)
    text.append(")")
    if let file = frame.file {
      text.append(" at ")
      styled(.file, file)
      text.append(":")
      text.append(decimal: Int64(frame.line ?? 0))
    }
    if let module = frame.module, module.kind == .library, frame.function == nil || frame.file == nil {
      text.append(" from ")
      styled(.library, module.path)
    }
    text.append(byte: 0x0a)
  }

  private mutating func heading(_ threads: [Report.Thread], _ first: Report.Thread) {
    let name: String? =
      switch first.kind {
      case .damaged: "damaged note"
      case .crashedAtZero: "crashed with pc = sp = 0"
      case .unexplainedZero: "pc = sp = 0, cause unknown"
      default: first.isCrashed ? "crashed" : nil
      }
    if threads.count == 1 {
      styled(.heading, "Thread \(first.number) (\(first.targetID))" + (name.map { ", \($0):" } ?? ":"))
    } else {
      let what = name.map { " (\($0))" } ?? ""
      styled(.heading, "\(threads.count) threads\(what) with this stack: " + Self.list(threads))
    }
    text.append(byte: 0x0a)
  }

  // MARK: The kernel's threads

  private mutating func workers(_ report: Report, to sink: (inout TextBuffer) -> Void) {
    let block = WorkerBlock(report)
    let rings = WorkerBlock.lines(of: report.rings)
    // With one owner there is no doubt whose rings they are.
    let ringGroups = block.groups.filter(\.isRingGroup).count
    for group in block.groups {
      text.append(byte: 0x0a)
      styled(.heading, group.title)
      text.append(byte: 0x0a)
      for line in group.lines { self.line(line) }
      if ringGroups == 1, group.isRingGroup { indented(rings) }
      sink(&text)
    }
    if ringGroups != 1, !rings.isEmpty {
      text.append(byte: 0x0a)
      styled(.heading, "io_uring: \(report.rings.count) \(report.rings.count == 1 ? "ring" : "rings")")
      text.append(byte: 0x0a)
      indented(rings)
    }
  }

  private mutating func line(_ line: WorkerBlock.Line) {
    text.append("  ")
    styled(.worker, line.tag)
    text.append(" ")
    text.append(Self.list(line.threads))
    if line.threads.count > Self.longestList { text.append(" (\(line.threads.count) threads)") }
    text.append(": ")
    inert(line.details)
    text.append(byte: 0x0a)
    if showsEvidence {
      for thread in line.threads { evidence(of: thread, indent: "    ") }
    }
  }

  private mutating func indented(_ lines: [String]) {
    for line in lines {
      text.append("  ")
      inert(line)
      text.append(byte: 0x0a)
    }
  }

  /// Each fact with what it counts, then what is only a hint.
  private mutating func evidence(of thread: Report.Thread, indent: StaticString) {
    let facts = thread.evidence.map { fact in
      (fact.points == 0 ? "  " : fact.points > 0 ? "+\(fact.points)" : "\(fact.points)") + " \(fact.text)"
    }
    for fact in facts + (thread.provenance?.hints ?? []).map({ "hint: " + $0 }) {
      text.append(indent)
      styled(.remark, "LWP \(thread.lwp) " + fact)
      text.append(byte: 0x0a)
    }
  }

  /// `LWP 5, LWP 6`, in order; of many threads, neighbours are drawn together: `LWP 5-9, LWP 12`.
  static func list(_ threads: [Report.Thread]) -> String {
    let numbers = threads.map(\.lwp).sorted()
    guard numbers.count > longestList else {
      return threads.sorted { $0.lwp < $1.lwp }
        .map { thread in "LWP \(thread.lwp)" + (thread.name.map { " \"\($0)\"" } ?? "") }
        .joined(separator: ", ")
    }
    var parts: [String] = []
    var index = 0
    while index < numbers.count {
      var end = index
      while end + 1 < numbers.count, numbers[end + 1] == numbers[end] &+ 1 { end += 1 }
      parts.append(end == index ? "LWP \(numbers[index])" : "LWP \(numbers[index])-\(numbers[end])")
      index = end + 1
    }
    return parts.joined(separator: ", ")
  }

  // MARK: Text

  private mutating func inert(_ string: String) {
    text.append(bytes: Escaping.inert(Array(string.utf8)))
  }

  private mutating func styled(_ role: Theme.Role, _ string: String) {
    guard let parameters = theme.parameters(of: role) else { return inert(string) }
    text.append("\u{1b}[")
    text.append(parameters)
    text.append("m")
    inert(string)
    text.append("\u{1b}[0m")
  }
}
