internal import Bytes
internal import Confinement
internal import CoreviewKit
internal import GDBFace
internal import Rendering
internal import Reporting

/// How coreview ends; as eu-stack does.
enum ExitCode: Int32 {
  case complete = 0
  /// Something is missing or in doubt.
  case incomplete = 1
  /// Nothing could be shown.
  case nothing = 2
}

/// Answers one request: opens the files, prints the report on stdout and its notes on stderr.
struct ReportRun {
  private let request: ReportRequest

  init(_ request: ReportRequest) {
    self.request = request
  }

  func run() -> ExitCode {
    var file: PrivateFile?
    if let path = request.output, !request.listsModules, request.signature == nil {
      do {
        file = try PrivateFile(path: path)
      } catch {
        complain("\(error.description); the report was not written")
        return .nothing
      }
    }
    // Stopping a process takes rights that a confined child has not.
    let code =
      request.isConfined && !isOfProcess
      ? Sandbox.run(request.search) { progress in
        answer(into: file, progress)
      } salvage: { signal, hasOutput in
        salvage(signal, hasOutput: hasOutput, into: file)
      }
      : answer(into: file, nil)
    guard let file, code != .nothing else { return code }
    do {
      try file.finish()
    } catch {
      complain("\(error.description); the report was not written")
      return .nothing
    }
    return code
  }

  private var isOfProcess: Bool {
    if request.pid != nil { return true }
    guard request.core == nil, request.files.count == 1, let pid = Int32(request.files[0]) else {
      return false
    }
    return pid > 0 && FileKind.of(request.files[0]) == .missing
  }

  private func answer(into file: PrivateFile?, _ progress: Sandbox.Progress?) -> ExitCode {
    let dump: CoreDump
    do {
      dump = try open()
      if let rules = request.plumbing { try dump.addPlumbing(path: rules) }
    } catch {
      complain((error as? Problem)?.sentence ?? "\(error)")
      return .nothing
    }
    // Nothing comes after the report but the end.
    HostProcess.keepUntilExit(dump)
    var report =
      request.listsModules
      ? dump.moduleReport() : dump.report(parts: request.parts.union(request.format.parts))
    if request.format.showsMappings, !request.listsModules, request.signature == nil {
      report.mappings = dump.mappings()
    }
    return hand(out: report, into: file, progress)
  }

  /// What the notes of a core hold, after the analysis was lost; in a child, too: they may be what ended it.
  private func salvage(_ signal: Int32, hasOutput: Bool, into file: PrivateFile?) -> ExitCode {
    let lost = "the analysis was ended by \(CoreDump.name(ofSignal: signal))"
    guard !hasOutput, !request.listsModules, request.signature == nil, let core = try? roles().get().core,
      core != "-"
    else {
      complain("\(lost); what is printed is not all")
      return .incomplete
    }
    return Sandbox.run(request.search) { progress in
      do {
        return hand(out: try CoreDump.salvage(path: core, lost: lost), into: file, progress)
      } catch {
        complain("\(error)")
        return .incomplete
      }
    } salvage: { _, _ in
      complain("\(lost), and so was the reading of the core's notes")
      return .incomplete
    }
  }

  /// Prints what was found, as it was asked for.
  private func hand(out report: Report, into file: PrivateFile?, _ progress: Sandbox.Progress?) -> ExitCode {
    if let form = request.signature { return printSignature(report, form) }
    let report = request.isRedacted && request.format.isRedacted ? Redactor.redacted(report) : report
    progress?.beginOutput()
    do {
      try write(report, into: file)
    } catch {
      complain(error.sentence)
      return .nothing
    }
    for note in TextRenderer.notes(of: report) { complain(note) }
    return report.isComplete ? .complete : .incomplete
  }

