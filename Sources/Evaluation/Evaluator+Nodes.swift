internal import Backtraces
internal import Symbols
internal import Elfutils
internal import Expressions
internal import Values

extension Evaluator {
  /// The value of a text.
  package func evaluate(_ text: String) throws(EvaluationFailure) -> Value {
    try value(of: try parse(text))
  }

  func parse(_ text: String) throws(EvaluationFailure) -> Node {
    var parser = try Parser(text, self)
    return try parser.whole()
  }

  func canonical(_ name: String) -> String { workspace.process?.symbolTexts.canonical(name) ?? name }

  func unknownName(_ name: String) -> EvaluationFailure {
    let parts = NameSearch.parts(of: name)
    if parts.count > 1, let last = parts.last {
      let owner = parts.dropLast().joined(separator: "::")
      let known: NamedThing? = try? resolve(owner)
      switch known {
      case .namespace?: return EvaluationFailure("No symbol \"\(last)\" in namespace \"\(owner)\".")
      case .type?: return EvaluationFailure("There is no field named \(last)")
      case nil: return EvaluationFailure("No symbol \"\(parts[0])\" in current context.")
      default: break
      }
    }
    guard workspace.process != nil else {
      return EvaluationFailure("No symbol table is loaded.  Use the \"file\" command.")
    }
    return EvaluationFailure("No symbol \"\(name)\" in current context.")
  }

  /// Whether a name with template arguments, or the template itself, is known.
  func isTemplate(_ full: String, _ word: String) -> Bool {
    let whole: NamedThing? = try? resolve(full)
    // A variable of that name is compared.
    let bare: NamedThing? = try? resolve(word)
    return whole != nil || bare == nil
  }

  // MARK: Names of files and functions

  func symbol(_ name: String, inFile file: String) throws(EvaluationFailure) -> NamedThing {
    guard let search = workspace.search,
      let (root, module) = search.unit(
        named: file, preferring: scope.module ?? workspace.process?.modules.executable)
    else {
      if let function = try functionBlock(file),
        let thing = Self.variable(name, in: function.entry, of: function.module, types: maker.reader)
      {
        return thing
      }
      throw EvaluationFailure(
        "No symbol table is loaded for \"\(file)\".".replacing("table is loaded for", with: "file"))
    }
    if let found = search.find(name, .ordinary, inUnit: root, of: module) {
      if found.entry.tag == Tag.subprogram {
        return .function(FunctionSymbol(entry: found.entry, module: module))
      }
      if found.entry.tag == Tag.variable {
        return .variable(Variable(entry: found.entry, module: module, isLocal: false, pc: 0))
      }
    }
    throw EvaluationFailure("No symbol \"\(name)\" in specified context.")
  }

  private func functionBlock(_ name: String) throws(EvaluationFailure) -> FunctionSymbol? {
    if case .function(let function)? = try resolve(name) { return function }
    return nil
  }

  /// `function::variable`: a static one needs no frame, any other one of that function.
  func symbol(_ name: String, inFunction owner: String) throws(EvaluationFailure) -> NamedThing? {
    guard case .function(let function)? = try resolve(owner) else { return nil }
    guard let thing = Self.variable(name, in: function.entry, of: function.module, types: maker.reader) else {
      throw EvaluationFailure("No symbol \"\(name)\" in function \"\(owner)\".")
    }
    return thing
  }

  private static func variable(
    _ name: String, in scope: DebugEntry, of module: Module, types: TypeReader, depth: Int = 0
  ) -> NamedThing? {
    guard depth < 32 else { return nil }
    let wanted = DebugEntry.SearchName(name)
    for child in scope.children {
      if child.tag == Tag.variable || child.tag == Tag.formalParameter,
        child.isNamed(wanted) || child.isNameless && child.name == name
      {
        return .variable(
          Variable(entry: child, module: module, isLocal: true, pc: child.unitRoot?.lowPC ?? 0))
      }
      if child.tag == Tag.lexicalBlock,
        let inner = variable(name, in: child, of: module, types: types, depth: depth + 1)
      {
        return inner
      }
    }
    return nil
  }

