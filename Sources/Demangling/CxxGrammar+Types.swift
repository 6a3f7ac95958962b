/// Types: specifiers and abstract declarators.
extension CxxGrammar {
  /// The words that make up an integer type, and `double` for `long double`.
  struct IntegerWords: OptionSet {
    let rawValue: UInt8
    static let int = Self(rawValue: 1)
    static let char = Self(rawValue: 2)
    static let short = Self(rawValue: 4)
    static let long = Self(rawValue: 8)
    static let unsigned = Self(rawValue: 16)
    static let signed = Self(rawValue: 32)
    static let longLong = Self(rawValue: 64)
    static let double = Self(rawValue: 128)

    /// gdb's one spelling of any mixture; mixtures C++ forbids come out empty, in gdb as here.
    var spelling: String {
      switch subtracting(.int) {
      case [], .signed: "int"
      case .unsigned: "unsigned int"
      case .char: "char"
      case [.signed, .char]: "signed char"
      case [.unsigned, .char]: "unsigned char"
      case .short, [.signed, .short]: "short"
      case [.unsigned, .short]: "unsigned short"
      case .long, [.signed, .long]: "long"
      case [.unsigned, .long]: "unsigned long"
      case [.long, .longLong], [.signed, .long, .longLong]: "long long"
      case [.unsigned, .long, .longLong]: "unsigned long long"
      default: ""
      }
    }
  }

  /// A type without a declared name. With `conversion` it stands behind `operator`, where a parenthesis that
  /// does not open a declarator belongs to the function.
  mutating func type(conversion: Bool = false) throws(Rejected) {
    try typeSpecifier()
    try declarator(outermost: true, conversion: conversion)
  }

  /// `const long unsigned int` → `unsigned long const`; a name; qualifiers on either side.
  mutating func typeSpecifier() throws(Rejected) {
    var found = qualifiers()
    skipBlanks()
    switch word() {
    case .integer?: try integer()
    case .plainType?:
      let end = wordEnd()
      out.append(contentsOf: text[at..<end])
      at = end
    case nil: _ = try qualifiedName(special: false)
    default: throw Rejected()
    }
    found.formUnion(qualifiers())
    append(found)
  }

  private mutating func integer() throws(Rejected) {
    var words: IntegerWords = []
    while true {
      skipBlanks()
      guard case .integer(let one)? = word() else { break }
      // double takes one long in front and nothing behind.
      if one == .double, !words.isSubset(of: .long) { throw Rejected() }
      if words.contains(.double) { throw Rejected() }
      words.insert(one == .long && words.contains(.long) ? .longLong : one)
      at = wordEnd()
    }
    if words.contains(.double) {
      append(words.contains(.long) ? "long double" : "double")
    } else {
      append(words.spelling)
    }
  }

  // MARK: Declarators

  /// `* const`, `&`, `S::*` in any number. `first`: they open a group, so `S::*` needs no blank in front.
  /// With `named` a name that is no `S::*` ends the run: it is the declared one and is returned.
  mutating func pointers(first: Bool, named: Bool = false) throws(Rejected) -> Name? {
    let grouped = first
    var first = first
    var reference = false
    while true {
      skipBlanks()
      if peek() == UInt8(ascii: "*") {
        at += 1
        append("*")
        append(qualifiers())
        reference = false
      } else if peek() == UInt8(ascii: "&") {
        let double = peek(1) == UInt8(ascii: "&")
        at += double ? 2 : 1
        if !reference {
          append(double ? "&&" : "&")
        } else if !double, out.suffix(2).elementsEqual("&&".utf8) {
          out.removeLast()
        }
        reference = true
      } else if startsName() {
        let mark = out.count
        if !first { append(" ") }
        var name = try qualifiedName(special: named)
        guard startsMemberStar() else {
          guard named else { throw Rejected() }
          // `int (*f(int))(char)`: no blank between star and name inside a group.
          if grouped, !first {
            out.remove(at: mark)
            name.range = name.range.lowerBound - 1..<name.range.upperBound - 1
          }
          return name
        }
        _ = accept("::")
        _ = accept("*")
        append("::*")
        append(qualifiers())
        reference = false
      } else {
        return nil
      }
      first = false
    }
  }

  /// Pointer operators, then a group or array bounds. A function type needs a group: `int (int)` is rejected.
  private mutating func declarator(outermost: Bool, conversion: Bool = false) throws(Rejected) {
    let start = out.count
    _ = try pointers(first: !outermost)
    skipBlanks()
    guard peek() == UInt8(ascii: "(") else { return try bounds() }
    guard startsGroup() else {
      if conversion { return }
      throw Rejected()
    }
    try nested { (grammar) throws(Rejected) in
      try grammar.group(outermost: outermost, start: start)
    }
  }

  /// `(DECLARATOR)` and what it applies to. The blank in front of it follows the printer gdb uses: always at
  /// the outermost level, for arrays and for pointers to members, else unless behind `(` or `*`.
  private mutating func group(outermost: Bool, start: Int) throws(Rejected) {
    let mark = out.count
    at += 1
    try declarator(outermost: false)
    try expect(UInt8(ascii: ")"))
    skipBlanks()
    let member =
      mark < out.count && ![UInt8(ascii: "*"), UInt8(ascii: "&"), UInt8(ascii: "(")].contains(out[mark])
    guard peek() == UInt8(ascii: "(") || peek() == UInt8(ascii: "[") else {
      if member, outermost || mark > start { out.insert(UInt8(ascii: " "), at: mark) }
      return
    }
    let array = peek() == UInt8(ascii: "[")
    let tight = mark == start ? !array : out[mark - 1] == UInt8(ascii: "*") && !array && !member
    out.insert(contentsOf: outermost || !tight ? " (".utf8 : "(".utf8, at: mark)
    append(")")
    try suffixes()
  }

  /// Behind a group: a parameter list with qualifiers, or array bounds.
  mutating func suffixes() throws(Rejected) {
    skipBlanks()
    guard peek() == UInt8(ascii: "(") else { return try bounds() }
    try parameters()
    append(qualifiers())
  }

  /// ` [3][4]`; a bound is absent or one integer.
  private mutating func bounds() throws(Rejected) {
    var blank = " "
    while accept("[") {
      append(blank)
      append("[")
      skipBlanks()
      if peek() != UInt8(ascii: "]") {
        let literal = try number()
        guard literal.isInteger else { throw Rejected() }
        write(literal)
      }
      try expect(UInt8(ascii: "]"))
      append("]")
      blank = ""
    }
  }
}
