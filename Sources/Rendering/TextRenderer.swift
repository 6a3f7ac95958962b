package import Bytes
package import Reporting

/// Writes a report for a person to read: who died and why, the crashed thread, the others, the workers.
///
/// Frame lines are gdb's, byte for byte where the report has all frames. Notes are not part of the text: they go
/// to stderr, line by line, from ``notes(of:)``.
package struct TextRenderer {
  private let theme: Theme
  private var text = TextBuffer()
  /// More threads than this are listed as ranges of LWPs.
  private static let longestList = 16

  package init(theme: Theme = .plain) {
    self.theme = theme
  }

  /// The text of a report, handed on in pieces.
  package static func render(
    _ report: Report, theme: Theme = .plain, to sink: (inout TextBuffer) -> Void
  ) {
    var renderer = TextRenderer(theme: theme)
    renderer.header(report)
    for stack in report.stacks {
      renderer.text.append(byte: 0x0a)
      renderer.stack(stack, digits: report.addressDigits)
      sink(&renderer.text)
    }
    if !report.workers.isEmpty {
      renderer.text.append(byte: 0x0a)
      renderer.workers(report.workers)
    }
    sink(&renderer.text)
  }

  /// The notes of a report, a line each.
  package static func notes(of report: Report) -> [[UInt8]] {
    report.notes.map { Escaping.inert(Array($0.text.utf8)) }
  }

  // MARK: The parts

  private mutating func header(_ report: Report) {
    let process = report.process
    styled(.process, process.command ?? "a process")
    if let pid = process.pid { text.append(" (pid \(pid))") }
    if report.signal == nil {
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
  }

  private mutating func stack(_ stack: Report.Stack, digits: Int) {
    if let first = stack.threads.first, stack.threads.count == 1 {
      styled(.heading, "Thread \(first.number) (\(first.targetID))" + (first.isCrashed ? ", crashed:" : ":"))
    } else {
      styled(.heading, "\(stack.threads.count) threads with this stack: " + Self.list(stack.threads))
    }
    text.append(byte: 0x0a)
    if stack.frames.isEmpty {
      text.append("#0  <unavailable> in ?? ()\n")
    }
    var expected = 0
    for frame in stack.frames {
      if frame.level > expected { omission(frame.level - expected) }
      expected = frame.level + 1
      self.frame(frame, digits: digits)
    }
    if stack.frameCount > expected { omission(stack.frameCount - expected) }
    if let reason = stack.stopReason {
      styled(.remark, "Backtrace stopped: " + reason)
      text.append(byte: 0x0a)
    }
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

  private mutating func workers(_ workers: [Report.Thread]) {
    styled(.worker, "[io_uring worker]")
    text.append(" ")
    text.append(Self.list(workers))
    text.append(" (pc = sp = 0)\n")
  }

  /// `LWP 5, LWP 6`, in order; of many threads, neighbours are drawn together: `LWP 5-9, LWP 12`.
  static func list(_ threads: [Report.Thread]) -> String {
    let numbers = threads.map(\.lwp).sorted()
    guard numbers.count > longestList else {
      return numbers.map { "LWP \($0)" }.joined(separator: ", ")
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
