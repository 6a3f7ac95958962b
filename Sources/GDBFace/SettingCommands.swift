internal import Bytes

/// `set` and `show`.
enum SettingCommands {
  static let commands: [String: Commands.Action] = [
    "set": set, "show": show, "with": with,
  ]

  private static let shorthands = ["p": "print", "pr": "print", "var": "variable", "rec": "record"]
  /// Names that are settings under another name.
  private static let aliases = ["solib-absolute-prefix": "sysroot"]

  private enum Found {
    case setting(Setting, rest: String)
    case group(String)
    /// `set print …`, with what follows.
    case printing(String)
    /// A setting that coreview does not have, nor needs: gdb would take it.
    case other(String)
    case expression
  }

  /// Follows the words of a text down the names of settings, each word possibly cut short.
  private static func find(_ text: String, for verb: String) throws(CommandError) -> Found {
    var path = ""
    var rest = text
    var names = verb == "show" ? CommandNames.show : CommandNames.set
    while true {
      let word = String(rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) || "-_.".contains($0) })
      let kind = path.isEmpty ? "\(verb) " : "\(verb) \(path) "
      if word.isEmpty { return path.isEmpty ? .expression : .group(path) }
      switch CommandNames.match(word, in: names, shorthands: path.isEmpty ? shorthands : [:]) {
      case .unknown:
        if path.isEmpty, verb == "set" { return .expression }
        throw CommandError("Undefined \(kind)command: \"\(rest)\".  Try \"help \(kind.dropLast())\".")
      case .ambiguous(let found): throw CommandNames.ambiguity(kind, rest, found)
      case .name(let name): path += (path.isEmpty ? "" : " ") + name
      }
      rest = String(rest.dropFirst(word.count))
      path = aliases[path] ?? path
      if path == "print" {
        rest = String(rest.drop { $0 == " " || $0 == "\t" })
        let word = rest.prefix { $0 != " " }
        if word.count < 2 || !"type".hasPrefix(word) { return .printing(rest) }
      }
      if path == "variable" { return .expression }
      if let setting = Setting.table.first(where: { $0.name == path }) {
        guard rest.isEmpty || rest.first == " " || rest.first == "\t" || verb == "show" else {
          throw CommandError("Argument must be preceded by space.")
        }
        return .setting(setting, rest: String(rest.drop { $0 == " " || $0 == "\t" }))
      }
      rest = String(rest.drop { $0 == " " || $0 == "\t" })
      names = children(of: path)
      if path == "logging", verb == "set" { names = (names + ["on", "off"]).sorted() }
      if path == "logging on" || path == "logging off" || names.isEmpty { return .other(path) }
    }
  }

  private static func children(of path: String) -> [String] {
    var names: [String] = []
    for setting in Setting.table where setting.name.hasPrefix(path + " ") {
      let next = String(setting.name.dropFirst(path.count + 1).prefix { $0 != " " })
      if names.last != next { names.append(next) }
    }
    return names
  }

  // MARK: set

  private static func set(_ session: Session, _ text: String) throws(CommandError) {
    guard !text.isEmpty else { throw CommandError("Argument required (expression to compute).") }
    if try stopsAutoLoading(text, session) { return }
    switch try find(text, for: "set") {
    case .expression: try assign(session, text)
    case .printing(let rest): try PrintSettingCommands.set(session, rest)
    case .group(let path):
      throw CommandError("\"set \(path)\" must be followed by the name of a subcommand.")
    case .other(let path):
      if path == "logging on" || path == "logging off" { try switchLogging(path == "logging on", session) }
    case .setting(let setting, let rest): try set(setting, to: rest, in: session)
    }
  }

  /// `set auto-load no`, the one value that the group takes itself: no script of any kind.
  private static func stopsAutoLoading(_ text: String, _ session: Session) throws(CommandError) -> Bool {
    let words = text.split(separator: " ")
    guard words.first == "auto-load", words.count <= 2 else { return false }
    let flags = Setting.table.filter { $0.name.hasPrefix("auto-load ") && $0.kind == .flag }
    let word = words.count == 2 ? String(words[1]) : ""
    if !word.isEmpty, children(of: "auto-load").contains(where: { $0.hasPrefix(word) }) { return false }
    let value = try? flags.first?.value(of: word) { _ throws(CommandError) in 0 }
    guard let value, value == "off" else {
      throw CommandError(
        "Valid is only global 'set auto-load no'; otherwise check the auto-load sub-commands.")
    }
    for flag in flags { session.parameters[flag.name] = value }
    return true
  }

  private static func assign(_ session: Session, _ text: String) throws(CommandError) {
    var expression = text
    let word = text.prefix { $0 != " " }
    if "variable".hasPrefix(word), word.count > 2 { expression = text.dropFirst(word.count).description }
    expression = expression.trimmingBlanks
    guard !expression.isEmpty else { throw CommandError("Argument required (expression to compute).") }
    try session.assign(expression)
  }

  private static func switchLogging(_ isOn: Bool, _ session: Session) throws(CommandError) {
    session.note(
      "Warning: 'set logging \(isOn ? "on" : "off")', an alias for the command 'set logging enabled', "
        + "is deprecated.\nUse 'set logging enabled \(isOn ? "on" : "off")'.\n\n")
    try session.log(isOn)
    session.parameters["logging enabled"] = isOn ? "on" : "off"
  }

  private static func set(_ setting: Setting, to text: String, in session: Session) throws(CommandError) {
    var value = try setting.value(of: text) { word throws(CommandError) in try session.integer(word) }
    switch setting.name {
    case "max-value-size":
      if let size = Int(value), size < 16 {
        value = "16 bytes"
        session.parameters[setting.name] = value
        throw CommandError("max-value-size set too low, increasing to 16 bytes")
      }
      if value != "unlimited" { value += " bytes" }
    case "logging enabled": try session.log(value == "on")
    case "logging file":
      if !value.hasPrefix("/"), let folder = HostProcess.currentFolder { value = "\(folder)/\(value)" }
    case "sysroot", "solib-search-path", "debug-file-directory": value = value.trimmingBlanks
    case "prompt": value = Escapes.unescaped(value)
    case "language": if value == "auto" || value == "local" { value = "auto; currently c" }
    case "host-charset", "target-charset": if value == "auto" { value = "auto; currently UTF-8" }
    case "target-wide-charset": if value == "auto" { value = "auto; currently UTF-32" }
    case "directories":
      value = text.trimmingBlanks.isEmpty ? "" : text.trimmingBlanks + ":"
    default: break
    }
    session.parameters[setting.name] = value
    session.settingChanged(setting.name)
  }

  // MARK: show

  private static func show(_ session: Session, _ text: String) throws(CommandError) {
    guard !text.isEmpty else {
      for setting in Setting.table { show(setting, in: session, withName: true) }
      return
    }
    switch try find(text, for: "show") {
    case .printing(let rest): try PrintSettingCommands.show(session, rest)
    case .setting(let setting, _): show(setting, in: session, withName: false)
    case .group(let path):
      for setting in Setting.table where setting.name.hasPrefix(path + " ") {
        show(setting, in: session, withName: true)
      }
    case .other("version"): session.output.append(Version.text)
    case .other("user"):
      let name = text.drop { $0 != " " }.description.trimmingBlanks
      try UserCommands.show(name.isEmpty ? nil : name, in: session)
    case .other("convenience"), .other("values"): try session.showHistory(text)
    case .other("environment"):
      let name = text.drop { $0 != " " }.description.trimmingBlanks
      guard !name.isEmpty else { return }
      session.output.append(
        HostProcess.variable(name).map { "\(name) = \($0)\n" }
          ?? "Environment variable \"\(name)\" not defined.\n")
    case .other(let path): throw CommandError("coreview gdb does not show \"\(path)\".")
    case .expression: return
    }
  }

  private static func show(_ setting: Setting, in session: Session, withName: Bool) {
    if withName { session.output.append("\(setting.name):  ") }
    session.output.append(sentence(of: setting, in: session) + "\n")
  }

  private static func sentence(of setting: Setting, in session: Session) -> String {
    let value = session.parameters[setting.name]
    let isOn = value == "on"
    switch setting.name {
    case "style enabled", "style sources":
      return setting.sentence.filled(isOn ? "enabled" : "disabled")
    case "logging enabled": return isOn ? "on: Logging is enabled." : "off: Logging is disabled."
    case "logging overwrite":
      return isOn ? "on: Logging overwrites the log file." : "off: Logging appends to the log file."
    case "logging redirect":
      return isOn
        ? "on: Output will go only to the log file."
        : "off: Output will go to both the screen and the log file."
    case "logging debugredirect":
      return isOn
        ? "on: Debug output will go only to the log file."
        : "off: Debug output will go to both the screen and the log file."
    case "charset":
      return ["host-charset", "target-charset", "target-wide-charset"].compactMap { name in
        Setting.table.first { $0.name == name }.map { sentence(of: $0, in: session) }
      }.joined(separator: "\n")
    case "directories": return "Source directories searched: \(value)$cdir:$cwd"
    case "history filename":
      return setting.sentence.filled(
        value.hasPrefix("$cwd") ? (HostProcess.currentFolder ?? "") + value.dropFirst(4) : value)
    case "language":
      guard value.hasPrefix("auto") else { break }
      return setting.sentence.filled("auto; currently \(session.currentLanguageName)")
    case "architecture":
      return value == "auto"
        ? "The target architecture is set to \"auto\" (currently \"\(session.architectureName)\")."
        : "The target architecture is set to \"\(value)\"."
    case "endian":
      return value == "auto"
        ? "The target endianness is set automatically (currently \(session.byteOrderName) endian)."
        : "The target is set to \(value) endian."
    case "osabi":
      return "The current OS ABI is \"\(value)\"\(value == "auto" ? " (currently \"GNU/Linux\")" : "").\n"
        + "The default OS ABI is \"GNU/Linux\"."
    case "cwd":
      return value.isEmpty
        ? "You have not set the inferior's current working directory.\nThe inferior will inherit GDB's cwd "
          + "if native debugging, or the remote\nserver's cwd if remote debugging."
        : "Current working directory that will be used when starting the inferior is \"\(value)\"."
    case "debuginfod urls":
      return value.isEmpty
        ? "Debuginfod URLs have not been set." : "Debuginfod URLs are currently set to:\n\(value)"
    case "substitute-path": return "List of all source path substitution rules:"
    default: break
    }
    return setting.sentence.filled(value)
  }

  // MARK: with

  /// `with SETTING [VALUE] -- COMMAND`.
  private static func with(_ session: Session, _ text: String) throws(CommandError) {
    guard !text.isEmpty else { throw CommandError("Missing arguments.") }
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    let dashes = parts.firstIndex(of: "--")
    let change = parts[..<(dashes ?? parts.count)].joined(separator: " ").trimmingBlanks
    let command = dashes.map { parts[($0 + 1)...].joined(separator: " ").trimmingBlanks } ?? ""
    guard !command.isEmpty else { throw CommandError("No previous command to relaunch") }
    let (parameters, settings) = (session.parameters, session.settings)
    try set(session, change)
    defer {
      session.settings = settings
      session.parameters = parameters
      FileCommands.apply(session)
    }
    try Commands.run(command, in: session)
  }
}

extension String {
  /// With a value in the place of `%`.
  fileprivate func filled(_ value: String) -> String {
    guard let mark = firstIndex(of: "%") else { return self }
    return self[..<mark] + value + self[index(after: mark)...]
  }
}
