internal import CElfutils

extension DebugEntry {
  /// Scopes nest at most this deep; deeper entries are taken to be at the depth limit.
  private static let maximumDepth = 64

  /// The entries that enclose this one, from the unit's root inwards, without the entry itself.
  ///
  /// DWARF has no parent links: one walk to the entry, from the root or where an earlier one left a mark, which leaps
  /// over what ends before it.
  package var ancestors: [DebugEntry] {
    guard let root = unitRoot, root.identity < identity, let base = unsafe UnsafeRawPointer(root.die.addr)
    else {
      return []
    }
    let target = Int(identity - root.identity)
    // Both lie in one unit, so all between them does.
    let bytes = unsafe UnsafeRawBufferPointer(start: base, count: target)
    let layouts = file.layouts(of: root)
    var path = layouts.trail.path(to: target)
    var walk = unsafe UnitWalk(bytes, root: root, layouts: layouts, from: path.offset)
    while true {
      if walk.offset - path.offset >= ScopeTrail.distance, walk.offset < target {
        layouts.trail.mark(walk.offset, &path)
      }
      guard let item = walk.next() else { break }
      guard case .entry(let layout) = item else {
        path.leave()
        continue
      }
      guard layout.hasChildren else {
        walk.skip(layout)
        continue
      }
      let start = walk.start
      if let sibling = walk.values(layout).sibling, start > 0, walk.jump(to: sibling) { continue }
      path.enter(start)
    }
    if path.starts.count > Self.maximumDepth { file.cuts.meet(.scopes, at: self) }
    return path.starts.prefix(Self.maximumDepth).compactMap { walk.entry(at: $0) }
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
