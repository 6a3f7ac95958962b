internal import Elfutils
internal import Values

extension Evaluator {
  /// What `whatis` says: the type of an expression by its name; of a type's name, the type behind it.
  package func whatis(_ text: String) throws(EvaluationFailure) -> String {
    let node = try parse(text)
    if case .symbol(.namespace(let name)) = node { return name }
    if case .type(let type) = node {
      // One level of typedef is looked through.
      if type.kind == .alias, type.tag == Tag.typedef { return typeText.text(type.target ?? maker.void) }
      return typeText.text(type)
    }
    return typeText.text(try type(of: node))
  }

  /// What `ptype` says: the type in full.
  package func describe(_ text: String) throws(EvaluationFailure) -> String {
    let node = try parse(text)
    if case .symbol(.namespace(let name)) = node { return "namespace " + name }
    let type: ValueType
    if case .type(let named) = node { type = named } else { type = try self.type(of: node) }
    var printer = TypePrinter(evaluator: self)
    return printer.text(type)
  }
}

/// Types in full, as `ptype` shows them: the members of what the declarator stands around.
struct TypePrinter {
  let evaluator: Evaluator
  private var names: TypeText

  init(evaluator: Evaluator) {
    self.evaluator = evaluator
    names = evaluator.typeText
  }

  private static let maximumMembers = 100_000

  mutating func text(_ type: ValueType) -> String {
    let (core, rebuilt) = strip(type, depth: 0)
    if core.kind == .function, core.name?.hasPrefix("<text") == true {
      return core === rebuilt ? "<unknown return type> ()" : "<unknown return type> (*)()"
    }
    if isRust { return core === rebuilt ? RustTypeText(names: names).text(core) : names.text(type) }
    // A type that the library's printers have a name for is that name.
    if let entry = core.entry, names.isRenamed(entry) { return names.text(rebuilt) }
    if isCxx { names.substitutions = substitutions(in: core, depth: 0) }
    guard let body = body(of: core, show: 1, indent: 0) else { return names.text(rebuilt) }
    return declaration(rebuilt, core, body, "")
  }

  /// A declaration of `name` with the body in the place of the type that it is of.
  private func declaration(_ type: ValueType, _ core: ValueType, _ body: String, _ name: String) -> String {
    let outline = names.declaration(around(type, core), name)
    guard let mark = outline.range(of: Self.mark) else { return body }
    return outline.replacingCharacters(mark, body)
  }

  private static let mark = "\u{1}"

  /// What types are called within a class: its template's parameters, its own typedefs and those of its bases.
  private func substitutions(in type: ValueType, depth: Int) -> [String: String] {
    guard depth < 8, let entry = type.entry, type.kind == .structure || type.kind == .union else {
      return [:]
    }
    var result: [String: String] = [:]
    for base in type.layout.bases {
      result.merge(substitutions(in: base.type.stripped, depth: depth + 1)) { _, new in new }
    }
    for child in entry.children {
      guard let name = child.name else { continue }
      if child.tag == Tag.typedef {
        result[names.text(type.reader.type(child))] = name
      } else if child.tag == Tag.templateTypeParameter, depth == 0 {
        result[names.text(type.reader.type(of: child))] = name
      }
    }
    return result
  }

