internal import CElfutils

/// Where a function's code is, and its entry by offset.
package struct FunctionRange: Sendable {
  /// Addresses of the file.
  package var range: Range<UInt64>
  package var offset: UInt64
}

extension DebugFile {
  /// Namespaces and types nest at most this deep when functions are looked for.
  private static let maximumDepth = 64

  /// The functions of a unit that have code, in the order of their entries.
  ///
  /// Those of file and namespace scope; with `isDeep` those that stand within something: methods that are defined within
  /// their class, functions within functions. Damage ends the list.
  package func functions(of root: DebugEntry, isDeep: Bool) -> [FunctionRange] {
    guard let bytes = unsafe bytes(of: root) else { return [] }
    var walk = unsafe UnitWalk(bytes, root: root, layouts: layouts(of: root))
    let base = root.offset
    var result: [FunctionRange] = []
    // How many entries enclose the next one; of which this many are gone into, the others only passed.
    var depth = 0
    var entered = 0
    while let item = walk.next() {
      guard case .entry(let layout) = item else {
        depth -= 1
        entered = min(entered, depth)
        if depth <= 0 { break }
        continue
      }
      guard depth == entered else {
        walk.skip(layout)
        if layout.hasChildren { depth += 1 }
        continue
      }
      let isFunction = layout.tag == DW_TAG_subprogram
      guard isFunction || layout.hasChildren else {
        walk.skip(layout)
        continue
      }
      let start = walk.start
      let values = walk.values(layout)
      if isFunction, !isDeep || depth > 1 {
        let offset = base &+ UInt64(start)
        if layout.hasIndirectCode {
          let ranges = walk.entry(at: start)?.ranges ?? []
          result += ranges.map { FunctionRange(range: $0, offset: offset) }
        } else if let range = values.range {
          result.append(FunctionRange(range: range, offset: offset))
        }
      }
      guard layout.hasChildren else { continue }
      let holdsFunctions = Self.holdsFunctions(layout.tag, isDeep, values.isDeclaration)
      if holdsFunctions, depth == Self.maximumDepth, let entry = walk.entry(at: start) {
        cuts.meet(.scopes, at: entry)
      }
      if depth == 0 || (holdsFunctions && depth < Self.maximumDepth) {
        depth += 1
        entered = depth
      } else if let sibling = values.sibling, walk.jump(to: sibling) {
        continue
      } else {
        depth += 1
      }
    }
    return result
  }

  private static func holdsFunctions(_ tag: Int, _ isDeep: Bool, _ isDeclaration: Bool) -> Bool {
    switch tag {
    case DW_TAG_namespace, DW_TAG_module: true
    // A declaration has parameters, but no functions in it.
    case DW_TAG_subprogram: isDeep && !isDeclaration
    case DW_TAG_structure_type, DW_TAG_class_type, DW_TAG_union_type, DW_TAG_enumeration_type,
      DW_TAG_lexical_block, DW_TAG_inlined_subroutine:
      isDeep
    default: false
    }
  }

  /// From the root entry of a unit to the unit's end.
  private func bytes(of root: DebugEntry) -> UnsafeRawBufferPointer? {
    var die = unsafe root.die
    var end: Dwarf_Off = 0
    let header = root.offset &- (unsafe dwarf_cuoffset(&die))
    guard unsafe dwarf_next_unit(dwarf, header, &end, nil, nil, nil, nil, nil, nil, nil) == 0,
      let start = unsafe UnsafeRawPointer(die.addr)
    else { return nil }
    for name in [".debug_info", ".debug_info.dwo"] {
      let found = unsafe withSection(name) { span -> UnsafeRawBufferPointer? in
        unsafe span.withUnsafeBytes { section -> UnsafeRawBufferPointer? in
          guard let base = section.baseAddress, unsafe start >= base,
            unsafe start < base + section.count
          else { return nil }
          let stop = unsafe base + Int(min(end, UInt64(section.count)))
          return unsafe start < stop ? UnsafeRawBufferPointer(start: start, count: stop - start) : nil
        }
      }
      if let found = unsafe found ?? nil { return unsafe found }
    }
    return nil
  }
}
