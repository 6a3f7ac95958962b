internal import CElfutils

extension DebugEntry {
  /// Scopes nest at most this deep; deeper entries are taken to be at the depth limit.
  private static let maximumDepth = 256

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
