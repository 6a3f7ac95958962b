/// Pieces of text that somebody else wrote: bytes, since nothing says that they are UTF-8.
enum TextLines {
  /// A decimal number that fills the bytes; `nil` for all else, overflow included.
  static func decimal(_ bytes: some Collection<UInt8>) -> Int64? {
    var digits = bytes[...]
    let isNegative = digits.first == 0x2d
    if isNegative { digits = digits.dropFirst() }
    guard let value = unsigned(digits), let magnitude = Int64(exactly: value) else { return nil }
    return isNegative ? -magnitude : magnitude
  }

  /// A decimal number without sign.
  static func unsigned(_ bytes: some Collection<UInt8>) -> UInt64? {
    guard !bytes.isEmpty else { return nil }
    var value: UInt64 = 0
    for byte in bytes {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(byte - 0x30))
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return value
  }

  /// A hexadecimal number, with or without `0x`.
  static func hexadecimal(_ bytes: some Collection<UInt8>) -> UInt64? {
    var digits = bytes[...]
    if digits.first == 0x30, digits.dropFirst().first == 0x78 { digits = digits.dropFirst(2) }
    guard !digits.isEmpty, digits.count <= 16 else { return nil }
    var value: UInt64 = 0
    for byte in digits {
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x61...0x66: digit = byte - 0x57
      case 0x41...0x46: digit = byte - 0x37
      default: return nil
      }
      value = value << 4 | UInt64(digit)
    }
    return value
  }

  /// Words between blanks, tabs and line ends.
  static func words(_ bytes: some Collection<UInt8>) -> [ArraySlice<UInt8>] {
    Array(bytes).split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0a }
  }

  static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split(separator: 0x0a)
  }

  static func string(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// `bytes` without blanks and tabs at its ends.
  static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes.drop { $0 == 0x20 || $0 == 0x09 }
    while let last = rest.last, last == 0x20 || last == 0x09 { rest.removeLast() }
    return rest
  }
}
