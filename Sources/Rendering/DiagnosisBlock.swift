internal import Reporting

/// The lines below the first of a report: on what the reason rests, and the parts that were asked for.
enum DiagnosisBlock {
  /// A finding and its evidence on one line.
  static func line(_ finding: Report.Diagnosis.Finding) -> String {
    guard !finding.evidence.isEmpty else { return finding.text }
    let sentence = finding.text.hasSuffix(".") ? String(finding.text.dropLast()) : finding.text
    return sentence + " (" + finding.evidence.joined(separator: "; ") + ")"
  }

  /// `frames 12–48011 repeat f → g ×24000`.
  static func line(_ found: Report.Repetition) -> String {
    let shown = found.functions.prefix(6).joined(separator: " → ")
    let round = found.functions.count > 6 ? shown + " → … (\(found.functions.count) functions)" : shown
    return "frames \(found.first)–\(found.last) repeat \(round) ×\(found.count)"
  }

  /// `rax  0x…  what is there`.
  static func line(_ register: Report.Register, width: Int, digits: Int) -> String {
    let name = register.name + String(repeating: " ", count: max(0, width - register.name.count))
    let plain = String(register.value, radix: 16)
    let value = "0x" + String(repeating: "0", count: max(0, digits - plain.count)) + plain
    guard let target = register.target else { return name + " " + value }
    var parts: [String] = []
    if let symbol = target.symbol { parts.append("<\(symbol)>") }
    if let lwp = target.lwp { parts.append("stack of LWP \(lwp)") }
    if let mapping = target.mapping, target.lwp == nil { parts.append(mapping) }
    if let string = target.string { parts.append("\"\(string)\"") }
    return name + " " + value + "  " + parts.joined(separator: ", ")
  }

  static func line(_ instruction: Report.Instruction, pc: UInt64?, digits: Int) -> String {
    let plain = String(instruction.address, radix: 16)
    let address = "0x" + String(repeating: "0", count: max(0, digits - plain.count)) + plain
    let place = instruction.symbolOffset.map { " <+\($0)>" } ?? ""
    return (instruction.address == pc ? "=> " : "   ") + address + place + ":  " + instruction.text
  }

  /// `LWP 5 waits for mutex 0x… <lock>, held by LWP 6`.
  static func line(_ wait: Report.Lock) -> String {
    let kinds: [Report.Lock.Kind: String] = [
      .mutex: "mutex", .readWriteLock: "read-write lock", .condition: "condition", .join: "the end of",
      .futex: "futex",
    ]
    var text = "LWP \(wait.waiter) waits for \(kinds[wait.kind] ?? "")"
    if wait.kind == .join {
      return text + (wait.owner.map { " LWP \($0)" } ?? " another thread")
    }
    if let address = wait.address { text += " 0x" + String(address, radix: 16) }
    if let symbol = wait.symbol { text += " <\(symbol)>" }
    if let owner = wait.owner {
      text += ", held by LWP \(owner)" + (wait.isOwnerAlive ? "" : ", which is gone")
    }
    return text
  }

  /// `deadlock: LWP 5 → LWP 6 → LWP 5`.
  static func line(cycle: [Int32]) -> String {
    if cycle.count == 1 { return "deadlock: LWP \(cycle[0]) waits for what it holds itself" }
    return "deadlock: " + (cycle + cycle.prefix(1)).map { "LWP \($0)" }.joined(separator: " → ")
  }
}
