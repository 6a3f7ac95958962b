internal import Bytes

/// Characters between quotes: escapes, repeats and limits of gdb's strings, in a UTF-8 locale.
enum StringText {
  /// One character, or one unit of text that is none.
  private struct Glyph: Equatable {
    enum Kind: Equatable {
      case scalar
      case invalid
      /// The bytes at the end begin a character.
      case incomplete
    }

    var kind: Kind
    var value: UInt32
    /// Units that it takes.
    var units: Int
  }

  static func width(_ text: ValueType.Text) -> Int {
    switch text {
    case .narrow: 1
    case .utf16: 2
    case .wide, .utf32: 4
    }
  }

  /// `'x'`, with octal for what cannot be shown.
  static func append(
    character value: UInt64, _ text: ValueType.Text, _ options: PrintOptions = PrintOptions(),
    into output: inout TextBuffer
  ) {
    output.append(byte: 0x27)
    let value = UInt32(truncatingIfNeeded: value)
    // A lone unit of UTF-8 or UTF-16 is a character only if it is a whole one.
    let isScalar = text == .narrow ? value < 0x80 : Unicode.Scalar(value) != nil
    append(
      Glyph(kind: isScalar ? .scalar : .invalid, value: value, units: 1), text, quote: 0x27,
      isSevenBit: options.isSevenBit, into: &output)
    output.append(byte: 0x27)
  }

  /// `'x'` with Rust's escapes, which leave nothing but ASCII.
  static func append(rustCharacter value: UInt64, into output: inout TextBuffer) {
    output.append(byte: 0x27)
    switch value {
    case 0x00: output.append("\\0" as StaticString)
    case 0x09: output.append("\\t" as StaticString)
    case 0x0a: output.append("\\n" as StaticString)
    case 0x0d: output.append("\\r" as StaticString)
    case 0x27, 0x5c:
      output.append(byte: 0x5c)
      output.append(byte: UInt8(truncatingIfNeeded: value))
    case 0x20..<0x7f: output.append(byte: UInt8(truncatingIfNeeded: value))
    case 0...0xff:
      output.append("\\x" as StaticString)
      output.append(hexDigits: value, width: 2)
    default:
      output.append("\\u{" as StaticString)
      output.append(hexDigits: value, width: 6)
      output.append(byte: 0x7d)
    }
    output.append(byte: 0x27)
  }

  /// What a pointer led to: the NUL is not among the bytes, and they were fetched with a limit already.
  static func append(
    string bytes: ArraySlice<UInt8>, _ text: ValueType.Text, order: ByteOrder, hasMore: Bool,
    options: PrintOptions = PrintOptions(), into output: inout TextBuffer
  ) {
    output.append(text.prefix)
    append(bytes, text, order: order, hasMore: hasMore, options, into: &output)
  }

  /// A whole array: its last NUL is dropped, and what is beyond the limit.
  static func append(
    array bytes: ArraySlice<UInt8>, _ text: ValueType.Text, order: ByteOrder, dropsNUL: Bool = true,
    hasMore: Bool = false, options: PrintOptions = PrintOptions(), into output: inout TextBuffer
  ) {
    var bytes = bytes
    let width = width(text)
    if dropsNUL, !hasMore, bytes.count >= width, bytes.suffix(width).allSatisfy({ $0 == 0 }) {
      bytes.removeLast(width)
    }
    if options.stopsAtNull, dropsNUL {
      let units = Units(bytes: bytes, width: width, order: order)
      if let end = (0..<units.count).first(where: { units[$0] == 0 }) { bytes = bytes.prefix(end * width) }
    }
    output.append(text.prefix)
    append(bytes, text, order: order, hasMore: hasMore, options, into: &output)
  }