  /// A type with its typedefs looked through, as deep as pointers and arrays lead.
  private func strip(_ type: ValueType, depth: Int) -> (core: ValueType, rebuilt: ValueType) {
    let maker = evaluator.maker
    guard depth < 16 else { return (type, type) }
    switch type.kind {
    case .alias where type.tag == Tag.typedef || type.tag == Tag.subrangeType:
      return strip(type.target ?? maker.void, depth: depth + 1)
    case .alias:
      let (core, inner) = strip(type.target ?? maker.void, depth: depth + 1)
      return (core, inner === type.target ? type : maker.qualified(inner, tag: type.tag))
    case .pointer:
      guard let target = type.target else { return (type, type) }
      let (core, inner) = strip(target, depth: depth + 1)
      return (core, inner === target ? type : maker.pointer(to: inner))
    case .reference:
      guard let target = type.target else { return (type, type) }
      let (core, inner) = strip(target, depth: depth + 1)
      return (
        core,
        inner === target ? type : maker.reference(to: inner, isRvalue: type.tag == Tag.rvalueReferenceType)
      )
    case .array:
      guard let target = type.target, !maker.isVector(type) else { return (type, type) }
      let (core, inner) = strip(target, depth: depth + 1)
      if inner === target { return (core, type) }
      var made = inner
      for dimension in type.dimensions.reversed() { made = maker.array(of: made, count: dimension.constant) }
      return (core, made)
    case .structure, .union, .enumeration:
      let whole = type.stripped
      return (whole, whole)
    default: return (type, type)
    }
  }

  /// The same declarator around a type that is spelled as the mark.
  private func around(_ type: ValueType, _ core: ValueType) -> ValueType {
    let maker = evaluator.maker
    if type === core { return maker.placeholder(Self.mark) }
    switch type.kind {
    case .pointer: return maker.freshPointer(to: around(type.target ?? maker.void, core))
    case .reference:
      return maker.reference(
        to: around(type.target ?? maker.void, core), isRvalue: type.tag == Tag.rvalueReferenceType)
    case .alias: return maker.qualified(around(type.target ?? maker.void, core), tag: type.tag)
    case .array:
      var made = around(type.target ?? maker.void, core)
      for dimension in type.dimensions.reversed() { made = maker.array(of: made, count: dimension.constant) }
      return made
    default: return type
    }
  }

  /// The body of a structure, union or enumeration; `nil` for types that are their name.
  ///
  /// What `show` says: 1 for the type itself, 0 for the types of its members, of which only nameless ones are
  /// shown in full.
  private func body(of type: ValueType, show: Int, indent: Int) -> String? {
    switch type.kind {
    case .structure, .union: structure(type, show: show, indent: indent)
    case .enumeration: enumeration(type)
    default: nil
    }
  }

  private var isCxx: Bool { evaluator.isCxx }

  private func enumeration(_ type: ValueType) -> String? {
    guard let entry = type.entry else { return nil }
    let name = fullName(type)
    var text = "enum "
    if isCxx, entry.flag(Attribute.enumClass) { text = "enum class " }
    text += name.isEmpty ? "" : name + " "
    if isCxx, let under = entry.reference(Attribute.type) {
      text += ": " + names.text(type.reader.type(under).stripped) + " "
    }
    if type.isIncomplete, type.enumeration.enumerators.isEmpty { return text + "{<incomplete type>}" }
    var next: Int64 = 0
    var list: [String] = []
    for enumerator in type.enumeration.enumerators {
      var item = enumerator.name
      if enumerator.value != next { item += " = \(enumerator.value)" }
      next = enumerator.value &+ 1
      list.append(item)
    }
    return text + "{" + list.joined(separator: ", ") + "}"
  }

  private func fullName(_ type: ValueType) -> String {
    var plain = names
    plain.substitutions = [:]
    let name = plain.name(of: type)
    if name.hasSuffix("{...}") { return "" }
    let keyword = names.spellsKeywords ? TypeText.keyword(type) : ""
    return name.hasPrefix(keyword) ? String(name.dropFirst(keyword.count)) : name
  }

  // MARK: Structures

