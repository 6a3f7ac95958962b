/// Template arguments that are values: literals, addresses, casts, operators.
extension CxxGrammar {
  /// A number, boolean or character: its type decides the spelling.
  struct Literal {
    var type: [UInt8]
    var negative = false
    var digits: [UInt8]
    var isInteger = true
  }

  /// A type, an address, or an expression; names never occur inside expressions.
  mutating func templateArgument() throws(Rejected) {
    skipBlanks()
    if peek() == UInt8(ascii: "&") { return try address() }
    if startsValue() { return try expression(greater: false) }
    try type()
  }

  private func startsValue() -> Bool {
    switch peek() {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "!"),
      UInt8(ascii: "'"):
      return true
    case UInt8(ascii: "~"): return true
    case UInt8(ascii: "("): return !startsAnonymousNamespace()
    default:
      switch word() {
      case .value?, .sizeOf?, .namedCast?: return true
      default: return false
      }
    }
  }

  /// `&NAME`, `&(ENTITY)`. A qualified function loses return type and parameters unless it is cv-qualified.
  private mutating func address() throws(Rejected) {
    try nested { (grammar) throws(Rejected) in
      grammar.at += 1
      grammar.append("&")
      let mark = grammar.out.count
      grammar.skipBlanks()
      let parenthesised = grammar.peek() == UInt8(ascii: "(") && !grammar.startsAnonymousNamespace()
      if parenthesised { grammar.at += 1 }
      let entity = try grammar.entity()
      if parenthesised { try grammar.expect(UInt8(ascii: ")")) }
      switch entity.kind {
      case .function where entity.qualified && !entity.qualifiers:
        grammar.out.removeSubrange(entity.name.upperBound...)
        grammar.out.removeSubrange(mark..<entity.name.lowerBound)
      case .name where entity.qualified || !entity.template: break
      default:
        grammar.out.insert(UInt8(ascii: "("), at: mark)
        grammar.append(")")
      }
    }
  }

  // MARK: Operators

  private static let binary: [(token: StaticString, precedence: Int)] = [
    ("||", 1), ("&&", 2), ("==", 6), ("!=", 6), ("<=", 7), (">=", 7), ("<<", 8), (">>", 8), ("|", 3),
    ("^", 4),
    ("&", 5), ("<", 7), (">", 7), ("+", 9), ("-", 9), ("*", 10), ("/", 10), ("%", 10),
  ]

  /// An expression; `greater`: inside parentheses, where `>` is an operator.
  private mutating func expression(greater: Bool) throws(Rejected) {
    if let literal = try operand(greater: greater, minimum: 0) { write(literal) }
  }

  /// Writes an operand and the operators of at least `minimum` behind it; a lone literal is returned
  /// unwritten, so that a cast can retype it.
  private mutating func operand(greater: Bool, minimum: Int) throws(Rejected) -> Literal? {
    let mark = out.count
    var literal = try nested { (grammar) throws(Rejected) in try grammar.unary() }
    var count = 0
    while let (token, precedence) = nextOperator(greater: greater), precedence >= minimum {
      count += 1
      guard count <= Limit.operators else { throw Rejected() }
      if let lone = literal { write(lone) }
      literal = nil
      at += token.utf8CodeUnitCount
      out.insert(UInt8(ascii: "("), at: mark)
      append(")\(token)(")
      if let right = try operand(greater: greater, minimum: precedence + 1) { write(right) }
      append(")")
      if token.description == ">" {
        out.insert(UInt8(ascii: "("), at: mark)
        append(")")
      }
    }
    skipBlanks()
    guard minimum == 0, peek() == UInt8(ascii: "?") else { return literal }
    if let lone = literal { write(lone) }
    at += 1
    out.insert(UInt8(ascii: "("), at: mark)
    append(")?(")
    try nested { (grammar) throws(Rejected) in try grammar.expression(greater: greater) }
    try expect(UInt8(ascii: ":"))
    append(") : (")
    try nested { (grammar) throws(Rejected) in try grammar.expression(greater: greater) }
    append(")")
    return nil
  }

  private mutating func nextOperator(greater: Bool) -> (token: StaticString, precedence: Int)? {
    skipBlanks()
    guard let found = Self.binary.first(where: { matches($0.token, at: at) }) else { return nil }
    switch found.token.description {
    case ">" where !greater: return nil
    // `1 -2` is two numbers to gdb.
    case "-" where Self.isDigit(peek(1)): return nil
    default: return found
    }
  }

  // MARK: Operands

  private mutating func unary() throws(Rejected) -> Literal? {
    skipBlanks()
    switch peek() {
    case UInt8(ascii: "-") where Self.isDigit(peek(1)) || peek(1) == UInt8(ascii: "."): return try number()
    case UInt8(ascii: "-") where peek(1) != UInt8(ascii: "-"), UInt8(ascii: "!"), UInt8(ascii: "~"):
      out.append(peek())
      at += 1
      append("(")
      if let literal = try nested({ (grammar) throws(Rejected) in try grammar.unary() }) { write(literal) }
      append(")")
      return nil
    case UInt8(ascii: "("): return try parenthesis()
    case UInt8(ascii: "'"): return try character()
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."): return try number()
    default: return try wordOperand()
    }
  }

  /// `(EXPRESSION)`, `(&NAME)` or `(TYPE)OPERAND`.
  private mutating func parenthesis() throws(Rejected) -> Literal? {
    at += 1
    skipBlanks()
    if peek() == UInt8(ascii: "&") {
      try address()
      try expect(UInt8(ascii: ")"))
      return nil
    }
    if startsValue() {
      let literal = try operand(greater: true, minimum: 0)
      try expect(UInt8(ascii: ")"))
      return literal
    }
    let mark = out.count
    try type()
    try expect(UInt8(ascii: ")"))
    let type = Array(out[mark...])
    out.removeSubrange(mark...)
    let castMark = out.count
    if var literal = try nested({ (grammar) throws(Rejected) in try grammar.unary() }) {
      literal.type = type
      return literal
    }
    out.insert(contentsOf: [UInt8(ascii: "(")] + type + [UInt8(ascii: ")"), UInt8(ascii: "(")], at: castMark)
    append(")")
    return nil
  }

  /// `true`, `false`, `sizeof (TYPE)`, `static_cast<TYPE>(EXPRESSION)`.
  private mutating func wordOperand() throws(Rejected) -> Literal? {
    switch word() {
    case .value(let digits)?:
      at = wordEnd()
      return Literal(type: Array("bool".utf8), digits: Array(digits.description.utf8))
    case .sizeOf?:
      at = wordEnd()
      append("sizeof (")
      try expect(UInt8(ascii: "("))
      try type()
    case .namedCast?:
      at = wordEnd()
      append("(")
      try expect(UInt8(ascii: "<"))
      try type()
      try expect(UInt8(ascii: ">"))
      append(")(")
      try expect(UInt8(ascii: "("))
      try expression(greater: true)
    default: throw Rejected()
    }
    try expect(UInt8(ascii: ")"))
    append(")")
    return nil
  }
}
