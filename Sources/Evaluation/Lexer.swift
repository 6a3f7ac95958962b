/// The tokens of an expression, read one after another; where each starts, for gdb's syntax errors.
struct Lexer {
  enum Token: Equatable {
    case number(String)
    /// The characters of a string and what stands in front of its quotes.
    case string([UInt32], prefix: String)
    case character([UInt32], prefix: String)
    case name(String)
    /// `$NAME`, `$1`, `$$2`, without the first dollar.
    case dollar(String)
    case symbol(String)
    case end
  }

  let bytes: [UInt8]
  private(set) var at = 0
  private(set) var token = Token.end
  /// Where the current token starts, and where the one before it ended.
  private(set) var start = 0
  private(set) var previousEnd = 0

  /// Expressions longer than this are refused: they are not written by people.
  static let maximumLength = 65536

  /// Rust's tuples have members that are numbers.
  private let isRust: Bool

  init(_ text: String, isRust: Bool = false) throws(EvaluationFailure) {
    bytes = Array(text.utf8)
    self.isRust = isRust
    guard bytes.count <= Self.maximumLength else { throw EvaluationFailure("Expression too long.") }
    try advance()
  }

  /// What is left from the current token on.
  var rest: String { String(decoding: bytes[min(start, bytes.count)...], as: UTF8.self) }

  struct Mark {
    fileprivate var at: Int
    fileprivate var token: Token
    fileprivate var start: Int
    fileprivate var previousEnd: Int
  }

  var mark: Mark { Mark(at: at, token: token, start: start, previousEnd: previousEnd) }

  mutating func reset(_ mark: Mark) {
    (at, token, start, previousEnd) = (mark.at, mark.token, mark.start, mark.previousEnd)
  }

  private func peek(_ distance: Int = 0) -> UInt8 { at + distance < bytes.count ? bytes[at + distance] : 0 }

  private static func isNameStart(_ byte: UInt8) -> Bool {
    (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x5f || byte >= 0x80
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    isNameStart(byte) || isDigit(byte) || byte == 0x24
  }

  private static let symbols = [
    "<<=", ">>=", "->*", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "::", "+=",
    "-=", "*=", "/=", "%=", "&=", "|=", "^=", ".*",
  ]

  mutating func advance() throws(EvaluationFailure) {
    previousEnd = at
    while at < bytes.count, [0x20, 0x09, 0x0a].contains(bytes[at]) { at += 1 }
    start = at
    guard at < bytes.count else {
      token = .end
      return
    }
    let first = peek()
    if isRust, token == .symbol("."), Self.isDigit(first) {
      let begin = at
      while Self.isDigit(peek()) { at += 1 }
      token = .number(String(decoding: bytes[begin..<at], as: UTF8.self))
      return
    }
    if Self.isDigit(first) || (first == 0x2e && !isRust && Self.isDigit(peek(1))) { return readNumber() }
    if first == 0x24 {
      at += 1
      let begin = at
      while Self.isNamePart(peek()) || peek() == 0x24 { at += 1 }
      token = .dollar(String(decoding: bytes[begin..<at], as: UTF8.self))
      return
    }
    if Self.isNameStart(first) {
      let begin = at
      while Self.isNamePart(peek()) { at += 1 }
      let name = String(decoding: bytes[begin..<at], as: UTF8.self)
      if ["L", "u", "U"].contains(name), peek() == 0x22 || peek() == 0x27 {
        return try readQuoted(prefix: name)
      }
      token = .name(name)
      return
    }
    if first == 0x22 || first == 0x27 { return try readQuoted(prefix: "") }
    for symbol in Self.symbols
    where !(isRust && (symbol == "--" || symbol == "++")) && bytes[at...].starts(with: symbol.utf8) {
      at += symbol.utf8.count
      token = .symbol(symbol)
      return
    }
    guard "+-*/%&|^~!<>=?:,.()[]{}@".utf8.contains(first) else {
      throw EvaluationFailure("Invalid character '\(Character(Unicode.Scalar(first)))' in expression.")
    }
    at += 1
    token = .symbol(String(Character(Unicode.Scalar(first))))
  }

  private mutating func readNumber() {
    let begin = at
    let isHex = peek() == 0x30 && (peek(1) == 0x78 || peek(1) == 0x58)
    while at < bytes.count {
      let byte = bytes[at]
      if Self.isDigit(byte) || Self.isNameStart(byte) && byte < 0x80 || byte == 0x2e {
        at += 1
        continue
      }
      // A sign belongs to a number only behind its exponent.
      guard byte == 0x2b || byte == 0x2d, at > begin, !isHex, bytes[at - 1] == 0x65 || bytes[at - 1] == 0x45
      else { break }
      at += 1
    }
    token = .number(String(decoding: bytes[begin..<at], as: UTF8.self))
  }

  // MARK: Quotes

  private mutating func readQuoted(prefix: String) throws(EvaluationFailure) {
    let quote = peek()
    let opening = at
    at += 1
    var units: [UInt32] = []
    while true {
      guard at < bytes.count else {
        at = opening
        throw EvaluationFailure(
          quote == 0x22 ? "Unterminated string in expression." : "Unmatched single quote.")
      }
      let byte = bytes[at]
      if byte == quote { break }
      if byte == 0x5c {
        at += 1
        units.append(readEscape())
      } else if prefix.isEmpty {
        units.append(UInt32(byte))
        at += 1
      } else {
        let length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
        let text = String(decoding: bytes[at..<min(at + length, bytes.count)], as: UTF8.self)
        units.append(text.unicodeScalars.first?.value ?? UInt32(byte))
        at = min(at + length, bytes.count)
      }
    }
    at += 1
    guard quote == 0x27 else {
      token = .string(units, prefix: prefix)
      return
    }
    if units.isEmpty {
      throw EvaluationFailure("A character constant must contain at least one character.")
    }
    token = .character(units, prefix: prefix)
  }

  /// The text between the quotes of the current token as it stands, for quoted names.
  var quoted: String { String(decoding: bytes[min(start + 1, at)..<max(start + 1, at - 1)], as: UTF8.self) }

  private mutating func readEscape() -> UInt32 {
    let byte = peek()
    guard byte != 0 else { return 0x5c }
    at += 1
    switch byte {
    case UInt8(ascii: "n"): return 10
    case UInt8(ascii: "t"): return 9
    case UInt8(ascii: "r"): return 13
    case UInt8(ascii: "a"): return 7
    case UInt8(ascii: "b"): return 8
    case UInt8(ascii: "f"): return 12
    case UInt8(ascii: "v"): return 11
    case UInt8(ascii: "e"): return 27
    case UInt8(ascii: "x"):
      var value: UInt32 = 0
      while let digit = Character(Unicode.Scalar(peek())).hexDigitValue, peek() != 0 {
        value = value &* 16 &+ UInt32(digit)
        at += 1
      }
      return value
    case 0x30...0x37:
      var value = UInt32(byte - 0x30)
      var count = 1
      while count < 3, (0x30...0x37).contains(peek()) {
        value = value * 8 + UInt32(peek() - 0x30)
        at += 1
        count += 1
      }
      return value
    default: return UInt32(byte)
    }
  }
}
