internal import Bytes
internal import Evaluation

/// `printf "FORMAT", VALUES`.
enum FormattedOutput {
  static let commands: [String: Commands.Action] = ["printf": run]

  /// A piece of the format: text, or a conversion with its flags.
  private enum Piece {
    case text([UInt8])
    case conversion(flags: String, letter: UInt8, isLong: Bool)
  }

  static func run(_ session: Session, _ line: String) throws(CommandError) {
    guard !line.isEmpty else {
      throw CommandError("Argument required (format-control string and values to print).")
    }
    guard line.hasPrefix("\"") else { throw CommandError("Bad format string, missing '\"'.") }
    var bytes = Array(line.utf8).dropFirst()
    let pieces = try format(&bytes)
    var rest = String(decoding: bytes, as: UTF8.self).trimmingBlanks
    if !rest.isEmpty {
      guard rest.hasPrefix(",") else { throw CommandError("Invalid argument syntax") }
      rest = String(rest.dropFirst())
    }
    let wanted = pieces.count {
      if case .conversion = $0 { true } else { false }
    }
    try session.evaluating { evaluator throws(EvaluationFailure) in
      var arguments = rest.isEmpty ? [][...] : try evaluator.evaluateList(rest)[...]
      guard arguments.count == wanted else {
        throw EvaluationFailure("Wrong number of arguments for specified format-string")
      }
      var text = TextBuffer()
      for piece in pieces {
        switch piece {
        case .text(let bytes): text.append(bytes: bytes)
        case .conversion(let flags, let letter, _):
          guard let value = arguments.popFirst() else { break }
          text.append(bytes: try converted(value, flags, letter, evaluator))
        }
      }
      session.output.append(text)
    }
  }

  private static func format(_ bytes: inout ArraySlice<UInt8>) throws(CommandError) -> [Piece] {
    var pieces: [Piece] = []
    var text: [UInt8] = []
    while true {
      guard let byte = bytes.popFirst() else { throw CommandError("Bad format string, non-terminated '\"'") }
      if byte == 0x22 { break }
      if byte == 0x5c {
        try escape(&bytes, into: &text)
        continue
      }
      guard byte == 0x25 else {
        text.append(byte)
        continue
      }
      if bytes.first == 0x25 {
        bytes.removeFirst()
        text.append(0x25)
        continue
      }
      if !text.isEmpty { pieces.append(.text(text)) }
      text = []
      let flags = flags(&bytes)
      guard bytes.first != UInt8(ascii: "*") else {
        throw CommandError("`*' not supported for precision or width in printf")
      }
      var isLong = false
      while let next = bytes.first, "hlLzjtwHD".utf8.contains(next) {
        isLong = isLong || next == 0x6c || next == 0x7a || next == 0x6a || next == 0x74
        bytes.removeFirst()
      }
      guard let letter = bytes.popFirst(), letter != 0x22 else {
        throw CommandError("Incomplete format specifier at end of format string")
      }
      guard "diouxXcspeEfFgGaA".utf8.contains(letter) else {
        throw CommandError("Unrecognized format specifier '\(Character(Unicode.Scalar(letter)))' in printf")
      }
      pieces.append(.conversion(flags: flags, letter: letter, isLong: isLong))
    }
    if !text.isEmpty { pieces.append(.text(text)) }
    return pieces
  }

