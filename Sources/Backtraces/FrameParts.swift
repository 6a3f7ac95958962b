internal import Bytes
internal import Demangling
internal import Symbols
package import Unwinding

extension FrameTemplate {
  /// What stands between the parentheses of a frame's line, alone.
  package func argumentText(of frame: Frame) -> [UInt8] {
    guard let arguments, !arguments.isEmpty else { return [] }
    var text = TextBuffer()
    arguments.print(frame, into: &text)
    return text.bytes
  }

  /// The function's name for people: gdb prints Swift's names mangled, and Rust's with their hashes.
  package func readableFunction(of frame: Frame) -> [UInt8]? {
    let mangled =
      frame.function.map { $0.name.map { String(decoding: $0, as: UTF8.self) } } ?? frame.code.symbol?.name
    guard let mangled, let readable = Demangler.readable(mangled) else { return function }
    return Array(readable.utf8)
  }
}
