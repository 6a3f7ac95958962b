internal import ArgumentParser
internal import Arguments
internal import CoreviewKit
internal import Rendering

/// The command line of `coreview modules`.
struct ModulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coreview modules",
    abstract:
      "Lists the files of the process, where their symbols come from, and how to get what is missing.",
    usage: "coreview modules [EXECUTABLE] CORE [--json] [FILES-OPTION]...")

  @Argument(help: ArgumentHelp("The core, and its executable.", valueName: "file"))
  var files: [String] = []

  @Flag(help: "Print the list as one JSON document.")
  var json = false

  @OptionGroup var sandbox: SandboxArguments

  @OptionGroup(title: "Files")
  var search: SearchArguments

  func validate() throws {
    if files.isEmpty { throw ValidationError("Name a core file.") }
    if files.count > 2 { throw ValidationError("One core and one executable, not \(files.count) files.") }
  }

  static func parsed(_ arguments: [String]) -> ReportRequest {
    let command = parseOrExit(arguments)
    var request = ReportRequest(files: command.files, format: command.json ? .json : .text)
    request.search = command.search.options
    request.listsModules = true
    request.isConfined = !command.sandbox.isOff
    return request
  }
}
