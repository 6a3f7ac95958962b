internal import Bytes
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
    let names: (core: String, executable: String?)
    switch roles() {
    case .success(let found): names = found
    case .failure(let problem):
      complain(problem.sentence)
      return .nothing
    }
    let dump: CoreDump
    do {
      var search = request.search
      search.showsProgress = HostProcess.isTerminal(2)
      dump = try CoreDump(
        path: names.core, executable: names.executable, search: search, journal: request.journal)
    } catch {
      complain(error.description)
      return .nothing
    }
    let report = request.listsModules ? dump.moduleReport() : dump.report()
    guard write(report) else {
      complain("the report could not be written to standard output")
      return .nothing
    }
    for note in TextRenderer.notes(of: report) { complain(note) }
    return report.isComplete ? .complete : .incomplete
  }

  // MARK: Files

  private struct Problem: Error {
    var sentence: String
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
      return .failure(Problem(sentence: "\(executable), \(core): two executables and no core; name a core"))
    default: return .success((core, executable))
    }
  }

  // MARK: Output

  private func write(_ report: Report) -> Bool {
    var isAlive = true
    if request.listsModules {
      if request.isJSON {
        ModuleRenderer.renderJSON(report) { text in isAlive = text.flush(to: 1) && isAlive }
      } else {
        ModuleRenderer.renderText(report) { text in isAlive = text.flush(to: 1) && isAlive }
      }
    } else if request.isJSON {
      JSONRenderer.render(report) { text in isAlive = text.flush(to: 1) && isAlive }
    } else {
      let isColored = request.color.isOn(
        isTerminal: HostProcess.isTerminal(1), variable: HostProcess.variable)
      let theme = isColored ? Theme.colored : .plain
      TextRenderer.render(report, theme: theme, showsEvidence: request.showsEvidence) { text in
        isAlive = text.flush(to: 1) && isAlive
      }
    }
    return isAlive
  }

  private func complain(_ sentence: String) {
    complain(Escaping.inert(Array(sentence.utf8)))
  }

  private func complain(_ sentence: [UInt8]) {
    var text = TextBuffer()
    text.append("coreview: ")
    text.append(bytes: sentence)
    text.append(byte: 0x0a)
    text.flush(to: 2)
  }
}
