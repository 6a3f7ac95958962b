package import Bytes
internal import ProcessModel

/// Scalars in the formats of gdb's `/FMT`: the bits of a value, whatever its type says of them.
package enum FormatText {
  /// How many digits a number gets.
  package enum Padding: Sendable {
    case none
    /// As many as its bytes need: `x/x`, `x/t`, and the letter `z` everywhere.
    case full
  }

  /// Appends a value of a type without typedefs by a format letter; `false`, and nothing, for letters that
  /// do not change how it reads (`s`) and types that have no bits of their own.
  package static func append(
    _ bytes: ArraySlice<UInt8>, order: ByteOrder, type plain: ValueType, letter: UInt8,
    padding: Padding = .none, namer: some SymbolNamer, into output: inout TextBuffer
  ) -> Bool {
    switch plain.kind {
    case .structure, .union, .array, .function, .void, .complex, .unknown: return false
    case .memberPointer where bytes.count > 8: return false
    default: break
    }
    guard !bytes.isEmpty, bytes.count <= 16 else { return false }
    let number = wide(bytes, order)
    let bits = bytes.count * 8
    switch letter {
    case UInt8(ascii: "x"):
      append(number, radix: 16, "0x", padding == .full ? bytes.count * 2 : 1, into: &output)
    case UInt8(ascii: "z"): append(number, radix: 16, "0x", bytes.count * 2, into: &output)
    case UInt8(ascii: "o"): append(number, radix: 8, number == 0 ? "" : "0", 1, into: &output)
    case UInt8(ascii: "t"): append(number, radix: 2, "", padding == .full ? bits : 1, into: &output)
    case UInt8(ascii: "d"):
      DecimalText.append(bytes: bytes, isSigned: true, order: order, into: &output)
    case UInt8(ascii: "u"):
      DecimalText.append(bytes: bytes, isSigned: false, order: order, into: &output)
    case UInt8(ascii: "c"): appendCharacter(number, bytes.count, plain, into: &output)
    case UInt8(ascii: "a"):
      var address = UInt64(truncatingIfNeeded: isSigned(plain) ? extended(number, bits) : number)
      if plain.kind == .float {
        let value = plain.floatFormat.flatMap { $0.double(number) } ?? 0
        address = abs(value) < 0x1p62 ? UInt64(bitPattern: Int64(value)) : 0
      }
      output.append(hex: address)
      PointerText.appendSymbol(address, namer, into: &output)
    case UInt8(ascii: "f"):
      if let format = plain.kind == .float ? plain.floatFormat : floatFormat(bytes.count) {
        format.append(number, into: &output)
      } else {
        DecimalText.append(bytes: bytes, isSigned: isSigned(plain), order: order, into: &output)
      }
    default: return false
    }
    return true
  }

  /// The number that bytes are.
  package static func wide(_ bytes: ArraySlice<UInt8>, _ order: ByteOrder) -> UInt128 {
    var value: UInt128 = 0
    let most = order == .little ? Array(bytes.reversed()) : Array(bytes)
    for byte in most.suffix(16) { value = value << 8 | UInt128(byte) }
    return value
  }

  /// The formats that a number of so many bytes could be; none of two bytes.
  private static func floatFormat(_ size: Int) -> FloatFormat? {
    switch size {
    case 4: .single
    case 8: .double
    case 10, 12, 16: .extended
    default: nil
    }
  }

  package static func isSigned(_ plain: ValueType) -> Bool {
    switch plain.kind {
    case .integer(let isSigned), .character(let isSigned): isSigned
    case .enumeration: plain.enumeration.isSigned
    default: false
    }
  }

  private static func extended(_ number: UInt128, _ bits: Int) -> UInt128 {
    guard bits < 128, bits > 0 else { return number }
    let unused = UInt128(128 - bits)
    return UInt128(truncatingIfNeeded: Int128(truncatingIfNeeded: number << unused) >> Int128(unused))
  }

  /// The low byte as a number of the type's sign, and as a character.
  private static func appendCharacter(
    _ number: UInt128, _ size: Int, _ plain: ValueType, into output: inout TextBuffer
  ) {
    var low = UInt8(truncatingIfNeeded: number)
    if plain.kind == .float, let value = plain.floatFormat.flatMap({ $0.double(number) }), abs(value) < 0x1p62
    {
      low = UInt8(truncatingIfNeeded: Int64(value))
    }
    if isSigned(plain) || plain.kind == .float {
      output.append(decimal: Int64(Int8(bitPattern: low)))
    } else {
      output.append(decimal: UInt64(low))
    }
    output.append(byte: 0x20)
    StringText.append(character: UInt64(low), .narrow, into: &output)
  }

  private static func append(
    _ number: UInt128, radix: Int, _ prefix: StaticString, _ width: Int, into output: inout TextBuffer
  ) {
    output.append(prefix)
    let digits = String(number, radix: radix)
    for _ in 0..<max(0, width - digits.utf8.count) { output.append(byte: 0x30) }
    output.append(digits)
  }
}

extension FloatFormat {
  /// The number as the host's `Double`, as near as that comes; `nil` for what is no number.
  package func double(_ bits: UInt128) -> Double? {
    let fraction = bits & ((1 << UInt128(fractionBits)) - 1)
    let exponentMask = (UInt64(1) << UInt64(exponentBits)) - 1
    let exponent = UInt64(truncatingIfNeeded: bits >> UInt128(fractionBits)) & exponentMask
    guard exponent != exponentMask else { return nil }
    let isNegative = (bits >> UInt128(fractionBits + exponentBits)) & 1 != 0
    let integerBits = hasIntegerBit ? fractionBits - 1 : fractionBits
    let significand =
      exponent == 0 || hasIntegerBit ? fraction : fraction | UInt128(1) << UInt128(fractionBits)
    let scale = Int(max(exponent, 1)) - Int(exponentMask >> 1) - integerBits
    let value = Double(sign: .plus, exponent: scale, significand: Double(significand))
    return isNegative ? -value : value
  }
}
