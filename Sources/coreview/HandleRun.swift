internal import Bytes
internal import Confinement
internal import CoreviewKit
internal import Rendering
internal import Reporting

/// Answers the kernel: reads the core from standard input while it is written, and keeps what is worth keeping.
struct HandleRun {
  private let command: HandleCommand
  private let processID: Int32
  private var record: Report.Record

  init(_ command: HandleCommand) {
    self.command = command
    processID = Int32(command.facts[0]) ?? 0
    // Before the pipe is read: the process is there for as long as its core is being written.
    record = ProcRecord.read(processID: processID) ?? Report.Record()
    record.pid = processID
    record.uid = fact(1).flatMap { UInt32($0) }
    record.gid = fact(2).flatMap { UInt32($0) }
    record.signal = fact(3).flatMap { Int32($0) }
    record.time = fact(4).flatMap { UInt64($0) }.map { $0 &* 1_000_000 }
    record.host = fact(6)
    record.command = record.command ?? fact(8)
  }

  private func fact(_ index: Int) -> String? {
    index < command.facts.count ? command.facts[index] : nil
  }

  /// RLIMIT_CORE of 0: who set it does not want a core, but may want to know.
  private var isCoreWanted: Bool { fact(5) != "0" }

  /// The core comes through a pipe, once: what a lost child had read of it is gone, but for what it had written.
  func run() -> ExitCode {
    guard !command.sandbox.isOff else { return answer() }
    var permissions = Sandbox.permissions(SearchOptions())
    // Made here, if need be: the child may make files in it, and nothing else.
    guard (try? PrivateFolder(path: command.directory)) != nil else { return answer() }
    permissions.writableFolders.append(command.directory)
    permissions.writableFiles.append("/dev/kmsg")
    permissions.seesProcesses = true
    return Sandbox.run(permissions) { _ in
      answer()
    } salvage: { signal, _ in
      complain(
        "the analysis was ended by \(CoreDump.name(ofSignal: signal)); what it had written is in \(command.directory)"
      )
      return .incomplete
    }
  }

  private func answer() -> ExitCode {
    do {
      let folder = try PrivateFolder(path: command.directory)
      let whole = command.store && isCoreWanted ? try folder.create(name + ".core.zst") : nil
      var search = SearchOptions()
      search.root = ProcRecord.root(processID: processID)
      let dump = try CoreDump(standardInputCopiedTo: whole, record: record, search: search)
      let report = dump.report()
      try write(report, into: folder)
      if isCoreWanted {
        let file = try folder.create(name + ".core")
        if !dump.writeSnapshot({ file.write($0) }) { complain("\(file.path): could not be written whole") }
      }
      return report.isComplete ? .complete : .incomplete
    } catch {
      complain("\(error)")
      return .nothing
    }
  }

  /// `coreview.COMMAND.UID.PID.TIME`, of letters, digits and a few marks only.
  private var name: String {
    let safe = (record.command ?? "unknown").utf8.map { byte in
      let isSafe = byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || (0x30...0x39).contains(byte))
      return isSafe || "_-+".utf8.contains(byte) ? byte : UInt8(ascii: "_")
    }
    let command = String(decoding: safe, as: UTF8.self)
    return "coreview.\(command).\(record.uid ?? 0).\(processID).\((record.time ?? 0) / 1_000_000)"
  }

  private func write(_ report: Report, into folder: PrivateFolder) throws {
    let text = try folder.create(name + ".txt")
    var isWritten = true
    TextRenderer.render(report) { piece in
      isWritten = piece.flush(to: text.descriptor) && isWritten
    }
    for note in TextRenderer.notes(of: report) {
      isWritten = text.write(Array("coreview: ".utf8) + note + [0x0a]) && isWritten
    }
    let json = try folder.create(name + ".json")
    JSONRenderer.render(report) { piece in isWritten = piece.flush(to: json.descriptor) && isWritten }
    if !isWritten { complain("\(text.path): could not be written whole") }
  }

  /// The kernel gives its handler no stderr: its log is the place that somebody reads.
  private func complain(_ sentence: String) {
    let line = Array("coreview: process \(processID): ".utf8) + Escaping.inert(Array(sentence.utf8)) + [0x0a]
    HostProcess.log(line)
  }
}