  private static func append(
    _ bytes: ArraySlice<UInt8>, _ text: ValueType.Text, order: ByteOrder, hasMore: Bool,
    _ options: PrintOptions, into output: inout TextBuffer
  ) {
    if text == .narrow, isPlain(bytes, options) {
      output.append(byte: options.quote)
      output.append(bytes: bytes)
      output.append(byte: options.quote)
      if hasMore { output.append("..." as StaticString) }
      return
    }
    let repeatThreshold = options.repeatThreshold
    let maximumElements = options.maximumElements
    let units = Units(bytes: bytes, width: width(text), order: order)
    var at = 0
    var shown = 0
    var isOpen = false
    var isFirst = true
    while at < units.count, shown < maximumElements {
      let start = at
      let glyph = glyph(in: units, at: at, text)
      var count = 0
      repeat {
        count += 1
        at += glyph.units
      } while at < units.count && glyph.kind != .incomplete && Self.glyph(in: units, at: at, text) == glyph
      shown += count
      // gdb forgets the character before an incomplete sequence.
      if glyph.kind == .scalar, at < units.count, Self.glyph(in: units, at: at, text).kind == .incomplete {
        count -= 1
        if count == 0 { continue }
      }
      if glyph.kind == .incomplete {
        if isOpen { output.append(byte: options.quote) }
        if !isFirst { output.append(", " as StaticString) }
        output.append("<incomplete sequence " as StaticString)
        for unit in start..<at { appendOctal(units[unit], into: &output) }
        output.append(byte: 0x3e)
        isOpen = false
      } else if count > repeatThreshold {
        if isOpen { output.append(byte: options.quote) }
        output.append(isFirst ? "'" : ", '" as StaticString)
        // The quotes around the character are single, those that are escaped the text's own.
        append(glyph, text, quote: options.quote, isSevenBit: options.isSevenBit, into: &output)
        output.append("' <repeats " as StaticString)
        output.append(decimal: UInt64(count))
        output.append(" times>" as StaticString)
        isOpen = false
      } else {
        if !isOpen {
          if !isFirst { output.append(", " as StaticString) }
          output.append(byte: options.quote)
        }
        for _ in 0..<count {
          append(glyph, text, quote: options.quote, isSevenBit: options.isSevenBit, into: &output)
        }
        isOpen = true
      }
      isFirst = false
    }
    if isFirst { for _ in 0..<2 { output.append(byte: options.quote) } }
    if isOpen { output.append(byte: options.quote) }
    if hasMore || at < units.count { output.append("..." as StaticString) }
  }

  /// Whether the bytes are their own text: few enough, ASCII that needs no escape, no run that would be counted.
  private static func isPlain(_ bytes: ArraySlice<UInt8>, _ options: PrintOptions) -> Bool {
    guard bytes.count <= options.maximumElements else { return false }
    var run = 0
    var before: UInt8 = 0
    for byte in bytes {
      guard byte >= 0x20, byte < 0x7f, byte != options.quote, byte != 0x5c else { return false }
      run = byte == before ? run + 1 : 1
      guard run <= options.repeatThreshold else { return false }
      before = byte
    }
    return true
  }

  /// Bytes seen as numbers of one, two or four bytes.
  private struct Units {
    let bytes: ArraySlice<UInt8>
    let width: Int
    let order: ByteOrder

    var count: Int { bytes.count / width }

    subscript(index: Int) -> UInt32 {
      if width == 1 { return UInt32(bytes[bytes.startIndex + index]) }
      var value: UInt32 = 0
      for byte in 0..<width {
        let shift = order == .little ? byte : width - 1 - byte
        value |= UInt32(bytes[bytes.startIndex + index * width + byte]) << UInt32(8 * shift)
      }
      return value
    }
  }

  private static func glyph(in units: Units, at index: Int, _ text: ValueType.Text) -> Glyph {
    let first = units[index]
    switch text {
    case .narrow: return narrowGlyph(first, in: units, at: index)
    case .utf16
    where first & 0xfc00 == 0xd800 && index + 1 < units.count && units[index + 1] & 0xfc00 == 0xdc00:
      let value = 0x10000 + ((first & 0x3ff) << 10) + (units[index + 1] & 0x3ff)
      return Glyph(kind: .scalar, value: value, units: 2)
    default:
      return Glyph(kind: Unicode.Scalar(first) == nil ? .invalid : .scalar, value: first, units: 1)
    }
  }