  /// Flags, the width, and a point with the precision, in that order: elsewhere they are no part of a conversion.
  private static func flags(_ bytes: inout ArraySlice<UInt8>) -> String {
    var end = bytes.startIndex
    func pass(_ characters: String) {
      while end < bytes.endIndex, characters.utf8.contains(bytes[end]) { end += 1 }
    }
    pass("-+ #0")
    pass("0123456789")
    if end < bytes.endIndex, bytes[end] == UInt8(ascii: ".") {
      end += 1
      pass("0123456789")
    }
    defer { bytes = bytes[end...] }
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  private static func escape(_ bytes: inout ArraySlice<UInt8>, into text: inout [UInt8]) throws(CommandError)
  {
    guard let byte = bytes.popFirst() else { throw CommandError("Bad format string, non-terminated '\"'") }
    if byte == 0x22 || byte == 0x5c {
      text.append(byte)
    } else if let control = Escapes.control(byte) {
      text.append(control)
    } else {
      throw CommandError(
        "Unrecognized escape character \\\(Character(Unicode.Scalar(byte))) in format string.")
    }
  }

  // MARK: Conversions

  private static func converted(
    _ value: Value, _ flags: String, _ letter: UInt8, _ evaluator: Evaluator
  ) throws(EvaluationFailure) -> [UInt8] {
    let shape = Shape(flags)
    switch letter {
    case UInt8(ascii: "s"):
      var bytes = try evaluator.characters(value)
      if let precision = shape.precision { bytes = Array(bytes.prefix(precision)) }
      return shape.padded(bytes)
    case UInt8(ascii: "c"):
      return shape.padded([UInt8(truncatingIfNeeded: try evaluator.number(ofAddress: value))])
    case UInt8(ascii: "p"):
      let number = try evaluator.number(ofAddress: value)
      return shape.padded(Array((number == 0 ? "(nil)" : number.hexadecimal).utf8))
    case UInt8(ascii: "d"), UInt8(ascii: "i"):
      let number = Int64(bitPattern: try evaluator.number(ofAddress: value))
      return shape.number(String(number.magnitude), isNegative: number < 0, prefix: "")
    case UInt8(ascii: "u"):
      return shape.number(String(try unsigned(value, evaluator)), isNegative: false, prefix: "")
    case UInt8(ascii: "o"):
      return shape.number(
        String(try unsigned(value, evaluator), radix: 8), isNegative: false,
        prefix: shape.isAlternate ? "0" : "")
    case UInt8(ascii: "x"), UInt8(ascii: "X"):
      let isUpper = letter == UInt8(ascii: "X")
      let digits = String(try unsigned(value, evaluator), radix: 16, uppercase: isUpper)
      return shape.number(digits, isNegative: false, prefix: shape.isAlternate ? (isUpper ? "0X" : "0x") : "")
    default:
      let text = try evaluator.floatText(value, letter: letter, precision: shape.precision)
      return shape.number(
        text.hasPrefix("-") ? String(text.dropFirst()) : text, isNegative: text.hasPrefix("-"), prefix: "",
        isFloat: true)
    }
  }

  private static func unsigned(_ value: Value, _ evaluator: Evaluator) throws(EvaluationFailure) -> UInt64 {
    let number = try evaluator.number(ofAddress: value)
    let size = evaluator.size(of: value)
    return size >= 8 ? number : number & ((1 << UInt64(8 * size)) - 1)
  }

  /// Width, precision and flags of a conversion.
  private struct Shape {
    var isLeft = false
    var isZero = false
    var hasPlus = false
    var hasBlank = false
    var isAlternate = false
    var width = 0
    var precision: Int?

    init(_ text: String) {
      var rest = text[...]
      while let flag = rest.first, "-+ #0".contains(flag) {
        switch flag {
        case "-": isLeft = true
        case "+": hasPlus = true
        case " ": hasBlank = true
        case "#": isAlternate = true
        default: isZero = true
        }
        rest = rest.dropFirst()
      }
      let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
      width = min(Int(parts.first ?? "") ?? 0, 65536)
      if parts.count > 1 { precision = min(Int(parts[1]) ?? 0, 4096) }
    }

    func padded(_ bytes: [UInt8]) -> [UInt8] {
      let fill = [UInt8](repeating: 0x20, count: max(0, width - bytes.count))
      return isLeft ? bytes + fill : fill + bytes
    }

    func number(_ digits: String, isNegative: Bool, prefix: String, isFloat: Bool = false) -> [UInt8] {
      var body = digits
      if !isFloat, let precision, body.utf8.count < precision {
        body = String(repeating: "0", count: precision - body.utf8.count) + body
      }
      let head = (isNegative ? "-" : hasPlus ? "+" : hasBlank ? " " : "") + prefix
      if isZero, !isLeft, isFloat || precision == nil {
        let fill = max(0, width - head.utf8.count - body.utf8.count)
        return Array((head + String(repeating: "0", count: fill) + body).utf8)
      }
      return padded(Array((head + body).utf8))
    }
  }
}
