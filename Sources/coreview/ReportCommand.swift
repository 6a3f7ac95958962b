internal import ArgumentParser
internal import Arguments
internal import CoreviewKit
internal import Rendering
internal import Reporting

extension ColorChoice: ExpressibleByArgument {}
extension ReportFormat: ExpressibleByArgument {}

/// How a signature is written when it is all that is wanted.
enum SignatureForm: String, ExpressibleByArgument, CaseIterable {
  case hash, pipe, apport, satyr
}

/// The command line of the report.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coreview",
    abstract: "Says what died, why, and where every thread of it was.",
    usage: """
      coreview [EXECUTABLE] CORE [--proc DIR|SNAPSHOT] [--format FORMAT] [-o FILE] [--no-redact] [--verbose] [--evidence] [--color WHEN] [FILES-OPTION]...
      coreview PID|DIR|SNAPSHOT [--rolling|--no-stop] [--deadline MS]
      coreview snapshot PID [-o FILE] [--rolling|--no-stop] [--deadline MS] [--arguments] [--environment]
      coreview [EXECUTABLE] CORE --signature FORM [--plumbing FILE]
      coreview diff CORE CORE
      coreview modules [EXECUTABLE] CORE [--json] [FILES-OPTION]...
      coreview gdb [GDB-OPTION]... [EXECUTABLE] [CORE]
      """,
    discussion: """
      CORE is a core file of Linux. The executable is found by what the core says, or named: before the core or \
      after it, which is which is told by what they are.

      PID is a running process (or -p PID): its threads are stopped for some milliseconds, copied, and let go; the \
      kernel's own, as io_uring makes, are never attached to. A number that is also a file's name is the file. DIR \
      is a copy of /proc/PID. coreview snapshot writes a small core that gdb reads too.

      coreview gdb takes gdb's options and commands and prints gdb's answers.

      coreview diff shows in what two cores differ.

      Exit status: 0 everything is shown; 1 something is missing or in doubt, as stderr says; 2 nothing could be \
      shown; 64 the command line is wrong.
      """,
    version: "coreview " + CoreDump.version)

  @Argument(help: ArgumentHelp("The core, and its executable.", valueName: "file"))
  var files: [String] = []

  @Option(
    name: [.customShort("e"), .customLong("executable"), .customLong("exec")],
    help: ArgumentHelp("The executable.", valueName: "file"))
  var executable: String?

  @Option(name: [.customShort("c"), .customLong("core")], help: ArgumentHelp("The core.", valueName: "file"))
  var core: String?

  @Option(
    name: [.customShort("p"), .customLong("pid")], help: ArgumentHelp("A running process.", valueName: "pid"))
  var pid: Int32?

  @Option(
    help: ArgumentHelp(
      "What was kept of the process's /proc folder: a copy of it, or a snapshot.", valueName: "dir|snapshot"))
  var proc: String?

  @Flag(help: "Stop one thread of a running process at a time.")
  var rolling = false

  @Flag(help: "Stop no thread of a running process: only blocked ones show where they are.")
  var noStop = false

  @Option(help: ArgumentHelp("Let go what did not stop after this time.", valueName: "milliseconds"))
  var deadline = 200

  @Option(
    help: ArgumentHelp(
      "The form of the report: text, json, ndjson (one line), sarif, html (one file) or markdown.",
      valueName: "format"))
  var format: ReportFormat?

  @Flag(help: "The same as --format json.")
  var json = false

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "Write to this file, which only you may read, and not to standard output.", valueName: "file"))
  var output: String?

  @Flag(help: "Keep the command line and strings in arguments, which are masked in all forms but text.")
  var noRedact = false

  @Flag(help: "Say on what the class of each kernel worker and damaged thread rests; --json always does.")
  var evidence = false

  @Flag(
    name: [.short, .long],
    help: "All of what follows: registers, instructions and source around the crash, who waits for whom.")
  var verbose = false

  @Flag(help: "The crashed thread's registers, with what each points at.")
  var registers = false

  @Flag(help: "The instructions around the crash.")
  var disassembly = false

  @Flag(help: "The source around the crash, where it is there.")
  var source = false

  @Flag(help: "Which threads wait for which, and deadlocks.")
  var locks = false

  @Option(
    help: ArgumentHelp(
      "Print the signature of the crash and nothing else: hash, pipe, apport or satyr.", valueName: "form"))
  var signature: SignatureForm?

  @Option(
    help: ArgumentHelp(
      "Rules for what signatures leave out, added to those that are known.", valueName: "file"))
  var plumbing: String?

  @Option(help: ArgumentHelp("When to colour the text.", valueName: "when"))
  var color = ColorChoice.auto

  @Option(
    help: ArgumentHelp(
      "Join the record of the core in what journalctl -o json --all wrote.", valueName: "file"))
  var journal: String?

  @OptionGroup var sandbox: SandboxArguments

  @OptionGroup(title: "Files")
  var search: SearchArguments

  func validate() throws {
    let named = files.count + (core == nil ? 0 : 1) + (executable == nil ? 0 : 1)
    if pid != nil, named > 0 { throw ValidationError("A process or a core, not both.") }
    if named == 0, pid == nil { throw ValidationError("Name a core file, a process or a copy of /proc/PID.") }
    if rolling, noStop { throw ValidationError("--rolling or --no-stop, not both.") }
    if !(1...60_000).contains(deadline) { throw ValidationError("--deadline takes 1 to 60000 milliseconds.") }
    if json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue): name one.")
    }
    if named > 2 { throw ValidationError("One core and one executable, not \(named) files.") }
  }

  private var parts: Report.Parts {
    if verbose { return .all }
    var result: Report.Parts = []
    if registers { result.insert(.registers) }
    if disassembly { result.insert(.disassembly) }
    if source { result.insert(.source) }
    if locks { result.insert(.locks) }
    return result
  }

  /// What was asked for; ends the program for `--help`, `--version` and what cannot be understood.
  static func parsed(_ arguments: [String]) -> ReportRequest {
    // The usual cases need no parser, which costs more than the report of a small core.
    let files = arguments.filter { $0 != "--json" }
    if (1...2).contains(files.count), files.allSatisfy({ (!$0.hasPrefix("-") || $0 == "-") && !$0.isEmpty }) {
      return ReportRequest(files: files, format: files.count < arguments.count ? .json : .text)
    }
    let command = parseOrExit(arguments)
    var request = ReportRequest(
      files: command.files, executable: command.executable, core: command.core,
      format: command.format ?? (command.json ? .json : .text), output: command.output,
      isRedacted: !command.noRedact, showsEvidence: command.evidence, color: command.color,
      search: command.search.options, journal: command.journal, parts: command.parts,
      signature: command.signature, plumbing: command.plumbing)
    request.isConfined = !command.sandbox.isOff
    request.pid = command.pid
    request.proc = command.proc
    request.capture = ProcessCapture(
      rolling: command.rolling, noStop: command.noStop, deadline: command.deadline)
    return request
  }
}

/// A report that is wanted, as the command line says it.
struct ReportRequest {
  var files: [String]
  var executable: String?
  var core: String?
  var format = ReportFormat.text
  /// A file for the report; `nil` for standard output.
  var output: String?
  /// Whether the forms that are stored and sent on lack values that can hold secrets.
  var isRedacted = true
  var showsEvidence = false
  var color = ColorChoice.auto
  var search = SearchOptions()
  /// `coreview modules`.
  var listsModules = false
  var journal: String?
  /// Whether the files are read in a child that can be lost.
  var isConfined = true
  var pid: Int32?
  var proc: String?
  var capture = ProcessCapture()
  /// What is reported beyond the usual.
  var parts: Report.Parts = []
  /// The form of the signature that is printed in the report's place.
  var signature: SignatureForm?
  /// A file of rules for signatures.
  var plumbing: String?
}

extension ProcessCapture {
  init(rolling: Bool, noStop: Bool, deadline: Int) {
    self.init()
    mode = noStop ? .noStop : rolling ? .rolling : .stop
    deadlineMilliseconds = deadline
  }
}
