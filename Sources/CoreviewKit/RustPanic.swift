internal import Bytes
internal import Backtraces
internal import ProcessModel
internal import Triage
internal import Reporting

/// The text of a Rust panic: on the stack of the panic machinery, as a `String` or as a `&'static str`.
///
/// The standard library's layout is not documented: capacity, pointer and length of a String that was formatted for
/// the hook lie there side by side. What is not a text of just that length is not taken.
struct RustPanic {
  private let reader: MessageReader

  init(_ reader: MessageReader) { self.reader = reader }

  private static let searched: UInt64 = 4096
  private static let longest: UInt64 = 65536

  func read() -> MessageReader.Found? {
    guard reader.architecture.wordSize == 8 else { return nil }
    let start = reader.stackPointer & ~7
    var words: [UInt64] = []
    for at in stride(from: start, to: start &+ Self.searched, by: 8) {
      guard let value = try? reader.memory.readWord(at: at) else { break }
      words.append(value)
    }
    guard words.count >= 3 else { return nil }
    for index in 0..<(words.count - 2) {
      let (capacity, pointer, length) = (words[index], words[index + 1], words[index + 2])
      guard length > 0, length <= capacity, capacity <= Self.longest,
        let region = reader.scene.map.region(containing: pointer), region.isWritable,
        !region.range.contains(start),
        let text = text(at: pointer, length)
      else { continue }
      return found(text, "String", start &+ UInt64(8 * index))
    }
    return nil
  }

  private func found(_ text: String, _ kind: String, _ place: UInt64) -> MessageReader.Found {
    MessageReader.Found(
      message: Report.Diagnosis.Message(source: .rustPanic, text: text),
      evidence: ["\(kind) at \(place.hexadecimal), in the frames of the panic machinery"],
      isGuessed: true)
  }

  private func text(at pointer: UInt64, _ length: UInt64) -> String? {
    guard let bytes = try? reader.memory.read(at: pointer, count: Int(length)), MessageReader.isText(bytes)
    else {
      return nil
    }
    return String(decoding: bytes.prefix(MessageReader.longest), as: UTF8.self)
  }
}
