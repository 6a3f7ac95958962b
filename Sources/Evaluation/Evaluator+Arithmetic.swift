internal import Bytes
internal import Elfutils
internal import Values

extension Evaluator {
  enum Class {
    case number
    case float
    case boolean
    case pointer
    case other
  }

  func classify(_ type: ValueType) -> Class {
    switch type.stripped.kind {
    case .integer, .character, .enumeration: .number
    case .boolean: .boolean
    case .float: .float
    case .pointer: .pointer
    default: .other
    }
  }

  /// What C makes of an operand that is smaller than an int.
  func promoted(_ type: ValueType) -> ValueType {
    let plain = type.stripped
    switch plain.kind {
    case .boolean: return maker.int
    case .integer, .character, .enumeration:
      let size = plain.byteCount
      let isSigned = FormatText.isSigned(plain)
      if size < 4 { return maker.int }
      if size == 4 { return isSigned ? maker.int : maker.named("unsigned int") }
      if size == 8 { return isSigned ? maker.long : maker.named("unsigned long") }
      return type
    default: return type
    }
  }

  /// What one operator alone makes of its operand: only what is smaller than an int changes.
  private func promotedAlone(_ type: ValueType) -> ValueType {
    switch type.stripped.kind {
    case .boolean, .integer, .character, .enumeration:
      return type.stripped.byteCount < 4 ? maker.int : type.stripped
    default: return type
    }
  }

  /// The type in which two arithmetic operands meet.
  private func common(_ left: ValueType, _ right: ValueType) -> ValueType {
    let (one, two) = (left.stripped, right.stripped)
    if one.kind == .float || two.kind == .float {
      if language == .rust { return maker.named("double") }
      if one.kind != .float { return right }
      if two.kind != .float { return left }
      return one.byteCount >= two.byteCount ? left : right
    }
    let (a, b) = (promoted(left), promoted(right))
    let (sizeA, sizeB) = (a.stripped.byteCount, b.stripped.byteCount)
    if sizeA > 8 || sizeB > 8 { return sizeA >= sizeB ? a : b }
    let isUnsigned: Bool
    if sizeA == sizeB {
      isUnsigned = !FormatText.isSigned(a.stripped) || !FormatText.isSigned(b.stripped)
    } else {
      isUnsigned = !FormatText.isSigned((sizeA > sizeB ? a : b).stripped)
    }
    switch max(sizeA, sizeB) {
    // gdb has C's rules for C only; elsewhere everything meets in a long.
    case ...4 where language == .rust: return isUnsigned ? maker.named("unsigned long") : maker.long
    case ...4: return isUnsigned ? maker.named("unsigned int") : maker.int
    default: return isUnsigned ? maker.named("unsigned long") : maker.long
    }
  }

  /// The type of a comparison or a logical operator.
  var truth: ValueType { isCxx || language == .rust ? maker.named("bool") : maker.int }

  // MARK: Binary

  func binary(_ code: String, _ left: Value, _ right: Value) throws(EvaluationFailure) -> Value {
    switch code {
    case "==", "!=", "<", ">", "<=", ">=": return try compared(code, left, right)
    case ",": return right
    default: return try arithmetic(code, left, right)
    }
  }

  func arithmetic(_ code: String, _ first: Value, _ second: Value) throws(EvaluationFailure) -> Value {
    let left = try decayed(first)
    let right = try decayed(second)
    try refuseStructures(code, left, right)
    let (one, two) = (classify(left.type), classify(right.type))
    if code == "+" || code == "-", one == .pointer || two == .pointer {
      return try pointerArithmetic(code, left, right, one, two)
    }
    try refuseUnknown(left)
    try refuseUnknown(right)
    guard one != .other, two != .other else {
      throw EvaluationFailure("Argument to arithmetic operation not a number or boolean.")
    }
    if one == .boolean, two == .boolean {
      switch code {
      case "&", "|", "^":
        let (a, b) = (try number(left), try number(right))
        return Value(left.type, number: code == "&" ? a & b : code == "|" ? a | b : a ^ b)
      default: throw EvaluationFailure("Invalid operation on booleans.")
      }
    }
    if one == .float || two == .float { return try floatArithmetic(code, left, right) }
    // Pointers that were no arrays are numbers here.
    if first.type.stripped.kind == .array || second.type.stripped.kind == .array {
      throw EvaluationFailure("Argument to arithmetic operation not a number or boolean.")
    }
    var type = one == .pointer || two == .pointer ? maker.long : common(left.type, right.type)
    if code == "<<" || code == ">>", one != .pointer {
      if two == .boolean { throw EvaluationFailure("Invalid operation on booleans.") }
      type = promotedAlone(left.type)
    }
    let isShift = code == "<<" || code == ">>"
    guard type.stripped.byteCount <= 8 else {
      throw EvaluationFailure("That operation is not available on integers of more than 8 bytes.")
    }
    let (a, b) = (try number(left), try number(right))
    let width = UInt64(type.stripped.byteCount * 8)
    let isSigned = FormatText.isSigned(type.stripped)
    let result: UInt64
    switch code {
    case "+": result = a &+ b
    case "-": result = a &- b
    case "*": result = a &* b
    case "/", "%":
      if wantsTypesOnly { return Value(type, number: 0) }
      guard truncated(b, width) != 0 else { throw EvaluationFailure("Division by zero") }
      result = divided(code, extended(a, width, isSigned), extended(b, width, isSigned), isSigned)
    case "&": result = a & b
    case "|": result = a | b
    case "^": result = a ^ b
    default:
      guard isShift else { throw EvaluationFailure.syntax(near: code) }
      result = shifted(code, a, b, width, isSigned, count: right)
    }
    return Value(type, number: result)
  }

