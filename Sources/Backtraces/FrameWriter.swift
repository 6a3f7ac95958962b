package import Bytes
package import Elfutils
internal import Symbols
package import Unwinding
internal import Values

/// Writes frames in gdb's words.
package enum FrameWriter {
  /// Whether the printers that come with loaded libraries are used, as `set auto-load python-scripts` says.
  package static func followScripts(_ isOn: Bool, in process: ProcessUnwinder) {
    PrintingSession.of(process).names.followsScripts = isOn
  }

  /// Whether complaints of printers stand where they arise, as `thread apply` catches stderr too.
  package static func tellExceptions(_ isOn: Bool, in process: ProcessUnwinder) {
    PrintingSession.of(process).names.tellsExceptions = isOn
  }

  /// A line of a backtrace: `#N  …`, with its newline.
  package static func line(_ frame: Frame, into text: inout TextBuffer) {
    line(frame, PrintingSession.of(frame.physical.thread.process), into: &text)
  }

  static func line(_ frame: Frame, _ session: PrintingSession, into text: inout TextBuffer) {
    level(frame.level, into: &text)
    location(frame, session, into: &text)
    text.append(byte: 0x0a)
  }

  /// The only line of a thread whose registers are not in the core.
  package static func unavailable(into text: inout TextBuffer) {
    text.append("#0  <unavailable> in ?? ()\n")
  }

  /// `#N`, blank-padded so that the first hundred line up.
  package static func level(_ level: Int, into text: inout TextBuffer) {
    text.append(byte: 0x23)
    let start = text.count
    text.append(decimal: UInt64(level))
    text.pad(from: start, to: 2)
    text.append(byte: 0x20)
  }

  /// The local variables of a frame, as `bt full` lists them below it.
  package static func locals(_ frame: Frame, language: inout Language, into text: inout TextBuffer) {
    locals(frame, PrintingSession.of(frame.physical.thread.process), language: &language, into: &text)
  }

  /// The local variables as `info locals` lists them: at the left margin.
  package static func localTable(_ frame: Frame, into text: inout TextBuffer) {
    let session = PrintingSession.of(frame.physical.thread.process)
    let list = FrameTemplates.template(for: frame, in: session).locals(of: frame, session: session)
    list.print(frame, currentLanguage: list.language ?? .c, indentation: "", into: &text)
  }

  /// ` <SYMBOL+OFFSET>` for an address; empty where no symbol precedes.
  package static func symbolSuffix(of address: UInt64, in process: ProcessUnwinder) -> String {
    var text = TextBuffer()
    ValueText.appendSymbol(address, namer: PrintingSession.of(process).names, into: &text)
    return text.string
  }

  /// The arguments as `info args` lists them: one a line, aggregates in full.
  package static func argumentTable(_ frame: Frame, into text: inout TextBuffer) {
    guard frame.kind != .signalTrampoline, frame.function != nil else {
      text.append("No symbol table info available.\n")
      return
    }
    let template = FrameTemplates.template(for: frame)
    guard let arguments = template.arguments, !arguments.isEmpty else {
      text.append("No arguments.\n")
      return
    }
    arguments.printTable(frame, into: &text)
  }

  static func locals(
    _ frame: Frame, _ session: PrintingSession, language: inout Language, into text: inout TextBuffer
  ) {
    let list = FrameTemplates.template(for: frame, in: session).locals(of: frame, session: session)
    if let own = list.language { language = own }
    list.print(frame, currentLanguage: language, into: &text)
  }

  /// A frame without its number and newline, as `info threads` shows it too.
  package static func location(_ frame: Frame, into text: inout TextBuffer) {
    location(frame, PrintingSession.of(frame.physical.thread.process), into: &text)
  }

  private static func location(_ frame: Frame, _ session: PrintingSession, into text: inout TextBuffer) {
    if frame.kind == .signalTrampoline {
      text.append("<signal handler called>")
      return
    }
    let template = FrameTemplates.template(for: frame, in: session)
    text.append(bytes: template.head)
    template.arguments?.print(frame, into: &text)
    text.append(bytes: template.tail)
  }
}

/// A thread's whole backtrace, streamed: no frame is kept once it is written.
package struct Backtrace {
  /// Text is handed on when it grows beyond this many bytes.
  private static let chunk = 65536

  package let thread: ThreadUnwinder

  package init(thread: ThreadUnwinder) {
    self.thread = thread
  }

  /// Writes up to `limit` frames and, where the stack ends in an error, gdb's sentence.
  package func write(
    limit: Int = .max, isFull: Bool = false, into text: inout TextBuffer, flush: (inout TextBuffer) -> Void
  ) {
    guard limit > 0 else { return }
    var walker = StackWalker(thread: thread)
    let session = PrintingSession.of(thread.process)
    var written = 0
    // Frames without debug information are printed in the language of the one before.
    var language = Language.c
    while written < limit, let frame = walker.next() {
      FrameWriter.line(frame, session, into: &text)
      if isFull { FrameWriter.locals(frame, session, language: &language, into: &text) }
      written += 1
      if text.count >= Self.chunk { flush(&text) }
    }
    if written == 0 {
      FrameWriter.unavailable(into: &text)
      if isFull { text.append("PC unavailable, cannot determine locals.\n") }
    }
    // The reason belongs to the last frame, also when it is the last one asked for.
    if written == limit { _ = walker.next() }
    Self.stop(walker.ending, into: &text)
  }

  /// `Backtrace stopped: …`, where there is something to say.
  package static func stop(_ reason: StopReason?, into text: inout TextBuffer) {
    guard let message = reason?.message else { return }
    text.append("Backtrace stopped: ")
    text.append(message)
    text.append(byte: 0x0a)
  }
}
