internal import Backtraces
internal import Bytes
internal import Unwinding

/// The flags of `thread apply` and `frame apply`, and one run of their command.
struct ApplyFlags {
  /// `-q`: no header before what the command says.
  private(set) var isQuiet = false
  /// `-c`: errors are printed and the rest goes on.
  private(set) var ignoresErrors = false
  /// `-s`: what fails or says nothing leaves no trace.
  private(set) var skipsErrors = false

  /// Takes the flags off the front of a text; `other` may take flags of its own.
  init(_ rest: inout String, other: (Substring) -> Bool) throws(CommandError) {
    while rest.hasPrefix("-") {
      let flag = rest.prefix { $0 != " " }
      switch flag {
      case "-q": isQuiet = true
      case "-c": ignoresErrors = true
      case "-s": (ignoresErrors, skipsErrors) = (true, true)
      case "--": break
      // What is no flag begins the command.
      default: guard other(flag) else { return }
      }
      let isLast = flag == "--"
      rest = String(rest.dropFirst(flag.count).drop { $0 == " " })
      if isLast { return }
    }
  }

  func run(
    _ command: String, in session: Session, isCapturing: Bool, header: (inout TextBuffer) -> Void
  ) throws(CommandError) {
    let before = session.isCapturing
    let mixed = session.mixesComplaints
    defer {
      session.isCapturing = before
      session.mixesComplaints = mixed
    }
    session.isCapturing = before || isCapturing
    session.mixesComplaints = true
    let start = session.output.count
    if !isQuiet { header(&session.output) }
    let body = session.output.count
    do throws(CommandError) {
      try Commands.run(command, in: session)
    } catch {
      session.output.truncate(to: skipsErrors ? start : body)
      guard ignoresErrors else { throw error }
      if !skipsErrors { session.output.append(error.message + "\n") }
    }
    if skipsErrors, session.output.count == body { session.output.truncate(to: start) }
  }
}

/// `frame apply all | COUNT | -COUNT | level N… [FLAG]… COMMAND`, and `faas COMMAND`.
enum FrameApply {
  /// `faas`: `frame apply all -s`.
  static func silently(_ session: Session, _ arguments: String) throws(CommandError) {
    guard !arguments.isEmpty else { throw CommandError("Please specify a command to apply on all frames") }
    try run("all -s " + arguments, in: session)
  }

  static func run(_ arguments: String, in session: Session) throws(CommandError) {
    let (process, thread) = try session.currentThread()
    var total = 0
    var walker = StackWalker(thread: process.unwinder(of: thread))
    while walker.next() != nil { total += 1 }
    var (levels, rest) = try levels(arguments, total)
    let flags = try ApplyFlags(&rest) { _ in false }
    guard !rest.isEmpty else {
      throw CommandError("Please specify a command to apply on the selected frames")
    }
    let before = session.selectedLevel
    defer { session.selectedLevel = before }
    levels.sort()
    for level in levels {
      guard let frame = try session.frame(at: level) else { break }
      session.selectedLevel = level
      try flags.run(rest, in: session, isCapturing: true) { FrameWriter.line(frame, into: &$0) }
    }
  }

  private static func levels(
    _ arguments: String, _ total: Int
  ) throws(CommandError) -> (levels: [Int], rest: String) {
    let word = String(arguments.prefix { $0 != " " })
    var rest = String(arguments.dropFirst(word.count).drop { $0 == " " })
    if word == "all" { return (Array(0..<total), rest) }
    if let count = Int(word), count != 0 {
      return (count >= 0 ? Array(0..<min(count, total)) : Array(max(0, total + count)..<total), rest)
    }
    guard word == "level" else {
      throw CommandError(word.isEmpty ? "Missing COUNT argument." : "Invalid COUNT argument.")
    }
    var levels: [Int] = []
    while let item = rest.split(separator: " ").first, let first = item.first, first.isNumber {
      let bounds = item.split(separator: "-").compactMap { Int($0) }
      guard let low = bounds.first, let high = bounds.last, low <= high else {
        throw CommandError("Invalid level: \(item)")
      }
      levels += (low...min(high, max(low, total))).filter { $0 < total }
      rest = String(rest.dropFirst(item.count).drop { $0 == " " })
    }
    return (levels, rest)
  }
}
