internal import Bytes
internal import Backtraces
internal import Symbols
internal import Unwinding

/// `frame`, `up` and `down`: select a frame and show it with its source line.
enum FrameCommands {
  static let commands: [String: Commands.Action] = [
    "frame": frame, "up": up, "down": down, "select-frame": select, "faas": FrameApply.silently,
    "up-silently": upSilently, "down-silently": downSilently,
  ]

  static func frame(_ session: Session, _ arguments: String) throws(CommandError) {
    if let rest = subcommand("apply", arguments) { return try FrameApply.run(rest, in: session) }
    try show(try level(arguments, in: session) ?? session.selectedLevel, in: session)
  }

  /// `select-frame`: the same without a word.
  static func select(_ session: Session, _ arguments: String) throws(CommandError) {
    if let level = try level(arguments, in: session) { session.selectedLevel = level }
  }

  /// What follows a subcommand, cut short or not; `nil` where the arguments begin with something else.
  private static func subcommand(_ name: String, _ arguments: String) -> String? {
    let word = arguments.prefix { $0 != " " }
    guard let first = word.first, first.isLetter, name.hasPrefix(word) else { return nil }
    return String(arguments.dropFirst(word.count).drop { $0 == " " })
  }

  /// The level that `N`, `level N`, `address A` or `function NAME` mean; `nil` for no arguments.
  static func level(_ arguments: String, in session: Session) throws(CommandError) -> Int? {
    guard arguments.isEmpty || session.process != nil else { throw CommandError("No registers.") }
    if let name = subcommand("function", arguments) {
      guard !name.isEmpty else { throw CommandError("Missing function name argument") }
      return try level(ofFunction: name, in: session)
    }
    if let text = subcommand("address", arguments), arguments.first == "a" {
      guard !text.isEmpty else { throw CommandError("Argument required (expression to compute).") }
      return try level(atAddress: text, in: session)
    }
    let levelText = subcommand("level", arguments)
    let word = levelText ?? arguments
    guard !word.isEmpty else {
      if levelText != nil { throw CommandError("Argument required (expression to compute).") }
      return nil
    }
    let level = Int(clamping: Int64(Int32(truncatingIfNeeded: try session.integer(word))))
    guard level >= 0, try session.frame(at: level) != nil else {
      throw CommandError("No frame at level \(word).")
    }
    return level
  }

  /// The innermost frame whose pc lies in a function, inlined ones included.
  private static func level(ofFunction name: String, in session: Session) throws(CommandError) -> Int {
    let (process, thread) = try session.currentThread()
    guard let entry = process.modules.address(ofSymbol: name) ?? (try? session.address(name)),
      let function = AssemblerNames.function(at: entry, in: process.unwinder, isDemangled: false)
    else { throw CommandError("Function \"\(name)\" not defined.") }
    var walker = StackWalker(thread: process.unwinder(of: thread))
    while let frame = walker.next() {
      if function.ranges.contains(where: { $0.contains(frame.programCounter) }) { return frame.level }
    }
    throw CommandError("No frame for function \"\(name)\".")
  }

  private static func level(atAddress text: String, in session: Session) throws(CommandError) -> Int {
    let address = try session.address(text)
    let (process, thread) = try session.currentThread()
    var walker = StackWalker(thread: process.unwinder(of: thread))
    while let frame = walker.next() {
      if case .success(let id) = frame.physical.id, id.stackAddress == address { return frame.level }
    }
    throw CommandError("No frame at address \(text).")
  }

  static func up(_ session: Session, _ arguments: String) throws(CommandError) {
    try move(try count(arguments), in: session)
  }

  static func down(_ session: Session, _ arguments: String) throws(CommandError) {
    try move(-(try count(arguments)), in: session)
  }

  static func upSilently(_ session: Session, _ arguments: String) throws(CommandError) {
    try move(try count(arguments), in: session, isSilent: true)
  }

  static func downSilently(_ session: Session, _ arguments: String) throws(CommandError) {
    try move(-(try count(arguments)), in: session, isSilent: true)
  }

  private static func count(_ arguments: String) throws(CommandError) -> Int {
    guard !arguments.isEmpty else { return 1 }
    guard let number = Int(arguments) else {
      throw CommandError("No symbol \"\(arguments)\" in current context.")
    }
    return number
  }

  private static func move(
    _ distance: Int, in session: Session, isSilent: Bool = false
  ) throws(CommandError) {
    _ = try session.currentThread()
    let level: Int
    if distance > 0 {
      // As far as there are frames; an error only from the outermost one.
      let (target, overflow) = session.selectedLevel.addingReportingOverflow(distance)
      level = try outermost(upTo: overflow ? .max : target, in: session)
      if level == session.selectedLevel { throw CommandError("Initial frame selected; you cannot go up.") }
    } else if distance < 0 {
      if session.selectedLevel == 0 {
        throw CommandError("Bottom (innermost) frame selected; you cannot go down.")
      }
      level = max(0, session.selectedLevel &+ distance)
    } else {
      level = session.selectedLevel
    }
    if isSilent { session.selectedLevel = level } else { try show(level, in: session) }
  }

  /// The highest level that there is, up to a wanted one; one walk, however far.
  private static func outermost(upTo level: Int, in session: Session) throws(CommandError) -> Int {
    let (process, thread) = try session.currentThread()
    var walker = StackWalker(thread: process.unwinder(of: thread))
    var found = session.selectedLevel
    while let frame = walker.next() {
      found = max(found, frame.level)
      if frame.level >= level { break }
    }
    return found
  }

  private static func show(_ level: Int, in session: Session) throws(CommandError) {
    guard let frame = try session.frame(at: level) else {
      FrameWriter.unavailable(into: &session.output)
      return
    }
    session.selectedLevel = level
    FrameWriter.line(frame, into: &session.output)
    SourceLine.write(of: frame, in: session)
  }
}
