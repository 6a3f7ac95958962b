internal import Reporting

/// The address space, drawn: a bar for each run of mappings that follow one another, in it a box for each.
///
/// Widths are by the logarithm of the size, since a page of code and a heap of gigabytes are in one picture.
struct MemoryPicture {
  private struct Run {
    var range: Range<UInt64>
    var mappings: [Report.Mapping]

    var title: String {
      for mapping in mappings {
        if let path = mapping.path { return path.split(separator: "/").last.map(String.init) ?? path }
      }
      if mappings.contains(where: { $0.kind == .stack }) { return "stack" }
      if mappings.contains(where: { $0.kind == .vdso }) { return "vDSO" }
      return "anonymous"
    }
  }

  private let runs: [Run]
  private let leftOut: Int
  private let marks: [(address: UInt64, name: String)]
  private let digits: Int

  private static let maximumRuns = 200
  private static let width = 1160.0
  private static let labelWidth = 420.0
  private static let rowHeight = 17.0

  init(_ report: Report) {
    digits = report.addressDigits
    var marks: [(address: UInt64, name: String)] = []
    if let pc = report.stacks.first?.frames.first?.pc { marks.append((pc, "pc of the crashed thread")) }
    if let address = report.signal?.faultAddress { marks.append((address, "the address of the fault")) }
    self.marks = marks
    var runs: [Run] = []
    for mapping in report.mappings ?? [] where !mapping.range.isEmpty {
      let follows = runs.last.map { $0.range.upperBound == mapping.range.lowerBound } ?? false
      let isSameFile =
        runs.last?.mappings.last.map { $0.path == mapping.path || mapping.path == nil } ?? false
      if follows, isSameFile, mapping.kind != .stack {
        runs[runs.count - 1].mappings.append(mapping)
        runs[runs.count - 1].range =
          runs[runs.count - 1].range.lowerBound..<mapping.range.upperBound
      } else {
        runs.append(Run(range: mapping.range, mappings: [mapping]))
      }
    }
    // What is marked stays in, whatever is left out.
    var kept = Array(runs.prefix(Self.maximumRuns))
    for run in runs.dropFirst(Self.maximumRuns)
    where marks.contains(where: { run.range.contains($0.address) }) {
      kept.append(run)
    }
    leftOut = runs.count - kept.count
    self.runs = kept
  }

  var isEmpty: Bool { runs.isEmpty }

  func draw(_ html: inout HTMLText) {
    guard !runs.isEmpty else { return }
    let height = Double(runs.count + (leftOut > 0 ? 1 : 0)) * Self.rowHeight
    html.markup("<svg class=\"memory\" role=\"img\" aria-label=\"Memory map\" viewBox=\"0 0 ")
    html.length(Self.width)
    html.markup(" ")
    html.length(height)
    html.markup("\">\n")
    let most = runs.map { Self.scale($0.range.upperBound - $0.range.lowerBound) }.max() ?? 1
    for (index, run) in runs.enumerated() {
      row(run, at: Double(index) * Self.rowHeight, most: most, &html)
    }
    if leftOut > 0 {
      label("\(leftOut) more", at: height - Self.rowHeight, &html)
    }
    html.markup("</svg>\n")
  }

  private func row(_ run: Run, at y: Double, most: Double, _ html: inout HTMLText) {
    html.markup("<text class=\"a\" x=\"0\" y=\"")
    html.length(y + 12)
    html.markup("\">")
    html.address(run.range.lowerBound, digits: digits)
    html.markup("</text>")
    label(run.title, at: y, &html)
    let full = Self.width - Self.labelWidth
    let width = max(2, full * Self.scale(run.range.upperBound - run.range.lowerBound) / most)
    let total = run.mappings.reduce(0.0) { $0 + Self.scale($1.range.upperBound - $1.range.lowerBound) }
    var x = Self.labelWidth
    for mapping in run.mappings {
      let share = width * Self.scale(mapping.range.upperBound - mapping.range.lowerBound) / max(1, total)
      box(mapping, x, y, share, &html)
      x += share
    }
  }

  private func box(
    _ mapping: Report.Mapping, _ x: Double, _ y: Double, _ width: Double, _ html: inout HTMLText
  ) {
    let found = marks.filter { mapping.range.contains($0.address) }
    html.markup("<g><title>")
    html.address(mapping.range.lowerBound, digits: digits)
    html.markup("–")
    html.address(mapping.range.upperBound, digits: digits)
    html.markup(" ")
    html.escaped(
      Self.permissions(mapping) + " " + Self.size(mapping.range.upperBound - mapping.range.lowerBound))
    html.escaped(mapping.dumped == 0 ? ", not in the core " : " ")
    html.escaped(mapping.path ?? mapping.kind.rawValue)
    for mark in found { html.escaped("; \(mark.name)") }
    html.markup("</title><rect class=\"")
    html.escaped(Self.style(mapping) + (mapping.dumped == 0 ? " absent" : ""))
    html.markup("\" x=\"")
    html.length(x)
    html.markup("\" y=\"")
    html.length(y + 1)
    html.markup("\" width=\"")
    html.length(max(1.5, width - 0.7))
    html.markup("\" height=\"")
    html.length(Self.rowHeight - 3)
    html.markup("\"/>")
    if !found.isEmpty {
      html.markup("<circle class=\"mark\" r=\"4\" cx=\"")
      html.length(x + width / 2)
      html.markup("\" cy=\"")
      html.length(y + Self.rowHeight / 2)
      html.markup("\"/>")
    }
    html.markup("</g>\n")
  }

  private func label(_ text: String, at y: Double, _ html: inout HTMLText) {
    html.markup("<text x=\"150\" y=\"")
    html.length(y + 12)
    html.markup("\">")
    html.escaped(text.count > 36 ? String(text.prefix(35)) + "…" : text)
    html.markup("</text>")
  }

  // MARK: Words and numbers

  /// A share for a size: 1 for a page, one more each time it doubles.
  private static func scale(_ size: UInt64) -> Double {
    let pages = max(1, size / 4096)
    return 1 + Double(64 - pages.leadingZeroBitCount)
  }

  static func permissions(_ mapping: Report.Mapping) -> String {
    "r" + (mapping.isWritable ? "w" : "-") + (mapping.isExecutable ? "x" : "-")
  }

  static func style(_ mapping: Report.Mapping) -> String {
    switch mapping.kind {
    case .stack: "stack"
    case .vdso: "code"
    case .anonymous: mapping.isExecutable ? "code" : "heap"
    case .executable, .library, .file:
      mapping.isExecutable ? "code" : mapping.isWritable ? "data" : "constant"
    }
  }

  static func size(_ bytes: UInt64) -> String {
    switch bytes {
    case 0..<(1 << 20): "\((bytes + 1023) >> 10) KiB"
    case 0..<(1 << 30): "\((bytes + (1 << 19)) >> 20) MiB"
    default: "\((bytes &+ (1 << 29)) >> 30) GiB"
    }
  }
}
