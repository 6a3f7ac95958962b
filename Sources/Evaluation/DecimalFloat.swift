/// Doubles in the three ways of C's `printf`, by exact arithmetic on decimal digits.
enum DecimalFloat {
  static func text(_ value: Double, letter: UInt8, precision: Int) -> String {
    let sign = value.sign == .minus ? "-" : ""
    let magnitude = value.magnitude
    let isUpper = letter < 0x61
    switch letter | 0x20 {
    case UInt8(ascii: "f"): return sign + fixed(magnitude, precision)
    case UInt8(ascii: "e"): return sign + scientific(magnitude, precision, isUpper: isUpper)
    default:
      let digits = max(1, precision)
      let exponent = rounded(magnitude, significant: digits).exponent
      var body =
        exponent < -4 || exponent >= digits
        ? scientific(magnitude, digits - 1, isUpper: isUpper) : fixed(magnitude, digits - 1 - exponent)
      body = trimmed(body)
      return sign + body
    }
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    let parts = text.split(separator: "e", maxSplits: 1)
    var head = String(parts[0])
    while head.hasSuffix("0") { head.removeLast() }
    if head.hasSuffix(".") { head.removeLast() }
    return parts.count > 1 ? head + "e" + parts[1] : head
  }

  /// All digits of a number, and where its point stands: digits · 10^−scale.
  private static func exact(_ value: Double) -> (digits: [UInt8], scale: Int) {
    guard value > 0 else { return ([0], 0) }
    var digits = decimal(value.significandBitPattern | (value.exponentBitPattern == 0 ? 0 : 1 << 52))
    var power = Int(max(value.exponentBitPattern, 1)) - 1075
    var scale = 0
    while power > 0 {
      multiply(&digits, 2)
      power -= 1
    }
    while power < 0 {
      multiply(&digits, 5)
      scale += 1
      power += 1
    }
    while digits.count > 1, digits.last == 0 { digits.removeLast() }
    return (digits.reversed(), scale)
  }

  /// The digits of a whole number, lowest first.
  private static func decimal(_ number: UInt64) -> [UInt8] {
    Array(String(number).utf8.reversed().map { $0 - 0x30 })
  }

  private static func multiply(_ digits: inout [UInt8], _ factor: UInt8) {
    var carry: UInt8 = 0
    for index in digits.indices {
      let product = digits[index] * factor + carry
      digits[index] = product % 10
      carry = product / 10
    }
    if carry > 0 { digits.append(carry) }
  }

  /// The digits cut to a length, half to even, and the power of ten of the first.
  private static func rounded(_ value: Double, significant count: Int) -> (digits: [UInt8], exponent: Int) {
    var (digits, scale) = exact(value)
    var exponent = digits.count - 1 - scale
    if value == 0 { return ([UInt8](repeating: 0, count: max(1, count)), 0) }
    if digits.count > count {
      let isUp = roundsUp(digits, at: count)
      digits = Array(digits.prefix(count))
      if isUp, increment(&digits) {
        exponent += 1
        if digits.count > count { digits.removeLast() }
      }
    }
    while digits.count < count { digits.append(0) }
    return (digits, exponent)
  }

  private static func roundsUp(_ digits: [UInt8], at index: Int) -> Bool {
    guard index >= 0, index < digits.count else { return false }
    if digits[index] != 5 { return digits[index] > 5 }
    if digits[(index + 1)...].contains(where: { $0 != 0 }) { return true }
    return index > 0 && digits[index - 1] & 1 == 1
  }

  /// Adds one at the end; `true` where that made a digit more.
  private static func increment(_ digits: inout [UInt8]) -> Bool {
    for index in digits.indices.reversed() {
      if digits[index] < 9 {
        digits[index] += 1
        return false
      }
      digits[index] = 0
    }
    digits.insert(1, at: 0)
    return true
  }

  private static func fixed(_ value: Double, _ precision: Int) -> String {
    var (digits, scale) = exact(value)
    if scale > precision {
      let cut = digits.count - (scale - precision)
      if cut < 0 {
        digits = [0]
      } else {
        let isUp = roundsUp(digits, at: cut) || cut == 0 && digits[0] > 5
        digits = cut == 0 ? [0] : Array(digits.prefix(cut))
        if isUp { _ = increment(&digits) }
      }
      scale = precision
    }
    while scale < precision {
      digits.append(0)
      scale += 1
    }
    while digits.count <= scale { digits.insert(0, at: 0) }
    let text = String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
    guard scale > 0 else { return text }
    return text.dropLast(scale) + "." + text.suffix(scale)
  }

  private static func scientific(_ value: Double, _ precision: Int, isUpper: Bool) -> String {
    let (digits, exponent) = rounded(value, significant: precision + 1)
    let text = String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
    let power = String(exponent.magnitude)
    return text.prefix(1) + (precision > 0 ? "." + text.dropFirst() : "") + (isUpper ? "E" : "e")
      + (exponent < 0 ? "-" : "+") + (power.utf8.count < 2 ? "0" + power : power)
  }
}