  private static func narrowGlyph(_ first: UInt32, in units: Units, at index: Int) -> Glyph {
    if first < 0x80 { return Glyph(kind: .scalar, value: first, units: 1) }
    // glibc still knows the sequences of five and six bytes, as long as their end is not seen.
    let length = first >= 0xfc ? 6 : first >= 0xf8 ? 5 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
    guard first >= 0xc2, first <= 0xfd else { return Glyph(kind: .invalid, value: first, units: 1) }
    var value = first & (length == 2 ? 0x1f : length == 3 ? 0x0f : 0x07)
    for step in 1..<length {
      guard index + step < units.count else {
        return Glyph(kind: .incomplete, value: first, units: units.count - index)
      }
      let next = units[index + step]
      guard next & 0xc0 == 0x80 else { return Glyph(kind: .invalid, value: first, units: 1) }
      value = value << 6 | next & 0x3f
    }
    let isShortest = length == 2 || (length == 3 ? value >= 0x800 : value >= 0x10000)
    guard length <= 4, isShortest, Unicode.Scalar(value) != nil else {
      return Glyph(kind: .invalid, value: first, units: 1)
    }
    return Glyph(kind: .scalar, value: value, units: length)
  }

  // MARK: Escapes

  private static func append(
    _ glyph: Glyph, _ text: ValueType.Text, quote: UInt8, isSevenBit: Bool, into output: inout TextBuffer
  ) {
    let value = glyph.value
    if glyph.kind == .scalar {
      switch value {
      case 0x07: return output.append("\\a" as StaticString)
      case 0x08: return output.append("\\b" as StaticString)
      case 0x09: return output.append("\\t" as StaticString)
      case 0x0a: return output.append("\\n" as StaticString)
      case 0x0b: return output.append("\\v" as StaticString)
      case 0x0c: return output.append("\\f" as StaticString)
      case 0x0d: return output.append("\\r" as StaticString)
      case 0x20..<0x7f:
        if value == UInt32(quote) || value == 0x5c { output.append(byte: 0x5c) }
        return output.append(byte: UInt8(truncatingIfNeeded: value))
      default: break
      }
      if let scalar = Unicode.Scalar(value), !isSevenBit, isPrintable(scalar) {
        for byte in UTF8.encode(scalar)! { output.append(byte: byte) }
        return
      }
      if text == .narrow, let scalar = Unicode.Scalar(value) {
        for byte in UTF8.encode(scalar)! { appendOctal(UInt32(byte), into: &output) }
        return
      }
    }
    appendOctal(value, into: &output)
  }

  /// A unit that cannot be shown: three octal digits, or hexadecimal where those do not reach.
  private static func appendOctal(_ value: UInt32, into output: inout TextBuffer) {
    output.append(byte: 0x5c)
    if value > 0o777 {
      output.append(byte: 0x78)
      output.append(hexDigits: UInt64(value), width: 1)
      return
    }
    output.append(byte: 0x30 + UInt8(truncatingIfNeeded: value >> 6))
    output.append(byte: 0x30 + UInt8(truncatingIfNeeded: value >> 3 & 7))
    output.append(byte: 0x30 + UInt8(truncatingIfNeeded: value & 7))
  }

  /// iswprint of a UTF-8 locale of glibc: everything that is assigned and no control or line separator.
  ///
  /// Assigned as of Unicode 14, which is what glibc 2.36 knows; Swift's tables are newer.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value > 0xff, let age = scalar.properties.age, age.major > 14 { return false }
    return switch scalar.properties.generalCategory {
    case .control, .unassigned, .surrogate, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
