internal import Elfutils
internal import Symbols
internal import Backtraces
internal import Bytes
internal import LineTables
internal import Unwinding

/// The source line of a frame, as gdb shows it for a frame that it selects (contract, S-6).
enum SourceLine {
  /// A file of a unit's line table, and whether its text was found.
  struct File: Equatable {
    var name: [UInt8]
    var unit: UInt64?
    var module: UInt64?
    var isMissing = true
  }

  /// Source files larger than this are not read for one line.
  private static let maximumSize: UInt64 = 64 << 20

  static func write(of frame: Frame, in session: Session) {
    guard frame.kind != .signalTrampoline else { return }
    let template = FrameTemplates.template(for: frame)
    guard let name = template.file, template.line > 0 else { return }
    var file = File(name: name, unit: frame.code.unit?.unit.headerOffset, module: frame.code.module?.bias)
    guard let text = line(template.line, of: candidates(name, frame)) else {
      let isKnown = session.latestSource == file
      session.latestSource = file
      if isKnown {
        session.output.append(decimal: Int64(template.line))
        session.output.append("\tin ")
        session.output.append(bytes: Escaping.inert(name))
        session.output.append(byte: 0x0a)
        return
      }
      var shown = TextBuffer()
      shown.append(decimal: Int64(template.line))
      shown.append("\t")
      shown.append(bytes: Escaping.inert(name))
      shown.append(": No such file or directory.\n")
      session.note(shown.string)
      return
    }
    file.isMissing = false
    session.latestSource = file
    guard let text = text.found else { return }
    session.output.append(decimal: Int64(template.line))
    session.output.append(byte: 0x09)
    for byte in text {
      // Tabs are kept; other control characters are shown as ^X.
      if byte < 0x20, byte != 0x09 {
        session.output.append(byte: 0x5e)
        session.output.append(byte: byte + 0x40)
      } else if byte == 0x7f {
        session.output.append("^?")
      } else {
        session.output.append(byte: byte)
      }
    }
    session.output.append(byte: 0x0a)
  }

  private static func candidates(_ name: [UInt8], _ frame: Frame) -> [[UInt8]] {
    var paths: [[UInt8]] = []
    if name.first != 0x2f, let directory = frame.code.unit?.compilationDirectory {
      paths.append(Array(directory.utf8) + [0x2f] + name)
    }
    paths.append(name)
    if let slash = name.lastIndex(of: 0x2f) {
      let base = Array(name[(slash + 1)...])
      if let directory = frame.code.unit?.compilationDirectory {
        paths.append(Array(directory.utf8) + [0x2f] + base)
      }
      paths.append(base)
    }
    return paths
  }

  /// `nil` without a readable file; `found` is `nil` where the file has no such line.
  private static func line(_ number: Int, of paths: [[UInt8]]) -> (found: [UInt8]?, Void)? {
    for path in paths {
      guard let file = try? FileBytes(path: String(decoding: path, as: UTF8.self)), file.size <= maximumSize
      else {
        continue
      }
      let bytes = file.read(at: 0, count: Int(file.size))
      var current = 1
      var start = 0
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
        if current == number {
          let text = bytes[start..<end]
          return (Array(text.last == 0x0d ? text.dropLast() : text), ())
        }
        current += 1
        start = end + 1
      }
      return (nil, ())
    }
    return nil
  }
}
