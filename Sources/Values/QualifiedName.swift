package import Elfutils

/// Names with their scopes in front, joined by `::`, as C++ and Rust types and enumerators print them.
package enum QualifiedName {
  static let anonymousNamespace = "(anonymous namespace)"

  /// The scopes of an entry without its own name; `nil` at the top of the unit.
  ///
  /// Functions and blocks add nothing: a class in a function of namespace `n` is in `n`.
  package static func scope(of entry: DebugEntry, separator: String = "::") -> String? {
    let home = entry.reference(Attribute.specification) ?? entry
    var text = ""
    for ancestor in home.ancestors {
      let name: String
      switch ancestor.tag {
      case Tag.namespace, Tag.module: name = ancestor.name ?? anonymousNamespace
      case Tag.structureType, Tag.classType, Tag.unionType:
        guard let own = ancestor.name else {
          text = ""
          continue
        }
        name = own
      case Tag.enumerationType:
        guard ancestor.flag(Attribute.enumClass), let own = ancestor.name else { continue }
        name = own
      default: continue
      }
      if !text.isEmpty { text += separator }
      text += name
    }
    return text.isEmpty ? nil : text
  }

  /// The whole name; empty for an entry without one.
  package static func text(of entry: DebugEntry) -> String {
    guard let name = entry.name else { return "" }
    return scope(of: entry).map { $0 + "::" + name } ?? name
  }
}
