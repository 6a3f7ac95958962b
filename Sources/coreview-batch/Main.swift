internal import ArgumentParser
internal import Bytes
internal import Glibc

/// `coreview batch`, `buckets`, `show` and `merge`: a program beside coreview, which starts it.
@main
struct Main {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let rest = Array(arguments.dropFirst())
    switch arguments.first {
    case "batch": exit(BatchCommand.answer(rest).rawValue)
    case "buckets": exit(BucketsCommand.answer(rest).rawValue)
    case "show": exit(ShowCommand.answer(rest).rawValue)
    case "merge": exit(MergeCommand.answer(rest).rawValue)
    default:
      Console.complain("coreview-batch is started by coreview batch, buckets, show and merge")
      exit(Ending.usage.rawValue)
    }
  }
}

/// How the program ends.
enum Ending: Int32 {
  case complete = 0
  case incomplete = 1
  case nothing = 2
  /// `--fail-on` found what it was told to look for.
  case found = 3
  case usage = 64
}

/// A command that ends with a status, and with a sentence on stderr where it could not do its work.
protocol Answering: ParsableCommand {
  func answer() throws -> Ending
  /// The words of the command line as the parser wants them.
  static func normalized(_ arguments: [String]) -> [String]
}

extension Answering {
  static func normalized(_ arguments: [String]) -> [String] { arguments }

  static func answer(_ arguments: [String]) -> Ending {
    let command = parseOrExit(normalized(arguments))
    do {
      return try command.answer()
    } catch {
      Console.complain("\(error)")
      return .nothing
    }
  }
}

/// Lines on stderr, text on stdout.
enum Console {
  static func complain(_ sentence: String) {
    var text = TextBuffer()
    text.append("coreview: ")
    text.append(bytes: Escaping.inert(Array(sentence.utf8)))
    text.append(byte: 0x0a)
    text.flush(to: 2)
  }

  static func print(_ line: String) -> Bool {
    var text = TextBuffer()
    text.append(bytes: Escaping.inert(Array(line.utf8)))
    text.append(byte: 0x0a)
    return text.flush(to: 1)
  }
}
