internal import Bytes
internal import Backtraces
internal import Symbols
internal import Unwinding

/// `frame`, `up` and `down`: select a frame and show it with its source line.
enum FrameCommands {
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

  /// The level that `N`, `level N` or `function NAME` mean; `nil` for no arguments.
  private static func level(_ arguments: String, in session: Session) throws(CommandError) -> Int? {
    if let name = subcommand("function", arguments) {
      guard !name.isEmpty else { throw CommandError("Missing function name argument") }
      let (process, thread) = try session.currentThread()
      var walker = StackWalker(thread: process.unwinder(of: thread))
      while let frame = walker.next() {
        if let own = frame.function?.name, own == Array(name.utf8) { return frame.level }
      }
      throw CommandError("No frame for function \"\(name)\".")
    }
    let word = subcommand("level", arguments) ?? arguments
    guard !word.isEmpty else { return nil }
    guard let level = Int(word) else { throw CommandError("No symbol \"\(word)\" in current context.") }
    guard level >= 0, try session.frame(at: level) != nil else {
      throw CommandError("No frame at level \(word).")
    }
    return level
  }

  static func up(_ session: Session, _ arguments: String) throws(CommandError) {
    try move(try count(arguments), in: session)
  }

  static func down(_ session: Session, _ arguments: String) throws(CommandError) {
    try move(-(try count(arguments)), in: session)
  }

  private static func count(_ arguments: String) throws(CommandError) -> Int {
    guard !arguments.isEmpty else { return 1 }
    guard let number = Int(arguments) else {
      throw CommandError("No symbol \"\(arguments)\" in current context.")
    }
    return number
  }

  private static func move(_ distance: Int, in session: Session) throws(CommandError) {
    _ = try session.currentThread()
    let (target, overflow) = session.selectedLevel.addingReportingOverflow(distance)
    guard distance < 0 else {
      // As far as there are frames; an error only from the outermost one.
      var level = session.selectedLevel
      while level < target || overflow, try session.frame(at: level + 1) != nil { level += 1 }
      if distance > 0, level == session.selectedLevel {
        throw CommandError("Initial frame selected; you can't go up.")
      }
      return try show(level, in: session)
    }
    if session.selectedLevel == 0 {
      throw CommandError("Bottom (innermost) frame selected; you cannot go down.")
    }
    try show(overflow ? 0 : max(0, target), in: session)
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
