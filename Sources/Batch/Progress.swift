package import Bytes

/// Says how far a run is: a bar that is drawn again on a terminal, a line for each tenth in a log.
package struct Progress {
  private let total: Int
  private let isTerminal: Bool
  private var done = 0
  private var failed = 0
  private var shown = 0
  private var lastDrawn: UInt64 = 0
  private let write: (TextBuffer) -> Void

  package init(total: Int, isTerminal: Bool, write: @escaping (TextBuffer) -> Void) {
    self.total = total
    self.isTerminal = isTerminal
    self.write = write
  }

  /// One more core is done.
  package mutating func advance(failed isFailed: Bool, now: UInt64) {
    done += 1
    if isFailed { failed += 1 }
    if isTerminal {
      guard done == total || now &- lastDrawn > 100_000_000 else { return }
      lastDrawn = now
      draw()
    } else {
      let tenth = done * 10 / max(1, total)
      guard tenth > shown else { return }
      shown = tenth
      line("\(done) of \(total) cores" + (failed > 0 ? ", \(failed) failed" : ""))
    }
  }

  /// A line of its own, such as a core that failed.
  package func say(_ sentence: String) {
    line(sentence)
    if isTerminal, done > 0, done < total { draw() }
  }

  /// Takes the bar away.
  package func finish() {
    guard isTerminal, done > 0 else { return }
    var text = TextBuffer()
    text.append("\r\u{1b}[K")
    write(text)
  }

  private func draw() {
    let width = 30
    let full = width * done / max(1, total)
    var text = TextBuffer()
    text.append("\r[")
    text.append(String(repeating: "#", count: full) + String(repeating: ".", count: width - full))
    text.append("] \(done)/\(total)")
    if failed > 0 { text.append(", \(failed) failed") }
    text.append("\u{1b}[K")
    write(text)
  }

  private func line(_ sentence: String) {
    var text = TextBuffer()
    if isTerminal { text.append("\r\u{1b}[K") }
    text.append("coreview: ")
    text.append(bytes: Escaping.inert(Array(sentence.utf8)))
    text.append(byte: 0x0a)
    write(text)
  }
}
