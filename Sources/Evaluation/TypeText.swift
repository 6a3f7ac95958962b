internal import Elfutils
internal import Values

/// Types spelled as gdb's `whatis` spells them, in the manner of a language.
struct TypeText {
  let language: Language
  let maker: TypeMaker
  /// gdb's spelling of a C++ name.
  let canonical: (String) -> String

  /// What types are called in the class that is shown.
  var substitutions: [String: String] = [:]

  /// Whether the names that libstdc++'s printers give types are used: what `whatis` shows has them, what
  /// stands before a pointer that is printed does not.
  var shortensLibraryNames = true

  private static let maximumDepth = 16
  private static let maximumParameters = 256

  /// gcc's names of base types as gdb keeps them.
  private static let baseNames = [
    "short int": "short", "short unsigned int": "unsigned short", "long int": "long",
    "long unsigned int": "unsigned long", "long long int": "long long",
    "long long unsigned int": "unsigned long long", "unsigned": "unsigned int",
  ]

  func text(_ type: ValueType, depth: Int = 0) -> String {
    language == .rust ? rust(type, depth: depth) : declaration(type, "", depth: depth)
  }

  /// A declaration of `inner` with the type.
  func declaration(_ type: ValueType, _ inner: String, depth: Int = 0) -> String {
    guard depth < Self.maximumDepth else { return "..." }
    let target = type.target ?? type.reader.void
    switch type.kind {
    case _ where !substitutions.isEmpty && substitutions[plainText(type, depth)] != nil:
      return (substitutions[plainText(type, depth)] ?? "") + spaced(inner)
    case .pointer where type.name == nil: return pointer(to: target, "*" + inner, depth)
    case .reference:
      return pointer(to: target, (type.tag == Tag.rvalueReferenceType ? "&&" : "&") + inner, depth)
    case .memberPointer:
      let owner = type.entry?.reference(Attribute.containingType).map { QualifiedName.text(of: $0) } ?? ""
      return pointer(to: target, canonical(owner) + "::*" + inner, depth)
    case .function where type.name == nil || type.entry != nil:
      return declaration(target, inner + "(" + parameters(of: type, depth) + ")", depth: depth + 1)
    case .array where type.name == nil:
      let bounds = type.dimensions.map(Self.bound)
      let isUnknown = type.dimensions.count == 1 && isOpen(type.dimensions[0])
      if maker.isVector(type) {
        let count = type.dimensions.first?.constant ?? 0
        return declaration(target, inner + " __attribute__ ((vector_size(\(count))))", depth: depth + 1)
      }
      return declaration(target, inner + (isUnknown ? "[]" : bounds.joined()), depth: depth + 1)
    case .alias where type.tag != Tag.typedef && type.tag != Tag.subrangeType:
      return qualified(type, inner, depth)
    default: return name(of: type) + spaced(inner)
    }
  }

  /// The type as it is spelled outside of the class.
  private func plainText(_ type: ValueType, _ depth: Int) -> String {
    var plain = self
    plain.substitutions = [:]
    return plain.text(type, depth: depth + 1)
  }

  private static func bound(_ dimension: Dimension) -> String {
    dimension.constant.map { "[\($0)]" } ?? "[variable length]"
  }

  private func isOpen(_ dimension: Dimension) -> Bool {
    if case .unknown = dimension.size { return true }
    return false
  }

  private func spaced(_ inner: String) -> String {
    // An array's brackets stand apart from the type too.
    inner.isEmpty ? "" : inner.hasPrefix(" ") ? inner : " " + inner
  }

  private func pointer(to target: ValueType, _ inner: String, _ depth: Int) -> String {
    let (core, _) = unqualified(target)
    switch core.kind {
    case .function where core.name == nil || core.entry != nil, .array where core.name == nil:
      return declaration(target, "(" + inner + ")", depth: depth + 1)
    default: return declaration(target, inner, depth: depth + 1)
    }
  }

  /// The type behind neighbouring qualifiers, and these in one order.
  private func unqualified(_ type: ValueType) -> (ValueType, String) {
    var (isConst, isVolatile, isRestrict, isAtomic) = (false, false, false, false)
    var target = type
    var left = 16
    while target.kind == .alias, target.tag != Tag.typedef, target.tag != Tag.subrangeType, left > 0 {
      isConst = isConst || target.tag == Tag.constType
      isVolatile = isVolatile || target.tag == Tag.volatileType
      isRestrict = isRestrict || target.tag == Tag.restrictType
      isAtomic = isAtomic || target.tag == Tag.atomicType
      target = target.target ?? type.reader.void
      left -= 1
    }
    let words =
      (isConst ? ["const"] : []) + (isVolatile ? ["volatile"] : [])
      + (isRestrict ? [language == .cxx ? "__restrict__" : "restrict"] : []) + (isAtomic ? ["_Atomic"] : [])
    return (target, words.joined(separator: " "))
  }

  private func qualified(_ type: ValueType, _ inner: String, _ depth: Int) -> String {
    let (target, words) = unqualified(type)
    switch target.kind {
    case .pointer, .reference, .memberPointer:
      // References stand at the word.
      let mark = words.isEmpty ? inner : " " + words + (inner.hasPrefix("&") ? inner : spaced(inner))
      return declaration(target, mark, depth: depth + 1)
    case .alias, .array:
      // An array of const elements is an array, of const elements.
      if target.kind == .array, let element = target.target {
        let qualifiedElement = maker.qualified(element, tag: Tag.constType)
        let bounds = target.dimensions.map(Self.bound).joined()
        return declaration(qualifiedElement, inner + bounds, depth: depth + 1)
      }
      fallthrough
    default: return (words.isEmpty ? "" : words + " ") + declaration(target, inner, depth: depth + 1)
    }
  }

