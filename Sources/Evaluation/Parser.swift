internal import Elfutils
internal import Values

/// Reads expressions in gdb's C and C++ grammar. Names are looked up as they are read, since what a
/// parenthesis means depends on whether a type follows.
struct Parser {
  var lexer: Lexer
  let evaluator: Evaluator
  private var depth = 0

  init(_ text: String, _ evaluator: Evaluator) throws(EvaluationFailure) {
    lexer = try Lexer(text, isRust: evaluator.language == .rust)
    self.evaluator = evaluator
  }

  var maker: TypeMaker { evaluator.maker }

  func syntaxError() -> EvaluationFailure { .syntax(near: lexer.rest) }

  private func isSymbol(_ text: String) -> Bool { lexer.token == .symbol(text) }

  private mutating func take(_ text: String) throws(EvaluationFailure) -> Bool {
    guard isSymbol(text) else { return false }
    try lexer.advance()
    return true
  }

  mutating func expect(_ text: String) throws(EvaluationFailure) {
    guard try take(text) else { throw syntaxError() }
  }

  /// A whole text: an expression or a type.
  mutating func whole() throws(EvaluationFailure) -> Node {
    let node = try expression()
    guard lexer.token == .end else { throw syntaxError() }
    return node
  }

  /// An expression that commas end, and where it ended.
  mutating func argument() throws(EvaluationFailure) -> Node { try assignment() }

  mutating func expression() throws(EvaluationFailure) -> Node {
    var left = try assignment()
    while try take(",") { left = .binary(",", left, try assignment()) }
    return left
  }

