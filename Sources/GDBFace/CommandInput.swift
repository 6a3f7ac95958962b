internal import Bytes

/// Where commands come from: a command file, or standard input with prompts.
final class CommandInput {
  private let lines: LineInput
  /// The command file's name, for errors.
  let name: String?
  /// The number of the line that was read last, from 1.
  private(set) var line = 0
  /// Writes a prompt; nothing for files.
  private let prompt: (String) -> Void

  init(lines: LineInput, name: String?, prompt: @escaping (String) -> Void = { _ in }) {
    self.lines = lines
    self.name = name
    self.prompt = prompt
  }

  /// The next line, with those joined to it that a backslash at its end continues; `nil` at the end.
  func next(prompting text: String) -> String? {
    prompt(text)
    var joined: [UInt8] = []
    while let line = lines.next() {
      self.line += 1
      joined += line
      guard joined.last == 0x5c else { return String(decoding: joined, as: UTF8.self) }
      joined.removeLast()
    }
    return joined.isEmpty ? nil : String(decoding: joined, as: UTF8.self)
  }
}

/// A line, or a block that ends in `end`, of a command file or of a user's command.
indirect enum Statement {
  case line(String)
  case branch(condition: String, then: [Statement], otherwise: [Statement]?)
  case loop(condition: String, body: [Statement])
  /// `define`, `document`, `python`: the lines belong to the command in the first.
  case block(head: String, lines: [String])

  /// Blocks nest at most this deep.
  private static let maximumDepth = 128

  private enum Ending {
    case end
    case otherwise
    case endOfInput
  }

  /// The statement that a line begins, with the rest of it read from the input.
  static func read(_ line: String, from input: CommandInput?, depth: Int) throws(CommandError) -> Statement {
    guard let (word, rest) = Commands.split(line) else { return .line(line) }
    let argument = rest.trimmingBlanks
    switch word {
    case "if", "while":
      guard !argument.isEmpty else { throw CommandError("\(word) command requires an argument.") }
      guard depth < maximumDepth else { throw CommandError("Control nesting too deep.") }
      let (body, ending) = try body(from: input, depth: depth + 1)
      if word == "while" { return .loop(condition: argument, body: body) }
      guard ending == .otherwise else { return .branch(condition: argument, then: body, otherwise: nil) }
      let (other, _) = try Self.body(from: input, depth: depth + 1)
      return .branch(condition: argument, then: body, otherwise: other)
    case "define" where depth > 0, "document" where depth > 0, "python" where argument.isEmpty,
      "py" where argument.isEmpty:
      return .block(head: line.trimmingBlanks, lines: raw(from: input))
    default: return .line(line)
    }
  }

  private static func body(
    from input: CommandInput?, depth: Int
  ) throws(CommandError) -> ([Statement], Ending) {
    var statements: [Statement] = []
    while let line = input?.next(prompting: String(repeating: " ", count: depth) + ">") {
      switch line.trimmingBlanks {
      case "end": return (statements, .end)
      case "else": return (statements, .otherwise)
      case "": continue
      default: statements.append(try read(line, from: input, depth: depth))
      }
    }
    return (statements, .endOfInput)
  }

  /// The statements of a `define`.
  static func definition(from input: CommandInput?) throws(CommandError) -> [Statement] {
    var statements: [Statement] = []
    while let line = input?.next(prompting: ">") {
      let text = line.trimmingBlanks
      if text == "end" { break }
      if !text.isEmpty { statements.append(try read(line, from: input, depth: 0)) }
    }
    return statements
  }

  /// The lines up to `end`.
  static func raw(from input: CommandInput?) -> [String] {
    var lines: [String] = []
    while let line = input?.next(prompting: ">"), line.trimmingBlanks != "end" { lines.append(line) }
    return lines
  }

  /// The statement as `show user` prints it, two blanks deeper for each block.
  func write(depth: Int, into text: inout TextBuffer) {
    let indentation = String(repeating: "  ", count: depth)
    func put(_ line: String) { text.append(indentation + line + "\n") }
    switch self {
    case .line(let line): put(line.trimmingBlanks)
    case .branch(let condition, let then, let otherwise):
      put("if \(condition)")
      for statement in then { statement.write(depth: depth + 1, into: &text) }
      if let otherwise {
        put("else")
        for statement in otherwise { statement.write(depth: depth + 1, into: &text) }
      }
      put("end")
    case .loop(let condition, let body):
      put("while \(condition)")
      for statement in body { statement.write(depth: depth + 1, into: &text) }
      put("end")
    case .block(let head, let lines):
      put(head)
      for line in lines { put("  " + line.trimmingBlanks) }
      put("end")
    }
  }
}
