internal import Backtraces
internal import Elfutils
internal import ProcessModel
internal import Symbols
internal import Unwinding
internal import Values

extension Evaluator {
  /// What a name stands for here: locals by innermost block, members of `this`, the unit's own, the rest of
  /// the program's, ELF symbols.
  func resolve(_ name: String) throws(EvaluationFailure) -> NamedThing? {
    if !name.contains("::"), let local = scope.local(name, .ordinary) { return local }
    if !name.contains("::"), name != "this", isCxx, try isField(name) { return .field(name) }
    if let found = try global(name, .ordinary) { return found }
    if let type = primitive(name) { return .type(type) }
    return minimal(name).map { .minimal($0) }
  }

  /// The type behind `struct NAME` and its kin.
  func resolveTag(_ name: String) throws(EvaluationFailure) -> ValueType? {
    if case .type(let type)? = scope.local(name, .tagged) { return type }
    if case .type(let type)? = try global(name, .tagged) { return type }
    return nil
  }

  func primitive(_ name: String) -> ValueType? {
    switch language {
    case .rust: TypeMaker.rustNames.contains(name) ? maker.named(name) : nil
    default: TypeMaker.primitiveNames.contains(name) ? maker.named(name) : nil
    }
  }

  /// A name of file scope: with the scopes of the function in front, then as it is.
  private func global(_ name: String, _ kind: NameSearch.Kind) throws(EvaluationFailure) -> NamedThing? {
    guard let search = workspace.search else { return nil }
    let spelled = name.hasPrefix("::") ? String(name.dropFirst(2)) : name
    let prefixes = name.hasPrefix("::") || language == .c ? [] : scope.prefixes
    let candidates = prefixes.map { $0 + "::" + spelled } + [spelled]
    // A name in a class is found by the class, which knows what is virtual and what static.
    if kind == .ordinary, spelled.contains("::") {
      for candidate in candidates {
        if let member = try classMember(candidate, isExplicit: false) { return member }
      }
    }
    if let unit = scope.unit, let module = scope.module {
      for candidate in candidates {
        if let found = search.find(candidate, kind, in: unit, of: module),
          let thing = try thing(found, candidate)
        {
          return thing
        }
      }
    }
    for candidate in candidates {
      // A function is where its symbol is: no need to look at every unit.
      if kind == .ordinary, !candidate.contains("::"), let function = function(named: candidate) {
        return .function(function)
      }
      if let found = search.find(
        candidate, kind, preferring: scope.module ?? workspace.process?.modules.executable),
        let thing = try thing(found, candidate)
      {
        return thing
      }
      if let member = try classMember(candidate, isExplicit: candidate == spelled) { return member }
    }
    return nil
  }

  /// The function whose symbol has a name, if debug information describes it by that name.
  private func function(named name: String) -> FunctionSymbol? {
    guard let minimal = minimal(name), minimal.symbol.isText,
      let resolver = workspace.process?.unwinder.resolver
    else { return nil }
    let code = resolver.code(at: .instruction(minimal.address))
    guard let function = code.function, function.entryPC == minimal.address, let module = code.module,
      function.entry.name == name || function.entry.linkageName == name
    else { return nil }
    return FunctionSymbol(entry: function.entry, module: module)
  }

  private func thing(_ found: NameSearch.Found, _ name: String) throws(EvaluationFailure) -> NamedThing? {
    let entry = found.entry
    switch entry.tag {
    case Tag.variable, Tag.member:
      if !entry.has(Attribute.location), !entry.has(Attribute.constValue) {
        // A static member: its value is elsewhere, or in the declaration itself.
        if let linkage = entry.linkageName, let minimal = minimal(linkage) {
          return .variable(Variable(entry: entry, module: minimal.module, isLocal: false, pc: scope.pc))
        }
        return nil
      }
      return .variable(Variable(entry: entry, module: found.module, isLocal: false, pc: scope.pc))
    case Tag.subprogram: return .function(FunctionSymbol(entry: entry, module: found.module))
    case Tag.enumerator:
      guard let parent = found.parent else { return nil }
      return .enumerator(
        Int64(bitPattern: entry.unsigned(Attribute.constValue) ?? 0), maker.reader.type(parent), name)
    case Tag.namespace, Tag.module: return .namespace(name)
    default:
      // What is only declared is no type to speak of.
      return entry.flag(Attribute.declaration) ? nil : .type(maker.reader.type(entry))
    }
  }

  /// A member of a class by its qualified name.
  private func classMember(_ name: String, isExplicit: Bool) throws(EvaluationFailure) -> NamedThing? {
    var parts = NameSearch.parts(of: name)
    guard parts.count > 1, let last = parts.popLast(), let search = workspace.search else { return nil }
    let owner = parts.joined(separator: "::")
    let module = scope.module ?? workspace.process?.modules.executable
    var found: NameSearch.Found?
    if let unit = scope.unit, let own = scope.module {
      found = search.find(owner, .ordinary, in: unit, of: own)
    }
    found = found ?? search.find(owner, .ordinary, preferring: module)
    guard let found, case .type(let type)? = try thing(found, owner) else { return nil }
    switch type.stripped.kind {
    case .structure, .union:
      // With a scope that was only tried there may be no such member.
      let owner = type.stripped
      guard
        isExplicit || MemberSearch.path(to: last, in: owner) != nil || MemberSearch.hasMethod(last, in: owner)
      else { return nil }
      return .classMember(type, last)
    default: return nil
    }
  }

