extension DebugEntry {
  /// Below this, a scope whose blocks nest too deeply is left: each sibling on the way back up costs a pass over all that is
  /// inside of the one before it.
  private static let searchedDepth = 6

  /// Visits the children in order, and behind each the children of those of which `visit` says that they are asked for too.
  ///
  /// What nests `depth` deep is not looked at, and the file remembers `limit`; the outermost scopes go on.
  package func visitNested(
    depth: Int, limit: EntryCuts.Limit, _ visit: (DebugEntry) -> Bool
  ) {
    _ = visitNested(level: 0, depth, limit, visit)
  }

  /// `false` where blocks nested too deeply.
  private func visitNested(
    level: Int, _ depth: Int, _ limit: EntryCuts.Limit, _ visit: (DebugEntry) -> Bool
  ) -> Bool {
    guard level < depth else {
      file.cuts.meet(limit, at: self)
      return false
    }
    guard hasChildren else { return true }
    var isWhole = true
    for child in children where visit(child) {
      isWhole = child.visitNested(level: level + 1, depth, limit, visit) && isWhole
      if !isWhole, level >= Self.searchedDepth { return false }
    }
    return isWhole
  }
}