  private func structure(_ type: ValueType, show: Int, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    let entry = type.entry
    let isClass = type.tag == Tag.classType
    var text = isRust ? "struct " : TypeText.keyword(type)
    let name = fullName(type)
    text += name.isEmpty ? "" : name + " "
    if isCxx { text += templateArguments(of: type) }
    if type.isIncomplete { return text + "{\n\(margin)    <incomplete type>\n\(margin)}" }
    let layout = type.layout
    if !layout.bases.isEmpty {
      let list = layout.bases.map { base in
        access(base.entry, isClass: isClass).text + " " + (base.isVirtual ? "virtual " : "")
          + names.name(of: base.type.stripped)
      }
      text += ": " + list.joined(separator: ", ") + " "
    }
    text += "{\n"
    let members = layout.members.prefix(Self.maximumMembers).filter {
      !($0.name?.hasPrefix("_vptr") ?? false)
    }
    let methods = isCxx ? self.methods(of: type) : []
    let typedefs = isCxx ? self.typedefs(of: entry) : []
    if members.isEmpty, methods.isEmpty, typedefs.isEmpty { text += margin + "    <no data fields>\n" }
    var section = Access.initial(isClass: isClass)
    let needsLabels =
      isCxx
      // What the compiler added is private to gdb.
      && (isClass || layout.members.contains { $0.isArtificial }
        || members.contains { access($0.entry, isClass: isClass) != .isPublic }
        || methods.contains { access($0, isClass: isClass) != .isPublic }
        || typedefs.contains { access($0, isClass: isClass) != .isPublic })
    for member in members {
      if needsLabels { label(access(member.entry, isClass: isClass), &section, into: &text) }
      text += margin + "    " + declaration(of: member, show: show, indent: indent + 4) + ";\n"
    }
    if indent == 0 {
      appendMethods(methods, type, isClass, members.isEmpty, needsLabels, &section, into: &text)
      appendTypedefs(
        typedefs, of: entry, !members.isEmpty || !methods.isEmpty, isClass, needsLabels, &section, into: &text
      )
    }
    return text + margin + "}"
  }

  private var isRust: Bool { evaluator.language == .rust }

  enum Access {
    case none
    case isPublic
    case isProtected
    case isPrivate

    static func initial(isClass: Bool) -> Access { .none }

    var text: String {
      switch self {
      case .none, .isPublic: "public"
      case .isProtected: "protected"
      case .isPrivate: "private"
      }
    }
  }

  /// DW_AT_accessibility, or what the kind of class has by default.
  private func access(_ entry: DebugEntry?, isClass: Bool) -> Access {
    switch entry?.unsigned(0x32) {
    case 1: .isPublic
    case 2: .isProtected
    case 3: .isPrivate
    default: isClass ? .isPrivate : .isPublic
    }
  }

  private func label(_ access: Access, _ section: inout Access, into text: inout String) {
    guard access != section else { return }
    section = access
    text += "  " + access.text + ":\n"
  }

  private func declaration(of member: Layout.Member, show: Int, indent: Int) -> String {
    let name = member.name ?? ""
    if isRust { return name + ": " + names.text(member.type) }
    let isStatic = if case .statically = member.place { true } else { false }
    var text = isStatic ? "static " : ""
    let core = core(of: member.type)
    if show > 0, isNameless(core), let body = body(of: core, show: show - 1, indent: indent) {
      text += declaration(member.type, core, body, name)
    } else {
      text += names.declaration(member.type, name)
    }
    if let bits = member.bits { text += " : \(bits.size)" }
    return text
  }

  /// What a type's declarator stands around, typedefs kept.
  private func core(of type: ValueType) -> ValueType {
    var current = type
    for _ in 0..<16 {
      switch current.kind {
      case .pointer, .reference, .array:
        guard current.name == nil, let target = current.target else { return current }
        current = target
      case .alias where current.tag != Tag.typedef && current.tag != Tag.subrangeType:
        guard let target = current.target else { return current }
        current = target
      default: return current
      }
    }
    return current
  }

  private func isNameless(_ type: ValueType) -> Bool {
    switch type.kind {
    case .structure, .union, .enumeration: (type.name ?? "").isEmpty
    default: false
    }
  }

  // MARK: Methods

  private func methods(of type: ValueType) -> [DebugEntry] {
    guard let entry = type.entry else { return [] }
    // Those of one name stand together, where the first of them stands.
    var order: [String] = []
    var groups: [String: [DebugEntry]] = [:]
    for child in entry.children where child.tag == Tag.subprogram {
      guard let name = child.name else { continue }
      if groups[name] == nil {
        order.append(name)
        groups[name] = []
      }
      // What the compiler made holds the place, but is not shown.
      if !child.flag(Attribute.artificial) { groups[name]?.append(child) }
    }
    return order.flatMap { groups[$0] ?? [] }
  }

