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
      dump = try CoreDump(path: names.core, executable: names.executable)
    } catch {
      complain(error.description)
      return .nothing
    }
    let report = dump.report()
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

  /// Which file is the core and which the executable: by option, else by what they are.
  private func roles() -> Result<(core: String, executable: String?), Problem> {
    var core = request.core
    var executable = request.executable
    for path in request.files {
      switch FileKind.of(path) {
      case .core where core == nil: core = path
      case .core: return .failure(Problem(sentence: "\(core ?? ""), \(path): two cores; name one"))
      case .executable where executable == nil: executable = path
      case .executable where core == nil && request.files.count == 2:
        return .failure(Problem(sentence: "\(executable ?? ""), \(path): two executables and no core; name a core"))
      case .executable, .other, .missing:
        // A core that cannot be read: to open it as one gives the reason. As gdb has it, the core comes last.
        if core == nil, executable != nil || path == request.files.last {
          core = path
        } else if executable == nil {
          executable = path
        } else {
          core = core ?? path
        }
      }
    }
    if let core { return .success((core, executable)) }
    // An executable alone: opened as a core it says what it is.
    return executable.map { .success(($0, nil)) } ?? .failure(Problem(sentence: "no core was named"))
  }

  // MARK: Output

  private func write(_ report: Report) -> Bool {
    var isAlive = true
    if request.isJSON {
      JSONRenderer.render(report) { text in isAlive = text.flush(to: 1) && isAlive }
    } else {
      let isColored = request.color.isOn(
        isTerminal: HostProcess.isTerminal(1), variable: HostProcess.variable)
      TextRenderer.render(report, theme: isColored ? .colored : .plain) { text in
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
