/// Literals: reading and gdb's spelling of them.
extension CxxGrammar {
  /// `5`, `-5l`, `0x10u`, `1.5f`. Letters that are no suffix stay, as gdb lets them.
  mutating func number() throws(Rejected) -> Literal {
    var literal = Literal(type: [], digits: [])
    if peek() == UInt8(ascii: "-") {
      literal.negative = true
      at += 1
    }
    guard Self.isDigit(peek()) || peek() == UInt8(ascii: ".") && Self.isDigit(peek(1)) else {
      throw Rejected()
    }
    let start = at
    let hexadecimal = peek() == UInt8(ascii: "0") && peek(1) | 0x20 == UInt8(ascii: "x")
    var float = false
    while at < text.count {
      let byte = text[at]
      let exponent = !hexadecimal && at > start && text[at - 1] | 0x20 == UInt8(ascii: "e")
      if byte == UInt8(ascii: ".") || exponent { float = true }
      let sign = exponent && (byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"))
      guard Self.isWordByte(byte) || byte == UInt8(ascii: ".") || sign else { break }
      at += 1
    }
    literal.digits = Array(text[start..<at])
    literal.isInteger = !float
    literal.type = Array(
      (float ? Self.takeFloatType(&literal.digits) : Self.takeIntegerType(&literal.digits)).utf8)
    guard !float || literal.digits.last.map({ Self.isDigit($0) || $0 == UInt8(ascii: ".") }) == true else {
      throw Rejected()
    }
    return literal
  }

  private static func takeIntegerType(_ digits: inout [UInt8]) -> String {
    var unsigned = false
    var long = 0
    while let last = digits.last {
      if last | 0x20 == UInt8(ascii: "u") {
        unsigned = true
      } else if last | 0x20 == UInt8(ascii: "l") {
        long += 1
      } else {
        break
      }
      digits.removeLast()
    }
    return switch (unsigned, long) {
    case (false, 0): "int"
    case (true, 0): "unsigned int"
    case (false, 1): "long"
    case (true, 1): "unsigned long"
    case (false, _): "long long"
    case (true, _): "unsigned long long"
    }
  }

  private static func takeFloatType(_ digits: inout [UInt8]) -> String {
    switch digits.last.map({ $0 | 0x20 }) {
    case UInt8(ascii: "f"):
      digits.removeLast()
      return "float"
    case UInt8(ascii: "l"):
      digits.removeLast()
      return "long double"
    default: return "double"
    }
  }

  /// `'c'`, `'\n'`, `'\012'`; kept as written.
  mutating func character() throws(Rejected) -> Literal {
    let start = at
    at += 1
    if peek() == UInt8(ascii: "\\") {
      at += 1
      if peek() >= UInt8(ascii: "0"), peek() <= UInt8(ascii: "7") {
        var count = 0
        while count < 3, peek() >= UInt8(ascii: "0"), peek() <= UInt8(ascii: "7") {
          at += 1
          count += 1
        }
      } else {
        // gdb knows no hexadecimal or universal escapes.
        guard ![UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "U")].contains(peek()) else {
          throw Rejected()
        }
        at += 1
      }
    } else {
      guard peek() != UInt8(ascii: "'") else { throw Rejected() }
      at += 1
    }
    guard peek() == UInt8(ascii: "'") else { throw Rejected() }
    at += 1
    return Literal(type: Array("char".utf8), digits: Array(text[start..<at]))
  }

  /// The spelling its type asks for: `5ul`, `true`, `(E)-1`, `(float)[1.5]`.
  mutating func write(_ literal: Literal) {
    var suffix = ""
    switch String(decoding: literal.type, as: UTF8.self) {
    case "int": break
    case "unsigned int": suffix = "u"
    case "long": suffix = "l"
    case "unsigned long": suffix = "ul"
    case "long long": suffix = "ll"
    case "unsigned long long": suffix = "ull"
    case "bool" where !literal.negative && literal.digits == [UInt8(ascii: "0")]: return append("false")
    case "bool" where !literal.negative && literal.digits == [UInt8(ascii: "1")]: return append("true")
    case let type:
      append("(\(type))")
      if ["float", "double", "long double"].contains(type) {
        append(literal.negative ? "-[" : "[")
        out.append(contentsOf: literal.digits)
        return append("]")
      }
    }
    if literal.negative { append("-") }
    out.append(contentsOf: literal.digits)
    append(suffix)
  }
}
