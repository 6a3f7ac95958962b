internal import Backtraces
internal import Bytes
internal import Elfutils
internal import LineTables
internal import ProcessModel
internal import Symbols
internal import Unwinding

/// Source lines as gdb shows them: of a frame that it selects (contract, S-6), and of `list`.
enum SourceLine {
  static func write(of frame: Frame, in session: Session) {
    guard frame.kind != .signalTrampoline else { return }
    let template = FrameTemplates.template(for: frame)
    guard let name = template.file, template.line > 0 else { return }
    let file = SourceFile(name: name, unit: frame.code.unit, module: frame.code.module)
    if let text = session.listing.text(of: file, orTell: template.line, in: session),
      let line = text.line(template.line)
    {
      append(line, template.line, in: session)
    }
    session.listing.show(template.line, of: file)
  }

  /// The number, a tab and the text; tabs are kept, other control characters are shown as ^X, and what is no text in UTF-8
  /// is escaped.
  static func append(_ text: ArraySlice<UInt8>, _ number: Int, in session: Session) {
    session.output.append(decimal: Int64(number))
    session.output.append(byte: 0x09)
    var shown: [UInt8] = []
    for byte in text {
      if byte < 0x20 && byte != 0x09 || byte == 0x7f {
        shown += [0x5e, byte ^ 0x40]
      } else {
        shown.append(byte)
      }
    }
    session.output.append(bytes: Escaping.inert(shown, allowsTab: true))
    session.output.append(byte: 0x0a)
  }
}

/// Where `list` stands: the file, what it showed last, and where it goes on.
struct SourceListing {
  private(set) var file: SourceFile?
  /// The line that the next `list` begins with.
  private(set) var next = 1
  /// The first line that was shown last.
  private(set) var first: Int?
  /// The line of a frame that was shown since: the next `list` shows what is around it.
  private(set) var centre: Int?
  /// The file that was looked for last, without a text where that was in vain: gdb says so once, and from then on names it
  /// in the line's place.
  private var latest: (file: SourceFile, text: SourceText?)?

  /// A line was shown by itself.
  mutating func show(_ line: Int, of file: SourceFile) {
    self.file = file
    (next, first, centre) = (line, line, line)
  }

  /// A place to begin with, before anything was shown.
  mutating func begin(at line: Int, of file: SourceFile) {
    self.file = file
    (next, centre) = (line, line)
  }

  /// Lines from a number on, up to another one that is not shown any more; what there is of them.
  mutating func show(_ range: Range<Int>, of file: SourceFile, in session: Session) throws(CommandError) {
    self.file = file
    centre = nil
    (first, next) = (range.lowerBound, range.lowerBound)
    guard let text = text(of: file, orTell: range.lowerBound, in: session) else { return }
    guard range.lowerBound <= text.lineCount else {
      throw CommandError(
        "Line number \(range.lowerBound) out of range; \(String(decoding: Escaping.inert(file.name), as: UTF8.self))"
          + " has \(text.lineCount) lines.")
    }
    for number in range.lowerBound..<min(range.upperBound, text.lineCount + 1) {
      guard let line = text.line(number) else { break }
      SourceLine.append(line, number, in: session)
      next = number + 1
      session.flushWhereLong()
    }
  }

  /// The text of a file, or a word on that it is missing.
  mutating func text(of file: SourceFile, orTell number: Int, in session: Session) -> SourceText? {
    let isKnown = latest?.file.isSame(as: file) == true
    if !isKnown { latest = (file, file.text()) }
    if let text = latest?.text { return text }
    var shown = TextBuffer()
    shown.append(decimal: Int64(number))
    shown.append(isKnown ? "\tin " : "\t")
    shown.append(bytes: Escaping.inert(file.name))
    if isKnown {
      shown.append(byte: 0x0a)
      session.output.append(shown)
    } else {
      shown.append(": No such file or directory.\n")
      session.note(shown.string)
    }
    return nil
  }
}