  /// A symbol of the ELF tables: the frame's module first, then in load order.
  func minimal(_ name: String) -> MinimalThing? {
    guard let process = workspace.process else { return nil }
    var order = [scope.module, process.modules.executable].compactMap { $0 }
    for module in order {
      if let symbol = module.symbol(named: name) { return MinimalThing(symbol: symbol, module: module) }
    }
    for index in process.modules.libraries.indices {
      guard let module = process.modules.library(at: index) else { continue }
      if let symbol = module.symbol(named: name) { return MinimalThing(symbol: symbol, module: module) }
      order.append(module)
    }
    for module in order {
      if let symbol = module.threadLocalSymbol(named: name) {
        return MinimalThing(symbol: symbol, module: module, isThreadLocal: true)
      }
    }
    return nil
  }

  // MARK: this

  /// `this`, where a method runs.
  func thisValue() throws(EvaluationFailure) -> Value? {
    guard case .variable(let variable)? = scope.local("this", .ordinary) else { return nil }
    return try value(of: variable)
  }

  private func isField(_ name: String) throws(EvaluationFailure) -> Bool {
    guard case .variable(let variable)? = scope.local("this", .ordinary) else { return false }
    guard let owner = maker.reader.type(of: variable.entry).stripped.target?.stripped else { return false }
    return MemberSearch.path(to: name, in: owner) != nil || MemberSearch.hasMethod(name, in: owner)
  }

  // MARK: Values

  /// The value that a name has.
  func value(of thing: NamedThing) throws(EvaluationFailure) -> Value {
    switch thing {
    case .variable(let variable): return try value(of: variable)
    case .function(let function):
      guard let address = function.address else { throw EvaluationFailure("value has been optimized out") }
      return Value(maker.reader.type(function.entry), at: address)
    case .enumerator(let number, let type, _):
      return Value(type, number: UInt64(bitPattern: number))
    case .type, .namespace: throw EvaluationFailure("Attempt to use a type name as an expression")
    case .minimal(let minimal): return try value(of: minimal)
    case .field(let name):
      guard let this = try thisValue() else {
        throw EvaluationFailure("No symbol \"this\" in current context.")
      }
      return try member(name, of: try dereferenced(this), isArrow: true)
    case .classMember(let type, let name): return try value(ofMember: name, of: type)
    }
  }

  /// A symbol without debug information: gdb wants to be told its type.
  private func value(of minimal: MinimalThing) throws(EvaluationFailure) -> Value {
    if minimal.isThreadLocal {
      guard let start = threadStorage(of: minimal.module) else {
        throw EvaluationFailure("Cannot find thread-local storage")
      }
      return Value(maker.named("<thread local variable, no debug info>"), at: start &+ minimal.symbol.address)
    }
    if minimal.symbol.isText {
      // Another name of a function that debug information describes.
      if let code = workspace.process?.unwinder.resolver.code(at: .instruction(minimal.address)),
        let function = code.function, function.entryPC == minimal.address, let module = code.module
      {
        return try value(of: .function(FunctionSymbol(entry: function.entry, module: module)))
      }
      return Value(maker.named("<text variable, no debug info>"), at: minimal.address)
    }
    // Another name of a variable that debug information describes, such as `environ` of `__environ`.
    for alias in minimal.module.symbols.names(at: minimal.symbol.address) where alias != minimal.symbol.name {
      if let search = workspace.search, let found = search.find(alias, .ordinary, preferring: minimal.module),
        found.module === minimal.module, found.entry.tag == Tag.variable
      {
        return Value(maker.reader.type(of: found.entry), at: minimal.address)
      }
    }
    return Value(maker.named("<data variable, no debug info>"), at: minimal.address)
  }

  private func value(ofMember name: String, of type: ValueType) throws(EvaluationFailure) -> Value {
    let owner = type.stripped
    // In a method of the class, the object's own; static ones anywhere.
    if let path = MemberSearch.path(to: name, in: owner) {
      if case .statically = path.last?.place { return try staticMember(path[path.count - 1]) }
      if let this = try thisValue(), let own = this.type.stripped.target?.stripped,
        own === owner || MemberSearch.base(owner, of: own) != nil
      {
        return try member(name, of: try cast(try dereferenced(this), to: type), isArrow: true)
      }
      throw EvaluationFailure("Cannot reference non-static field \"\(name)\"")
    }
    if let method = MemberSearch.method(name, in: owner) {
      if method.isVirtual { throw EvaluationFailure("Cannot reference virtual member function \"\(name)\"") }
      if let function = definition(of: method.entry) { return try value(of: .function(function)) }
    }
    throw EvaluationFailure("There is no field named \(name)")
  }

  /// The code of a method that a class declares.
  func definition(of declaration: DebugEntry) -> FunctionSymbol? {
    if !declaration.ranges.isEmpty, let module = scope.module {
      return FunctionSymbol(entry: declaration, module: module)
    }
    guard let linkage = declaration.linkageName, let minimal = minimal(linkage),
      let code = workspace.process?.unwinder.resolver.code(at: .instruction(minimal.address)),
      let function = code.function, let module = code.module
    else { return nil }
    return FunctionSymbol(entry: function.entry, module: module)
  }
}
