internal import Backtraces
internal import Bytes
internal import Unwinding

/// `thread N`, `thread apply`, `info threads`.
enum ThreadCommands {
  static let commands: [String: Commands.Action] = ["thread": thread]

  static func thread(_ session: Session, _ arguments: String) throws(CommandError) {
    let words = arguments.split(separator: " ", maxSplits: 1)
    if let first = words.first, !first.isEmpty, first.first?.isLetter == true, "apply".hasPrefix(first) {
      return try apply(session, words.count > 1 ? String(words[1]) : "")
    }
    if let first = words.first, first.count > 1 || first == "f" || first == "n", "find".hasPrefix(first) {
      return try find(session, words.count > 1 ? String(words[1]) : "")
    }
    if let first = words.first, !first.isEmpty, "name".hasPrefix(first) {
      guard let process = session.process, process.threads.indices.contains(session.selectedThread) else {
        throw CommandError("No thread selected")
      }
      session.threadNames[session.selectedThread + 1] =
        words.count > 1 ? String(words[1]).trimmingBlanks : nil
      return
    }
    guard let word = words.first else {
      guard let (_, thread) = try? session.currentThread() else {
        throw CommandError("No thread selected")
      }
      session.output.append("[Current thread is \(thread.number) (\(thread.targetID))]\n")
      return
    }
    let name = word.hasPrefix("1.") ? word.dropFirst(2) : word
    if name.count < word.count || !word.contains(".") {
    } else if let inferior = word.split(separator: ".").first,
      Int(inferior) != nil
    {
      throw CommandError("No inferior number '\(inferior)'")
    }
    guard words.count == 1, let number = Int(name), number != 0 else {
      throw CommandError("Invalid thread ID: \(arguments)")
    }
    guard number > 0 else { throw CommandError("negative value: \(name)") }
    guard let process = session.process, process.threads.indices.contains(number - 1) else {
      throw CommandError("Unknown thread \(word).")
    }
    session.selectedThread = number - 1
    session.selectedLevel = 0
    let thread = process.threads[number - 1]
    session.output.append("[Switching to thread \(number) (\(thread.targetID))]\n")
    try FrameCommands.frame(session, "")
  }

  /// `thread find REGEXP`: by name or by what `info threads` calls it.
  private static func find(_ session: Session, _ pattern: String) throws(CommandError) {
    guard !pattern.isEmpty else { throw CommandError("Command requires an argument.") }
    let expression = try Texts.expression(pattern)
    var isFound = false
    for thread in session.process?.threads ?? [] {
      if let name = session.threadNames[thread.number], expression.matches(Array(name.utf8)) {
        session.output.append("Thread \(thread.number) has name '\(name)'\n")
        isFound = true
      }
      if expression.matches(Array(thread.targetID.utf8)) {
        session.output.append("Thread \(thread.number) has target id '\(thread.targetID)'\n")
        isFound = true
      }
    }
    if !isFound { session.output.append("No threads match '\(pattern)'\n") }
  }

  /// What a thread is called in headers and tables: its target ID and a name that was given to it.
  private static func appendTitle(_ thread: ListedThread, _ session: Session, to text: inout TextBuffer) {
    thread.appendTargetID(to: &text)
    guard let name = session.threadNames[thread.number] else { return }
    text.append(" \"\(name)\"")
  }

  private static func titleWidth(_ thread: ListedThread, _ session: Session) -> Int {
    var text = TextBuffer()
    appendTitle(thread, session, to: &text)
    return text.count
  }

  /// The threads that a list such as `1 3-5 7` names; what is left behind it is the command.
  private static func list(
    _ arguments: String, _ process: CoreProcess
  ) throws(CommandError) -> (threads: [Int], rest: String) {
    var rest = arguments[...]
    var result: [Int] = []
    while true {
      rest = rest.drop { $0 == " " }
      let word = rest.prefix { $0 != " " }
      guard let first = word.first, first.isNumber || first == "*" else { break }
      let name = word.hasPrefix("1.") ? word.dropFirst(2) : word
      let bounds = name.split(separator: "-", omittingEmptySubsequences: false)
      if name == "*" {
        result += process.threads.map(\.number)
      } else if bounds.count == 2, let low = Int(bounds[0]), let high = Int(bounds[1]) {
        guard low <= high else { throw CommandError("inverted range") }
        result += Array(low...min(high, max(low, process.threads.count)))
      } else if let number = Int(name) {
        result.append(number)
      } else {
        throw CommandError("Invalid thread ID: \(arguments)")
      }
      rest = rest.dropFirst(word.count)
    }
    return (result, String(rest))
  }

