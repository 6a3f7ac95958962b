internal import Elfutils
internal import Values

extension Parser {
  private static let words: Set<String> = [
    "unsigned", "signed", "long", "short", "int", "char", "float", "double", "void", "_Bool", "bool",
    "__int128", "wchar_t", "char16_t", "char32_t",
  ]

  /// A type with its declarator, if one stands here; `nil`, and nothing read, where an expression does.
  mutating func typeName() throws(EvaluationFailure) -> ValueType? {
    let mark = lexer.mark
    if evaluator.language == .rust { return try rustType() }
    guard let base = try baseType() else {
      lexer.reset(mark)
      return nil
    }
    return try declarator(base)
  }

  // MARK: Base

  private mutating func qualifiers() throws(EvaluationFailure) -> [Int] {
    var tags: [Int] = []
    while case .name(let word) = lexer.token {
      switch word {
      case "const": tags.append(Tag.constType)
      case "volatile": tags.append(Tag.volatileType)
      case "restrict", "__restrict__", "_Atomic": break
      default: return tags
      }
      try lexer.advance()
    }
    return tags
  }

  private func qualified(_ type: ValueType, _ tags: [Int]) -> ValueType {
    // The outermost of DWARF's qualifiers is const.
    let sorted = tags.contains(Tag.volatileType) ? [Tag.volatileType] : []
    var result = type
    for tag in sorted + (tags.contains(Tag.constType) ? [Tag.constType] : []) {
      result = maker.qualified(result, tag: tag)
    }
    return result
  }

  private mutating func baseType() throws(EvaluationFailure) -> ValueType? {
    var tags = try qualifiers()
    guard let type = try plainBase() else {
      if !tags.isEmpty { throw syntaxError() }
      return nil
    }
    tags += try qualifiers()
    return qualified(type, tags)
  }

  private mutating func plainBase() throws(EvaluationFailure) -> ValueType? {
    switch lexer.token {
    case .name(let word):
      switch word {
      case "struct", "class", "union", "enum":
        try lexer.advance()
        return try tagged(word)
      case "unsigned", "signed", "long", "short", "int", "char", "float", "double", "void", "_Bool", "bool",
        "__int128":
        if let shadow = evaluator.scope.local(word, .ordinary), case .variable = shadow { return nil }
        return try words()
      case "__typeof__", "typeof", "__typeof", "decltype", "__decltype":
        try lexer.advance()
        try expect("(")
        let inner = try expression()
        try expect(")")
        return try evaluator.type(of: inner)
      default: return try namedType()
      }
    case .symbol("::"): return try namedType()
    default: return nil
    }
  }

  private mutating func tagged(_ keyword: String) throws(EvaluationFailure) -> ValueType {
    var name = try scopedText()
    if name.isEmpty { throw syntaxError() }
    if name.contains("<") { name = evaluator.canonical(name) }
    guard let type = try evaluator.resolveTag(name) else {
      throw EvaluationFailure("No \(keyword == "class" ? "struct" : keyword) type named \(name).")
    }
    let kind = type.stripped.kind
    switch keyword {
    case "enum" where kind != .enumeration:
      throw EvaluationFailure("This context has class, union or enum \(name), not a enum.")
    case "union" where kind != .union:
      throw EvaluationFailure("This context has class, union or enum \(name), not a union.")
    case "struct" where kind != .structure:
      throw EvaluationFailure("This context has class, union or enum \(name), not a struct.")
    default: return type
    }
  }

  /// A name with its scopes, as text.
  private mutating func scopedText() throws(EvaluationFailure) -> String {
    var text = ""
    if lexer.token == .symbol("::") {
      try lexer.advance()
      text = "::"
    }
    while case .name(let word) = lexer.token {
      text += try nameWithArguments(word)
      guard lexer.token == .symbol("::") else { break }
      try lexer.advance()
      text += "::"
    }
    return text
  }

  /// The words of a C type in any order: `long unsigned int`.
  private mutating func words() throws(EvaluationFailure) -> ValueType {
    var counts: [String: Int] = [:]
    while case .name(let word) = lexer.token, Self.words.contains(word) {
      counts[word, default: 0] += 1
      try lexer.advance()
    }
    func has(_ word: String) -> Bool { counts[word] != nil }
    let sign = has("unsigned") ? "unsigned " : ""
    if has("void") { return maker.void }
    if has("bool") { return maker.named("bool") }
    if has("_Bool") { return maker.named("_Bool") }
    for word in ["wchar_t", "char16_t", "char32_t"] where has(word) { return maker.named(word) }
    if has("float") { return maker.named("float") }
    if has("double") { return maker.named(has("long") ? "long double" : "double") }
    if has("char") {
      return maker.named(has("unsigned") ? "unsigned char" : has("signed") ? "signed char" : "char")
    }
    if has("short") { return maker.named(sign + "short") }
    if has("__int128") { return maker.named(has("unsigned") ? "unsigned __int128" : "__int128") }
    switch counts["long"] ?? 0 {
    case 0: return maker.named(has("unsigned") ? "unsigned int" : "int")
    case 1: return maker.named(sign + "long")
    default: return maker.named(sign + "long long")
    }
  }

