/// The operators that take numbers from the stack and leave one (DWARF 5, 2.5.1.4), total over all inputs.
enum Arithmetic {
  static func unary(_ code: Operator, _ value: TypedValue, wordSize: Int) throws(EvaluationError)
    -> TypedValue
  {
    if value.isFloat {
      guard let number = value.float else { throw .unsupported("float of an unknown format") }
      let result: TypedValue? =
        switch code {
        case .abs: value.with(float: number.magnitude)
        // gdb subtracts from zero: of 0 and of NaN the sign stays.
        case .neg: value.with(float: 0 - number)
        default: nil
        }
      guard let result else { throw .unsupported("bits of a float") }
      return result
    }
    switch code {
    case .abs:
      // The generic type counts as signed here; other unsigned numbers are their own magnitude.
      guard value.isSigned || value.type == nil else { return value }
      return value.with(value.signed(wordSize: wordSize).magnitude, wordSize: wordSize)
    case .neg: return value.with(0 &- value.bits, wordSize: wordSize)
    default: return value.with(~value.bits, wordSize: wordSize)
    }
  }

  /// `left` was pushed first.
  static func binary(
    _ code: Operator, _ left: TypedValue, _ right: TypedValue, wordSize: Int
  ) throws(EvaluationError) -> TypedValue {
    switch code {
    case .shl, .shr, .shra: return try shift(code, left, right, wordSize: wordSize)
    case .eq, .ge, .gt, .le, .lt, .ne: return try compare(code, left, right, wordSize: wordSize)
    default: break
    }
    guard left.type == right.type else { throw .unsupported("Incompatible types on DWARF stack") }
    if left.isFloat { return try float(code, left, right) }
    // gdb's arithmetic ends at eight bytes, and the variable becomes this text.
    guard left.width(wordSize: wordSize) <= 64 else {
      throw .unsupported("That operation is not available on integers of more than 8 bytes.")
    }
    let isSigned = left.isSigned
    switch code {
    case .and: return left.with(left.bits & right.bits, wordSize: wordSize)
    case .or: return left.with(left.bits | right.bits, wordSize: wordSize)
    case .xor: return left.with(left.bits ^ right.bits, wordSize: wordSize)
    case .plus: return left.with(left.bits &+ right.bits, wordSize: wordSize)
    case .minus: return left.with(left.bits &- right.bits, wordSize: wordSize)
    case .mul: return left.with(left.bits &* right.bits, wordSize: wordSize)
    case .div, .mod:
      guard right.bits != 0 else { throw .unsupported("Division by zero") }
      // Division is signed for the generic type, the remainder is not (DWARF 5, 2.5.1.4).
      if isSigned || (left.type == nil && code == .div) {
        let over = left.signed(wordSize: wordSize)
        let under = right.signed(wordSize: wordSize)
        let result =
          code == .div
          ? over.dividedReportingOverflow(by: under).partialValue
          : over.remainderReportingOverflow(dividingBy: under).partialValue
        return left.with(UInt128(truncatingIfNeeded: result), wordSize: wordSize)
      }
      return left.with(
        code == .div ? left.bits / right.bits : left.bits % right.bits, wordSize: wordSize)
    default: throw .unsupported("operator")
    }
  }

  private static func float(
    _ code: Operator, _ left: TypedValue, _ right: TypedValue
  ) throws(EvaluationError) -> TypedValue {
    guard let one = left.float, let two = right.float else {
      throw .unsupported("float of an unknown format")
    }
    let result: TypedValue? =
      switch code {
      case .plus: left.with(float: one + two)
      case .minus: left.with(float: one - two)
      case .mul: left.with(float: one * two)
      case .div: left.with(float: one / two)
      default: nil
      }
    guard let result else { throw .unsupported("bits of a float") }
    return result
  }

  private static func shift(
    _ code: Operator, _ left: TypedValue, _ right: TypedValue, wordSize: Int
  ) throws(EvaluationError) -> TypedValue {
    guard !left.isFloat, !right.isFloat else { throw .unsupported("shift of a float") }
    // Swift's `<<` and `>>` are defined for every count; counts beyond the width shift everything out.
    let count = UInt128(UInt64(clamping: right.bits))
    switch code {
    case .shl: return left.with(left.bits << count, wordSize: wordSize)
    case .shr: return left.with(left.bits >> count, wordSize: wordSize)
    default:
      let shifted = left.signed(wordSize: wordSize) >> Int128(Int64(clamping: count))
      return left.with(UInt128(truncatingIfNeeded: shifted), wordSize: wordSize)
    }
  }

  /// Comparisons are signed for the generic type and leave a generic 0 or 1.
  private static func compare(
    _ code: Operator, _ left: TypedValue, _ right: TypedValue, wordSize: Int
  ) throws(EvaluationError) -> TypedValue {
    guard left.type == right.type else { throw .unsupported("Incompatible types on DWARF stack") }
    let holds: Bool
    if left.isFloat {
      guard let one = left.float, let two = right.float else {
        throw .unsupported("float of an unknown format")
      }
      holds = compare(code, one, two)
    } else if left.isSigned || left.type == nil {
      holds = compare(code, left.signed(wordSize: wordSize), right.signed(wordSize: wordSize))
    } else {
      holds = compare(code, left.bits, right.bits)
    }
    return TypedValue(generic: holds ? 1 : 0)
  }

  private static func compare<Number: Comparable>(_ code: Operator, _ one: Number, _ two: Number) -> Bool {
    switch code {
    case .eq: one == two
    case .ge: one >= two
    case .gt: one > two
    case .le: one <= two
    case .lt: one < two
    default: one != two
    }
  }
}
