import Bytes
import Rendering
import Reporting
import Testing

@Suite struct FormatTests {
  private func render(_ report: Report, _ format: ReportFormat) -> String {
    var all = TextBuffer()
    format.render(report) { text in
      all.append(text)
      text.removeAll()
    }
    return all.string
  }

  /// A report all of whose names try to be something else.
  private static let hostile: Report = {
    var report = SampleReport.make
    let evil = "</title></style></svg><script>alert(1)</script>\"'&`|[x](http://x)\u{1b}[31m\n@x #1"
    report.process.command = evil
    report.process.arguments = evil
    report.reason = evil
    report.core = evil
    report.executable = evil
    report.notes[0].text = evil
    report.modules[0].path = evil
    report.stacks[0].frames[0].function = evil
    report.stacks[0].frames[0].arguments = evil
    report.stacks[0].frames[0].file = evil
    report.stacks[1].stopReason = evil
    var mapping = Report.Mapping()
    mapping.range = 0x1000..<0x3000
    mapping.path = evil
    report.mappings = [mapping]
    return report
  }()

  @Test func `no name becomes HTML`() {
    let page = render(Self.hostile, .html)
    #expect(!page.contains("<script"))
    #expect(!page.contains("\u{1b}"))
    #expect(page.components(of: "</title>") == page.components(of: "<title>"))
    #expect(page.components(of: "</style>") == 1)
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"))
  }

  @Test func `no name becomes Markdown`() {
    let page = render(Self.hostile, .markdown)
    // Outside the fences.
    var isFenced = false
    for line in page.split(separator: "\n") {
      if line.hasPrefix("```") {
        isFenced.toggle()
      } else if !isFenced {
        #expect(
          !line.contains("<script") && !line.contains("://") && !line.contains("[x](")
            && !line.contains("@x"),
          "\(line)")
      }
    }
    #expect(!isFenced)
  }

  @Test func `a fence is longer than what it holds`() {
    var report = SampleReport.make
    report.stacks[0].frames[0].function = "f````g"
    #expect(render(report, .markdown).contains("\n`````\n#0"))
  }

  @Test func `SARIF escapes paths and placeholders`() {
    var report = SampleReport.make
    report.core = "/tmp/a b/c%d{é}.core"
    report.reason = "at {0} in [x](y)"
    let text = render(report, .sarif)
    #expect(text.contains("\"file:///tmp/a%20b/c%25d%7B%C3%A9%7D.core\""))
    #expect(text.contains("prog: at {{0}} in \\\\[x\\\\](y)"))
  }

  @Test(arguments: [
    ("a=1, s=0x40 \"secret\"", "a=1, s=0x40 \"<redacted>\""),
    ("s=\"a\\\"b\", n=2", "s=\"<redacted>\", n=2"),
    ("s=\"\"", "s=\"\""),
    ("c=65 'A', d=-1 '\\377'", "c='<redacted>', d='<redacted>'"),
    (
      "s=\"ab\", '\\000' <repeats 20 times>, \"c\"...",
      "s=\"<redacted>\", '<redacted>' <repeats 20 times>, \"<redacted>\"..."
    ),
    ("s=\"cut", "s=\"<redacted>\""),
    ("s=\"\\", "s=\"<redacted>\""),
    ("p=0x4 <main+4>", "p=0x4 <main+4>"),
  ])
  func `strings in arguments are masked`(_ arguments: String, _ expected: String) {
    #expect(Redactor.withoutStrings(arguments) == expected)
  }

  @Test func `a report without secrets says that it is one`() {
    let report = Redactor.redacted(SampleReport.make)
    #expect(report.isRedacted && report.process.arguments == "<redacted>")
    #expect(render(report, .json).contains("\"redacted\": true,"))
  }

  @Test func `what differs, by parts`() {
    var other = SampleReport.make
    other.core = "core.8"
    other.stacks[0].frames[0].arguments = "at=0x10, value=1"
    other.stacks[0].frames.removeLast()
    other.stacks[1].threads.append(SampleReport.thread(9, lwp: 99))
    let difference = ReportDifference(SampleReport.make, other)
    #expect(difference.sections.map(\.title) == ["Crashed thread", "Threads"])
    let lines = difference.sections.flatMap(\.lines)
    #expect(lines.contains("-     at = 0x8") && lines.contains("+     at = 0x10"))
    #expect(!lines.contains { $0.contains("value = ") })
    #expect(lines.contains("- #900 main"))
    #expect(lines.contains("- 2 × wait") && lines.contains("+ 3 × wait"))
    #expect(ReportDifference(other, other).isEmpty)
  }
}

extension String {
  /// How often a part stands in the text.
  func components(of part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let found = rest.firstRange(of: part) {
      count += 1
      rest = rest[found.upperBound...]
    }
    return count
  }
}
