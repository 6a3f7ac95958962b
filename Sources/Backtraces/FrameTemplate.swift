internal import Bytes
internal import Demangling
internal import LineTables
internal import ProcessModel
internal import Symbols
internal import Values
package import Unwinding

/// The parts of a frame line that depend on the address alone: made once, copied for every frame there.
package final class FrameTemplate {
  /// `0x… in NAME (`, with the address only where gdb prints one.
  package let head: [UInt8]
  /// `) at FILE:LINE` or `) from LIBRARY`.
  package let tail: [UInt8]
  /// What stands before the parenthesis, alone.
  package let function: [UInt8]?
  package let file: [UInt8]?
  package let line: Int
  package let library: [UInt8]?
  package let showsAddress: Bool
  let arguments: ArgumentList?
  /// Made when locals are first asked for.
  private(set) var locals: LocalList?

  func locals(of frame: Frame, session: PrintingSession) -> LocalList {
    if let locals { return locals }
    let made = LocalList(frame: frame, session: session)
    locals = made
    return made
  }

  init(frame: Frame, digits: Int, session: PrintingSession) {
    let code = frame.code
    var file: [UInt8]?
    var line = 0
    var showsAddress = true
    if let callee = frame.inlinedCallee {
      if callee.callLine != 0 {
        file = callee.callFile ?? code.unit?.name.map { Array($0.utf8) }
        line = callee.callLine
        showsAddress = file == nil
      }
    } else if let match = code.line, let table = code.unit?.lines {
      file = table.name(ofFile: match.file)
      line = Int(match.line)
      showsAddress = !(match.isStatement && code.lineStart == frame.programCounter)
    }
    let name = frame.function?.name ?? (code.functions.isEmpty ? Self.symbolName(code) : nil)
    // The module of the address itself: a caller's look-up address may lie in another.
    var library: [UInt8]?
    if name == nil || file == nil,
      let module = frame.physical.thread.process.resolver.modules
        .module(containing: frame.programCounter), module.kind == .library
    {
      library = Array(module.name.utf8)
    }

    var text = TextBuffer()
    let frameInfo = session.settings.frameInfo
    if showsAddress || frameInfo == .locationAndAddress, session.settings.options.showsAddresses {
      text.append(address: frame.programCounter, width: digits)
      text.append(" in ")
    }
    text.append(bytes: Escaping.inert(name ?? [0x3f, 0x3f]))
    text.append(" (")
    head = text.bytes
    text.removeAll()
    text.append(")")
    if let file, frameInfo != .shortLocation {
      text.append(" at ")
      text.append(bytes: Escaping.inert(file))
      text.append(":")
      text.append(decimal: Int64(line))
    }
    if let library, frameInfo != .shortLocation {
      text.append(" from ")
      text.append(bytes: Escaping.inert(library))
    }
    tail = text.bytes
    self.function = name
    self.file = file
    self.line = line
    self.library = library
    self.showsAddress = showsAddress
    arguments = frame.function.map { session.arguments(of: $0, at: code) }
  }

  private static func symbolName(_ code: CodeInfo) -> [UInt8]? {
    guard let symbol = code.symbol else { return nil }
    return Array((Demangler.symbol(symbol.name) ?? symbol.name).utf8)
  }
}

/// The templates of one address: one for each function that is inlined there.
package final class FrameTemplates {
  var templates: [FrameTemplate?]

  init(count: Int) {
    templates = [FrameTemplate?](repeating: nil, count: count)
  }

  package static func template(for frame: Frame) -> FrameTemplate {
    template(for: frame, in: PrintingSession.of(frame.physical.thread.process))
  }

  static func template(for frame: Frame, in session: PrintingSession) -> FrameTemplate {
    let all = session.templates(of: frame.physical.plan)
    if let known = all.templates[frame.functionIndex] { return known }
    let digits = frame.physical.thread.process.architecture.addressDigits
    let made = FrameTemplate(frame: frame, digits: digits, session: session)
    all.templates[frame.functionIndex] = made
    return made
  }
}
