package import Bytes
package import Reporting

/// Writes a report as Markdown for a bug tracker: the crash in a few lines, the crashed thread, the others folded.
///
/// Frames stand in fences longer than any run of backticks in them; all other text has Markdown's and HTML's marks
/// escaped, so that no name becomes a link, an image or a mention.
package enum MarkdownRenderer {
  /// Threads behind the crashed one that are written out: a bug report is read by people.
  private static let maximumStacks = 50
  /// Frames of one stack.
  private static let maximumFrames = 60

  package static func render(_ report: Report, to sink: (inout TextBuffer) -> Void) {
    var text = TextBuffer()
    text.append("## \(plain(report.process.command ?? "a process")): \(plain(report.reason))\n\n")
    text.append("| | |\n|---|---|\n")
    for (name, value) in facts(report) {
      text.append("| \(name) | \(plain(value)) |\n")
    }
    for finding in report.diagnosis.findings { text.append("\n- \(plain(DiagnosisBlock.line(finding)))") }
    if !report.diagnosis.findings.isEmpty { text.append("\n") }
    sink(&text)
    if let first = report.stacks.first {
      text.append("\n### \(plain(title(first)))\n\n")
      stack(first, report, &text)
      sink(&text)
    }
    for other in report.stacks.dropFirst().prefix(maximumStacks) {
      text.append("\n<details><summary>\(plain(title(other)))</summary>\n\n")
      stack(other, report, &text)
      text.append("\n</details>\n")
      sink(&text)
    }
    if report.stacks.count > maximumStacks + 1 {
      text.append("\n\(report.stacks.count - maximumStacks - 1) more stacks are left out.\n")
    }
    if !report.workers.isEmpty {
      let lwps = report.workers.prefix(64).map { "\($0.lwp)" }.joined(separator: ", ")
      text.append("\nThreads of the kernel's: \(report.workers.count) (LWP \(lwps)).\n")
    }
    if !report.notes.isEmpty {
      text.append("\n### What is missing or in doubt\n\n")
      for note in report.notes { text.append("- \(plain(note.text))\n") }
    }
    sink(&text)
  }

  /// Names and values of the table.
  private static func facts(_ report: Report) -> [(String, String)] {
    var facts: [(String, String)] = []
    if let signature = report.signatureText { facts.append(("Signature", signature)) }
    if let executable = report.executable { facts.append(("Executable", executable)) }
    if let build = report.modules.first(where: { $0.kind == .executable })?.buildID {
      facts.append(("Build ID", build))
    }
    facts.append(("Core", report.core))
    if let pid = report.process.pid { facts.append(("PID", "\(pid)")) }
    if let arguments = report.process.arguments, !arguments.isEmpty {
      facts.append(("Command line", arguments))
    }
    facts.append(("Threads", "\(report.threadCount)"))
    facts.append(("Architecture", report.architecture))
    facts.append(("Made by", report.generator))
    return facts
  }

  private static func title(_ stack: Report.Stack) -> String {
    guard let first = stack.threads.first else { return "No thread" }
    if stack.threads.count == 1 {
      return "Thread \(first.number) (\(first.targetID))" + (first.isCrashed ? ", crashed" : "")
    }
    return "\(stack.threads.count) threads: " + TextRenderer.list(stack.threads)
  }

  private static func stack(_ stack: Report.Stack, _ report: Report, _ text: inout TextBuffer) {
    var part = stack
    if part.frames.count > maximumFrames { part.frames.removeLast(part.frames.count - maximumFrames) }
    let lines = TextRenderer.frames(of: part, digits: report.addressDigits).string
    var longest = 0
    var run = 0
    for byte in lines.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    text.append(fence + "\n" + lines + fence + "\n")
  }

  /// Text whose marks of Markdown (CommonMark 0.31, 2.4) and GitHub's (`@`, `#`, `$`, bare links) are escaped.
  static func plain(_ string: String) -> String {
    var result = ""
    let scalars = Array(Escaping.inertText(string).unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "$": result += "\\" + String(scalar)
      case "#": result += "&#35;"
      case "@": result += "&#64;"
      // `https://` and `www.` are links wherever they stand.
      case ":" where index + 1 < scalars.count && scalars[index + 1] == "/": result += "&#58;"
      case "." where index > 0 && (scalars[index - 1] == "w" || scalars[index - 1] == "W"): result += "&#46;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