  private func truncated(_ number: UInt64, _ width: UInt64) -> UInt64 {
    width >= 64 ? number : number & ((1 << width) - 1)
  }

  private func extended(_ number: UInt64, _ width: UInt64, _ isSigned: Bool) -> UInt64 {
    guard width < 64 else { return number }
    let unused = 64 - width
    return isSigned
      ? UInt64(bitPattern: Int64(bitPattern: number << unused) >> Int64(unused))
      : (number << unused) >> unused
  }

  private func divided(_ code: String, _ left: UInt64, _ right: UInt64, _ isSigned: Bool) -> UInt64 {
    guard isSigned else { return code == "/" ? left / right : left % right }
    let (a, b) = (Int64(bitPattern: left), Int64(bitPattern: right))
    return UInt64(
      bitPattern: code == "/"
        ? a.dividedReportingOverflow(by: b).partialValue
        : a.remainderReportingOverflow(dividingBy: b).partialValue)
  }

  private func shifted(
    _ code: String, _ left: UInt64, _ by: UInt64, _ width: UInt64, _ isSigned: Bool, count: Value
  ) -> UInt64 {
    let word = code == "<<" ? "left" : "right"
    if FormatText.isSigned(count.type.stripped), Int64(bitPattern: by) < 0 {
      warnings.append("warning: \(word) shift count is negative")
      return 0
    }
    let value = extended(left, width, isSigned)
    guard by < width else {
      warnings.append("warning: \(word) shift count >= width of type")
      return code == ">>" && isSigned && Int64(bitPattern: value) < 0 ? .max : 0
    }
    if code == "<<" { return value << by }
    return isSigned ? UInt64(bitPattern: Int64(bitPattern: value) >> Int64(by)) : value >> by
  }

  private func refuseStructures(_ code: String, _ left: Value, _ right: Value) throws(EvaluationFailure) {
    for value in [left, right] {
      let kind = value.type.stripped.kind
      guard kind == .structure else { continue }
      throw missingOperator(code, value.type.stripped)
    }
  }

  func refuseUnknown(_ value: Value) throws(EvaluationFailure) {
    if let name = value.type.stripped.name, name.hasPrefix("<"), name.hasSuffix("no debug info>") {
      throw unknownType(value.type.stripped, value)
    }
  }

  private func pointerArithmetic(
    _ code: String, _ left: Value, _ right: Value, _ one: Class, _ two: Class
  ) throws(EvaluationFailure) -> Value {
    func step(_ pointer: ValueType) -> UInt64 {
      let target = pointer.stripped.target?.stripped
      guard let target, target.kind != .void, target.kind != .function else { return 1 }
      return max(1, target.byteCount)
    }
    if one == .pointer, two == .pointer {
      let size = step(left.type)
      guard code == "-", size == step(right.type) else {
        throw EvaluationFailure(
          code == "-"
            ? "First argument of `-' is a pointer and second argument is neither\nan integer nor a pointer of the same type."
            : "Argument to arithmetic operation not a number or boolean.")
      }
      let distance = Int64(bitPattern: try number(left) &- number(right))
      return Value(maker.long, number: UInt64(bitPattern: distance / Int64(clamping: size)))
    }
    let (pointer, offset) = one == .pointer ? (left, right) : (right, left)
    guard one == .pointer || code == "+",
      classify(offset.type) == .number || classify(offset.type) == .boolean
    else { throw EvaluationFailure("Argument to arithmetic operation not a number or boolean.") }
    let distance = try number(offset) &* step(pointer.type)
    let base = try number(pointer)
    return Value(pointer.type, number: code == "+" ? base &+ distance : base &- distance)
  }

  // MARK: Floats

  private func floatArithmetic(_ code: String, _ left: Value, _ right: Value) throws(EvaluationFailure)
    -> Value
  {
    let type = common(left.type, right.type)
    let (a, b) = (try float(left), try float(right))
    let result: Float64x
    switch code {
    case "+": result = a + b
    case "-": result = a - b
    case "*": result = a * b
    case "/": result = a / b
    default:
      throw EvaluationFailure("Integer-only operation on floating point number.")
    }
    return floatValue(result, type)
  }

