internal import Elfutils
internal import Bytes

/// Numbers of at most eight bytes as text: the values that need neither memory nor symbols.
enum ScalarText {
  /// Appends a number of a type without typedefs (`plain`); `false`, and nothing, if it is none of these kinds.
  static func append(
    _ number: UInt64, _ type: ValueType, _ plain: ValueType, _ language: Language,
    into output: inout TextBuffer
  ) -> Bool {
    switch plain.kind {
    case .integer(let isSigned), .character(let isSigned):
      let value = extended(number, plain, isSigned: isSigned)
      if isSigned { output.append(decimal: Int64(bitPattern: value)) } else { output.append(decimal: value) }
      if let text = type.text, isText(text, plain, language) {
        output.append(byte: 0x20)
        if language == .rust {
          StringText.append(rustCharacter: value & mask(plain), into: &output)
        } else {
          output.append(text.prefix)
          StringText.append(character: value & mask(plain), text, into: &output)
        }
      }
    case .boolean:
      switch number {
      case 0 where language == .fortran: output.append(".FALSE." as StaticString)
      case 1 where language == .fortran: output.append(".TRUE." as StaticString)
      case 0: output.append("false" as StaticString)
      case 1: output.append("true" as StaticString)
      default: output.append(decimal: number)
      }
    case .float:
      guard let format = plain.floatFormat else { return false }
      format.append(UInt128(number), into: &output)
    case .decimalFloat:
      return DecimalFloatText.append(
        UInt128(number), size: Int(clamping: plain.declaredSize), into: &output)
    // gdb takes a variable without a type for an int.
    case .void: output.append(decimal: Int64(bitPattern: number))
    default: return false
    }
    return true
  }

  /// Rust's u8 and i8 are numbers; in C every integer of one byte is a character.
  private static func isText(_ text: ValueType.Text, _ plain: ValueType, _ language: Language) -> Bool {
    // Characters of Fortran are strings.
    if language == .fortran || language == .d && text != .narrow { return false }
    guard language == .rust, text == .narrow else { return true }
    if case .character = plain.kind { return true }
    return false
  }

  private static func width(_ plain: ValueType) -> UInt64 {
    let storage = min(max(plain.declaredSize, 1), 8) * 8
    guard let bits = plain.declaredBits, bits >= 1, bits < storage else { return storage }
    return bits
  }

  private static func mask(_ plain: ValueType) -> UInt64 {
    let width = width(plain)
    return width == 64 ? .max : (1 << width) - 1
  }

  /// The number as 64 bits, by the sign and width of its type.
  static func extended(_ number: UInt64, _ plain: ValueType, isSigned: Bool) -> UInt64 {
    let unused = 64 - width(plain)
    if isSigned { return UInt64(bitPattern: (Int64(bitPattern: number) << Int64(unused)) >> Int64(unused)) }
    return (number << unused) >> unused
  }
}
