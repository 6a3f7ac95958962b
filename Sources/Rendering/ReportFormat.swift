package import Bytes
package import Reporting

/// The forms in which a report can be had.
package enum ReportFormat: String, Sendable, CaseIterable {
  case text
  /// One indented document.
  case json
  /// The same document on one line.
  case ndjson
  case sarif
  case html
  case markdown

  /// Whether values that can hold secrets are masked unless the user says otherwise: in what is stored and sent on.
  package var isRedacted: Bool { self != .text }
  /// Whether the form shows the address space.
  package var showsMappings: Bool { self == .html || self == .json || self == .ndjson }

  /// The parts of a report that the form shows besides what every report has.
  package var parts: Report.Parts {
    switch self {
    case .html: .all
    case .markdown: [.source]
    case .text, .json, .ndjson, .sarif: []
    }
  }

  /// Writes a report in this form; text in colours and with evidence if `text` says so.
  package func render(
    _ report: Report, theme: Theme = .plain, showsEvidence: Bool = false,
    to sink: @escaping (inout TextBuffer) -> Void
  ) {
    switch self {
    case .text: TextRenderer.render(report, theme: theme, showsEvidence: showsEvidence, to: sink)
    case .json: JSONRenderer.render(report, to: sink)
    case .ndjson: JSONRenderer.render(report, isCompact: true, to: sink)
    case .sarif: SARIFRenderer.render(report, to: sink)
    case .html: HTMLRenderer.render(report, to: sink)
    case .markdown: MarkdownRenderer.render(report, to: sink)
    }
  }
}
