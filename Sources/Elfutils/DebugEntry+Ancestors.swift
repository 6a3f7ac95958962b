internal import CElfutils

extension DebugEntry {
  /// Scopes nest at most this deep; deeper entries are taken to be at the depth limit. Each level may cost a pass over
  /// all that is inside of it.
  private static let maximumDepth = 64

  /// The entries that enclose this one, from the unit's root inwards, without the entry itself.
  ///
  /// DWARF has no parent links. Entries are written in order, so the enclosing child of a scope is the last
  /// one that starts at or before the entry: one pass over the siblings of each level.
  package var ancestors: [DebugEntry] {
    let target = identity
    guard var scope = unitRoot, scope.identity != target else { return [] }
    var path = [scope]
    while path.count < Self.maximumDepth {
      var enclosing: DebugEntry?
      for child in scope.children {
        if child.identity > target { break }
        enclosing = child
      }
      guard let next = enclosing else { break }
      if next.identity == target { return path }
      path.append(next)
      scope = next
    }
    return path
  }
}

extension DebugEntry {
  /// A name to compare many entries with, without making strings of theirs.
  package struct SearchName: Sendable {
    let characters: [CChar]

    package init(_ name: String) { characters = Array(name.utf8CString) }
  }

  /// Whether DW_AT_name, of the entry itself, is this.
  package func isNamed(_ name: SearchName) -> Bool {
    var copy = unsafe die
    var value = unsafe Dwarf_Attribute()
    guard unsafe dwarf_attr(&copy, UInt32(DW_AT_name), &value) != nil,
      let text = unsafe dwarf_formstring(&value)
    else { return false }
    for index in name.characters.indices {
      let byte = unsafe text[index]
      guard byte == name.characters[index] else { return false }
      if byte == 0 { return true }
    }
    return false
  }

  /// Whether the entry itself has no DW_AT_name.
  package var isNameless: Bool { !has(DW_AT_name) }
}
