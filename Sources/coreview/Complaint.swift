internal import Bytes

/// Lines on stderr.
enum Complaint {
  /// `coreview: ` and a sentence, whose names are harmless already.
  static func print(_ sentence: [UInt8]) {
    var text = TextBuffer()
    text.append("coreview: ")
    text.append(bytes: sentence)
    text.append(byte: 0x0a)
    text.flush(to: 2)
  }
}
