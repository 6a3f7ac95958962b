/// The host's widest binary float: what `long double` is on x86.
#if arch(x86_64) || arch(i386)
  typealias Float64x = Float80
#else
  typealias Float64x = Double
#endif

/// Floats of the process as the host's, and back.
enum FloatBits {
  /// The whole number that gdb makes of a floating-point one: the nearest that a long holds, for what is no number the
  /// largest.
  static func integer(_ value: Float64x) -> Int64 {
    if value < -0x1p63 { return .min }
    return value < 0x1p63 ? Int64(value) : .max
  }

  static func decode(_ bits: UInt128, size: Int) -> Float64x {
    switch size {
    case 4: return Float64x(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case 8: return Float64x(Double(bitPattern: UInt64(truncatingIfNeeded: bits)))
    case 10, 12, 16:
      #if arch(x86_64) || arch(i386)
        return Float80(
          sign: bits >> 79 & 1 == 1 ? .minus : .plus,
          exponentBitPattern: UInt(truncatingIfNeeded: bits >> 64) & 0x7fff,
          significandBitPattern: UInt64(truncatingIfNeeded: bits))
      #else
        return .nan
      #endif
    default: return .nan
    }
  }

  static func encode(_ number: Float64x, size: Int) -> UInt128 {
    switch size {
    case 4: return UInt128(Float(number).bitPattern)
    case 8: return UInt128(Double(number).bitPattern)
    case 10, 12, 16:
      #if arch(x86_64) || arch(i386)
        let sign: UInt128 = number.sign == .minus ? 1 << 79 : 0
        var significand = number.significandBitPattern
        // The integer bit is written out in memory.
        if number.exponentBitPattern != 0 { significand |= 1 << 63 }
        return sign | UInt128(number.exponentBitPattern) << 64 | UInt128(significand)
      #else
        return 0
      #endif
    default: return 0
    }
  }
}
