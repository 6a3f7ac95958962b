internal import Bytes
internal import CElfutils

/// The DWARF of one file, opened by libdw; also of split units and the dwz file it refers to.
@safe
package final class DebugFile {
  package let elf: ElfFile
  /// What libdw reads: the file, or an image of its debug sections, decompressed.
  private let contents: ElfFile
  let dwarf: OpaquePointer
  private var unitList: [DebugUnit]?
  private var entriesByUnit: [UInt64: Int] = [:]

  /// `nil` for a file without .debug_info.
  package init?(elf: ElfFile) {
    guard elf.sections.contains(where: { $0.name == ".debug_info" || $0.name == ".zdebug_info" }) else {
      return nil
    }
    let contents = InflatedImage.make(of: elf) ?? elf
    guard let dwarf = unsafe dwarf_begin_elf(contents.elf, DWARF_C_READ, nil) else { return nil }
    self.elf = elf
    self.contents = contents
    unsafe self.dwarf = dwarf
  }

  deinit {
    unsafe dwarf_end(dwarf)
  }

  /// The compilation units, in file order. Only their headers and root entries are read.
  package var units: [DebugUnit] {
    if let unitList { return unitList }
    var result: [DebugUnit] = []
    var unit: OpaquePointer?
    var next: OpaquePointer?
    var version: Dwarf_Half = 0
    var kind: UInt8 = 0
    var root = unsafe Dwarf_Die()
    var split = unsafe Dwarf_Die()
    while unsafe dwarf_get_units(dwarf, unit, &next, &version, &kind, &root, &split) == 0 {
      unsafe unit = next
      let isCompile = Int32(kind) == Int32(DW_UT_compile) || Int32(kind) == Int32(DW_UT_skeleton)
      // Since DWARF 5 the header tells; asking every root entry would decode its abbreviation.
      guard isCompile, version >= 5 || (unsafe dwarf_tag(&root) != DW_TAG_partial_unit) else { continue }
      let dieOffset = unsafe dwarf_dieoffset(&root)
      let fromHeader = unsafe dwarf_cuoffset(&root)
      let hasSplit = unsafe split.cu != nil && Int32(kind) == Int32(DW_UT_skeleton)
      result.append(
        DebugUnit(
          headerOffset: dieOffset &- fromHeader, version: Int(version),
          skeleton: unsafe DebugEntry(die: root, file: self),
          root: unsafe DebugEntry(die: hasSplit ? split : root, file: self)))
    }
    unitList = result
    for (index, unit) in result.enumerated() { entriesByUnit[unit.headerOffset] = index }
    return result
  }

  /// The unit whose header stands at an offset of .debug_info.
  package func unit(headerOffset: UInt64) -> DebugUnit? {
    let all = units
    return entriesByUnit[headerOffset].map { all[$0] }
  }

  /// The entry at an offset of .debug_info.
  package func entry(at offset: UInt64) -> DebugEntry? {
    var die = unsafe Dwarf_Die()
    guard unsafe dwarf_offdie(dwarf, offset, &die) != nil else { return nil }
    return unsafe DebugEntry(die: die, file: self)
  }

  /// Lends a .debug_* section of the file, decompressed.
  package func withSection<Result>(_ name: String, _ body: (RawSpan) throws -> Result) rethrows -> Result? {
    guard let section = contents.section(named: name) else { return nil }
    return try contents.withBytes(of: section, body)
  }
}

/// One compilation unit: its header's place and its root entries.
package struct DebugUnit {
  /// The offset of the unit's header in .debug_info: what .debug_aranges names it by.
  package var headerOffset: UInt64
  package var version: Int
  /// The entry in this file: addresses, line table, compilation directory.
  package var skeleton: DebugEntry
  /// The entry with children: the same, or that of the split file.
  package var root: DebugEntry
}
