internal import Backtraces
internal import Bytes
internal import Values

/// `set print NAME VALUE` and `show print NAME`; the same names are options of `print`.
enum PrintSettingCommands {
  enum Place {
    case flag(any WritableKeyPath<PrintSettings, Bool> & Sendable)
    /// A number, or unlimited; where zero means unlimited, and where only -1 does.
    case limit(any WritableKeyPath<PrintSettings, Int?> & Sendable, isZeroUnlimited: Bool)
    case frameArguments
    case entryValues
    case frameInfo
    /// Known, remembered, and without effect on what coreview prints.
    case inert(standard: String, isFlag: Bool)
  }

  struct Setting: Sendable {
    var name: String
    /// What `show` says, up to the value.
    var sentence: String
    var place: Place
    /// Whether `print -NAME` takes it too.
    var isOption = false
    var end = "."
  }

  static let all: [Setting] = [
    Setting(
      name: "address", sentence: "Printing of addresses is ", place: .flag(\.options.showsAddresses),
      isOption: true),
    Setting(
      name: "array", sentence: "Pretty formatting of arrays is ", place: .flag(\.options.isPrettyArray),
      isOption: true),
    Setting(
      name: "array-indexes", sentence: "Printing of array indexes is ",
      place: .flag(\.options.showsArrayIndexes), isOption: true),
    Setting(
      name: "asm-demangle", sentence: "Demangling of C++/ObjC names in disassembly listings is ",
      place: .flag(\.options.demanglesAssembler)),
    Setting(
      name: "demangle", sentence: "Demangling of encoded C++/ObjC names when displaying symbols is ",
      place: .flag(\.options.demangles)),
    Setting(
      name: "elements", sentence: "Limit on string chars or array elements to print is ",
      place: .limit(\.options.elements, isZeroUnlimited: true), isOption: true),
    Setting(
      name: "entry-values", sentence: "Printing of function arguments at function entry is ",
      place: .entryValues),
    Setting(
      name: "finish", sentence: "Printing of return value after `finish' is ",
      place: .inert(standard: "on", isFlag: true)),
    Setting(
      name: "frame-arguments", sentence: "Printing of non-scalar frame arguments is ",
      place: .frameArguments),
    Setting(
      name: "frame-info", sentence: "Printing of frame information is ", place: .frameInfo),
    Setting(
      name: "inferior-events", sentence: "Printing of inferior events is ",
      place: .inert(standard: "on", isFlag: true)),
    Setting(
      name: "max-depth", sentence: "Maximum print depth is ",
      place: .limit(\.options.depth, isZeroUnlimited: false), isOption: true),
    Setting(
      name: "max-symbolic-offset",
      sentence: "The largest offset that will be printed in <symbol+1234> form is ",
      place: .inert(standard: "unlimited", isFlag: false)),
    Setting(
      name: "memory-tag-violations", sentence: "Printing of memory tag violations is ",
      place: .inert(standard: "on", isFlag: true), isOption: true),
    Setting(
      name: "nibbles", sentence: "Printing binary values in groups is ",
      place: .inert(standard: "off", isFlag: true), isOption: true),
    Setting(
      name: "null-stop", sentence: "Printing of char arrays to stop at first null char is ",
      place: .flag(\.options.stopsAtNull), isOption: true),
    Setting(
      name: "object", sentence: "Printing of object's derived type based on vtable info is ",
      place: .flag(\.options.usesDynamicType), isOption: true),
    Setting(
      name: "pascal_static-members", sentence: "Printing of pascal static members is ",
      place: .inert(standard: "on", isFlag: true)),
    Setting(
      name: "pretty", sentence: "Pretty formatting of structures is ", place: .flag(\.options.isPretty),
      isOption: true),
    Setting(
      name: "raw-frame-arguments", sentence: "Whether to print frame arguments in raw form is ",
      place: .flag(\.hasRawArguments)),
    Setting(
      name: "raw-values", sentence: "Whether to print values in raw form is ",
      place: .flag(\.options.isRaw), isOption: true),
    Setting(
      name: "repeats", sentence: "Threshold for repeated print elements is ",
      place: .limit(\.options.repeats, isZeroUnlimited: true), isOption: true),
    Setting(
      name: "sevenbit-strings", sentence: "Printing of 8-bit characters in strings as \\nnn is ",
      place: .flag(\.options.isSevenBit)),
    Setting(
      name: "static-members", sentence: "Printing of C++ static members is ",
      place: .flag(\.options.showsStaticMembers), isOption: true),
    Setting(
      name: "symbol", sentence: "Printing of symbols when printing pointers is ",
      place: .flag(\.options.showsSymbols), isOption: true),
    Setting(
      name: "symbol-filename", sentence: "Printing of source filename and line number with <symbol> is ",
      place: .inert(standard: "off", isFlag: true)),
    Setting(
      name: "symbol-loading", sentence: "Printing of symbol loading messages is ",
      place: .inert(standard: "full", isFlag: false)),
    Setting(
      name: "thread-events", sentence: "Printing of thread events is ",
      place: .inert(standard: "on", isFlag: true)),
    Setting(
      name: "union", sentence: "Printing of unions interior to structures is ",
      place: .flag(\.options.showsUnions), isOption: true),
    Setting(
      name: "vtbl", sentence: "Printing of C++ virtual function tables is ",
      place: .flag(\.options.showsVirtualTables), isOption: true),
  ]

