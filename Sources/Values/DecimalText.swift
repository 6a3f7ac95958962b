internal import Bytes

/// Exact decimal digits of binary numbers of any width, by arithmetic on limbs of nine digits.
enum DecimalText {
  private static let base: UInt64 = 1_000_000_000

  /// Appends `significand` · 2^`exponent` by the rules of C's `%.*g`, rounded half to even.
  static func append(significand: UInt128, exponent: Int, digits: Int, into output: inout TextBuffer) {
    guard significand != 0 else {
      output.append(byte: 0x30)
      return
    }
    let spare = significand.trailingZeroBitCount
    var limbs = Self.limbs(of: significand >> UInt128(spare))
    let power = exponent + spare
    // A negative power of two is a power of five over the same power of ten.
    let factor: (base: UInt64, step: Int, stepValue: UInt64) =
      power >= 0 ? (2, 29, 1 << 29) : (5, 12, 244_140_625)
    var left = power.magnitude
    while left > 0 {
      let step = min(left, UInt(factor.step))
      var multiplier: UInt64 = step == factor.step ? factor.stepValue : 1
      if multiplier == 1 { for _ in 0..<step { multiplier *= factor.base } }
      multiply(&limbs, by: multiplier)
      left -= step
    }
    var text = Self.digits(of: limbs)
    var exponent10 = text.count - 1 - (power < 0 ? -power : 0)
    if round(&text, to: digits) { exponent10 += 1 }
    while text.count > 1, text.last == 0x30 { text.removeLast() }
    append(text, exponent10, digits, into: &output)
  }

  /// Appends an integer of any number of bytes, given in memory order.
  static func append(
    bytes: ArraySlice<UInt8>, isSigned: Bool, order: ByteOrder, into output: inout TextBuffer
  ) {
    var little = order == .little ? Array(bytes) : Array(bytes.reversed())
    if isSigned, let top = little.last, top & 0x80 != 0 {
      output.append(byte: 0x2d)
      var carry = true
      for index in little.indices {
        little[index] = ~little[index]
        if carry { (little[index], carry) = little[index].addingReportingOverflow(1) }
      }
    }
    var limbs: [UInt64] = [0]
    for byte in little.reversed() { multiply(&limbs, by: 256, adding: UInt64(byte)) }
    output.append(bytes: Self.digits(of: limbs))
  }

  static func append(_ value: UInt128, into output: inout TextBuffer) {
    if value >> 64 == 0 {
      output.append(decimal: UInt64(truncatingIfNeeded: value))
    } else {
      output.append(bytes: digits(of: limbs(of: value)))
    }
  }

  private static func limbs(of value: UInt128) -> [UInt64] {
    var result: [UInt64] = []
    var rest = value
    while rest != 0 {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: UInt128(base))
      result.append(UInt64(remainder))
      rest = quotient
    }
    return result
  }

  private static func multiply(_ limbs: inout [UInt64], by factor: UInt64, adding: UInt64 = 0) {
    var carry = adding
    for index in limbs.indices {
      let product = limbs[index] * factor + carry
      limbs[index] = product % base
      carry = product / base
    }
    while carry != 0 {
      limbs.append(carry % base)
      carry /= base
    }
  }

  /// The digits as ASCII, most significant first; `0` for zero.
  private static func digits(of limbs: [UInt64]) -> [UInt8] {
    var reversed: [UInt8] = []
    reversed.reserveCapacity(limbs.count * 9)
    for limb in limbs {
      var rest = limb
      for _ in 0..<9 {
        reversed.append(0x30 + UInt8(rest % 10))
        rest /= 10
      }
    }
    while reversed.count > 1, reversed.last == 0x30 { reversed.removeLast() }
    if reversed.isEmpty { reversed.append(0x30) }
    return reversed.reversed()
  }

  /// Cuts digits to a count; `true` when rounding up gave one more digit in front.
  private static func round(_ text: inout [UInt8], to count: Int) -> Bool {
    guard text.count > count else { return false }
    let next = text[count]
    let isTail = text[(count + 1)...].contains { $0 != 0x30 }
    let isUp = next > 0x35 || (next == 0x35 && (isTail || text[count - 1] & 1 == 1))
    text.removeLast(text.count - count)
    guard isUp else { return false }
    var at = count - 1
    while at >= 0 {
      if text[at] != 0x39 {
        text[at] += 1
        return false
      }
      text[at] = 0x30
      at -= 1
    }
    text[0] = 0x31
    return true
  }

  private static func append(
    _ text: [UInt8], _ exponent: Int, _ precision: Int, into output: inout TextBuffer
  ) {
    if exponent < -4 || exponent >= precision {
      output.append(byte: text[0])
      if text.count > 1 {
        output.append(byte: 0x2e)
        output.append(bytes: text[1...])
      }
      output.append(exponent < 0 ? "e-" : "e+" as StaticString)
      if exponent.magnitude < 10 { output.append(byte: 0x30) }
      output.append(decimal: UInt64(exponent.magnitude))
    } else if exponent < 0 {
      output.append("0." as StaticString)
      for _ in 0..<(-exponent - 1) { output.append(byte: 0x30) }
      output.append(bytes: text)
    } else if text.count <= exponent + 1 {
      output.append(bytes: text)
      for _ in text.count..<(exponent + 1) { output.append(byte: 0x30) }
    } else {
      output.append(bytes: text[...exponent])
      output.append(byte: 0x2e)
      output.append(bytes: text[(exponent + 1)...])
    }
  }
}
