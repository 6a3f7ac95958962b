/// gdb's C++ name grammar: accepts the names gdb 13.1 accepts and writes them in gdb's canonical spelling.
///
/// Not the C++ standard's grammar. The boundaries were found by asking gdb about thousands of names
/// (`Tests/DemanglingTests/names.tsv`): no function types without a declarator, no `decltype`, no empty `<>`,
/// no `>>` closing two lists, no names inside expressions, a function signature as a scope only behind `&`.
///
/// One pass over UTF-8 bytes, no backtracking: each function reads at `at` and appends to `out`. Time is
/// linear in the input except where an opening parenthesis is inserted behind already written text. Recursion
/// is bounded by `Limit.depth`, input by `Limit.length`; beyond either the name counts as rejected, which is
/// always safe: a rejected name is printed whole.
///
/// To teach it a new form: ask gdb first, add the pair to `names.tsv`, then the arm here.
struct CxxGrammar {
  /// Where hostile input is cut off.
  enum Limit {
    /// Bytes of a name; longer ones are rejected unread.
    static let length = 64 << 10
    /// Nested template lists, parameter lists, parentheses.
    static let depth = 200
    /// Operators in one chain `1+1+1…`; each costs an insertion.
    static let operators = 200
  }

  /// The name is not in the grammar.
  struct Rejected: Error {}

  /// What a complete name turned out to be, and where in `out` its name proper lies.
  struct Entity {
    enum Kind { case type, name, variable, function, local }
    var kind: Kind
    /// Name with template arguments, without return type and parameters.
    var name: Range<Int>
    /// More than one component: `a::b`.
    var qualified = false
    /// The last component has template arguments.
    var template = false
    /// A function with cv-qualifiers behind its parameters.
    var qualifiers = false
  }

  let text: [UInt8]
  var at = 0
  var out: [UInt8] = []
  private var depth = 0

  init(_ text: [UInt8]) { self.text = text }

  /// The canonical spelling and shape of `name`, nil when the grammar rejects it.
  static func parse(_ name: String) -> (spelling: [UInt8], entity: Entity)? {
    guard name.utf8.count <= Limit.length else { return nil }
    var grammar = CxxGrammar(Array(name.utf8))
    grammar.out.reserveCapacity(grammar.text.count + 16)
    do throws(Rejected) {
      let entity = try grammar.entity()
      grammar.skipBlanks()
      guard grammar.at == grammar.text.count else { return nil }
      return (grammar.out, entity)
    } catch {
      return nil
    }
  }

  /// Runs `body` one level deeper.
  mutating func nested<T>(
    _ body: (inout CxxGrammar) throws(Rejected) -> T
  ) throws(Rejected) -> T {
    guard depth < Limit.depth else { throw Rejected() }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  // MARK: A whole name

  /// `[TYPE] NAME[(PARAMETERS) QUALIFIERS]`, a type, or a bare name.
  mutating func entity() throws(Rejected) -> Entity {
    skipBlanks()
    let start = out.count
    guard startsName() else {
      try typeSpecifier()
      return try declared(start)
    }
    let name = try qualifiedName(special: true)
    skipBlanks()
    if peek() == UInt8(ascii: "("), !startsGroup() { return try function(name) }
    if name.special { throw Rejected() }
    if at == text.count || peek() == UInt8(ascii: ")") || endsArgument() {
      return Entity(kind: .name, name: name.range, qualified: name.qualified, template: name.template)
    }
    append(qualifiers())
    return try declared(start)
  }

  /// What follows a type: pointer operators, then perhaps the declared name, as in `int* f<int>(int)`.
  private mutating func declared(_ start: Int) throws(Rejected) -> Entity {
    if let name = try pointers(first: false, named: true) { return try declaration(name) }
    skipBlanks()
    if peek() == UInt8(ascii: "("), startsGroup() {
      // int (*f<int>(int))(char)
      at += 1
      append(" (")
      if let name = try pointers(first: true, named: true) {
        let inner = try function(name)
        try expect(UInt8(ascii: ")"))
        append(")")
        try suffixes()
        return inner
      }
      try expect(UInt8(ascii: ")"))
      append(")")
    }
    try suffixes()
    return Entity(kind: .type, name: start..<out.count)
  }

  /// A name behind its type: function or variable.
  private mutating func declaration(_ name: Name) throws(Rejected) -> Entity {
    skipBlanks()
    if peek() == UInt8(ascii: "(") { return try function(name) }
    if name.special { throw Rejected() }
    return Entity(kind: .variable, name: name.range, qualified: name.qualified, template: name.template)
  }

  /// Parameters and qualifiers behind `name`, and what is local to that function: `f(int)::x`.
  private mutating func function(_ name: Name) throws(Rejected) -> Entity {
    try parameters()
    let qualifiers = qualifiers()
    append(qualifiers)
    var entity = Entity(
      kind: .function, name: name.range, qualified: name.qualified, template: name.template,
      qualifiers: !qualifiers.isEmpty)
    while accept("::") {
      entity.kind = .local
      append("::")
      let inner = try qualifiedName(special: true)
      skipBlanks()
      guard peek() == UInt8(ascii: "(") else {
        if inner.special { throw Rejected() }
        break
      }
      try parameters()
      append(self.qualifiers())
    }
    return entity
  }
}
