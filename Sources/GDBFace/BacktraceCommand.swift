internal import Backtraces
internal import Elfutils
internal import Unwinding

/// `backtrace [-OPTION [VALUE]]… [full | hide | no-filters]… [N | -N]`.
enum BacktraceCommand {
  /// gdb's options, with those that have a value marked by its kind.
  private enum Option: String, CaseIterable {
    case entryValues = "entry-values"
    case frameArguments = "frame-arguments"
    case frameInfo = "frame-info"
    case full
    case hide
    case noFilters = "no-filters"
    case pastEntry = "past-entry"
    case pastMain = "past-main"
    case rawFrameArguments = "raw-frame-arguments"
  }

  /// What a line asks for.
  private struct Request {
    var count: Int?
    var isFull = false
    var settings: PrintSettings
    var pastMain: Bool?
    var pastEntry: Bool?
  }

  static func run(_ session: Session, _ arguments: String) throws(CommandError) {
    let (process, thread) = try session.currentThread()
    let request = try request(arguments, in: session)
    let (settings, parameters) = (session.settings, session.parameters)
    let isChanged =
      request.settings != settings || request.pastMain != nil || request.pastEntry != nil
    if isChanged {
      session.settings = request.settings
      if let isOn = request.pastMain { session.parameters["backtrace past-main"] = isOn ? "on" : "off" }
      if let isOn = request.pastEntry { session.parameters["backtrace past-entry"] = isOn ? "on" : "off" }
      FileCommands.apply(session)
    }
    defer {
      if isChanged {
        (session.settings, session.parameters) = (settings, parameters)
        FileCommands.apply(session)
      }
    }
    let unwinder = process.unwinder(of: thread)
    if let count = request.count, count < 0 {
      outermost(count.magnitude, of: unwinder, isFull: request.isFull, in: session)
      return
    }
    Backtrace(thread: unwinder).write(
      limit: request.count ?? .max, isFull: request.isFull, into: &session.output
    ) { text in
      guard !session.isCapturing else { return }
      session.emit(&text)
    }
  }

  // MARK: The line

  private static func request(_ arguments: String, in session: Session) throws(CommandError) -> Request {
    var request = Request(settings: session.settings)
    var words = arguments.split(separator: " ").map(String.init)[...]
    options: while let word = words.first, word.hasPrefix("-"), Int(word) == nil {
      if word == "--" {
        words = words.dropFirst()
        break
      }
      let name = String(word.dropFirst())
      let matches =
        Option(rawValue: name).map { [$0] } ?? Option.allCases.filter { $0.rawValue.hasPrefix(name) }
      guard let option = matches.first else { break options }
      guard matches.count == 1 else {
        throw CommandError("Ambiguous option at: \(words.joined(separator: " "))")
      }
      words = words.dropFirst()
      try take(option, &words, into: &request, in: session)
    }
    while let word = words.first,
      let qualifier = ["full", "no-filters", "hide"].first(where: { $0.hasPrefix(word) })
    {
      if qualifier == "full" { request.isFull = true }
      words = words.dropFirst()
    }
    guard !words.isEmpty else { return request }
    let text = words.joined(separator: " ")
    request.count = Int(text)
    if request.count == nil { request.count = Int(clamping: try session.integer(text)) }
    return request
  }

  private static func take(
    _ option: Option, _ words: inout ArraySlice<String>, into request: inout Request, in session: Session
  ) throws(CommandError) {
    switch option {
    case .full: request.isFull = true
    case .hide, .noFilters: break
    case .pastMain: request.pastMain = flag(&words)
    case .pastEntry: request.pastEntry = flag(&words)
    case .rawFrameArguments: request.settings.hasRawArguments = flag(&words)
    case .frameArguments, .entryValues, .frameInfo:
      guard let setting = PrintSettingCommands.all.first(where: { $0.name == option.rawValue }) else {
        return
      }
      try PrintSettingCommands.apply(setting, words.popFirst() ?? "", to: &request.settings, in: session)
    }
  }

  /// A value that is one is taken; an option alone means `on`.
  private static func flag(_ words: inout ArraySlice<String>) -> Bool {
    guard let word = words.first, let isOn = PrintSettingCommands.flag(word) else { return true }
    words = words.dropFirst()
    return isOn
  }

  // MARK: From the other end

  /// `bt -N`: the walk is made twice, so that no frame needs to be kept.
  private static func outermost(_ count: UInt, of unwinder: ThreadUnwinder, isFull: Bool, in session: Session)
  {
    var total = 0
    var walker = StackWalker(thread: unwinder)
    while walker.next() != nil { total += 1 }
    let first = total - Int(clamping: count)
    walker = StackWalker(thread: unwinder)
    var language = Language.c
    while let frame = walker.next() {
      guard frame.level >= first else { continue }
      FrameWriter.line(frame, into: &session.output)
      if isFull { FrameWriter.locals(frame, language: &language, into: &session.output) }
    }
    Backtrace.stop(walker.ending, into: &session.output)
  }
}
