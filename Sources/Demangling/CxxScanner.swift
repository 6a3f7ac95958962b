/// The lexical half of the grammar: blanks, single tokens, words.
extension CxxGrammar {
  /// What a word means when it stands where a name could begin.
  enum Word {
    case integer(IntegerWords)
    case plainType
    case qualifier(Qualifiers)
    case operatorWord
    case value(StaticString)
    case sizeOf
    case namedCast
    case reserved
  }

  /// `const`, `volatile`, `restrict` in the order gdb writes them.
  struct Qualifiers: OptionSet {
    let rawValue: UInt8
    static let const = Self(rawValue: 1)
    static let volatile = Self(rawValue: 2)
    static let restrict = Self(rawValue: 4)
  }

  /// The words the grammar does not take as identifiers; every other word is one, C++ keyword or not.
  private static let words: [String: Word] = [
    "int": .integer(.int), "char": .integer(.char), "short": .integer(.short), "long": .integer(.long),
    "unsigned": .integer(.unsigned), "signed": .integer(.signed), "double": .integer(.double),
    "bool": .plainType, "float": .plainType, "void": .plainType, "wchar_t": .plainType,
    "const": .qualifier(.const), "volatile": .qualifier(.volatile), "restrict": .qualifier(.restrict),
    "operator": .operatorWord, "true": .value("1"), "false": .value("0"), "sizeof": .sizeOf,
    "static_cast": .namedCast, "dynamic_cast": .namedCast, "reinterpret_cast": .namedCast,
    "class": .reserved, "struct": .reserved, "union": .reserved, "enum": .reserved, "new": .reserved,
    "delete": .reserved, "template": .reserved,
  ]

  /// A letter, digit, `_`, `$` or any byte of a non-ASCII character.
  static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...0xFF:
      true
    default: false
    }
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  func peek(_ ahead: Int = 0) -> UInt8 { at + ahead < text.count ? text[at + ahead] : 0 }

  mutating func skipBlanks() {
    while at < text.count, text[at] == UInt8(ascii: " ") || (9...13).contains(text[at]) { at += 1 }
  }

  func matches(_ token: StaticString, at offset: Int) -> Bool {
    let bytes = token.description.utf8
    return offset + bytes.count <= text.count && text[offset..<offset + bytes.count].elementsEqual(bytes)
  }

  /// Skips blanks and reads `token` if it is next.
  mutating func accept(_ token: StaticString) -> Bool {
    skipBlanks()
    guard matches(token, at: at) else { return false }
    at += token.utf8CodeUnitCount
    return true
  }

  mutating func expect(_ byte: UInt8) throws(Rejected) {
    skipBlanks()
    guard peek() == byte else { throw Rejected() }
    at += 1
  }

  mutating func append(_ token: String) { out.append(contentsOf: token.utf8) }

  mutating func append(_ qualifiers: Qualifiers) {
    if qualifiers.contains(.const) { append(" const") }
    if qualifiers.contains(.volatile) { append(" volatile") }
    if qualifiers.contains(.restrict) { append(" restrict") }
  }

  /// Reads cv-qualifiers in any order and number.
  mutating func qualifiers() -> Qualifiers {
    var found: Qualifiers = []
    while true {
      skipBlanks()
      guard case .qualifier(let one)? = word() else { return found }
      found.insert(one)
      at = wordEnd()
    }
  }

  /// End of the word at `at`; `at` itself if there is none.
  func wordEnd() -> Int {
    guard at < text.count, !Self.isDigit(text[at]) else { return at }
    var end = at
    while end < text.count, Self.isWordByte(text[end]) { end += 1 }
    return end
  }

  /// The special meaning of the word at `at`, nil for an identifier or no word.
  func word() -> Word? {
    let end = wordEnd()
    guard end - at >= 3, end - at <= 16, text[at] >= UInt8(ascii: "b"), text[at] <= UInt8(ascii: "w") else {
      return nil
    }
    return Self.words[String(decoding: text[at..<end], as: UTF8.self)]
  }

  func startsAnonymousNamespace() -> Bool { matches("(anonymous namespace)", at: at) }

  /// A name, not a builtin type or qualifier, begins here.
  func startsName() -> Bool {
    if wordEnd() > at {
      guard let word = word() else { return true }
      if case .operatorWord = word { return true }
      return false
    }
    return peek() == UInt8(ascii: "~") || matches("::", at: at) || startsAnonymousNamespace()
  }

  /// The parenthesis at `at` opens a declarator, `(*`, `(&`, `((*` or `(S::*`, not a parameter list.
  func startsGroup() -> Bool {
    var probe = at
    while probe < text.count, text[probe] == UInt8(ascii: "(") || text[probe] == UInt8(ascii: " ") {
      if matches("(anonymous namespace)", at: probe) { break }
      probe += 1
    }
    guard probe < text.count else { return false }
    if text[probe] == UInt8(ascii: "*") || text[probe] == UInt8(ascii: "&") { return true }
    // NAME::* : run over the words, scopes and bracketed lists in front of `::*`.
    var brackets = 0
    while probe < text.count {
      let byte = text[probe]
      if matches("(anonymous namespace)", at: probe) {
        probe += 21
        continue
      }
      if brackets == 0, matches("::*", at: probe) { return true }
      if byte == UInt8(ascii: "<") {
        brackets += 1
      } else if byte == UInt8(ascii: ">") {
        brackets -= 1
      } else if brackets == 0, !Self.isWordByte(byte), byte != UInt8(ascii: ":") {
        return false
      }
      probe += 1
    }
    return false
  }

  /// The token behind an argument of a template or parameter list.
  func endsArgument() -> Bool {
    peek() == UInt8(ascii: ",") || peek() == UInt8(ascii: ">")
  }
}
