internal import Bytes
internal import Reporting

/// Puts together what was written down of a process besides its core.
struct RecordFinder {
  private(set) var record: Report.Record?
  private(set) var notes: [Report.Note] = []
  private let path: String
  /// The PID that the core itself tells.
  private let processID: Int32?

  private static let longestJournal = 64 << 20

  init(path: String, processID: Int32?) {
    self.path = path
    self.processID = processID
    readName()
    readAttributes()
  }

  private mutating func update(_ source: Report.Record.Source, _ body: (inout Report.Record) -> Void) {
    var changed = record ?? Report.Record()
    changed.sources.append(source)
    body(&changed)
    record = changed
  }

  private mutating func readName() {
    guard let name = StoredCoreName(path: path) else { return }
    update(.fileName) { record in
      record.command = name.command
      record.uid = name.userID
      record.bootID = name.bootID
      record.pid = name.processID
      record.time = name.time
    }
  }

  private mutating func readAttributes() {
    guard StandardInput.descriptor(path) == nil, let file = try? FileBytes(path: path) else { return }
    let prefix = "user.coredump."
    let attributes = FileAttributes.read(of: file, below: prefix)
    guard !attributes.isEmpty else { return }
    update(.attributes) { record in
      for (name, value) in attributes {
        let text = String(decoding: value.untilNUL, as: UTF8.self)
        switch name.dropFirst(prefix.utf8.count) {
        case "pid": record.pid = Int32(text) ?? record.pid
        case "uid": record.uid = UInt32(text) ?? record.uid
        case "gid": record.gid = UInt32(text) ?? record.gid
        case "signal": record.signal = Int32(text) ?? record.signal
        case "timestamp": record.time = UInt64(text) ?? record.time
        case "comm": record.command = text
        case "exe": record.executable = text
        case "hostname": record.host = text
        default: break
        }
      }
    }
  }

  // MARK: The journal

  /// Joins the record of this core in the output of `journalctl -o json`: the one that names the file, else that of
  /// the same process.
  mutating func join(journal name: String) {
    let bytes: [UInt8]
    do {
      let file = try FileBytes(path: name)
      bytes = file.read(at: 0, count: Self.longestJournal)
    } catch {
      note("\(error.description): no record of the journal is joined")
      return
    }
    let records = bytes.split(separator: 0x0a).compactMap { JSONValue($0) }.filter {
      $0["COREDUMP_PID"] != nil || $0["COREDUMP_FILENAME"] != nil
    }
    let base = path.split(separator: "/").last
    let pid = record?.pid ?? processID
    let found =
      records.first { JournalText.string($0["COREDUMP_FILENAME"])?.split(separator: "/").last == base }
      ?? records.last { entry in
        pid != nil && JournalText.string(entry["COREDUMP_PID"]).flatMap { Int32($0) } == pid
      }
    guard let found else {
      note("\(name): holds no record of this core among \(records.count); see journalctl -o json --all")
      return
    }
    update(.journal) { JournalText.fill(&$0, from: found) }
    if JournalText.lacksText(found) {
      note("\(name): long fields were left out of it; journalctl --all writes them")
    }
  }

  private mutating func note(_ text: String) {
    notes.append(Report.Note(kind: .core, isIncomplete: true, text: text))
  }
}

/// The fields of systemd-coredump's journal records; see systemd.journal-fields(7) and systemd-coredump(8).
private enum JournalText {
  private static let longFields = ["COREDUMP_OPEN_FDS", "COREDUMP_ENVIRON", "COREDUMP_PROC_MAPS"]
  private static let mostLines = 20_000

  /// journalctl writes fields that are not text as a list of bytes.
  static func string(_ value: JSONValue?) -> String? {
    switch value {
    case .text(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .list(let items):
      var bytes: [UInt8] = []
      for case .number(let number) in items { bytes.append(UInt8(truncatingIfNeeded: number)) }
      if bytes.count == items.count { return String(decoding: bytes, as: UTF8.self) }
      return string(items.last)
    default: return nil
    }
  }

  /// Fields above 4 KiB are `null` unless all were asked for.
  static func lacksText(_ entry: JSONValue) -> Bool { longFields.contains { entry[$0] == .null } }

  static func fill(_ record: inout Report.Record, from entry: JSONValue) {
    let field = { (name: String) in string(entry["COREDUMP_" + name]) }
    record.pid = field("PID").flatMap { Int32($0) } ?? record.pid
    record.uid = field("UID").flatMap { UInt32($0) } ?? record.uid
    record.gid = field("GID").flatMap { UInt32($0) } ?? record.gid
    record.signal = field("SIGNAL").flatMap { Int32($0) } ?? record.signal
    record.time = field("TIMESTAMP").flatMap { UInt64($0) } ?? record.time
    record.command = field("COMM") ?? record.command
    record.executable = field("EXE") ?? record.executable
    record.commandLine = field("CMDLINE") ?? record.commandLine
    record.host = field("HOSTNAME") ?? record.host
    record.bootID = string(entry["_BOOT_ID"]) ?? record.bootID
    record.unit = field("USER_UNIT") ?? field("UNIT") ?? record.unit
    record.slice = field("SLICE") ?? record.slice
    record.controlGroup = field("CGROUP") ?? record.controlGroup
    record.workingDirectory = field("CWD") ?? record.workingDirectory
    record.root = field("ROOT") ?? record.root
    if let name = field("PACKAGE_NAME") {
      record.package = [name, field("PACKAGE_VERSION")].compactMap(\.self).joined(separator: " ")
    }
    record.environment = field("ENVIRON").map(lines) ?? record.environment
    record.maps = field("PROC_MAPS").map(lines) ?? record.maps
    record.openFiles = field("OPEN_FDS").map(openFiles) ?? record.openFiles
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n").prefix(mostLines).map(String.init)
  }

  /// `0:/dev/null` and then what fdinfo says, to an empty line.
  private static func openFiles(_ text: String) -> [Report.Record.OpenFile] {
    lines(text).compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, let descriptor = Int32(parts[0]) else { return nil }
      return Report.Record.OpenFile(descriptor: descriptor, path: String(parts[1]))
    }
  }
}
