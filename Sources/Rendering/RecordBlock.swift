internal import Reporting

/// What was written down of the process besides its core, for a person to read.
enum RecordBlock {
  private static let mostFiles = 32

  /// Lines for the head of the report.
  static func head(_ record: Report.Record) -> [String] {
    var when: [String] = []
    if let time = record.time { when.append(TimeText.utc(microseconds: time)) }
    if let uid = record.uid { when.append("uid \(uid)") }
    if let gid = record.gid { when.append("gid \(gid)") }
    if let host = record.host { when.append("host \(host)") }
    if let boot = record.bootID { when.append("boot \(boot)") }
    var lines: [String] = []
    if !when.isEmpty { lines.append("Recorded: " + when.joined(separator: ", ")) }
    for (name, value) in [
      ("Full command line", record.commandLine), ("Executable", record.executable), ("Unit", record.unit),
      ("Package", record.package), ("Directory", record.workingDirectory),
    ] {
      if let value, !value.isEmpty { lines.append("\(name): \(value)") }
    }
    return lines
  }

  /// Lines for its end.
  static func tail(_ record: Report.Record) -> [String] {
    var lines: [String] = []
    if let names = record.threadNames, !names.isEmpty {
      lines.append("")
      lines.append("threads by name:")
      var byName: [String: [Int32]] = [:]
      for name in names { byName[name.name, default: []].append(name.lwp) }
      for (name, lwps) in byName.sorted(by: { ($0.value[0], $0.key) < ($1.value[0], $1.key) }) {
        let more = lwps.count > 1 ? " and \(lwps.count - 1) more" : ""
        lines.append("  \(name): LWP \(lwps[0])\(more)")
      }
    }
    if let files = record.openFiles, !files.isEmpty {
      lines.append("")
      lines.append("open files:")
      for file in files.prefix(mostFiles) { lines.append("  \(file.descriptor): \(file.path)") }
      if files.count > mostFiles { lines.append("  … \(files.count - mostFiles) more …") }
    }
    for ring in record.rings ?? [] {
      lines.append("")
      lines.append("io_uring fd \(ring.descriptor), as the kernel told it:")
      lines += ring.lines.prefix(mostFiles).map { "  " + $0 }
    }
    return lines
  }
}
