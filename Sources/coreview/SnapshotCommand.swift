internal import ArgumentParser
internal import Bytes
internal import CoreviewKit

/// `coreview snapshot PID`: writes a running process into one small file.
struct SnapshotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coreview snapshot",
    abstract: "Writes a running process into one small file, which coreview and gdb open like a core.",
    discussion: """
      The file holds registers, used stacks, and what /proc says of the process and its threads; it must not exist, \
      and only its owner may read it. Arguments and environment are left out unless asked for.
      """)

  @Argument(help: ArgumentHelp("The process.", valueName: "pid"))
  var pid: Int32

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The file; PID.coreview where none is named.", valueName: "file"))
  var output: String?

  @Flag(help: "Stop one thread at a time.")
  var rolling = false

  @Flag(help: "Stop no thread: only blocked ones show where they are.")
  var noStop = false

  @Option(help: ArgumentHelp("Let go what did not stop after this time.", valueName: "milliseconds"))
  var deadline = 200

  @Flag(help: "Keep the command line.")
  var arguments = false

  @Flag(help: "Keep the environment.")
  var environment = false

  func validate() throws {
    if pid <= 0 { throw ValidationError("PID is a number above 0.") }
    if rolling, noStop { throw ValidationError("--rolling or --no-stop, not both.") }
    if !(1...60_000).contains(deadline) { throw ValidationError("--deadline takes 1 to 60000 milliseconds.") }
  }

  /// Writes the file and says on stdout what it is; notes go to stderr.
  func write() -> ExitCode {
    let path = output ?? "\(pid).coreview"
    var notes = TextBuffer()
    do {
      let summary = try CoreDump.writeSnapshot(
        of: pid, to: path,
        capture: ProcessCapture(rolling: rolling, noStop: noStop, deadline: deadline),
        hasArguments: arguments, hasEnvironment: environment)
      for gap in summary.gaps { Self.complain(gap, &notes) }
      var text = TextBuffer()
      text.append(bytes: Escaping.inert(Array(path.utf8)))
      text.append(
        ": \(summary.threads) \(summary.threads == 1 ? "thread" : "threads"), \(summary.bytes) bytes\n")
      text.flush(to: 1)
      notes.flush(to: 2)
      return summary.gaps.isEmpty ? .complete : .incomplete
    } catch {
      Self.complain(error.description, &notes)
      notes.flush(to: 2)
      return .nothing
    }
  }

  private static func complain(_ sentence: String, _ text: inout TextBuffer) {
    text.append("coreview: ")
    text.append(bytes: Escaping.inert(Array(sentence.utf8)))
    text.append(byte: 0x0a)
  }
}
