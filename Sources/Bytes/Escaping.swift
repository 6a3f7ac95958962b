/// Names from files, made harmless to a terminal.
package enum Escaping {
  /// Control characters, DEL and C1 as three-digit octal escapes; invalid UTF-8 likewise, byte by byte.
  ///
  /// A symbol or path with a newline must not make a line that looks like a frame.
  package static func inert(_ bytes: [UInt8], allowsTab: Bool = false) -> [UInt8] {
    guard bytes.contains(where: { $0 < 0x20 || $0 >= 0x7f }) else { return bytes }
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let length = characterLength(bytes, at: index)
      if length > 0 || allowsTab && bytes[index] == 0x09 {
        let length = max(1, length)
        result += bytes[index..<index + length]
        index += length
      } else {
        let byte = bytes[index]
        result += [0x5c, 0x30 + (byte >> 6), 0x30 + ((byte >> 3) & 7), 0x30 + (byte & 7)]
        index += 1
      }
    }
    return result
  }

  /// ``inert(_:allowsTab:)`` of a string.
  package static func inertText(_ string: String) -> String {
    String(decoding: inert(Array(string.utf8)), as: UTF8.self)
  }

  /// The length of the printable UTF-8 character that starts at an index; 0 where there is none.
  private static func characterLength(_ bytes: [UInt8], at index: Int) -> Int {
    let first = bytes[index]
    if first < 0x80 { return first < 0x20 || first == 0x7f ? 0 : 1 }
    let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0
    guard length > 0, first <= 0xf4, index + length <= bytes.count else { return 0 }
    var scalar = UInt32(first) & (length == 2 ? 0x1f : length == 3 ? 0x0f : 0x07)
    for offset in 1..<length {
      guard bytes[index + offset] & 0xc0 == 0x80 else { return 0 }
      scalar = scalar << 6 | UInt32(bytes[index + offset] & 0x3f)
    }
    guard let character = Unicode.Scalar(scalar),
      scalar >= (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000)
    else { return 0 }
    // C1 controls, and the marks that reorder what a terminal shows.
    let value = character.value
    if value < 0xa0 || (0x202a...0x202e).contains(value) || (0x2066...0x2069).contains(value) { return 0 }
    return length
  }
}
