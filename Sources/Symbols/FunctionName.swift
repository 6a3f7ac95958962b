internal import Demangling
internal import Elfutils

/// The name that gdb prints for a function that DWARF describes (contract, F-7 and N-1 to N-5).
enum FunctionName {
  /// Origins and specifications chain at most this long.
  private static let maximumChain = 16

  static func name(of entry: DebugEntry, language: Language) -> String? {
    guard let name = entry.name else { return entry.linkageName }
    switch language {
    case .cxx:
      if let linkage = entry.linkageName { return CxxName.function(linkage: linkage) }
      let qualified = prefix(of: entry, language: language) + name + templateArguments(of: entry, name: name)
      return CxxName.function(computed: qualified)
    case .rust, .d, .fortran:
      return prefix(of: entry, language: language) + name
    case .go, .pascal:
      return name
    case .c, .assembler, .minimal, .ada:
      return entry.linkageName ?? name
    }
  }

  /// The scopes around an entry, each followed by `::`.
  static func prefix(of entry: DebugEntry, language: Language) -> String {
    var text = ""
    for scope in declaration(of: entry).ancestors {
      switch scope.tag {
      case Tag.namespace, Tag.module:
        text += (scope.name ?? "(anonymous namespace)") + "::"
      case Tag.structureType, Tag.classType, Tag.unionType, Tag.interfaceType, Tag.enumerationType:
        // A class without a name, such as gcc's lambdas, gives its members no scope at all.
        guard let name = scope.name else {
          text = ""
          continue
        }
        text += name + "::"
      default: break
      }
    }
    return text
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

  private static func templateArguments(of entry: DebugEntry, name: String) -> String {
    guard !name.contains("<") else { return "" }
    var arguments: [String] = []
    for child in declaration(of: entry).children {
      if child.tag == Tag.templateTypeParameter {
        arguments.append(child.reference(Attribute.type)?.name ?? "void")
      } else if child.tag == Tag.templateValueParameter, let value = child.signed(Attribute.constValue) {
        arguments.append(String(value))
      }
    }
    return arguments.isEmpty ? "" : "<" + arguments.joined(separator: ", ") + ">"
  }
}
