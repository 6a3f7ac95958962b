internal import Backtraces
internal import Bytes
internal import Evaluation
internal import Values

/// `print`, `inspect`, `call`, `output`, and what they share: options, formats, the value history.
enum PrintCommand {
  static let commands: [String: Commands.Action] = [
    "print": print, "inspect": print, "call": call, "output": output, "p": print,
  ]

  static func print(_ session: Session, _ line: String) throws(CommandError) {
    try run(session, line, command: "print", isVoidShown: true)
  }

  static func call(_ session: Session, _ line: String) throws(CommandError) {
    try run(session, line, command: "call", isVoidShown: false)
  }

  private static func run(
    _ session: Session, _ line: String, command: String, isVoidShown: Bool
  ) throws(CommandError) {
    var settings = session.settings
    var rest = try options(line, &settings, in: session)
    var format = Format()
    if rest.hasPrefix("/") {
      format = try Format.read(&rest, last: session.lastFormat.letter, size: 0)
      guard format.count == 1 else {
        throw CommandError("Item count other than 1 is meaningless in \"\(command)\" command.")
      }
      if format.size != 0 {
        throw CommandError("Size letters are meaningless in \"\(command)\" command.")
      }
      if format.letter == UInt8(ascii: "i") {
        throw CommandError("Format letter \"i\" is meaningless in \"\(command)\" command.")
      }
      session.lastFormat.letter = format.letter
      settings.options.format = format.letter
      settings.options.isRaw = settings.options.isRaw || format.isRaw
    }
    let shown = settings.options
    try session.evaluating { evaluator throws(EvaluationFailure) in
      let value =
        rest.isEmpty ? try evaluator.lastValue() : try evaluator.evaluateFully(rest)
      session.tell(evaluator)
      guard isVoidShown || !evaluator.isVoid(value) else { return }
      let number = evaluator.record(value)
      session.output.append("$\(number) = ")
      if format.letter != 0, !Format.printable.contains(format.letter) {
        throw EvaluationFailure(
          "Undefined output format \"\(Character(Unicode.Scalar(format.letter)))\".")
      }
      do throws(EvaluationFailure) {
        try evaluator.append(value, options: shown, into: &session.output)
      } catch {
        session.flush()
        throw error
      }
      session.output.append(byte: 0x0a)
    }
  }

  static func output(_ session: Session, _ line: String) throws(CommandError) {
    var settings = session.settings
    var rest = line
    if rest.hasPrefix("/") {
      let format = try Format.read(&rest, last: session.lastFormat.letter, size: 0)
      settings.options.format = format.letter
      settings.options.isRaw = settings.options.isRaw || format.isRaw
    }
    guard !rest.isEmpty else { throw CommandError("Argument required (expression to compute).") }
    let shown = settings.options
    try session.evaluating { evaluator throws(EvaluationFailure) in
      try evaluator.append(try evaluator.evaluateFully(rest), options: shown, into: &session.output)
    }
  }

  // MARK: Options

  /// Takes `-NAME [VALUE] … --` off the front; without `--` there are no options.
  private static func options(
    _ line: String, _ settings: inout PrintSettings, in session: Session
  ) throws(CommandError) -> String {
    guard line.hasPrefix("-"), let end = end(of: line) else { return line }
    var words = line[..<end.lowerBound].split(separator: " ").map(String.init)[...]
    let rest = String(line[end.upperBound...].drop { $0 == " " })
    while let word = words.popFirst() {
      let left = ([word] + words).joined(separator: " ") + " " + line[end.lowerBound...]
      guard word.hasPrefix("-"), word.count > 1 else { throw CommandError("Trailing junk at: \(left)") }
      let name = String(word.dropFirst())
      let all = PrintSettingCommands.all.filter(\.isOption)
      let matches =
        all.filter { $0.name == name }.isEmpty
        ? all.filter { $0.name.hasPrefix(name) } : all.filter { $0.name == name }
      guard let setting = matches.first else { throw CommandError("Unrecognized option at: \(left)") }
      guard matches.count == 1 else { throw CommandError("Ambiguous option at: \(left)") }
      var value = ""
      if let next = words.first, !next.hasPrefix("-") {
        value = next
        words = words.dropFirst()
      }
      switch setting.place {
      case .flag, .inert:
        if PrintSettingCommands.flag(value) == nil {
          throw CommandError("Value given for `-\(setting.name)' is not a boolean: \(value)")
        }
      case .limit:
        if Int(value) == nil, !("unlimited".hasPrefix(value) && !value.isEmpty) {
          throw CommandError(
            "Expected integer at: \(([value] + words).joined(separator: " ")) \(line[end.lowerBound...])")
        }
      default: break
      }
      try PrintSettingCommands.apply(setting, value, to: &settings, in: session)
    }
    return rest
  }

  /// Where ` -- ` stands.
  private static func end(of line: String) -> Range<String.Index>? {
    var at = line.startIndex
    while at < line.endIndex {
      let after = line.index(at, offsetBy: 2, limitedBy: line.endIndex) ?? line.endIndex
      if line[at..<after] == "--", at == line.startIndex || line[line.index(before: at)] == " ",
        after == line.endIndex || line[after] == " "
      {
        return at..<after
      }
      at = line.index(after: at)
    }
    return nil
  }
}

/// `/FMT`: a count, a letter, a size.
struct Format {
  var count = 1
  var hasCount = false
  var letter: UInt8 = 0
  var size: UInt8 = 0
  var isRaw = false
  /// Whether the text itself gave them.
  var hasLetter = false
  var hasSize = false
  /// The size that `x/s` was asked for last.
  var stringSize: UInt8 = 0

  static let printable: Set<UInt8> = Set("xduotzcafs".utf8)

  /// Reads `/FMT` off the front of a line.
  static func read(_ line: inout String, last: UInt8, size: UInt8) throws(CommandError) -> Format {
    var format = Format()
    var text = line.dropFirst()
    var digits = ""
    var isNegative = false
    if text.first == "-" {
      isNegative = true
      text = text.dropFirst()
    }
    while let digit = text.first, digit.isASCII, digit.isNumber {
      digits.append(digit)
      text = text.dropFirst()
    }
    if !digits.isEmpty {
      format.count = min(Int(digits) ?? 0, 1 << 30) * (isNegative ? -1 : 1)
      format.hasCount = true
    } else if isNegative {
      format.count = -1
    }
    while let letter = text.first, letter != " ", letter != "\t" {
      guard let byte = letter.asciiValue else { break }
      switch byte {
      case UInt8(ascii: "b"), UInt8(ascii: "h"), UInt8(ascii: "w"), UInt8(ascii: "g"):
        format.size = byte
        format.hasSize = true
      case UInt8(ascii: "r"): format.isRaw = true
      default:
        guard (0x61...0x7a).contains(byte) else {
          throw CommandError("Undefined output format \"\(letter)\".")
        }
        format.letter = byte
        format.hasLetter = true
      }
      text = text.dropFirst()
    }
    if !format.hasLetter { format.letter = last }
    if !format.hasSize { format.size = size }
    line = String(text.drop { $0 == " " || $0 == "\t" })
    return format
  }
}