  /// A number as a float of the host's widest format.
  func float(_ value: Value) throws(EvaluationFailure) -> Float64x {
    let plain = value.type.stripped
    guard plain.kind == .float else {
      let number = try number(value)
      return FormatText.isSigned(plain) ? Float64x(Int64(bitPattern: number)) : Float64x(number)
    }
    let bits = FormatText.wide(try bytes(value)[...], order)
    return FloatBits.decode(bits, size: Int(clamping: plain.byteCount))
  }

  func floatValue(_ number: Float64x, _ type: ValueType) -> Value {
    let size = Int(clamping: type.stripped.byteCount)
    let bits = FloatBits.encode(number, size: size)
    var bytes = [UInt8](repeating: 0, count: size)
    for index in 0..<min(16, size) {
      bytes[order == .little ? index : size - 1 - index] = UInt8(
        truncatingIfNeeded: bits >> UInt128(8 * index))
    }
    return Value(type, FetchedValue(.bytes(bytes)))
  }

  // MARK: Comparison

  private func compared(_ code: String, _ first: Value, _ second: Value) throws(EvaluationFailure) -> Value {
    let left = try decayed(first)
    let right = try decayed(second)
    try refuseStructures(code, left, right)
    try refuseUnknown(left)
    try refuseUnknown(right)
    let (one, two) = (classify(left.type), classify(right.type))
    guard one != .other, two != .other else {
      throw EvaluationFailure(
        code == "==" || code == "!="
          ? "Invalid type combination in equality test." : "Invalid type combination in ordering comparison.")
    }
    let holds: Bool
    if one == .float || two == .float {
      holds = order(code, try float(left), try float(right))
    } else {
      let type =
        one == .pointer || two == .pointer ? maker.named("unsigned long") : common(left.type, right.type)
      let (a, b) = (try number(left), try number(right))
      let width = UInt64(min(8, type.stripped.byteCount) * 8)
      let isSigned = FormatText.isSigned(type.stripped)
      let (x, y) = (extended(a, width, isSigned), extended(b, width, isSigned))
      holds = isSigned ? order(code, Int64(bitPattern: x), Int64(bitPattern: y)) : order(code, x, y)
    }
    return Value(truth, number: holds ? 1 : 0)
  }

  private func order<Number: Comparable>(_ code: String, _ left: Number, _ right: Number) -> Bool {
    switch code {
    case "==": left == right
    case "!=": left != right
    case "<": left < right
    case ">": left > right
    case "<=": left <= right
    default: left >= right
    }
  }

  // MARK: Unary

  func isTrue(_ original: Value) throws(EvaluationFailure) -> Bool {
    let value = try decayed(original)
    try refuseUnknown(value)
    switch classify(value.type) {
    case .float: return try float(value) != 0
    case .other:
      if value.type.stripped.kind == .structure { throw missingOperator("!", value.type.stripped) }
      return try bytes(value).contains { $0 != 0 }
    default: return try number(value) != 0
    }
  }

  /// Rust's `!`: of a boolean its opposite, of an integer its complement.
  private func rustNot(_ original: Value) throws(EvaluationFailure) -> Value {
    let value = try unreferenced(original)
    switch classify(value.type) {
    case .boolean: return Value(value.type, number: try number(value) == 0 ? 1 : 0)
    case .number: return Value(value.type, number: ~(try number(value)))
    default: throw EvaluationFailure("Argument to complement operation not an integer, boolean.")
    }
  }

  func unary(_ code: String, _ original: Value) throws(EvaluationFailure) -> Value {
    if code == "*" { return try dereferenced(original) }
    if code == "&" { return try address(of: original) }
    if code == "!", language == .rust { return try rustNot(original) }
    if code == "!" { return Value(truth, number: try isTrue(original) ? 0 : 1) }
    let value = try unreferenced(original)
    try refuseUnknown(value)
    let kind = classify(value.type)
    if kind == .float, code != "~" {
      return code == "-" ? floatValue(-(try float(value)), value.type) : value
    }
    guard kind == .number || kind == .boolean else {
      if value.type.stripped.kind == .structure { throw missingOperator(code, value.type.stripped) }
      throw EvaluationFailure(
        code == "-"
          ? "Argument to negate operation not a number."
          : code == "+"
            ? "Argument to positive operation not a number."
            : "Argument to complement operation not an integer, boolean.")
    }
    var type = promotedAlone(value.type)
    // A small number without a sign gets room for one.
    if language == .rust, code == "-", type.stripped.byteCount < 4 { type = maker.named("i32") }
    let number = try number(value)
    switch code {
    case "-": return Value(type, number: 0 &- number)
    case "~": return Value(type, number: ~number)
    default: return Value(type, number: number)
    }
  }
}