  private mutating func namedType() throws(EvaluationFailure) -> ValueType? {
    let mark = lexer.mark
    var name = ""
    if lexer.token == .symbol("::") {
      try lexer.advance()
      name = "::"
    }
    var result: (ValueType, Lexer.Mark)?
    while case .name(let word) = lexer.token {
      // Only C++ has names with scopes; in C what is no type ends the matter at once.
      name += try nameWithArguments(word)
      if case .type(let type)? = try evaluator.resolve(name) {
        result = (type, lexer.mark)
      } else {
        result = nil
      }
      guard lexer.token == .symbol("::") else { break }
      try lexer.advance()
      name += "::"
    }
    guard let (type, end) = result else {
      lexer.reset(mark)
      return nil
    }
    lexer.reset(end)
    return type
  }

  // MARK: Declarators

  /// `*`, `&`, `[3]`, `(*)(int)`, `Class::*` behind a type.
  private mutating func declarator(_ base: ValueType) throws(EvaluationFailure) -> ValueType {
    var type = base
    var steps = 0
    while case .symbol(let symbol) = lexer.token {
      steps += 1
      guard steps < 200 else { throw EvaluationFailure("Type nests too deeply.") }
      switch symbol {
      case "*":
        try lexer.advance()
        type = maker.pointer(to: type)
      case "&":
        try lexer.advance()
        type = maker.reference(to: type)
      case "&&":
        try lexer.advance()
        type = maker.reference(to: type, isRvalue: true)
      case "(":
        let mark = lexer.mark
        if let made = try grouped(type) { return made }
        lexer.reset(mark)
        return type
      case "[":
        return try arrays(type)
      default: return type
      }
      let tags = try qualifiers()
      if !tags.isEmpty { type = qualified(type, tags) }
    }
    return type
  }

  private mutating func arrays(_ element: ValueType) throws(EvaluationFailure) -> ValueType {
    var counts: [UInt64?] = []
    while lexer.token == .symbol("[") {
      try lexer.advance()
      if lexer.token == .symbol("]") {
        counts.append(nil)
      } else {
        let node = try expression()
        counts.append(try evaluator.number(try evaluator.value(of: node)))
      }
      try expect("]")
      guard counts.count < 32 else { throw EvaluationFailure("Type nests too deeply.") }
    }
    var result = element
    for count in counts.reversed() { result = maker.array(of: result, count: count) }
    return result
  }

  /// `(*)(int, char)`, `(*)[3]`, `(&)[3]`, or the parameters of a function type.
  private mutating func grouped(_ base: ValueType) throws(EvaluationFailure) -> ValueType? {
    try lexer.advance()
    var marks: [String] = []
    while case .symbol(let symbol) = lexer.token, ["*", "&", "&&"].contains(symbol) {
      marks.append(symbol)
      try lexer.advance()
      _ = try qualifiers()
    }
    if marks.isEmpty { return try function(returning: base) }
    guard lexer.token == .symbol(")") else { return nil }
    try lexer.advance()
    var inner = base
    if lexer.token == .symbol("(") {
      try lexer.advance()
      guard let made = try function(returning: base) else { return nil }
      inner = made
    } else if lexer.token == .symbol("[") {
      inner = try arrays(base)
    }
    for mark in marks {
      inner = mark == "*" ? maker.pointer(to: inner) : maker.reference(to: inner, isRvalue: mark == "&&")
    }
    return inner
  }

  /// A function type, its opening parenthesis read already.
  private mutating func function(returning result: ValueType) throws(EvaluationFailure) -> ValueType? {
    var parameters: [ValueType] = []
    if lexer.token == .symbol(")") {
      try lexer.advance()
      return maker.function(returning: result, parameters: nil)
    }
    while true {
      guard let type = try typeName() else { return nil }
      parameters.append(type)
      guard parameters.count < 256 else { throw EvaluationFailure("Type nests too deeply.") }
      if lexer.token == .symbol(",") {
        try lexer.advance()
        continue
      }
      guard lexer.token == .symbol(")") else { return nil }
      try lexer.advance()
      break
    }
    if parameters.count == 1, parameters[0].kind == .void { parameters = [] }
    return maker.function(returning: result, parameters: parameters)
  }

  // MARK: Rust

  private mutating func rustType() throws(EvaluationFailure) -> ValueType? {
    switch lexer.token {
    case .name(let word):
      if word == "mut" || word == "const" {
        try lexer.advance()
        return try rustType()
      }
      return try namedType()
    default: return nil
    }
  }
}
