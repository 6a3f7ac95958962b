internal import Backtraces
internal import Elfutils
internal import Unwinding

/// `backtrace [-full] [full] [N | -N]`, with qualifiers before or after the number.
enum BacktraceCommand {
  static func run(_ session: Session, _ arguments: String) throws(CommandError) {
    let (process, thread) = try session.currentThread()
    var count: Int?
    var isFull = false
    for word in arguments.split(separator: " ") {
      switch word {
      case "full", "-full": isFull = true
      case "-past-main", "-past-entry", "hide", "-hide", "no-filters", "-no-filters", "--": continue
      default:
        guard let number = Int(word) else {
          throw CommandError("No symbol \"\(word)\" in current context.")
        }
        count = number
      }
    }
    let unwinder = process.unwinder(of: thread)
    if let count, count < 0 {
      outermost(count.magnitude, of: unwinder, isFull: isFull, in: session)
      return
    }
    Backtrace(thread: unwinder).write(limit: count ?? .max, isFull: isFull, into: &session.output) { text in
      guard !session.isCapturing else { return }
      session.emit(&text)
    }
  }

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
