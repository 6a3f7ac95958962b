internal import ArgumentParser
internal import Bytes
internal import Confinement
internal import GDBFace
internal import Glibc

/// Where everything starts: `coreview gdb …` is gdb's face, `coreview snapshot` writes, `coreview modules …` the files, all
/// else the report.
@main
struct Coreview {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    // Before the parser: gdb's options have one dash and would mean something else to it.
    if arguments.first == "gdb" {
      ShrunkFile.endInOrder()
      exit(GDBFace.run(Array(arguments.dropFirst()), endsProcess: true))
    }
    if arguments.first == "snapshot" {
      exit(SnapshotCommand.parseOrExit(Array(arguments.dropFirst())).write().rawValue)
    }
    if arguments.first == "handle" {
      HostProcess.completeStandardDescriptors()
      exit(HandleRun(HandleCommand.parseOrExit(Array(arguments.dropFirst()))).run().rawValue)
    }
    if arguments.first == "diff" {
      exit(DiffCommand.answer(Array(arguments.dropFirst())).rawValue)
    }
    if arguments.first == "modules" {
      exit(ReportRun(ModulesCommand.parsed(Array(arguments.dropFirst()))).run().rawValue)
    }
    if let command = arguments.first {
      if command == "batch-worker" { exit(BatchWorker.answer(Array(arguments.dropFirst())).rawValue) }
      if BatchLauncher.commands.contains(command) { exit(BatchLauncher.become(arguments).rawValue) }
    }
    exit(ReportRun(ReportCommand.parsed(arguments)).run().rawValue)
  }
}
