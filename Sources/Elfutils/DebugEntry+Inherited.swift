extension DebugEntry {
  /// Origins chain at most this long.
  private static let maximumChain = 16

  /// What DW_AT_abstract_origin leads to, nearest first.
  package var abstractOrigins: [DebugEntry] {
    var result: [DebugEntry] = []
    while result.count < Self.maximumChain,
      let next = (result.last ?? self).reference(Attribute.abstractOrigin)
    {
      result.append(next)
    }
    return result
  }

  /// Children of the abstract entry that no direct child of this concrete one refers to: they belong to it without a
  /// location of their own. Empty for an entry without DW_AT_abstract_origin.
  package var inheritedChildren: [DebugEntry] {
    guard let origin = reference(Attribute.abstractOrigin) else { return [] }
    let own = children.filter { $0.tag != Tag.callSite && $0.tag != Tag.gnuCallSite }
    let originals = Array(origin.children)
    // Blocks need not name their origin; they stand for the ones at their places then.
    let isParallel = own.map(\.tag) == originals.map(\.tag)
    var referred: Set<UInt> = []
    for (index, child) in own.enumerated() {
      if isParallel, child.tag == Tag.lexicalBlock, !child.has(Attribute.abstractOrigin) {
        referred.insert(originals[index].identity)
      }
      referred.formUnion(child.abstractOrigins.map(\.identity))
    }
    return originals.filter { !referred.contains($0.identity) }
  }
}
