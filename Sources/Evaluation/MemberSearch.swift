internal import Elfutils
internal import Values

/// Members of classes by name: their own, those of unnamed parts, those of bases.
enum MemberSearch {
  private static let maximumDepth = 32

  /// The steps to a member: bases and unnamed parts, then the member itself.
  static func path(to name: String, in owner: ValueType, depth: Int = 0) -> [Layout.Member]? {
    guard depth < maximumDepth, owner.kind == .structure || owner.kind == .union else { return nil }
    let layout = owner.layout
    for member in layout.members {
      if member.name == name { return [member] }
      if (member.name ?? "").isEmpty, let rest = path(to: name, in: member.type.stripped, depth: depth + 1) {
        return [member] + rest
      }
    }
    for base in layout.bases {
      if let rest = path(to: name, in: base.type.stripped, depth: depth + 1) { return [base] + rest }
    }
    return nil
  }

  /// The steps from a class to a base of it.
  static func base(_ wanted: ValueType, of owner: ValueType, depth: Int = 0) -> [Layout.Member]? {
    guard depth < maximumDepth, owner.kind == .structure else { return nil }
    for base in owner.layout.bases {
      let type = base.type.stripped
      if same(type, wanted) { return [base] }
      if let rest = self.base(wanted, of: type, depth: depth + 1) { return [base] + rest }
    }
    return nil
  }

  /// Whether two classes are one: each unit describes it anew.
  static func same(_ one: ValueType, _ other: ValueType) -> Bool {
    if one === other { return true }
    guard let left = one.entry, let right = other.entry, one.kind == other.kind, let name = one.name,
      name == other.name
    else { return false }
    return QualifiedName.text(of: left) == QualifiedName.text(of: right)
  }

  struct Method {
    var entry: DebugEntry
    var isVirtual: Bool

    /// The place in the table of virtual functions.
    var slot: UInt64? {
      guard let place = entry.expression(Attribute.vtableElementLocation), place.count == 1 else {
        return nil
      }
      return place[0].code == 0x10 ? place[0].first : UInt64(place[0].code) &- 0x30
    }
  }

  static func method(_ name: String, in owner: ValueType, depth: Int = 0) -> Method? {
    guard depth < maximumDepth, let entry = owner.entry else { return nil }
    let wanted = DebugEntry.SearchName(name)
    for child in entry.children where child.tag == Tag.subprogram && child.isNamed(wanted) {
      return Method(entry: child, isVirtual: (child.unsigned(Attribute.virtuality) ?? 0) != 0)
    }
    for base in owner.layout.bases {
      if let found = method(name, in: base.type.stripped, depth: depth + 1) { return found }
    }
    return nil
  }

  static func hasMethod(_ name: String, in owner: ValueType) -> Bool { method(name, in: owner) != nil }
}
