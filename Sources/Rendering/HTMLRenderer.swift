package import Bytes
package import Reporting

/// Writes a report as one HTML file that needs nothing but itself: no network, no script, no font.
///
/// Its own policy (`Content-Security-Policy`) forbids all that, should a name ever come through unescaped.
package enum HTMLRenderer {
  /// Threads with stacks of their own that are written out.
  private static let maximumStacks = 2000

  package static func render(_ report: Report, to sink: (inout TextBuffer) -> Void) {
    var html = HTMLText()
    html.markup("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
    html.markup(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    )
    html.markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
    html.escaped((report.process.command ?? "a process") + ": " + report.reason)
    html.markup("</title>\n<style>\n")
    html.markup(HTMLStyle.sheet)
    html.markup("</style></head><body>\n")
    summary(report, &html)
    html.flush(sink)
    if !report.stacks.isEmpty || !report.workers.isEmpty {
      html.markup(
        "<h2>All stacks</h2>\n<p class=\"hint\">A box is a function, its width the threads in it; callers stand below. Red leads to the crash.</p>\n"
      )
      FlameGraph(report).draw(&html)
      html.flush(sink)
    }
    html.markup("<h2>Threads</h2>\n")
    for (index, stack) in report.stacks.prefix(maximumStacks).enumerated() {
      self.stack(stack, isOpen: index == 0, report, &html)
      html.flush(sink)
    }
    if report.stacks.count > maximumStacks {
      html.markup("<p>")
      html.number(report.stacks.count - maximumStacks)
      html.markup(" more stacks are left out; the JSON report has them.</p>\n")
    }
    workers(report, &html)
    details(report, &html)
    html.flush(sink)
    let memory = MemoryPicture(report)
    if !memory.isEmpty {
      html.markup(
        "<h2>Memory</h2>\n<p class=\"hint\"><span class=\"key code\"></span>code <span class=\"key constant\"></span>constants <span class=\"key data\"></span>data of files <span class=\"key heap\"></span>heap and anonymous <span class=\"key stack\"></span>stacks; pale: not in the core; a dot: pc or address of the fault. Widths grow with the logarithm of the size.</p>\n"
      )
      memory.draw(&html)
      html.flush(sink)
    }
    modules(report, &html)
    html.markup("<footer>")
    html.escaped(report.generator)
    html.markup("</footer>\n</body></html>\n")
    html.flush(sink)
  }

  // MARK: The parts

  private static func summary(_ report: Report, _ html: inout HTMLText) {
    html.markup("<header><h1>")
    html.escaped(report.process.command ?? "a process")
    html.markup("</h1><p class=\"reason\">")
    html.escaped(report.reason)
    html.markup("</p></header>\n<table class=\"facts\">\n")
    var facts: [(String, String)] = []
    if let signature = report.signatureText { facts.append(("Signature", signature)) }
    if let arguments = report.process.arguments, !arguments.isEmpty {
      facts.append(("Command line", arguments))
    }
    if let pid = report.process.pid { facts.append(("PID", "\(pid)")) }
    facts.append(("Threads", "\(report.threadCount)"))
    facts.append(("Core", report.core))
    if let executable = report.executable { facts.append(("Executable", executable)) }
    if let build = report.modules.first(where: { $0.kind == .executable })?.buildID {
      facts.append(("Build ID", build))
    }
    facts.append(("Architecture", report.architecture))
    for (name, value) in facts {
      html.markup("<tr><th>")
      html.escaped(name)
      html.markup("</th><td>")
      html.escaped(value)
      html.markup("</td></tr>\n")
    }
    html.markup("</table>\n")
    if !report.diagnosis.findings.isEmpty {
      html.markup("<ul class=\"findings\">\n")
      for finding in report.diagnosis.findings {
        html.markup("<li>")
        html.escaped(DiagnosisBlock.line(finding))
        html.markup("</li>\n")
      }
      html.markup("</ul>\n")
    }
    guard !report.notes.isEmpty else { return }
    html.markup("<ul class=\"notes\">\n")
    for note in report.notes {
      html.markup(note.isIncomplete ? "<li class=\"incomplete\">" : "<li>")
      html.escaped(note.text)
      html.markup("</li>\n")
    }
    html.markup("</ul>\n")
  }

  private static func stack(_ stack: Report.Stack, isOpen: Bool, _ report: Report, _ html: inout HTMLText) {
    guard let first = stack.threads.first else { return }
    html.markup(isOpen ? "<details open><summary>" : "<details><summary>")
    if stack.threads.count == 1 {
      html.escaped("Thread \(first.number) (\(first.targetID))")
    } else {
      html.escaped("\(stack.threads.count) threads: \(TextRenderer.list(stack.threads))")
    }
    if first.isCrashed { html.markup(" <b class=\"crashed\">crashed</b>") }
    html.markup(" <span class=\"top\">")
    html.escaped(stack.frames.first.map { $0.function ?? "??" } ?? "no frames")
    html.markup("</span></summary>\n<table class=\"frames\">\n")
    var expected = 0
    for frame in stack.frames {
      if frame.level > expected { omission(frame.level - expected, &html) }
      expected = frame.level + 1
      self.frame(frame, report.addressDigits, &html)
    }
    if stack.frameCount > expected { omission(stack.frameCount - expected, &html) }
    html.markup("</table>\n")
    if let reason = stack.stopReason {
      html.markup("<p class=\"hint\">Backtrace stopped: ")
      html.escaped(reason)
      html.markup("</p>\n")
    }
    html.markup("</details>\n")
  }

  private static func omission(_ count: Int, _ html: inout HTMLText) {
    html.markup("<tr class=\"gap\"><td></td><td colspan=\"3\">… ")
    html.number(count)
    html.escaped(count == 1 ? " frame …" : " frames …")
    html.markup("</td></tr>\n")
  }

  private static func frame(_ frame: Report.Frame, _ digits: Int, _ html: inout HTMLText) {
    html.markup("<tr><td class=\"level\">")
    html.number(frame.level)
    html.markup("</td><td class=\"address\">")
    html.address(frame.pc, digits: digits)
    html.markup("</td><td><span class=\"function\">")
    html.escaped(frame.kind == .signal ? "<signal handler called>" : frame.function ?? "??")
    html.markup("</span>")
    if frame.kind == .inlined || frame.kind == .tailCall {
      html.markup(" <i>")
      html.escaped(frame.kind == .inlined ? "inlined" : "tail call")
      html.markup("</i>")
    }
    if !frame.arguments.isEmpty {
      html.markup(" <span class=\"arguments\">(")
      html.escaped(frame.arguments)
      html.markup(")</span>")
    }
    html.markup("</td><td class=\"place\">")
    if let file = frame.file {
      html.escaped(file + ":\(frame.line ?? 0)")
    } else if let module = frame.module {
      html.escaped(module.path)
    }
    html.markup("</td></tr>\n")
  }

  /// Source, instructions, registers and locks of the crash, as far as the report has them.
  private static func details(_ report: Report, _ html: inout HTMLText) {
    let digits = report.addressDigits
    func block(_ title: String, isOpen: Bool = false, _ lines: [String], marked: Int? = nil) {
      guard !lines.isEmpty else { return }
      html.markup(isOpen ? "<details open><summary>" : "<details><summary>")
      html.escaped(title)
      html.markup("</summary><pre>")
      for (index, line) in lines.enumerated() {
        html.markup(index == marked ? "<b class=\"crashed\">" : "")
        html.escaped(line.replacingTabs)
        html.markup(index == marked ? "</b>\n" : "\n")
      }
      html.markup("</pre></details>\n")
    }
    if let source = report.source {
      let width = "\(source.firstLine + source.lines.count)".count
      block(
        "\(source.path):\(source.line)" + (source.isNewer ? " (newer than the executable)" : ""),
        isOpen: true,
        source.lines.enumerated().map { index, line in
          let number = "\(source.firstLine + index)"
          return String(repeating: " ", count: max(0, width - number.count)) + number + "  " + line
        }, marked: source.line - source.firstLine)
    }
    let pc = report.diagnosis.instruction?.address ?? report.stacks.first?.frames.first?.pc
    block(
      "Instructions", report.disassembly.map { DiagnosisBlock.line($0, pc: pc, digits: digits) },
      marked: report.disassembly.firstIndex { $0.address == pc })
    let width = report.registers.map { $0.name.count }.max() ?? 0
    block("Registers", report.registers.map { DiagnosisBlock.line($0, width: width, digits: digits) })
    if let locks = report.locks {
      block(
        "Threads that wait",
        locks.cycles.map { DiagnosisBlock.line(cycle: $0) } + locks.waits.map { DiagnosisBlock.line($0) })
    }
  }

  private static func workers(_ report: Report, _ html: inout HTMLText) {
    for group in WorkerBlock(report).groups {
      html.markup("<details><summary>")
      html.escaped(group.title)
      html.markup("</summary><ul>\n")
      for line in group.lines {
        html.markup("<li>")
        html.escaped("\(line.tag) \(TextRenderer.list(line.threads)): \(line.details)")
        html.markup("</li>\n")
      }
      html.markup("</ul></details>\n")
    }
    let rings = WorkerBlock.lines(of: report.rings)
    guard !rings.isEmpty else { return }
    html.markup("<details><summary>io_urings</summary><pre>")
    for ring in rings {
      html.escaped(ring)
      html.markup("\n")
    }
    html.markup("</pre></details>\n")
  }

  private static func modules(_ report: Report, _ html: inout HTMLText) {
    guard !report.modules.isEmpty else { return }
    html.markup(
      "<h2>Modules</h2>\n<table class=\"modules\"><tr><th>start</th><th>file</th><th>build ID</th></tr>\n")
    for module in report.modules {
      html.markup("<tr><td class=\"address\">")
      html.address(module.range.lowerBound, digits: report.addressDigits)
      html.markup("</td><td>")
      html.escaped(module.path)
      html.markup("</td><td class=\"address\">")
      html.escaped(module.buildIDInCore ?? module.buildID ?? "")
      html.markup("</td></tr>\n")
    }
    html.markup("</table>\n")
  }
}

extension String {
  /// With blanks to the next multiple of eight columns in place of tabs.
  fileprivate var replacingTabs: String {
    guard utf8.contains(0x09) else { return self }
    var result = ""
    for character in self {
      if character == "\t" {
        result += String(repeating: " ", count: 8 - result.count % 8)
      } else {
        result.append(character)
      }
    }
    return result
  }
}
