internal import Bytes

/// HTML on its way out: marks are written as they are, all else goes through one escape.
struct HTMLText {
  private(set) var text = TextBuffer()

  /// Markup, which comes from this program alone.
  mutating func markup(_ string: StaticString) { text.append(string) }

  /// A number within markup.
  mutating func number(_ value: Int) { text.append(decimal: Int64(value)) }

  /// A length of SVG, with two decimals.
  mutating func length(_ value: Double) {
    let hundredths = Int64((max(0, min(value, 1e7)) * 100).rounded())
    text.append(decimal: hundredths / 100)
    text.append(".")
    let rest = hundredths % 100
    if rest < 10 { text.append("0") }
    text.append(decimal: rest)
  }

  /// Text from a core or a file: safe between tags and within quoted attributes (HTML Living Standard, 13.1.2).
  mutating func escaped(_ string: String) {
    for byte in Escaping.inert(Array(string.utf8)) {
      switch byte {
      case UInt8(ascii: "&"): text.append("&amp;")
      case UInt8(ascii: "<"): text.append("&lt;")
      case UInt8(ascii: ">"): text.append("&gt;")
      case UInt8(ascii: "\""): text.append("&quot;")
      case UInt8(ascii: "'"): text.append("&#39;")
      default: text.append(byte: byte)
      }
    }
  }

  mutating func address(_ value: UInt64, digits: Int) { text.append(address: value, width: digits) }

  mutating func flush(_ sink: (inout TextBuffer) -> Void) { sink(&text) }
}
