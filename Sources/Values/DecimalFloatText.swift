internal import Bytes

/// Decimal floating-point numbers (`_Decimal32` to `_Decimal128`) in the binary-integer encoding that x86 has
/// (IEEE 754-2008, 3.5.2), spelled as the arithmetic specification's "to-scientific-string" does.
enum DecimalFloatText {
  /// A format of so many bytes: digits of the coefficient, what the exponent is counted from, its bits.
  private static func format(_ size: Int) -> (digits: Int, bias: Int, exponentBits: Int)? {
    switch size {
    case 4: (7, 101, 8)
    case 8: (16, 398, 10)
    case 16: (34, 6176, 14)
    default: nil
    }
  }

  /// Appends a number of `size` bytes; `false`, and nothing, for a size that no format has.
  static func append(_ bits: UInt128, size: Int, into output: inout TextBuffer) -> Bool {
    guard let (digits, bias, exponentBits) = format(size) else { return false }
    let width = size * 8
    func field(from low: Int, count: Int) -> UInt128 { bits >> UInt128(low) & ((1 << UInt128(count)) - 1) }
    if field(from: width - 1, count: 1) != 0 { output.append(byte: 0x2d) }
    switch field(from: width - 6, count: 5) {
    case 0b11110:
      output.append("Infinity" as StaticString)
      return true
    case 0b11111:
      output.append(field(from: width - 7, count: 1) != 0 ? "sNaN" : "NaN" as StaticString)
      return true
    default: break
    }
    // Two ones say that the coefficient begins with the bits 100, which are not written.
    let isLarge = field(from: width - 3, count: 2) == 0b11
    let fractionBits = width - 1 - exponentBits - (isLarge ? 2 : 0)
    let exponent = Int(field(from: fractionBits, count: exponentBits)) - bias
    var coefficient = field(from: 0, count: fractionBits)
    if isLarge { coefficient |= 0b100 << UInt128(fractionBits) }
    var text = TextBuffer()
    DecimalText.append(coefficient, into: &text)
    // A coefficient of more digits than the format has is zero.
    append(text.count > digits ? [0x30] : text.bytes, exponent: exponent, into: &output)
    return true
  }

  private static func append(_ digits: [UInt8], exponent: Int, into output: inout TextBuffer) {
    let scientific = exponent + digits.count - 1
    if exponent <= 0, scientific >= -6 {
      let point = digits.count + exponent
      if point <= 0 {
        output.append("0." as StaticString)
        for _ in 0..<(-point) { output.append(byte: 0x30) }
        output.append(bytes: digits)
      } else {
        output.append(bytes: digits[..<point])
        if point < digits.count {
          output.append(byte: 0x2e)
          output.append(bytes: digits[point...])
        }
      }
      return
    }
    output.append(byte: digits[0])
    if digits.count > 1 {
      output.append(byte: 0x2e)
      output.append(bytes: digits[1...])
    }
    output.append(scientific < 0 ? "E-" : "E+" as StaticString)
    output.append(decimal: UInt64(scientific.magnitude))
  }
}
