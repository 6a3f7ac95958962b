package import Elfutils

/// A part of an object, by its place: what a pointer plus an offset means in the source.
package struct FieldPath {
  /// `next`; `frame.corner[2].y` for parts of parts; empty for a scalar itself.
  package var name: String
  package var type: ValueType
  /// Bytes from the start of that part: 0 but for addresses within a scalar.
  package var rest: UInt64

  private static let maximumDepth = 16

  /// The innermost part of a type at an offset; `nil` where the type ends before it, or has nothing there.
  package static func part(of type: ValueType, at offset: UInt64, depth: Int = 0) -> FieldPath? {
    let plain = type.stripped
    guard depth < maximumDepth else { return nil }
    switch plain.kind {
    case .structure, .union:
      guard offset < max(plain.byteCount, 1) else { return nil }
      return member(of: plain, at: offset, depth)
    case .array:
      guard let element = plain.target, element.stripped.byteCount > 0, offset < plain.byteCount else {
        return nil
      }
      // Of several dimensions the index counts elements of the last.
      let size = element.stripped.byteCount
      guard var inner = part(of: element, at: offset % size, depth: depth + 1) else { return nil }
      inner.name =
        "[\(offset / size)]" + (inner.name.isEmpty || inner.name.hasPrefix("[") ? "" : ".") + inner.name
      return inner
    case .void, .function, .unknown: return nil
    default:
      guard offset < max(plain.byteCount, 1) else { return nil }
      return FieldPath(name: "", type: type, rest: offset)
    }
  }

  private static func member(of type: ValueType, at offset: UInt64, _ depth: Int) -> FieldPath? {
    let layout = type.layout
    for member in layout.members {
      guard case .offset(let start) = member.place, start <= offset,
        offset - start < max(member.type.stripped.byteCount, 1),
        var inner = part(of: member.type, at: offset - start, depth: depth + 1)
      else { continue }
      let own = member.name ?? ""
      let joint = own.isEmpty || inner.name.isEmpty || inner.name.hasPrefix("[") ? "" : "."
      inner.name = own + joint + inner.name
      return inner
    }
    for base in layout.bases {
      guard case .offset(let start) = base.place, start <= offset,
        offset - start < max(base.type.stripped.byteCount, 1),
        let inner = part(of: base.type, at: offset - start, depth: depth + 1)
      else { continue }
      return inner
    }
    return nil
  }
}

extension ValueType {
  /// What a pointer points to, without typedefs; `nil` for what is no pointer, and for `void *`.
  package var pointee: ValueType? {
    let plain = stripped
    guard plain.kind == .pointer || plain.kind == .reference, let target = plain.target else { return nil }
    return target.stripped.kind == .void ? nil : target
  }

  /// Its name as the language spells it: `struct node` in C, `net::Timeout` in C++; `nil` for one without.
  package func title(in language: Language) -> String? {
    // A typedef names a structure that has no tag.
    let plain = stripped
    guard let entry = plain.entry else { return nil }
    let own = QualifiedName.text(of: entry)
    guard !own.isEmpty else { return kind == .alias ? name : nil }
    guard language == .c else { return own }
    switch plain.tag {
    case Tag.structureType: return "struct " + own
    case Tag.unionType: return "union " + own
    default: return own
    }
  }

  package var isRecord: Bool { stripped.kind == .structure || stripped.kind == .union }
  package var isPointer: Bool { stripped.kind == .pointer || stripped.kind == .reference }
}
