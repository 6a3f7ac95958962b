internal import Bytes
package import Unwinding

extension FrameTemplate {
  /// What stands between the parentheses of a frame's line, alone.
  package func argumentText(of frame: Frame) -> [UInt8] {
    guard let arguments, !arguments.isEmpty else { return [] }
    var text = TextBuffer()
    arguments.print(frame, into: &text)
    return text.bytes
  }
}