  private func printSignature(_ report: Report, _ form: SignatureForm) -> ExitCode {
    let signature = report.signature
    let line: String? =
      switch form {
      case .hash: signature?.hash
      case .pipe: signature?.pipe
      case .apport: signature?.apport
      case .satyr: signature?.satyr
      }
    guard let line, !line.isEmpty else {
      complain("\(report.core): the crash has no signature of this form")
      return .nothing
    }
    var text = TextBuffer()
    text.append(bytes: Escaping.inert(Array(line.utf8)))
    text.append(byte: 0x0a)
    guard text.flush(to: 1) else { return .nothing }
    for note in TextRenderer.notes(of: report) { complain(note) }
    return report.isComplete ? .complete : .incomplete
  }

  // MARK: Files

  private struct Problem: Error {
    var sentence: String
  }

  private func open() throws(Problem) -> CoreDump {
    var search = request.search
    search.showsProgress = HostProcess.isTerminal(2)
    var capture = request.capture
    // What else is printed of a stopped thread is its stack.
    capture.isDetailed = request.format == .json || request.showsEvidence
    do {
      if let pid = request.pid {
        return try CoreDump(process: pid, capture: capture, search: search)
      }
      if request.core == nil, let last = request.files.last {
        if SystemFiles.isFolder(last) {
          return try CoreDump(
            folder: last, executable: request.executable ?? request.files.dropLast().first,
            search: search)
        }
        if request.files.count == 1, let pid = Int32(last), pid > 0, FileKind.of(last) == .missing {
          return try CoreDump(process: pid, capture: capture, search: search)
        }
      }
      let names = try roles().get()
      return try CoreDump(
        path: names.core, executable: names.executable, proc: request.proc, search: search,
        journal: request.journal)
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(sentence: "\(error)")
    }
  }

  /// Which file is the core and which the executable: as gdb has it, `EXECUTABLE CORE`, unless the files are
  /// the other way round.
  private func roles() -> Result<(core: String, executable: String?), Problem> {
    var files = request.files
    // A lone executable is opened as a core, which says what it is.
    guard var core = request.core ?? files.popLast() ?? request.executable else {
      return .failure(Problem(sentence: "no core was named"))
    }
    guard var executable = (request.executable ?? files.popLast()).flatMap({ $0 == core ? nil : $0 }) else {
      return .success((core, nil))
    }
    var kinds = (core: FileKind.of(core), executable: FileKind.of(executable))
    if kinds.executable == .core
      ? kinds.core != .core : kinds.core == .executable && kinds.executable != .executable
    {
      swap(&core, &executable)
      swap(&kinds.core, &kinds.executable)
    }
    switch kinds {
    case (.core, .core): return .failure(Problem(sentence: "\(executable), \(core): two cores; name one"))
    case (.executable, .executable):
      return .failure(
        Problem(
          sentence:
            "\(executable), \(core): two executables and no core (e_type at offset 0x10 of both); name a core"
        ))
    default: return .success((core, executable))
    }
  }

  // MARK: Output

  private func write(_ report: Report, into file: PrivateFile?) throws(Problem) {
    var isAlive = true
    if request.listsModules {
      if request.format == .json {
        ModuleRenderer.renderJSON(report) { text in isAlive = text.flush(to: 1) && isAlive }
      } else {
        ModuleRenderer.renderText(report) { text in isAlive = text.flush(to: 1) && isAlive }
      }
    } else if let file {
      render(report, isTerminal: false) { text in isAlive = file.write(&text) && isAlive }
    } else {
      render(report, isTerminal: HostProcess.isTerminal(1)) { text in isAlive = text.flush(to: 1) && isAlive }
    }
    if !isAlive {
      throw Problem(sentence: "the report could not be written to \(request.output ?? "standard output")")
    }
  }

  private func render(_ report: Report, isTerminal: Bool, to sink: @escaping (inout TextBuffer) -> Void) {
    let isColored = request.color.isOn(isTerminal: isTerminal, variable: HostProcess.variable)
    request.format.render(
      report, theme: isColored ? .colored : .plain, showsEvidence: request.showsEvidence, to: sink)
  }

  private func complain(_ sentence: String) {
    complain(Escaping.inert(Array(sentence.utf8)))
  }

  private func complain(_ sentence: [UInt8]) { Complaint.print(sentence) }
}
