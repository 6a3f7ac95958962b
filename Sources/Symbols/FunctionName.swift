internal import Demangling
package import Elfutils

/// The name that gdb prints for a function that DWARF describes (contract, F-7 and N-1 to N-5).
enum FunctionName {
  /// Origins and specifications chain at most this long.
  private static let maximumChain = 16

  /// The name in a frame line, and the name that pointers to the function show.
  static func names(of entry: DebugEntry, language: Language, spelling: TypeSpelling?) -> (
    cut: String, whole: String
  )? {
    let linkage = entry.linkageName
    guard let name = entry.name else {
      // clang describes thunks and static initializers by their linkage names alone.
      guard language == .cxx else { return linkage.map { ($0, $0) } }
      return linkage.map { (CxxName.function(linkage: $0), CxxName.whole(linkage: $0)) }
    }
    switch language {
    case .cxx:
      if let linkage { return (CxxName.function(linkage: linkage), CxxName.whole(linkage: linkage)) }
      // Only a function out of line is spelled with parameters, as its own entry lists them.
      guard entry.tag == Tag.subprogram else {
        let text = CxxName.canonical(
          prefix(of: entry, language: language) + CxxName.canonical(name)
            + templateArguments(of: declaration(of: entry), name: name, spelling))
        return (text, text)
      }
      let text = computed(entry, name, spelling)
      return (CxxName.function(computed: text), CxxName.canonical(text))
    case .rust, .fortran:
      let text = prefix(of: entry, language: language) + name
      return (text, text)
    case .go, .pascal:
      return (name, name)
    case .ada:
      let text = Demangler.ada(linkage ?? name)
      return (text, text)
    case .c, .assembler, .minimal, .d:
      return (linkage ?? name, linkage ?? name)
    }
  }

  /// What gdb makes of a C++ function without linkage name: `SCOPE::NAME<ARGUMENTS>(TYPES) const`.
  private static func computed(_ entry: DebugEntry, _ name: String, _ spelling: TypeSpelling?) -> String {
    let home = declaration(of: entry)
    var types: [String] = []
    var isConst = false
    for child in entry.children where child.tag == Tag.formalParameter {
      let type = child.reference(Attribute.type, .integrated)
      if child.flag(Attribute.artificial, .integrated) {
        isConst = isConst || (type.map(pointsToConst) ?? false)
      } else {
        types.append(type.flatMap { spelling?($0) } ?? "void")
      }
    }
    return prefix(of: entry, language: .cxx) + CxxName.canonical(name)
      + templateArguments(of: home, name: name, spelling) + "("
      + (types.isEmpty ? "void" : types.joined(separator: ", "))
      + ")" + (isConst ? " const" : "")
  }

  /// Whether `this` is of type `const C *`, itself const or not.
  private static func pointsToConst(_ type: DebugEntry) -> Bool {
    var pointer = type
    if pointer.tag == Tag.constType, let inner = pointer.reference(Attribute.type) { pointer = inner }
    return pointer.tag == Tag.pointerType && pointer.reference(Attribute.type)?.tag == Tag.constType
  }

  /// The scopes around an entry, each followed by `::`.
  static func prefix(of entry: DebugEntry, language: Language) -> String {
    var text = ""
    let home = declaration(of: entry)
    let scopes = home.ancestors
    if language == .fortran, home.tag == Tag.subprogram, let outer = scopes.last, outer.tag == Tag.subprogram,
      let name = outer.name
    {
      // A contained procedure has the name of the one around it, without that one's module; where it was inlined, none.
      return home.identity == entry.identity ? name + "::" : ""
    }
    for scope in scopes {
      switch scope.tag {
      case Tag.namespace, Tag.module:
        text += (scope.name ?? "(anonymous namespace)") + "::"
      case Tag.structureType, Tag.classType, Tag.unionType, Tag.interfaceType, Tag.enumerationType:
        // A class without a name, such as gcc's lambdas, gives its members no scope at all.
        guard let name = scope.name else {
          text = ""
          continue
        }
        text += (language == .cxx ? CxxName.canonical(name) : name) + "::"
      default: break
      }
    }
    return text
  }

  /// Whether a namespace has the same qualified name as a function, such as rustc makes for main's closures.
  static func hasNamespaceTwin(_ entry: DebugEntry) -> Bool {
    let home = declaration(of: entry)
    guard let scope = home.ancestors.last, let name = home.name else { return false }
    return scope.children.contains { $0.tag == Tag.namespace && $0.name == name }
  }

  /// The entry that stands in the scope the programmer wrote: what origin and specification lead to.
  static func declaration(of entry: DebugEntry) -> DebugEntry {
    var at = entry
    for _ in 0..<maximumChain {
      guard let next = at.reference(Attribute.abstractOrigin) ?? at.reference(Attribute.specification) else {
        break
      }
      at = next
    }
    return at
  }

  private static func templateArguments(of home: DebugEntry, name: String, _ spelling: TypeSpelling?)
    -> String
  {
    guard !name.contains("<") else { return "" }
    var arguments: [String] = []
    for child in home.children {
      if child.tag == Tag.templateTypeParameter {
        arguments.append(child.reference(Attribute.type).flatMap { spelling?($0) } ?? "void")
      } else if child.tag == Tag.templateValueParameter,
        let value = child.unsigned(Attribute.constValue).map(Int64.init(bitPattern:))
      {
        arguments.append(String(value))
      }
    }
    return arguments.isEmpty ? "" : "<" + arguments.joined(separator: ", ") + ">"
  }
}

/// Spells the type that an entry is, as C++ declares it: lent by the room that knows types.
package typealias TypeSpelling = (DebugEntry) -> String
