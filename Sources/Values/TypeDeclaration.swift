internal import Elfutils

/// Types as gdb declares them in C++: `const char *`, `int (*)[3]`, `void (A::*)(A * const, int)`.
///
/// `TypeName` spells the same types as symbols do: `char const*`.
struct TypeDeclaration<Namer: SymbolNamer> {
  let namer: Namer

  private static var maximumDepth: Int { 16 }
  private static var maximumParameters: Int { 256 }

  func text(of type: ValueType, depth: Int = 0) -> String {
    declare(type, around: "", depth: depth)
  }

  /// A declaration of `inner`, which is what stands right of the name of the innermost type.
  private func declare(_ type: ValueType, around inner: String, depth: Int) -> String {
    guard depth < Self.maximumDepth else { return "..." }
    switch type.kind {
    case .pointer: return point(type, "*", inner, depth)
    case .reference: return point(type, type.tag == Tag.rvalueReferenceType ? "&&" : "&", inner, depth)
    case .memberPointer:
      let owner = type.entry?.reference(Attribute.containingType).map {
        namer.canonical(QualifiedName.text(of: $0))
      }
      return point(type, (owner ?? "") + "::*", inner, depth)
    case .array:
      let bounds = type.dimensions.map { dimension in
        dimension.isDynamic
          ? "[variable length]" : dimension.constant.flatMap { $0 == 0 ? nil : "[\($0)]" } ?? "[]"
      }
      return declare(
        type.target ?? type.reader.void, around: inner + bounds.joined(), depth: depth + 1)
    case .function:
      return declare(
        type.target ?? type.reader.void, around: inner + parameters(of: type, depth), depth: depth + 1)
    case .alias where type.tag != Tag.typedef: return qualify(type, inner, depth)
    default: return name(of: type) + (inner.isEmpty ? "" : " " + inner)
    }
  }

  private func point(_ type: ValueType, _ sign: String, _ inner: String, _ depth: Int) -> String {
    let target = type.target ?? type.reader.void
    let text = sign + inner
    var plain = target
    var left = Self.maximumDepth
    while plain.kind == .alias, plain.tag != Tag.typedef, left > 0, let next = plain.target {
      plain = next
      left -= 1
    }
    switch plain.kind {
    case .array, .function: return declare(target, around: "(" + text + ")", depth: depth + 1)
    default: return declare(target, around: text, depth: depth + 1)
    }
  }

  /// `const` and `volatile`: in front of a name, behind a pointer's star.
  private func qualify(_ type: ValueType, _ inner: String, _ depth: Int) -> String {
    let (words, target) = type.qualifiers(limit: Self.maximumDepth)
    switch target.kind {
    case .pointer, .reference, .memberPointer:
      let word = words.map { " " + $0 }.joined()
      let rest = inner.isEmpty || inner.hasPrefix("[") || inner.hasPrefix(")") ? inner : " " + inner
      return declare(target, around: word + rest, depth: depth + 1)
    case .void: return declare(target, around: inner, depth: depth + 1)
    default: return (words + [declare(target, around: inner, depth: depth + 1)]).joined(separator: " ")
    }
  }

  private func parameters(of type: ValueType, _ depth: Int) -> String {
    var list: [String] = []
    guard let entry = type.entry else { return "()" }
    for child in entry.children.prefix(Self.maximumParameters) {
      switch child.tag {
      case Tag.formalParameter:
        // gdb gives `this` the const that DWARF leaves out.
        let text = text(of: type.reader.type(of: child), depth: depth + 1)
        list.append(child.flag(Attribute.artificial) ? text + (text.hasSuffix("*") ? " const" : "") : text)
      case Tag.unspecifiedParameters: list.append("...")
      default: continue
      }
    }
    return "(" + (list.isEmpty ? "void" : list.joined(separator: ", ")) + ")"
  }

  private func name(of type: ValueType) -> String {
    let name = type.entry.map { QualifiedName.text(of: $0) } ?? type.name ?? ""
    if !name.isEmpty { return namer.canonical(name) }
    return switch type.tag {
    case Tag.classType: "class {...}"
    case Tag.structureType: "struct {...}"
    case Tag.unionType: "union {...}"
    case Tag.enumerationType: "enum {...}"
    default: "void"
    }
  }
}
