import CoreFiles
import GDBOracle
import KernelWorkers
import ProcessModel
import Testing

/// Prints what is found in the core that KW_DUMP names: for looking, not for judging.
@Test(.enabled(if: Command.variable("KW_DUMP") != nil)) func dump() throws {
  for path in (Command.variable("KW_DUMP") ?? "").split(separator: " ") {
    let core = try CoreFile(path: String(path))
    print("== \(path) \(core.architecture.name) \(core.writer)", core.gaps.map(\.what))
    for found in KernelWorkers.classify(core: core) { print(line(found)) }
    for ring in rings(core: core) { print(ring) }
  }
}

/// A class as one readable line.
func line(_ found: ThreadClass) -> String {
  var text = "\(found.id) \(found.kind) \(found.confidence) \(found.score)"
  for evidence in found.evidence {
    text += "\n    \(evidence.mark.rawValue)\(evidence.points): \(evidence.text)"
  }
  if let provenance = found.provenance {
    text += "\n    \(provenance.ownerText) call \(provenance.systemCall.map(String.init) ?? "-")"
    if let fd = provenance.ringDescriptor { text += " ring fd \(fd)" }
    if let site = provenance.callSite { text += " site \(site)" }
    if let parameters = provenance.parameters { text += "\n    " + parameters.text }
    for hint in provenance.hints { text += "\n    hint: \(hint)" }
  }
  return text
}
