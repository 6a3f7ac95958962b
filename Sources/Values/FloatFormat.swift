package import Bytes

/// A binary floating-point format, decoded by hand so that every width prints alike on every host.
package struct FloatFormat: Equatable, Sendable {
  package var exponentBits: Int
  /// Bits of the significand as stored, without an implied integer bit.
  package var fractionBits: Int
  /// The x87 format writes the integer bit.
  var hasIntegerBit = false

  package static let half = FloatFormat(exponentBits: 5, fractionBits: 10)
  package static let brain = FloatFormat(exponentBits: 8, fractionBits: 7)
  package static let single = FloatFormat(exponentBits: 8, fractionBits: 23)
  package static let double = FloatFormat(exponentBits: 11, fractionBits: 52)
  package static let extended = FloatFormat(exponentBits: 15, fractionBits: 64, hasIntegerBit: true)
  package static let quadruple = FloatFormat(exponentBits: 15, fractionBits: 112)

  /// The format of a type of so many bytes; 16 bytes are x87 unless the name says otherwise.
  init?(size: Int, name: String) {
    switch size {
    case 2: self = name.contains("bf16") || name == "bfloat16" ? .brain : .half
    case 4: self = .single
    case 8: self = .double
    case 10, 12: self = .extended
    case 16: self = name.contains("128") || name.contains("(kind=16)") ? .quadruple : .extended
    default: return nil
    }
  }

  private init(exponentBits: Int, fractionBits: Int, hasIntegerBit: Bool = false) {
    self.exponentBits = exponentBits
    self.fractionBits = fractionBits
    self.hasIntegerBit = hasIntegerBit
  }

  /// Significant digits that gdb prints: 9, 17, 21, 36 for single, double, x87 and quadruple.
  var digits: Int { 2 + (fractionBits + (hasIntegerBit ? 0 : 1)) * 30103 / 100_000 }

  /// Appends the number as C's `%.*g` would, or `inf`, `nan(0x…)`.
  package func append(_ bits: UInt128, into output: inout TextBuffer) {
    let fraction = bits & ((1 << UInt128(fractionBits)) - 1)
    let exponentMask = (UInt64(1) << UInt64(exponentBits)) - 1
    let exponent = UInt64(truncatingIfNeeded: bits >> UInt128(fractionBits)) & exponentMask
    let isNegative = (bits >> UInt128(fractionBits + exponentBits)) & 1 != 0
    let integerBit = UInt128(1) << UInt128(hasIntegerBit ? fractionBits - 1 : fractionBits)
    if hasIntegerBit, (exponent == 0) != (fraction & integerBit == 0) {
      output.append("<invalid float value>" as StaticString)
      return
    }
    if isNegative { output.append(byte: 0x2d) }
    if exponent == exponentMask {
      // The x87 format writes the integer bit of an infinity too.
      if fraction & ~integerBit == 0 {
        output.append("inf" as StaticString)
      } else {
        output.append("nan(0x" as StaticString)
        let high = UInt64(truncatingIfNeeded: fraction >> 64)
        if high != 0 { output.append(hexDigits: high, width: 1) }
        output.append(hexDigits: UInt64(truncatingIfNeeded: fraction), width: high == 0 ? 1 : 16)
        output.append(byte: 0x29)
      }
      return
    }
    let bias = Int(exponentMask >> 1)
    let scale = Int(max(exponent, 1)) - bias - (hasIntegerBit ? fractionBits - 1 : fractionBits)
    let significand = exponent == 0 || hasIntegerBit ? fraction : fraction | integerBit
    DecimalText.append(significand: significand, exponent: scale, digits: digits, into: &output)
  }
}
