package import Bytes

/// Writes one JSON document (RFC 8259) front to back, indented by two blanks or on one line, and hands it on in pieces.
///
/// Keeps no tree: what is written is gone. Commas, newlines and nesting are its business; that every key is
/// followed by one value is the caller's.
package struct JSONWriter {
  private var text = TextBuffer()
  private let sink: (inout TextBuffer) -> Void
  private var depth = 0
  /// Whether a comma is due before the next element.
  private var needsComma = false
  /// Whether a key was just written, so that its value stands on the same line.
  private var isAfterKey = false

  /// Whether all stands on one line, as NDJSON wants it.
  private let isCompact: Bool

  private static let chunk = 65536

  package init(isCompact: Bool = false, sink: @escaping (inout TextBuffer) -> Void) {
    self.isCompact = isCompact
    self.sink = sink
  }

  /// Ends the document.
  package mutating func finish() {
    text.append(byte: 0x0a)
    sink(&text)
  }

  package mutating func object(_ members: (inout JSONWriter) -> Void) {
    nested(open: 0x7b, close: 0x7d, members)
  }

  package mutating func array<Element>(
    _ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void
  ) {
    nested(open: 0x5b, close: 0x5d) { writer in
      for element in elements { body(&writer, element) }
    }
  }

  package mutating func key(_ name: StaticString) {
    begin()
    text.append(byte: 0x22)
    text.append(name)
    text.append(isCompact ? "\":" : "\": ")
    isAfterKey = true
  }

  package mutating func null() {
    begin()
    text.append("null")
  }

  package mutating func value(_ flag: Bool) {
    begin()
    text.append(flag ? "true" : "false")
  }

  package mutating func value(_ number: some BinaryInteger) {
    begin()
    text.append(decimal: Int64(clamping: number))
  }

  /// A string; control characters, quotes and what ends lines in JavaScript are escaped.
  package mutating func value(_ string: String) {
    begin()
    text.append(byte: 0x22)
    for scalar in string.unicodeScalars { append(scalar) }
    text.append(byte: 0x22)
  }

  /// An address: a string, since JSON's numbers are doubles in many readers.
  package mutating func address(_ value: UInt64, digits: Int) {
    begin()
    text.append(byte: 0x22)
    text.append(address: value, width: digits)
    text.append(byte: 0x22)
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0x22: text.append("\\\"")
    case 0x5c: text.append("\\\\")
    case 0x0a: text.append("\\n")
    case 0x09: text.append("\\t")
    case 0x0d: text.append("\\r")
    // C0, DEL, C1, line separators, and the marks that turn the direction of what a terminal shows.
    case 0..<0x20, 0x7f..<0xa0, 0x2028...0x202e, 0x2066...0x2069:
      text.append("\\u")
      text.append(hexDigits: UInt64(scalar.value), width: 4)
    default:
      for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { text.append(byte: unit) }
    }
  }

  // MARK: Nesting

  private mutating func nested(open: UInt8, close: UInt8, _ body: (inout JSONWriter) -> Void) {
    begin()
    text.append(byte: open)
    depth += 1
    needsComma = false
    body(&self)
    depth -= 1
    if needsComma { newLine() }
    text.append(byte: close)
    needsComma = true
    if text.count >= Self.chunk { sink(&text) }
  }

  private mutating func begin() {
    if isAfterKey {
      isAfterKey = false
    } else if depth > 0 {
      if needsComma { text.append(byte: 0x2c) }
      newLine()
    }
    needsComma = true
  }

  private mutating func newLine() {
    guard !isCompact else { return }
    text.append(byte: 0x0a)
    for _ in 0..<depth { text.append("  ") }
  }
}