  /// The parameters between a function type's parentheses.
  func parameters(of type: ValueType, _ depth: Int = 0, skipsThis: Bool = false) -> String {
    if let made = maker.signatures[ObjectIdentifier(type)] {
      return made.isEmpty ? "void" : made.map { text($0, depth: depth + 1) }.joined(separator: ", ")
    }
    guard let entry = type.entry else { return "" }
    var list: [String] = []
    var isVariadic = false
    // A definition out of line lists them itself; one that refers to another entry may leave them to it.
    for child in entry.children {
      guard list.count < Self.maximumParameters else { break }
      if child.tag == Tag.formalParameter {
        let isArtificial = child.flag(Attribute.artificial, .integrated)
        if skipsThis, isArtificial { continue }
        let own = type.reader.type(of: child)
        // gdb gives `this` the const that DWARF leaves out.
        let needsConst = isArtificial && own.kind == .pointer
        list.append(text(needsConst ? maker.qualified(own, tag: Tag.constType) : own, depth: depth + 1))
      } else if child.tag == 0x18 {
        isVariadic = true
      }
    }
    if isVariadic { list.append("...") }
    if !list.isEmpty { return list.joined(separator: ", ") }
    // DW_AT_prototyped
    let isPrototyped = entry.flag(0x27, .integrated)
    return language == .cxx || isPrototyped || Language(unit: entry.unitRoot) != .c ? "void" : ""
  }

  /// Whether the library's printers have another name for the type that an entry is.
  func isRenamed(_ entry: DebugEntry) -> Bool {
    guard language == .cxx, maker.usesLibraryNames else { return false }
    return libraryNames(near: entry).isRecognized(canonical(QualifiedName.text(of: entry)))
  }

  /// The name that a type has by itself.
  func name(of type: ValueType) -> String {
    let name = ownName(of: type)
    guard !substitutions.isEmpty else { return name }
    if let own = substitutions[name] { return own }
    // What the library's printers name is as they name it.
    if let entry = type.entry, isRenamed(entry) { return name }
    return NameSubstitution(substitutions: substitutions).replaced(in: name)
  }

  private func ownName(of type: ValueType) -> String {
    guard let entry = type.entry else {
      let keyword =
        language == .cxx && type.name.map { !$0.hasPrefix("vec") } ?? false ? "" : Self.keyword(type)
      return type.name.map { keyword + $0 } ?? (type.kind == .void ? "void" : unnamed(type))
    }
    if type.kind == .void { return type.name ?? "void" }
    let plain = language == .cxx || language == .rust ? QualifiedName.text(of: entry) : type.name ?? ""
    guard !plain.isEmpty else { return unnamed(type) }
    if type.tag == Tag.baseType { return Self.baseName(plain, entry) }
    guard language == .cxx else {
      return (spellsKeywords ? Self.keyword(type) : "") + plain
    }
    guard maker.usesLibraryNames, shortensLibraryNames else { return canonical(plain) }
    return libraryNames(near: entry).shortened(canonical(plain))
  }

  private func libraryNames(near entry: DebugEntry) -> LibraryTypeNames {
    LibraryTypeNames { maker.reader.hasTypedef(inStandard: $0, near: entry) }
  }

  private static func baseName(_ name: String, _ entry: DebugEntry) -> String {
    if name == "__int128 unsigned", Language(unit: entry.unitRoot) == .cxx { return "unsigned __int128" }
    return baseNames[name] ?? name
  }

  /// Whether types are named with `struct ` and its kin in front, as only C does.
  var spellsKeywords: Bool { language == .c || language == .minimal }

  /// `struct ` and its kin; nothing for types that are written without.
  static func keyword(_ type: ValueType) -> String {
    switch type.tag {
    case Tag.classType: "class "
    case Tag.structureType: "struct "
    case Tag.unionType: "union "
    case Tag.enumerationType: "enum "
    default: ""
    }
  }

  private func unnamed(_ type: ValueType) -> String {
    switch type.tag {
    case Tag.classType, Tag.structureType, Tag.unionType, Tag.enumerationType: Self.keyword(type) + "{...}"
    default: "<unnamed type>"
    }
  }

  // MARK: Rust

  private func rust(_ type: ValueType, depth: Int) -> String {
    guard depth < Self.maximumDepth else { return "..." }
    if let entry = type.entry, let name = type.name, !name.isEmpty {
      // Names of references and raw pointers are whole already.
      if type.tag == Tag.baseType { return name }
      if type.kind == .pointer { return "*mut " + rust(type.target ?? type.reader.void, depth: depth + 1) }
      return name.hasPrefix("&") || name.hasPrefix("(") || name.hasPrefix("*")
        ? name : QualifiedName.text(of: entry)
    }
    switch type.kind {
    case .pointer: return "*mut " + rust(type.target ?? type.reader.void, depth: depth + 1)
    case .array:
      let count = type.dimensions.first?.constant ?? 0
      return "[" + rust(type.target ?? type.reader.void, depth: depth + 1) + "; \(count)]"
    case .void: return "()"
    case .function:
      let list =
        type.entry?.children.filter { $0.tag == Tag.formalParameter }.prefix(64)
        .map { rust(type.reader.type(of: $0), depth: depth + 1) } ?? []
      let result = type.target.map { " -> " + rust($0, depth: depth + 1) } ?? ""
      return "fn (" + list.joined(separator: ", ") + ")" + result
    default: return type.name ?? "<unnamed type>"
    }
  }
}
