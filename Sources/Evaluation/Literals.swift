internal import Bytes
internal import Elfutils
internal import Values

/// Numbers, characters and strings as they are written in expressions.
enum Literals {
  static func number(_ text: String, _ evaluator: Evaluator) throws(EvaluationFailure) -> Value {
    let maker = evaluator.maker
    let bytes = Array(text.utf8)
    let isHex = text.hasPrefix("0x") || text.hasPrefix("0X")
    let isBinary = text.hasPrefix("0b") || text.hasPrefix("0B")
    if !isHex,
      bytes.contains(where: { $0 == 0x2e || $0 == 0x65 || $0 == 0x45 }) || isHex && text.contains("p")
    {
      return try float(text, evaluator)
    }
    var digits = bytes[...]
    var radix: UInt64 = 10
    if isHex || isBinary {
      digits = digits.dropFirst(2)
      radix = isHex ? 16 : 2
    } else if bytes.first == 0x30, bytes.count > 1 {
      digits = digits.dropFirst()
      radix = 8
    }
    if evaluator.language == .rust { return try rust(text, digits, radix, evaluator) }
    if digits.isEmpty { throw EvaluationFailure("Invalid number \"\(text)\".") }
    var suffix = ""
    while let last = digits.last, "uUlL".utf8.contains(last) {
      suffix = String(Character(Unicode.Scalar(last))).lowercased() + suffix
      digits = digits.dropLast()
    }
    let value = try whole(digits, radix, text)
    guard ["", "u", "l", "ul", "lu", "ll", "ull", "llu"].contains(suffix) else {
      throw EvaluationFailure("Invalid number \"\(text)\".")
    }
    let isUnsigned = suffix.contains("u")
    let longs = suffix.filter { $0 == "l" }.count
    let isDecimal = radix == 10
    let name: String
    if longs == 2 {
      name = isUnsigned || value > UInt64(Int64.max) ? "unsigned long long" : "long long"
    } else if longs == 1 || maker.wordSize == 8 && !fits(value, isUnsigned, isDecimal) {
      name = isUnsigned || value > UInt64(Int64.max) ? "unsigned long" : "long"
    } else if !fits(value, isUnsigned, isDecimal) {
      name = isUnsigned || value > UInt64(Int64.max) ? "unsigned long long" : "long long"
    } else {
      name = isUnsigned || value > UInt64(Int32.max) ? "unsigned int" : "int"
    }
    return Value(maker.named(name), number: value)
  }

  /// Whether an int holds the number: an unsigned one also what is not written in decimal.
  private static func fits(_ value: UInt64, _ isUnsigned: Bool, _ isDecimal: Bool) -> Bool {
    value <= (isUnsigned || !isDecimal ? UInt64(UInt32.max) : UInt64(Int32.max))
  }

  private static func whole(_ digits: ArraySlice<UInt8>, _ radix: UInt64, _ text: String)
    throws(EvaluationFailure)
    -> UInt64
  {
    var value: UInt64 = 0
    for byte in digits {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, UInt64(digit) < radix else {
        throw EvaluationFailure("Invalid number \"\(text)\".")
      }
      let (product, overflow) = value.multipliedReportingOverflow(by: radix)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
      if overflow || carry { throw EvaluationFailure("Numeric constant too large.") }
      value = sum
    }
    return value
  }

  private static func float(_ text: String, _ evaluator: Evaluator) throws(EvaluationFailure) -> Value {
    var digits = text
    var name = "double"
    if let last = text.last, "fF".contains(last) {
      name = "float"
      digits.removeLast()
    } else if let last = text.last, "lL".contains(last) {
      name = "long double"
      digits.removeLast()
    }
    if digits.hasPrefix(".") { digits = "0" + digits }
    if digits.hasSuffix(".") { digits += "0" }
    guard let number = Float64x(digits) else { throw EvaluationFailure("Invalid number \"\(text)\".") }
    if evaluator.language == .rust { name = name == "float" ? "f32" : "f64" }
    return evaluator.floatValue(
      name == "double" ? Float64x(Double(digits) ?? 0) : number, evaluator.maker.named(name))
  }

  private static func rust(
    _ text: String, _ digits: ArraySlice<UInt8>, _ radix: UInt64, _ evaluator: Evaluator
  ) throws(EvaluationFailure) -> Value {
    var digits = digits
    var name = "i32"
    if radix != 16, let at = digits.firstIndex(where: { $0 == 0x69 || $0 == 0x75 }) {
      name = String(decoding: digits[at...], as: UTF8.self)
      digits = digits[..<at]
    }
    let value = try whole(digits.filter { $0 != 0x5f }[...], radix == 8 ? 10 : radix, text)
    guard TypeMaker.rustNames.contains(name) else { throw EvaluationFailure("Invalid number \"\(text)\".") }
    if name == "i32", value > UInt64(Int32.max) { name = "i64" }
    return Value(evaluator.maker.named(name), number: value)
  }

  // MARK: Characters

  private static func unit(_ prefix: String, _ maker: TypeMaker) -> ValueType {
    switch prefix {
    case "L": maker.named("wchar_t")
    case "u": maker.named("char16_t")
    case "U": maker.named("char32_t")
    default: maker.char
    }
  }

  static func character(_ value: UInt32, prefix: String, _ evaluator: Evaluator) -> Value {
    Value(unit(prefix, evaluator.maker), number: UInt64(value))
  }

  /// A string with its NUL.
  static func string(_ units: [UInt32], prefix: String, _ evaluator: Evaluator) -> Value {
    let type = unit(prefix, evaluator.maker)
    let width = Int(type.byteCount)
    var bytes: [UInt8] = []
    for value in units + [0] {
      for index in 0..<width {
        let shift = UInt32(8 * (evaluator.order == .little ? index : width - 1 - index))
        bytes.append(UInt8(truncatingIfNeeded: value >> shift))
      }
    }
    return Value(
      evaluator.maker.array(of: type, count: UInt64(units.count + 1)), FetchedValue(.bytes(bytes)))
  }
}
