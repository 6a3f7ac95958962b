/// One of gdb's settings: which values it takes, the first one, and what `show` says of it.
struct Setting: Sendable {
  enum Kind: Sendable {
    /// `on` or `off`; nothing means `on`.
    case flag
    /// `on`, `off` or `auto`.
    case automatic
    case signed
    /// 0 stands for no limit.
    case unsigned
    /// −1 stands for no limit.
    case unlimited
    /// 0 and, in a way, −1 stand for no limit.
    case signedLimit
    /// From 0 on, without a word for no limit.
    case count
    case choice
    case text
    /// A text that may not be empty.
    case file
  }

  let name: String
  let kind: Kind
  /// The value at the start, as `show` spells it.
  let initial: String
  /// gdb's sentence, `%` for the value; empty where it is put together otherwise.
  let sentence: String
  let choices: [String]

  init(_ name: String, _ kind: Kind, _ initial: String, _ sentence: String, _ choices: String = "") {
    self.name = name
    self.kind = kind
    self.initial = initial
    self.sentence = sentence
    self.choices = choices.split(separator: " ").map(String.init)
  }

  /// The value that a text means, as `show` spells it; `number` evaluates an expression.
  func value(
    of text: String, number: (String) throws(CommandError) -> Int64
  ) throws(CommandError) -> String {
    let word = text.trimmingBlanks
    switch kind {
    case .flag:
      guard let isOn = Self.isOn(word) else { throw CommandError("\"on\" or \"off\" expected.") }
      return isOn ? "on" : "off"
    case .automatic:
      if word == "-1" || word.count > 1 && "auto".hasPrefix(word) { return "auto" }
      guard !word.isEmpty, let isOn = Self.isOn(word) else {
        throw CommandError("\"on\", \"off\" or \"auto\" expected.")
      }
      return isOn ? "on" : "off"
    case .choice: return try choice(word)
    case .text: return text
    case .file:
      guard !word.isEmpty else { throw CommandError("Argument required (filename to set it to.).") }
      return word
    case .signed, .unsigned, .unlimited, .signedLimit, .count: return try integer(word, number)
    }
  }

  private static func isOn(_ word: String) -> Bool? {
    if word.isEmpty || word == "on" || word == "1" || "yes".hasPrefix(word) || "enable".hasPrefix(word) {
      return true
    }
    if word == "0" || word.count > 1 && "off".hasPrefix(word) || "no".hasPrefix(word)
      || "disable".hasPrefix(word)
    {
      return false
    }
    return nil
  }

  private func choice(_ word: String) throws(CommandError) -> String {
    guard !choices.isEmpty else { return word }
    guard !word.isEmpty else {
      throw CommandError("Requires an argument. Valid arguments are \(choices.joined(separator: ", ")).")
    }
    if choices.contains(word) { return word }
    let found = choices.filter { $0.hasPrefix(word) }
    guard let first = found.first else { throw CommandError("Undefined item: \"\(word)\".") }
    guard found.count == 1 else { throw CommandError("Ambiguous item \"\(word)\".") }
    return first
  }

  private func integer(
    _ word: String, _ number: (String) throws(CommandError) -> Int64
  ) throws(CommandError) -> String {
    let hasUnlimited = kind == .unsigned || kind == .unlimited || kind == .signedLimit
    guard !word.isEmpty else {
      throw CommandError(
        "Argument required (integer to set it to\(hasUnlimited ? ", or \"unlimited\"" : "")).")
    }
    if hasUnlimited, "unlimited".hasPrefix(word) { return "unlimited" }
    let value = try number(word)
    switch kind {
    case .unsigned, .count:
      guard (0...Int64(UInt32.max)).contains(value) else {
        throw CommandError("integer \(value) out of range")
      }
      if kind == .unsigned, value == 0 { return "unlimited" }
    case .unlimited:
      if value == -1 { return "unlimited" }
      guard value >= 0 else { throw CommandError("only -1 is allowed to set as unlimited") }
      guard value <= Int64(Int32.max) else { throw CommandError("integer \(value) out of range") }
    default:
      guard let small = Int32(exactly: value) else { throw CommandError("integer \(value) out of range") }
      if kind == .signedLimit, small == 0 { return "unlimited" }
    }
    return String(value)
  }
}

/// The values of all settings: those that were set, and the first ones of the others.
package struct Settings: Sendable {
  private var values: [String: String] = [:]

  package init() {}

  /// Asked before every command: of `thread apply`, for every thread.
  private static let initial = Dictionary(
    Setting.table.lazy.map { ($0.name, $0.initial) }, uniquingKeysWith: { first, _ in first })

  /// The value as `show` spells it; empty for a name that is no setting.
  package subscript(name: String) -> String {
    get { values[name] ?? Self.initial[name] ?? "" }
    set { values[name] = newValue }
  }

  package func isOn(_ name: String) -> Bool { self[name] == "on" }

  /// A number; `nil` for no limit.
  package func limit(_ name: String) -> Int? { Int(self[name].prefix { $0 != " " }) }

  /// Whether the setting was touched at all.
  package func isSet(_ name: String) -> Bool { values[name] != nil }
}

extension String {
  /// Without blanks and tabs at either end.
  var trimmingBlanks: String {
    var rest = self[...].drop { $0 == " " || $0 == "\t" }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return String(rest)
  }
}