  private func appendMethods(
    _ methods: [DebugEntry], _ type: ValueType, _ isClass: Bool, _ isFirst: Bool, _ needsLabels: Bool,
    _ section: inout Access, into text: inout String
  ) {
    guard !methods.isEmpty else { return }
    if !isFirst { text += needsLabels ? "\n" : "" }
    for method in methods {
      label(access(method, isClass: isClass), &section, into: &text)
      text += "    " + declaration(of: method, in: type) + ";\n"
    }
  }

  private func declaration(of method: DebugEntry, in owner: ValueType) -> String {
    let name = method.name ?? ""
    let type = owner.reader.type(method)
    let parameters = Array(method.children.filter { $0.tag == Tag.formalParameter })
    let hasThis = parameters.first?.flag(Attribute.artificial) ?? false
    var text = ""
    if method.has(Attribute.vtableElementLocation) { text += "virtual " }
    if !hasThis { text += "static " }
    let plainName = owner.name.map { $0.prefix { $0 != "<" } } ?? ""
    let isStructor = name == plainName || name.hasPrefix("~")
    if !isStructor, !isConversion(name) {
      let result = type.target ?? owner.reader.void
      let spelled = names.text(result)
      text += spelled + " "
    }
    text += name + "(" + names.parameters(of: type, skipsThis: true) + ")"
    if hasThis, let pointer = parameters.first.map({ owner.reader.type(of: $0).stripped }) {
      text += (pointer.target?.qualifiers(limit: 4).words ?? []).map { " " + $0 }.joined()
    }
    return text
  }

  private func isConversion(_ name: String) -> Bool {
    guard name.hasPrefix("operator ") else { return false }
    let word = name.dropFirst("operator ".count)
    return !["new", "delete", "new[]", "delete[]"].contains(word)
  }

  // MARK: Typedefs

  private func typedefs(of entry: DebugEntry?) -> [DebugEntry] {
    entry?.children.filter { $0.tag == Tag.typedef } ?? []
  }

  private func appendTypedefs(
    _ typedefs: [DebugEntry], of owner: DebugEntry?, _ hasMore: Bool, _ isClass: Bool, _ needsLabels: Bool,
    _ section: inout Access,
    into text: inout String
  ) {
    guard !typedefs.isEmpty else { return }
    if hasMore { text += "\n" }
    let parameters = names.substitutions.filter { substitution in
      owner?.children.contains {
        $0.tag == Tag.templateTypeParameter && $0.name == substitution.value
      } ?? false
    }
    for entry in typedefs {
      if needsLabels { label(access(entry, isClass: isClass), &section, into: &text) }
      let target = evaluator.maker.reader.type(of: entry)
      // By the names of the template's parameters, but not by those of the class's own types.
      var plain = names
      plain.substitutions = parameters
      text += "    typedef " + plain.declaration(target, entry.name ?? "") + ";\n"
    }
  }

  /// ` [with T = int] `, for a template's class.
  private func templateArguments(of type: ValueType) -> String {
    guard let entry = type.entry else { return "" }
    var list: [String] = []
    for child in entry.children where child.tag == Tag.templateTypeParameter {
      guard let name = child.name else { continue }
      var plain = names
      plain.substitutions = [:]
      list.append(name + " = " + plain.text(type.reader.type(of: child)))
    }
    return list.isEmpty ? "" : "[with " + list.joined(separator: ", ") + "] "
  }
}

extension String {
  fileprivate func range(of mark: String) -> Range<String.Index>? {
    guard let first = mark.first, let at = firstIndex(of: first) else { return nil }
    return at..<index(after: at)
  }

  fileprivate func replacingCharacters(_ range: Range<String.Index>, _ text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
