/// Names: components, template arguments, operators, parameter lists.
extension CxxGrammar {
  /// A written name.
  struct Name {
    /// Where it lies in `out`.
    var range: Range<Int>
    var qualified = false
    var template = false
    /// Ends in an operator or a destructor, so a parameter list must follow.
    var special = false
  }

  /// `a::b<int>::c`; with `special` also `a::operator+`, `a::~a`. Stops in front of `::*`. A leading `::` is
  /// dropped.
  mutating func qualifiedName(special: Bool) throws(Rejected) -> Name {
    _ = accept("::")
    let start = out.count
    var name = Name(range: start..<start)
    while true {
      skipBlanks()
      name.template = false
      if startsAnonymousNamespace() {
        append("(anonymous namespace)")
        at += 21
      } else if special, peek() == UInt8(ascii: "~") {
        at += 1
        append("~")
        try identifier()
        name.special = true
      } else if special, case .operatorWord? = word() {
        at = wordEnd()
        let conversion = try operatorName()
        name.special = true
        skipBlanks()
        if !conversion, peek() == UInt8(ascii: "<") { try templateArguments() }
      } else {
        try identifier()
        skipBlanks()
        if peek() == UInt8(ascii: "<") {
          try templateArguments()
          name.template = true
        }
      }
      skipBlanks()
      if name.special || !matches("::", at: at) || startsMemberStar() { break }
      at += 2
      append("::")
      name.qualified = true
    }
    name.range = start..<out.count
    return name
  }

  /// `::*`, blanks allowed before the star.
  func startsMemberStar() -> Bool {
    guard matches("::", at: at) else { return false }
    var probe = at + 2
    while probe < text.count, text[probe] == UInt8(ascii: " ") { probe += 1 }
    return probe < text.count && text[probe] == UInt8(ascii: "*")
  }

  private mutating func identifier() throws(Rejected) {
    let end = wordEnd()
    guard end > at, word() == nil else { throw Rejected() }
    out.append(contentsOf: text[at..<end])
    at = end
  }

  // MARK: Operators

  /// Longest first, so that `operator<<=` is not `operator<` and a list.
  private static let operators: [StaticString] = [
    "->*", "<<=", ">>=", "->", "()", "[]", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "++", "--", "+=",
    "-=", "*=", "/=", "%=", "^=", "&=", "|=", "+", "-", "*", "/", "%", "^", "&", "|", "~", "!", "=", "<", ">",
    ",",
  ]

  /// The rest of `operator…`; true for a conversion.
  private mutating func operatorName() throws(Rejected) -> Bool {
    append("operator")
    skipBlanks()
    for token in ["new", "delete"] as [StaticString]
    where matches(token, at: at) && wordEnd() == at + token.utf8CodeUnitCount {
      at = wordEnd()
      append(" \(token)")
      if accept("[") {
        try expect(UInt8(ascii: "]"))
        append("[]")
      }
      return false
    }
    if let token = Self.operators.first(where: { matches($0, at: at) }) {
      at += token.utf8CodeUnitCount
      out.append(contentsOf: token.description.utf8)
      return false
    }
    append(" ")
    try type(conversion: true)
    return true
  }

  // MARK: Lists

  /// `<A, B>`; at least one argument, `>>` never closes two lists.
  mutating func templateArguments() throws(Rejected) {
    try nested { (grammar) throws(Rejected) in
      try grammar.expect(UInt8(ascii: "<"))
      grammar.append(grammar.out.last == UInt8(ascii: "<") ? " <" : "<")
      repeat {
        if grammar.out.last != UInt8(ascii: "<") { grammar.append(", ") }
        try grammar.templateArgument()
      } while grammar.accept(",")
      try grammar.expect(UInt8(ascii: ">"))
      guard grammar.peek() != UInt8(ascii: ">"), grammar.peek() != UInt8(ascii: "=") else { throw Rejected() }
      grammar.append(grammar.out.last == UInt8(ascii: ">") ? " >" : ">")
    }
  }

  /// `(int, char const*, ...)`; `(void)` is written `()`, a lone `(...)` is rejected.
  mutating func parameters() throws(Rejected) {
    try nested { (grammar) throws(Rejected) in
      try grammar.expect(UInt8(ascii: "("))
      grammar.append("(")
      defer { grammar.append(")") }
      if grammar.accept(")") { return }
      let mark = grammar.out.count
      try grammar.type()
      if grammar.out[mark...].elementsEqual("void".utf8), grammar.accept(")") {
        grammar.out.removeSubrange(mark...)
        return
      }
      while grammar.accept(",") {
        grammar.append(", ")
        if grammar.accept("...") {
          grammar.append("...")
          break
        }
        try grammar.type()
      }
      try grammar.expect(UInt8(ascii: ")"))
    }
  }
}
