package import Bytes
package import Elfutils

/// An entry of the expression stack (DWARF 5, 2.5.1): bits and the base type they have.
package struct TypedValue: Equatable, Sendable {
  /// The value's bits, low end first, zero above the size of the type.
  package var bits: UInt128
  /// `nil` is the generic type: an integer of the size of an address, signedness left to the operator.
  package var type: LocationOperation.BaseType?

  package init(bits: UInt128, type: LocationOperation.BaseType?) {
    self.bits = bits
    self.type = type
  }

  package init(generic value: UInt64) {
    self.bits = UInt128(value)
    self.type = nil
  }

  /// A constant of a type; bytes beyond its size, or beyond 16, are ignored.
  init(bytes: [UInt8], type: LocationOperation.BaseType?, order: ByteOrder) {
    var value: UInt128 = 0
    let count = min(bytes.count, min(max(type?.size ?? 8, 0), 16))
    for index in 0..<count {
      value |= UInt128(bytes[index]) << UInt128(8 * (order == .little ? index : count - 1 - index))
    }
    bits = value
    self.type = type
  }

  /// The value as `size` bytes in memory order, extended by its sign where it has one.
  package func bytes(size: Int, order: ByteOrder) -> [UInt8] {
    let source =
      isFloat
      ? bits : UInt128(truncatingIfNeeded: isSigned ? signed(wordSize: 8) : Int128(truncatingIfNeeded: bits))
    var result = [UInt8](repeating: 0, count: max(0, size))
    let count = min(result.count, 16)
    for index in 0..<count {
      let place = order == .little ? index : result.count - 1 - index
      result[place] = UInt8(truncatingIfNeeded: source >> UInt128(8 * index))
    }
    return result
  }

  /// Bits of the type; the generic type is as wide as an address.
  func width(wordSize: Int) -> Int { (type.map { min(max($0.size, 1), 16) } ?? wordSize) * 8 }

  /// DW_ATE_float.
  var isFloat: Bool { type?.encoding == 0x04 }

  /// DW_ATE_signed, DW_ATE_signed_char; the generic type is unsigned until an operator says otherwise.
  var isSigned: Bool { type?.encoding == 0x05 || type?.encoding == 0x06 }

  /// The bits as a two's complement number.
  func signed(wordSize: Int) -> Int128 {
    let unused = 128 - width(wordSize: wordSize)
    return (Int128(truncatingIfNeeded: bits) << Int128(unused)) >> Int128(unused)
  }

  /// The number as 64 bits: what an address or a register would hold.
  package func number(wordSize: Int) -> UInt64 {
    if isFloat { return UInt64(truncatingIfNeeded: bits) }
    return UInt64(
      truncatingIfNeeded: isSigned ? signed(wordSize: wordSize) : Int128(truncatingIfNeeded: bits))
  }

  /// The same type with other bits, cut to its width.
  func with(_ newBits: UInt128, wordSize: Int) -> TypedValue {
    let width = width(wordSize: wordSize)
    return TypedValue(bits: width >= 128 ? newBits : newBits & ((1 << UInt128(width)) - 1), type: type)
  }
}

// MARK: Floating point

extension TypedValue {
  #if arch(x86_64) || arch(i386)
    typealias Wide = Float80
  #else
    // Expressions over `long double` lose the digits that this host cannot hold.
    typealias Wide = Double
  #endif

  /// The number that a float's bits mean; `nil` for sizes without a format.
  var float: Wide? {
    switch type?.size {
    case 4: return Wide(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case 8: return Wide(Double(bitPattern: UInt64(truncatingIfNeeded: bits)))
    #if arch(x86_64) || arch(i386)
      case 10, 12, 16:
        let head = UInt64(truncatingIfNeeded: bits >> 64)
        return Float80(
          sign: head & 0x8000 == 0 ? .plus : .minus, exponentBitPattern: UInt(head & 0x7fff),
          significandBitPattern: UInt64(truncatingIfNeeded: bits))
    #endif
    default: return nil
    }
  }

  /// The same type holding another number.
  func with(float value: Wide) -> TypedValue? {
    switch type?.size {
    case 4: return TypedValue(bits: UInt128(Float(value).bitPattern), type: type)
    case 8: return TypedValue(bits: UInt128(Double(value).bitPattern), type: type)
    #if arch(x86_64) || arch(i386)
      case 10, 12, 16:
        let head = UInt128(value.exponentBitPattern) | (value.sign == .minus ? 0x8000 : 0)
        // The integer bit is part of the x87 format, but not of Swift's significand pattern.
        let integerBit: UInt128 = value.exponentBitPattern == 0 ? 0 : 1 << 63
        return TypedValue(
          bits: head << 64 | integerBit | UInt128(value.significandBitPattern), type: type)
    #endif
    default: return nil
    }
  }

  /// DW_OP_convert: the same number in another type.
  func converted(to target: LocationOperation.BaseType?, wordSize: Int) -> TypedValue? {
    let frame = TypedValue(bits: 0, type: target)
    if isFloat {
      guard let float else { return nil }
      if frame.isFloat { return frame.with(float: float) }
      // Out of range and NaN are undefined in C; the least number is what x86 conversions give.
      let whole = Int128(exactly: float.rounded(.towardZero)) ?? Int128(Int64.min)
      return frame.with(UInt128(truncatingIfNeeded: whole), wordSize: wordSize)
    }
    let whole = isSigned ? signed(wordSize: wordSize) : Int128(truncatingIfNeeded: bits)
    if frame.isFloat {
      return frame.with(float: isSigned ? Wide(whole) : Wide(bits))
    }
    return frame.with(UInt128(truncatingIfNeeded: whole), wordSize: wordSize)
  }
}