  /// What is left of a line after the word that it begins with.
  private static func split(_ line: String) -> (word: String, rest: String) {
    let word = line.prefix { $0 != " " && $0 != "\t" }
    return (String(word), String(line.dropFirst(word.count).drop { $0 == " " || $0 == "\t" }))
  }

  private static func find(_ line: String, verb: String) throws(CommandError) -> Setting? {
    let (word, _) = split(line)
    if let exact = all.first(where: { $0.name == word }) { return exact }
    let matches = all.filter { $0.name.hasPrefix(word) }
    if matches.count == 1 { return matches[0] }
    guard matches.isEmpty else {
      let names = matches.map(\.name).joined(separator: ", ")
      throw CommandError("Ambiguous \(verb) print command \"\(line)\": \(names).")
    }
    return nil
  }

  // MARK: set

  static func set(_ session: Session, _ line: String) throws(CommandError) {
    let (word, rest) = split(line)
    guard !word.isEmpty else { return }
    if word == "type" || (word.count > 2 && "type".hasPrefix(word)) { return }
    guard let setting = try find(line, verb: "set") else {
      throw CommandError("Undefined set print command: \"\(line)\".  Try \"help set print\".")
    }
    try apply(setting, rest, to: &session.settings, in: session)
  }

  static func apply(
    _ setting: Setting, _ text: String, to settings: inout PrintSettings, in session: Session
  ) throws(CommandError) {
    switch setting.place {
    case .flag(let path):
      guard let value = flag(text) else { throw CommandError("\"on\" or \"off\" expected.") }
      settings[keyPath: path] = value
    case .limit(let path, let isZeroUnlimited):
      guard !text.isEmpty else {
        throw CommandError("Argument required (integer to set it to, or \"unlimited\").")
      }
      if "unlimited".hasPrefix(text) {
        settings[keyPath: path] = Int?.none
        return
      }
      let number = try Self.number(text, in: session)
      if isZeroUnlimited {
        guard number >= 0, number < Int(Int32.max) else {
          throw CommandError("integer \(number) out of range")
        }
        settings[keyPath: path] = number == 0 ? Int?.none : number
      } else {
        guard number >= -1 else { throw CommandError("only -1 is allowed to set as unlimited") }
        settings[keyPath: path] = number == -1 ? Int?.none : number
      }
    case .frameArguments:
      settings.frameArguments = try choice(text)
    case .entryValues:
      settings.entryValues = try choice(text)
    case .frameInfo:
      let chosen: PrintSettings.FrameInfo = try choice(text)
      guard chosen != .sourceLine, chosen != .sourceAndLocation else {
        throw CommandError("coreview gdb prints no source lines in backtraces.")
      }
      settings.frameInfo = chosen
    case .inert(_, let isFlag):
      if isFlag, flag(text) == nil { throw CommandError("\"on\" or \"off\" expected.") }
      session.inertSettings[setting.name] = isFlag ? (flag(text) == true ? "on" : "off") : text
    }
  }

  static func number(_ text: String, in session: Session) throws(CommandError) -> Int {
    if let number = Int(text) { return number }
    throw CommandError("No symbol \"\(text)\" in current context.")
  }

  /// gdb's booleans, cut short as long as they are the only one of that beginning; nothing is "on".
  static func flag(_ text: String) -> Bool? {
    let word = text.reversed().drop { $0 == " " }.reversed().map(String.init).joined()
    if word.isEmpty || word == "1" || word == "on" { return true }
    if word == "0" || word.hasPrefix("of") && "off".hasPrefix(word) { return false }
    if "yes".hasPrefix(word) || "enable".hasPrefix(word) { return true }
    if "no".hasPrefix(word) || "disable".hasPrefix(word) { return false }
    return nil
  }

  private static func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ text: String
  ) throws(CommandError) -> Choice {
    let names = Choice.allCases.map(\.rawValue)
    guard !text.isEmpty else {
      throw CommandError("Requires an argument. Valid arguments are \(names.joined(separator: ", ")).")
    }
    if let exact = Choice(rawValue: text) { return exact }
    let matches = Choice.allCases.filter { $0.rawValue.hasPrefix(text) }
    guard let first = matches.first else { throw CommandError("Undefined item: \"\(text)\".") }
    guard matches.count == 1 else { throw CommandError("Ambiguous item \"\(text)\".") }
    return first
  }

  // MARK: show

  static func show(_ session: Session, _ line: String) throws(CommandError) {
    let (word, _) = split(line)
    if word.isEmpty {
      for setting in all {
        session.output.append("print \(setting.name):  ")
        session.output.append(sentence(setting, session))
      }
      return
    }
    guard let setting = try find(line, verb: "show") else {
      throw CommandError("Undefined show print command: \"\(line)\".  Try \"help show print\".")
    }
    session.output.append(sentence(setting, session))
  }

  private static func sentence(_ setting: Setting, _ session: Session) -> String {
    let settings = session.settings
    let value =
      switch setting.place {
      case .flag(let path): settings[keyPath: path] ? "on" : "off"
      case .limit(let path, _): settings[keyPath: path].map(String.init) ?? "unlimited"
      case .frameArguments: "\"\(settings.frameArguments.rawValue)\""
      case .entryValues: "\"\(settings.entryValues.rawValue)\""
      case .frameInfo: "\"\(settings.frameInfo.rawValue)\""
      case .inert(let standard, let isFlag):
        {
          let value = session.inertSettings[setting.name] ?? standard
          return isFlag || setting.name == "max-symbolic-offset" ? value : "\"\(value)\""
        }()
      }
    return setting.sentence + value + setting.end + "\n"
  }
}
