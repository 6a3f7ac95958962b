internal import ArgumentParser
internal import Bytes
internal import CoreviewKit
internal import Rendering
internal import Reporting

/// `coreview diff A B`: in what two cores differ.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coreview diff",
    abstract: "Shows in what two cores differ.",
    discussion: """
      Build, reason, signature, the crashed thread's frames with their arguments, the stacks of the others and the \
      modules. Addresses are not compared.

      Exit status: 0 no difference; 1 they differ; 2 a core could not be read; 64 the command line is wrong.
      """)

  @Argument(help: ArgumentHelp("The first core.", valueName: "core"))
  var old: String

  @Argument(help: ArgumentHelp("The second core.", valueName: "core"))
  var new: String

  @Option(
    help: ArgumentHelp(
      "The executable of the first core, and of the second if that has none.", valueName: "file"))
  var executable: String?

  @Option(help: ArgumentHelp("The executable of the second core.", valueName: "file"))
  var otherExecutable: String?

  @OptionGroup var sandbox: SandboxArguments

  /// Compares, prints, and says how the program ends.
  static func answer(_ arguments: [String]) -> ExitCode {
    let command = parseOrExit(arguments)
    guard !command.sandbox.isOff else { return command.compare() }
    return Sandbox.run(SearchOptions()) { _ in
      command.compare()
    } salvage: { signal, _ in
      Complaint.print(Array("the comparison was ended by \(CoreDump.name(ofSignal: signal))".utf8))
      return .nothing
    }
  }

  private func compare() -> ExitCode {
    do {
      let old = try CoreDump(path: old, executable: executable).report()
      let new = try CoreDump(path: new, executable: otherExecutable ?? executable).report()
      let difference = ReportDifference(old, new)
      var text = difference.text
      guard text.flush(to: 1) else { return .nothing }
      for report in [old, new] {
        for note in TextRenderer.notes(of: report) { Complaint.print(note) }
      }
      return difference.isEmpty ? .complete : .incomplete
    } catch {
      Complaint.print(Escaping.inert(Array("\(error)".utf8)))
      return .nothing
    }
  }
}