  /// `'ns::f(int)'`: a name that needed quotes.
  func quotedSymbol(_ text: String) throws(EvaluationFailure) -> NamedThing? {
    if let thing = try resolve(text) { return thing }
    guard let open = text.firstIndex(of: "(") else { return nil }
    return try resolve(String(text[..<open]))
  }

  // MARK: Nodes

  /// The type of an expression, read as little as possible.
  func type(of node: Node) throws(EvaluationFailure) -> ValueType {
    if case .type(let type) = node { return type }
    let before = wantsTypesOnly
    wantsTypesOnly = true
    defer { wantsTypesOnly = before }
    return try operand(of: node).type
  }

  /// The value of what need not have a type: the operand of `&`, of a cast, of `whatis`.
  private func operand(of node: Node) throws(EvaluationFailure) -> Value {
    if case .symbol(let thing) = node { return try value(of: thing) }
    return try value(of: node)
  }

  func value(of node: Node) throws(EvaluationFailure) -> Value {
    guard depth < Self.maximumDepth * 4 else { throw EvaluationFailure("Expression nests too deeply.") }
    depth += 1
    defer { depth -= 1 }
    switch node {
    case .value(let value): return value
    case .dollar(let name): return try dollar(name)
    case .symbol(let thing):
      let value = try value(of: thing)
      let plain = value.type.stripped
      if case .minimal(let minimal) = thing, minimal.isThreadLocal || !minimal.symbol.isText,
        plain.kind == .unknown, plain.name?.hasPrefix("<") == true
      {
        throw EvaluationFailure("'\(minimal.symbol.name)' has unknown type; cast it to its declared type")
      }
      return value
    case .type: throw EvaluationFailure("Attempt to use a type name as an expression")
    case .unary(let code, let inner): return try unaryValue(code, inner)
    case .binary(let code, let left, let right): return try binaryValue(code, left, right)
    case .assign(let code, let left, let right): return try assign(code, left, right)
    case .step(let symbol, let inner, let isAfter):
      let old = try value(of: inner)
      let one = Value(maker.int, number: 1)
      let new = try arithmetic(String(symbol.prefix(1)), old, one)
      let stored = try store(new, in: old)
      return isAfter ? try fetched(old) : stored
    case .ternary(let test, let yes, let no):
      return try isTrue(try value(of: test)) ? try value(of: yes) : try value(of: no)
    case .cast(let type, let inner):
      if case .type = inner { throw EvaluationFailure("Attempt to use a type name as an expression") }
      return try cast(try operand(of: inner), to: type)
    case .cxxCast(let word, let type, let inner):
      return try cxxCast(word, try operand(of: inner), to: type)
    case .sizeOf(let inner):
      var type = try self.type(of: inner)
      if type.stripped.kind == .reference, let target = type.stripped.target { type = target }
      if let name = type.stripped.name, name.hasPrefix("<"), name.hasSuffix("info>"), case .symbol = inner {
        throw try unknownType(type.stripped, value(of: inner))
      }
      return Value(maker.int, number: try byteCount(of: type))
    case .alignOf(let type): return Value(maker.int, number: TypeMaker.alignment(of: type))
    case .member(let inner, let name, let isArrow):
      return try member(name, of: try value(of: inner), isArrow: isArrow)
    case .memberPointer(let inner, let pointer, let isArrow):
      return try throughMemberPointer(try value(of: inner), try value(of: pointer), isArrow: isArrow)
    case .index(let inner, let index): return try subscripted(try value(of: inner), try value(of: index))
    case .repeated(let inner, let count): return try repeated(try value(of: inner), try value(of: count))
    case .typed(let type, let inner):
      let address = try decayed(try value(of: inner))
      return Value(type, at: try number(address))
    case .call(let function, let arguments): return try called(function, arguments)
    case .typeID: throw EvaluationFailure("coreview gdb does not evaluate typeid.")
    }
  }

