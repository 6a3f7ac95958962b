package import Bytes
package import Reporting

/// Writes the modules of a process: for a person a paragraph each, or as JSON.
package enum ModuleRenderer {
  package static func renderText(_ report: Report, to sink: (inout TextBuffer) -> Void) {
    var text = TextBuffer()
    for module in report.modules {
      address(module.range.lowerBound, report, into: &text)
      text.append("-")
      address(module.range.upperBound, report, into: &text)
      text.append(" \(module.kind.rawValue) ")
      inert(module.path, into: &text)
      text.append(byte: 0x0a)
      if let id = module.buildIDInCore ?? module.buildID { line("build ID", id, into: &text) }
      if let read = module.buildID, let ran = module.buildIDInCore, read != ran {
        line("file has", read, into: &text)
      }
      if let package = module.package {
        let words = [package.name, package.version, package.distribution.map { "(\($0))" }]
        line("package", words.compactMap { $0 }.joined(separator: " "), into: &text)
      }
      if let origin = module.debugOrigin { line("symbols", describe(origin, module), into: &text) }
      if let problem = module.problem { line("missing", problem, into: &text) }
      for remedy in module.remedies { line("to get it", remedy, into: &text) }
      sink(&text)
    }
  }

  package static func renderJSON(_ report: Report, to sink: @escaping (inout TextBuffer) -> Void) {
    JSONRenderer.renderModules(report, to: sink)
  }

  private static func describe(_ origin: Report.DebugOrigin, _ module: Report.Module) -> String {
    switch origin {
    case .own: "in the file"
    case .buildID: (module.debugFile ?? "") + ", by build ID"
    case .link: (module.debugFile ?? "") + ", by .gnu_debuglink"
    case .embedded: "names only, in .gnu_debugdata of the file"
    case .server: "from a debuginfod server"
    }
  }

  private static func line(_ title: String, _ value: String, into text: inout TextBuffer) {
    text.append("  ")
    let start = text.count
    text.append(title)
    text.pad(from: start, to: 10)
    inert(value, into: &text)
    text.append(byte: 0x0a)
  }

  private static func inert(_ string: String, into text: inout TextBuffer) {
    text.append(bytes: Escaping.inert(Array(string.utf8)))
  }

  private static func address(_ address: UInt64, _ report: Report, into text: inout TextBuffer) {
    text.append(address: address, width: report.addressDigits)
  }
}