  private static func apply(_ session: Session, _ arguments: String) throws(CommandError) {
    guard let process = session.process else {
      for word in arguments.split(separator: " ") {
        guard let number = Int(word) else { break }
        session.note("warning: Unknown thread \(number)\n")
      }
      return
    }
    var rest: String
    var numbers: [Int]
    let isAll: Bool
    let first = arguments.prefix { $0 != " " }
    if !first.isEmpty, "all".hasPrefix(first) {
      isAll = true
      rest = String(arguments.dropFirst(first.count).drop { $0 == " " })
      numbers = process.threads.map(\.number).reversed()
    } else {
      guard !arguments.isEmpty else { throw CommandError("Please specify a thread ID list") }
      isAll = false
      (numbers, rest) = try list(arguments, process)
      guard !numbers.isEmpty else { throw CommandError("Invalid thread ID: \(arguments)") }
    }
    let flags = try ApplyFlags(&rest) { flag in
      guard isAll, flag.count > 1, "-ascending".hasPrefix(flag) else { return false }
      numbers.sort()
      return true
    }
    guard !rest.isEmpty else {
      throw CommandError(
        isAll
          ? "Please specify a command at the end of 'thread apply all'"
          : "Please specify a command following the thread ID list")
    }
    try run(rest, for: numbers, of: process, in: session, flags)
  }

  private static func run(
    _ command: String, for numbers: [Int], of process: CoreProcess, in session: Session, _ flags: ApplyFlags
  ) throws(CommandError) {
    let before = (session.selectedThread, session.selectedLevel)
    defer { (session.selectedThread, session.selectedLevel) = before }
    let isStreamable = isStreamable(command)
    var repeated = RepeatedStack()
    for (index, number) in numbers.enumerated() {
      guard process.threads.indices.contains(number - 1) else {
        session.note("warning: Unknown thread \(number)\n")
        continue
      }
      let thread = process.threads[number - 1]
      session.selectedThread = number - 1
      session.selectedLevel = 0
      func header(_ text: inout TextBuffer) {
        text.append("\nThread " as StaticString)
        text.append(decimal: Int64(number))
        text.append(" (" as StaticString)
        appendTitle(thread, session, to: &text)
        text.append("):\n" as StaticString)
      }
      if isStreamable, let text = repeated.text(of: thread.snapshot) {
        if !flags.isQuiet { header(&session.output) }
        session.output.append(bytes: text)
        session.flushWhereLong()
        continue
      }
      let isRepeated = isStreamable && isFollowed(index, by: numbers, of: process) && !session.isCapturing
      var start = 0
      if isRepeated { session.beginRecording() }
      // A backtrace cannot fail half-way and may be long: it is not held back.
      try flags.run(command, in: session, isCapturing: !isStreamable) { text in
        header(&text)
        start = text.count
      }
      if isRepeated, let text = session.endRecording() {
        repeated.keep(text, from: start, of: thread.snapshot)
      }
    }
  }

  /// Whether the next thread of a list has the registers of this one.
  private static func isFollowed(_ index: Int, by numbers: [Int], of process: CoreProcess) -> Bool {
    guard index + 1 < numbers.count, process.threads.indices.contains(numbers[index + 1] - 1) else {
      return false
    }
    return RepeatedStack.areSame(
      process.threads[numbers[index] - 1].snapshot, process.threads[numbers[index + 1] - 1].snapshot)
  }

  private static func isStreamable(_ command: String) -> Bool {
    guard let word = command.split(separator: " ").first else { return false }
    return ["bt", "backtrace", "where"].contains(String(word))
  }

  /// `info threads [-gid] [ID…]`: a table whose columns are as wide as their widest cell (contract, T-2).
  static func info(_ session: Session, _ arguments: String) throws(CommandError) {
    guard let process = session.process, !process.threads.isEmpty else {
      session.output.append("No threads.\n")
      return
    }
    var arguments = arguments
    let showsGlobal = arguments == "-gid" || arguments.hasPrefix("-gid ")
    if showsGlobal { arguments = arguments.dropFirst(4).description.trimmingBlanks }
    var shown = process.threads
    if !arguments.isEmpty {
      let wanted = try list(arguments, process)
      guard wanted.rest.isEmpty else { throw CommandError("Invalid thread ID: \(wanted.rest)") }
      shown = shown.filter { wanted.threads.contains($0.number) }
      if shown.isEmpty {
        session.output.append("No threads match '\(arguments)'.\n")
        return
      }
    }
    let width = max(17, shown.map { titleWidth($0, session) }.max() ?? 0)
    var text = TextBuffer()
    text.append(showsGlobal ? "  Id   GId  " : "  Id   ")
    let start = text.count
    text.append("Target Id")
    text.pad(from: start, to: width)
    text.append(" Frame \n")
    session.output.append(text)
    for thread in shown {
      row(thread, of: process, width: width, showsGlobal: showsGlobal, in: session)
      session.flushWhereLong()
    }
  }

  private static func row(
    _ thread: ListedThread, of process: CoreProcess, width: Int, showsGlobal: Bool, in session: Session
  ) {
    let isSelected = thread.number == session.selectedThread + 1
    session.output.append(isSelected ? "* " : "  ")
    for _ in 0..<(showsGlobal ? 2 : 1) {
      let start = session.output.count
      session.output.append(decimal: Int64(thread.number))
      session.output.pad(from: start, to: 4)
      session.output.append(byte: 0x20)
    }
    let start = session.output.count
    appendTitle(thread, session, to: &session.output)
    session.output.pad(from: start, to: width)
    session.output.append(byte: 0x20)
    var walker = StackWalker(thread: process.unwinder(of: thread))
    if let frame = walker.next() {
      FrameWriter.location(frame, into: &session.output)
    } else {
      session.output.append("<unavailable> in ?? ()")
    }
    session.output.append(byte: 0x0a)
  }
}