  private func unaryValue(_ code: String, _ inner: Node) throws(EvaluationFailure) -> Value {
    if code == "&" {
      switch inner {
      case .symbol(.classMember(let type, let name)): return try memberPointer(name, of: type)
      case .unary("*", let pointer):
        // What a pointer points to is not read for its address.
        let value = try unreferenced(try value(of: pointer))
        if value.type.stripped.kind == .pointer { return value }
      default: break
      }
    }
    return try unary(code, code == "&" ? try operand(of: inner) : try value(of: inner))
  }

  private func binaryValue(_ code: String, _ left: Node, _ right: Node) throws(EvaluationFailure) -> Value {
    switch code {
    case "&&":
      let first = try isTrue(try value(of: left))
      guard first || wantsTypesOnly else { return Value(truth, number: 0) }
      return Value(truth, number: try isTrue(try value(of: right)) ? 1 : 0)
    case "||":
      if try isTrue(try value(of: left)) { return Value(truth, number: 1) }
      return Value(truth, number: try isTrue(try value(of: right)) ? 1 : 0)
    default: return try binary(code, try value(of: left), try value(of: right))
    }
  }

  private func called(_ function: Node, _ arguments: [Node]) throws(EvaluationFailure) -> Value {
    if case .dollar(let name) = function {
      if let value = try internalFunction(name, arguments) { return value }
    }
    if case .member(let inner, let name, let isArrow) = function {
      var object = try unreferenced(try value(of: inner))
      if isArrow {
        if let held = try libraryMethod("operator->", object, []) { object = held }
        if object.type.stripped.kind == .pointer { object = try dereferenced(object) }
      }
      var values: [Value] = []
      for argument in arguments { values.append(try value(of: argument)) }
      if let known = try libraryMethod(name, object, values) { return known }
      do throws(EvaluationFailure) {
        _ = try member(name, of: object, isArrow: false)
      } catch {
        guard MemberSearch.hasMethod(name, in: object.type.stripped) else { throw error }
        throw EvaluationFailure("Cannot evaluate function -- may be inlined")
      }
    } else if case .type(let type) = function {
      guard arguments.count == 1 else { throw EvaluationFailure.syntax(near: "") }
      return try cast(try value(of: arguments[0]), to: type)
    } else {
      let called = try value(of: function)
      let kind = called.type.stripped.kind
      if let name = called.type.stripped.name, name.hasPrefix("<") {
        throw EvaluationFailure(
          "'\(self.name(of: function))' has unknown return type; cast the call to its declared return type")
      }
      guard kind == .function || kind == .pointer || kind == .integer(isSigned: true) else {
        throw EvaluationFailure("Invalid data type for function to be called.")
      }
    }
    throw EvaluationFailure("You can't do that without a process to debug.")
  }

  private func name(of node: Node) -> String {
    if case .symbol(.minimal(let minimal)) = node { return minimal.symbol.name }
    return "function"
  }

  /// gdb's own functions, as far as a dead process has answers for them.
  private func internalFunction(_ name: String, _ arguments: [Node]) throws(EvaluationFailure) -> Value? {
    switch name {
    case "_isvoid":
      guard arguments.count == 1 else {
        throw EvaluationFailure("You must provide one argument for $_isvoid.")
      }
      let isVoid = try value(of: arguments[0]).type.stripped.kind == .void
      return Value(maker.int, number: isVoid ? 1 : 0)
    case "_strlen", "_streq", "_memeq":
      let wanted = name == "_strlen" ? 1 : name == "_streq" ? 2 : 3
      guard arguments.count == wanted else {
        throw EvaluationFailure(
          "You must provide \(wanted == 1 ? "one argument" : "\(wanted) arguments") for $\(name).")
      }
      let first = try value(of: arguments[0])
      if name == "_strlen" { return Value(maker.long, number: UInt64(try characters(first).count)) }
      let second = try value(of: arguments[1])
      if name == "_streq" {
        return Value(maker.named("bool"), number: try characters(first) == characters(second) ? 1 : 0)
      }
      let count = min(try number(try unreferenced(try value(of: arguments[2]))), ValueFetcher.maximumSize)
      let type = maker.array(of: maker.named("unsigned char"), count: count)
      let left = try bytes(Value(type, at: try number(try decayed(first))))
      let right = try bytes(Value(type, at: try number(try decayed(second))))
      return Value(maker.named("bool"), number: left == right ? 1 : 0)
    default: return nil
    }
  }

