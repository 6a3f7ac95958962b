package import Elfutils

/// Types spelled as C++ declares them, as far as pointers to member functions need it.
package enum TypeName {
  private static let maximumDepth = 16

  /// gcc's names of base types as gdb keeps them, other than in C.
  private static let baseNames = [
    "short int": "short", "short unsigned int": "unsigned short", "long int": "long",
    "long unsigned int": "unsigned long", "long long int": "long long",
    "long long unsigned int": "unsigned long long", "__int128 unsigned": "unsigned __int128",
  ]

  /// The spelling of the type that an entry is.
  package static func text(ofTypeEntry entry: DebugEntry, types: TypeReader) -> String {
    text(of: types.type(entry))
  }

  static func text(of type: ValueType, depth: Int = 0) -> String {
    spelled(type, around: "", depth: depth)
  }

  /// A declaration of `inner` with the given type.
  private static func spelled(_ type: ValueType, around inner: String, depth: Int) -> String {
    guard depth < maximumDepth else { return "..." }
    let space = inner.isEmpty || inner.hasPrefix("[") ? "" : " "
    switch type.kind {
    case .pointer: return around(type, "*" + inner, depth)
    case .reference:
      return around(type, (type.tag == Tag.rvalueReferenceType ? "&&" : "&") + inner, depth)
    case .memberPointer:
      let owner = type.entry?.reference(Attribute.containingType).map { QualifiedName.text(of: $0) } ?? ""
      return around(type, owner + "::*" + inner, depth)
    case .function:
      let parameters = (type.entry?.children.lazy.filter { $0.tag == Tag.formalParameter } ?? []).prefix(64)
      // gdb gives `this` the const that DWARF leaves out.
      let list = parameters.map {
        text(of: type.reader.type(of: $0), depth: depth + 1) + ($0.flag(Attribute.artificial) ? " const" : "")
      }
      let result = spelled(type.target ?? type.reader.void, around: "", depth: depth + 1)
      return result + " " + inner + "(" + (list.isEmpty ? "void" : list.joined(separator: ", ")) + ")"
    case .array:
      let bound = type.dimensions.first?.constant.map { "[\($0)]" } ?? "[]"
      return spelled(type.target ?? type.reader.void, around: inner + bound, depth: depth + 1)
    case .alias where type.tag != Tag.typedef:
      let (words, target) = type.qualifiers(limit: 8)
      let word = words.joined(separator: " ")
      switch target.kind {
      case .pointer, .reference, .memberPointer:
        return spelled(target, around: word.isEmpty ? inner : " " + word + inner, depth: depth + 1)
      default:
        return (word.isEmpty ? "" : word + " ") + spelled(target, around: inner, depth: depth + 1)
      }
    case .void: return (type.name ?? "void") + space + inner
    default:
      var name = type.entry.map { QualifiedName.text(of: $0) } ?? ""
      if type.tag == Tag.baseType { name = baseNames[name] ?? name }
      return (name.isEmpty ? unnamed(type) : name) + space + inner
    }
  }

  private static func around(_ type: ValueType, _ inner: String, _ depth: Int) -> String {
    let target = type.target ?? type.reader.void
    switch target.stripped.kind {
    case .function, .array: return spelled(target.stripped, around: "(" + inner + ")", depth: depth + 1)
    default: return spelled(target, around: inner, depth: depth + 1)
    }
  }

  private static func unnamed(_ type: ValueType) -> String {
    switch type.tag {
    case Tag.classType: "class {...}"
    case Tag.structureType: "struct {...}"
    case Tag.unionType: "union {...}"
    case Tag.enumerationType: "enum {...}"
    default: ""
    }
  }
}

extension ValueType {
  /// The neighbouring qualifiers of a type in one order, whatever DWARF's, and what they qualify; `limit` entries at most.
  package func qualifiers(limit: Int) -> (words: [String], target: ValueType) {
    var (isConst, isVolatile) = (false, false)
    var target = self
    var left = limit
    while target.kind == .alias, target.tag != Tag.typedef, left > 0 {
      if target.tag == Tag.constType { isConst = true }
      if target.tag == Tag.volatileType { isVolatile = true }
      target = target.target ?? reader.void
      left -= 1
    }
    return ((isConst ? ["const"] : []) + (isVolatile ? ["volatile"] : []), target)
  }
}