  private mutating func nested<Result>(
    _ body: (inout Parser) throws(EvaluationFailure) -> Result
  ) throws(EvaluationFailure) -> Result {
    guard depth < Evaluator.maximumDepth else { throw EvaluationFailure("Expression nests too deeply.") }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  private mutating func assignment() throws(EvaluationFailure) -> Node {
    try nested { parser throws(EvaluationFailure) in
      let left = try parser.conditional()
      guard case .symbol(let symbol) = parser.lexer.token else { return left }
      let operators = ["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="]
      guard operators.contains(symbol) else { return left }
      try parser.lexer.advance()
      return .assign(String(symbol.dropLast()), left, try parser.assignment())
    }
  }

  private mutating func conditional() throws(EvaluationFailure) -> Node {
    let test = try binary(0)
    guard try take("?") else { return test }
    let yes = try expression()
    try expect(":")
    return .ternary(test, yes, try conditional())
  }

  /// Binary operators, loosest first; `@` stands between shifts and sums.
  private static let levels: [[String]] = [
    ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", ">", "<=", ">="], ["<<", ">>"], ["@"],
    ["+", "-"], ["*", "/", "%"], ["->*", ".*"],
  ]

  private mutating func binary(_ level: Int) throws(EvaluationFailure) -> Node {
    guard level < Self.levels.count else { return try unary() }
    var left = try binary(level + 1)
    while case .symbol(let symbol) = lexer.token, Self.levels[level].contains(symbol) {
      try lexer.advance()
      let right = try binary(level + 1)
      switch symbol {
      case "@": left = .repeated(left, right)
      case "->*", ".*": left = .memberPointer(left, right, isArrow: symbol == "->*")
      default: left = .binary(symbol, left, right)
      }
    }
    return left
  }

  private mutating func unary() throws(EvaluationFailure) -> Node {
    try nested { parser throws(EvaluationFailure) in try parser.unaryInner() }
  }

  private mutating func unaryInner() throws(EvaluationFailure) -> Node {
    switch lexer.token {
    case .symbol(let symbol):
      switch symbol {
      case "-", "+", "!", "~", "*", "&":
        try lexer.advance()
        return .unary(symbol, try unary())
      case "&&":
        // The address of an address: no such thing.
        if evaluator.language == .rust { throw EvaluationFailure("unexpected token") }
        throw syntaxError()
      case "++", "--":
        try lexer.advance()
        return .step(symbol, try unary(), isAfter: false)
      case "(":
        let mark = lexer.mark
        try lexer.advance()
        if let type = try typeName() {
          if isSymbol(")") {
            try lexer.advance()
            if startsOperand() { return .cast(type, try unary()) }
            return try postfix(.type(type))
          }
        }
        lexer.reset(mark)
      case "{":
        try lexer.advance()
        guard let type = try typeName() else { throw syntaxError() }
        try expect("}")
        return .typed(type, try unary())
      default: break
      }
    case .name("sizeof"):
      try lexer.advance()
      if evaluator.language == .rust, !isSymbol("(") { throw EvaluationFailure("'(' expected") }
      let mark = lexer.mark
      if try take("("), let type = try typeName(), isSymbol(")") {
        try lexer.advance()
        return .sizeOf(.type(type))
      }
      lexer.reset(mark)
      return .sizeOf(try unary())
    case .name("alignof"), .name("_Alignof"):
      try lexer.advance()
      try expect("(")
      guard let type = try typeName() else { throw syntaxError() }
      try expect(")")
      return .alignOf(type)
    default: break
    }
    return try postfix(try primary())
  }

  /// Whether what follows a type in parentheses is what it casts.
  private func startsOperand() -> Bool {
    switch lexer.token {
    case .end: return false
    case .symbol(let symbol):
      return ["(", "-", "+", "!", "~", "*", "&", "{", "++", "--", "::"].contains(symbol)
    default: return true
    }
  }

  private mutating func postfix(_ start: Node) throws(EvaluationFailure) -> Node {
    var node = start
    var steps = 0
    while case .symbol(let symbol) = lexer.token {
      steps += 1
      guard steps < 10_000 else { throw EvaluationFailure("Expression too long.") }
      switch symbol {
      case "->", ".":
        try lexer.advance()
        if symbol == ".", case .name = lexer.token {
        } else if case .name = lexer.token {
        } else if case .number = lexer.token {
        } else if !isSymbol("~"), !isSymbol("::") {
          throw syntaxError()
        }
        node = .member(node, try memberName(), isArrow: symbol == "->")
      case "[":
        try lexer.advance()
        let index = try expression()
        try expect("]")
        node = .index(node, index)
      case "(":
        try lexer.advance()
        if case .symbol(.function) = node, evaluator.isCxx, try skipsOverload() { continue }
        var arguments: [Node] = []
        if !isSymbol(")") {
          repeat { arguments.append(try argument()) } while try take(",")
        }
        try expect(")")
        node = .call(node, arguments)
      case "++", "--":
        try lexer.advance()
        node = .step(symbol, node, isAfter: true)
      default: return node
      }
    }
    return node
  }

  /// `f(int, char)`: which of several functions is meant, not a call.
  private mutating func skipsOverload() throws(EvaluationFailure) -> Bool {
    let mark = lexer.mark
    var count = 0
    while let _ = try typeName() {
      count += 1
      if try take(",") { continue }
      if try take(")") { return true }
      break
    }
    lexer.reset(mark)
    return false
  }

  private mutating func memberName() throws(EvaluationFailure) -> String {
    var name = ""
    while true {
      switch lexer.token {
      case .name(let part): name += part
      case .number(let digits): name += digits
      case .symbol("~"): name += "~"
      default: throw syntaxError()
      }
      let isDestructor = name.hasSuffix("~")
      try lexer.advance()
      if isDestructor { continue }
      if name.contains("operator") { return name }
      guard isSymbol("::") else { return name }
      try lexer.advance()
      name += "::"
    }
  }

  // MARK: Primary

  private mutating func primary() throws(EvaluationFailure) -> Node {
    switch lexer.token {
    case .number(let text):
      let value = try Literals.number(text, evaluator)
      try lexer.advance()
      return .value(value)
    case .string(let units, let prefix):
      var all = units
      var kind = prefix
      try lexer.advance()
      while case .string(let more, let other) = lexer.token {
        all += more
        if kind.isEmpty { kind = other }
        try lexer.advance()
      }
      return .value(Literals.string(all, prefix: kind, evaluator))
    case .character(let units, let prefix):
      return try quoted(units, prefix: prefix)
    case .dollar(let name):
      try lexer.advance()
      return .dollar(name)
    case .symbol("("):
      try lexer.advance()
      let inner = try expression()
      try expect(")")
      return inner
    case .symbol("::"):
      return try named()
    case .name(let word):
      switch word {
      case "true", "false":
        if evaluator.language != .c {
          try lexer.advance()
          return .value(Value(maker.named("bool"), number: word == "true" ? 1 : 0))
        }
      case "dynamic_cast", "static_cast", "reinterpret_cast", "const_cast":
        return try cxxCast(word)
      case "typeid":
        try lexer.advance()
        try expect("(")
        let inner = try expression()
        try expect(")")
        return .typeID(inner)
      default: break
      }
      return try named()
    // gdb has read on when it finds that nothing stands in front of this one.
    case .symbol("@"): throw .syntax(near: "")
    default: throw syntaxError()
    }
  }

  private mutating func cxxCast(_ word: String) throws(EvaluationFailure) -> Node {
    try lexer.advance()
    try expect("<")
    guard let type = try typeName() else { throw syntaxError() }
    try expect(">")
    try expect("(")
    let inner = try expression()
    try expect(")")
    return .cxxCast(word, type, inner)
  }

  /// A character, or a name between quotes: `'file.c'::x`, `'ns::f(int)'`.
  private mutating func quoted(_ units: [UInt32], prefix: String) throws(EvaluationFailure) -> Node {
    let text = lexer.quoted
    let mark = lexer.mark
    try lexer.advance()
    if isSymbol("::") {
      try lexer.advance()
      guard case .name(let name) = lexer.token else { throw syntaxError() }
      try lexer.advance()
      return .symbol(try evaluator.symbol(name, inFile: text))
    }
    if units.count != 1 {
      if prefix.isEmpty, let thing = try evaluator.quotedSymbol(text) { return .symbol(thing) }
      lexer.reset(mark)
      if prefix.isEmpty, text.contains("::") || text.contains("(") || text.contains(".") || text.contains("_")
      {
        throw EvaluationFailure("No symbol \"\(text)\" in current context.")
      }
      throw EvaluationFailure("Invalid character constant.")
    }
    return .value(Literals.character(units[0], prefix: prefix, evaluator))
  }

  /// A name with its scopes, or a type that stands for itself.
  private mutating func named() throws(EvaluationFailure) -> Node {
    let mark = lexer.mark
    if let type = try typeName() {
      // `int(x)`
      if evaluator.isCxx, isSymbol("(") {
        try lexer.advance()
        let inner = try expression()
        try expect(")")
        return .cast(type, inner)
      }
      return .type(type)
    }
    lexer.reset(mark)
    return .symbol(try scopedName())
  }

  /// The thing that `a::b::c` is; scopes may be namespaces, classes, functions and files.
  private mutating func scopedName() throws(EvaluationFailure) -> NamedThing {
    var name = try take("::") ? "::" : ""
    guard case .name(let first) = lexer.token else { throw syntaxError() }
    name += try nameWithArguments(first)
    while isSymbol("::") {
      let mark = lexer.mark
      try lexer.advance()
      var part = ""
      if try take("~") { part = "~" }
      guard case .name(let next) = lexer.token else {
        lexer.reset(mark)
        throw syntaxError()
      }
      part += try nameWithArguments(next)
      if let inner = try evaluator.symbol(part, inFunction: name) { return inner }
      name += "::" + part
    }
    if let thing = try evaluator.resolve(name) { return thing }
    throw evaluator.unknownName(name)
  }

  /// A name with its template arguments, in gdb's spelling; moves on.
  mutating func nameWithArguments(_ word: String) throws(EvaluationFailure) -> String {
    var name = word
    try lexer.advance()
    if word == "operator" { return try operatorName() }
    guard evaluator.language != .c, isSymbol("<") else { return name }
    // Only a template has arguments; `a < b` is a comparison.
    let mark = lexer.mark
    guard let text = try templateArguments() else {
      lexer.reset(mark)
      return name
    }
    let full = evaluator.canonical(word + text)
    guard evaluator.isTemplate(full, word) else {
      lexer.reset(mark)
      return name
    }
    name = full
    return name
  }

  private mutating func operatorName() throws(EvaluationFailure) -> String {
    var name = "operator"
    switch lexer.token {
    case .name(let word):
      name += " " + word
      try lexer.advance()
    case .symbol(let symbol):
      name += symbol
      try lexer.advance()
      if symbol == "(" || symbol == "[" {
        name += symbol == "(" ? ")" : "]"
        try lexer.advance()
      }
    default: throw syntaxError()
    }
    return name
  }

  /// The text from `<` to its `>`; `nil` where none closes it.
  private mutating func templateArguments() throws(EvaluationFailure) -> String? {
    let begin = lexer.start
    var depth = 0
    var steps = 0
    while steps < 4096 {
      steps += 1
      switch lexer.token {
      case .symbol("<"): depth += 1
      case .symbol(">"): depth -= 1
      case .symbol(">>"): depth -= 2
      case .symbol("("), .symbol(")"), .symbol(","), .symbol("*"), .symbol("&"), .symbol("::"), .symbol("["),
        .symbol("]"), .symbol("-"), .name, .number, .symbol("&&"):
        break
      case .character: break
      default: return nil
      }
      try lexer.advance()
      if depth <= 0 {
        return String(decoding: lexer.bytes[begin..<lexer.previousEnd], as: UTF8.self)
      }
    }
    return nil
  }
}