  private func cxxCast(_ word: String, _ value: Value, to type: ValueType) throws(EvaluationFailure) -> Value
  {
    switch word {
    case "reinterpret_cast":
      var result = try decayed(value)
      let plain = type.stripped
      if plain.kind == .reference { return try cast(value, to: type) }
      if classify(type) == .pointer, classify(result.type) == .pointer {
        result = try fetched(result)
        result.type = type
        return result
      }
      return try cast(value, to: type)
    default: return try cast(value, to: type)
    }
  }

  // MARK: Pointers to members

  private func memberPointer(_ name: String, of type: ValueType) throws(EvaluationFailure) -> Value {
    let owner = type.stripped
    guard let path = MemberSearch.path(to: name, in: owner), let last = path.last else {
      if let method = MemberSearch.method(name, in: owner) {
        if method.isVirtual, let slot = method.slot {
          return Value(
            maker.placeholder("&virtual table offset \(slot)"), FetchedValue(.bytes([])))
        }
        if let function = definition(of: method.entry) {
          return try address(of: try value(of: .function(function)))
        }
      }
      return try address(of: try value(of: .classMember(type, name)))
    }
    if case .statically = last.place { return try address(of: try staticMember(last)) }
    var offset: UInt64 = 0
    for step in path {
      guard case .offset(let part) = step.place else {
        throw EvaluationFailure("Cannot take address of member.")
      }
      offset &+= part
    }
    let pointer = ValueType(
      kind: .memberPointer, tag: Tag.pointerToMemberType, name: nil, size: UInt64(maker.wordSize),
      target: last.type, reader: maker.reader)
    maker.setOwner(owner, of: pointer)
    return Value(pointer, number: offset)
  }

  private func throughMemberPointer(_ object: Value, _ pointer: Value, isArrow: Bool)
    throws(EvaluationFailure)
    -> Value
  {
    let plain = try unreferenced(pointer).type.stripped
    guard plain.kind == .memberPointer, let target = plain.target, plain.byteCount <= 8 else {
      if plain.kind == .memberPointer {
        throw EvaluationFailure("You can't do that without a process to debug.")
      }
      throw EvaluationFailure("not implemented: pointer-to-method in pointer-to-member construct")
    }
    let whole = isArrow ? try dereferenced(object) : try unreferenced(object)
    guard let address = whole.address else {
      throw EvaluationFailure("Attempt to take address of value not located in memory.")
    }
    return Value(target, at: address &+ (try number(try unreferenced(pointer))))
  }

  // MARK: Assignment

  private func assign(_ code: String, _ left: Node, _ right: Node) throws(EvaluationFailure) -> Value {
    let new = try value(of: right)
    if code.isEmpty {
      if case .dollar(let name) = left, !Registers.isKnown(name, workspace.architecture),
        Self.isVariable(name)
      {
        return try store(new, in: Value(maker.void, FetchedValue(.bytes([])), place: .convenience(name)))
      }
      return try store(new, in: try value(of: left))
    }
    let old = try value(of: left)
    return try store(try binary(code, old, new), in: old)
  }

  static func isVariable(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first else { return false }
    return first.value == 0x5f || (0x41...0x5a).contains(first.value) || (0x61...0x7a).contains(first.value)
  }

  /// Only convenience variables can be written: a core is not.
  private func store(_ new: Value, in place: Value) throws(EvaluationFailure) -> Value {
    switch place.place {
    case .convenience(let name):
      var value = try fetched(new)
      if value.type.stripped.kind == .reference { value = try fetched(try unreferenced(value)) }
      workspace.convenience[name] = value
      return value
    case .memory(let address):
      _ = try cast(new, to: place.type)
      var text = "Cannot access memory at address 0x"
      text += String(address, radix: 16)
      throw EvaluationFailure(text)
    case .register: throw EvaluationFailure("You can't do that without a process to debug.")
    case .none: throw EvaluationFailure("Left operand of assignment is not an lvalue.")
    }
  }
}
