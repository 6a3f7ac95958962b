package import Bytes
internal import CElfutils

/// The DWARF of one file, opened by libdw; also of split units and the dwz file it refers to.
@safe
package final class DebugFile {
  package let elf: ElfFile
  /// What of its entries was too much to read.
  package let cuts: EntryCuts
  /// What libdw reads: the file, or an image of its debug sections, decompressed.
  private let contents: ElfFile
  let dwarf: OpaquePointer
  private var unitList: [DebugUnit]?
  private var unitsByHeader: [UInt64: DebugUnit] = [:]
  /// Where the compilation units begin, in file order. libdw makes a kilobyte of each unit that it learns of, and a library
  /// has thousands; of these headers it does not.
  package private(set) lazy var unitHeaders: [UnitHeader] = readUnitHeaders()
  /// For those who ask for a few units of many.
  private lazy var windows =
    common == nil && unitHeaders.count > Self.fewUnits ? UnitWindows(contents) : nil
  /// Up to this offset of .debug_info libdw knows the units.
  private var learned: UInt64 = 0
  /// By root entry, also of units in the dwz file.
  private var layoutsByUnit: [UInt: EntryLayouts] = [:]

  /// So many units libdw may just as well know.
  private static let fewUnits = 64
  private var hasWindows = false

  /// The DWARF of the file that dwz(1) moved common entries to.
  private let common: DebugFile?
  /// Of a split unit before DWARF 5: what its ranges count from, which only its skeleton tells.
  let rangesOffset: UInt64
  /// Of a split unit of DWARF 5: the skeleton's lowest address, from which offsets in ranges without a base count.
  let splitBase: UInt64?

  /// `nil` for a file without .debug_info, and for one that refers to a dwz file which `common` is not.
  /// `cache` keeps what had to be decompressed.
  package convenience init?(elf: ElfFile, common: ElfFile? = nil, cache: CacheFolder? = nil) {
    self.init(elf: elf, common: common, cache: cache, cuts: EntryCuts())
  }

  private init?(elf: ElfFile, common: ElfFile?, cache: CacheFolder?, cuts: EntryCuts) {
    guard elf.sections.contains(where: { $0.name == ".debug_info" || $0.name == ".zdebug_info" }) else {
      return nil
    }
    let common = common.flatMap { DebugFile(elf: $0, common: nil, cache: cache, cuts: cuts) }
    if common == nil, elf.section(named: ".gnu_debugaltlink") != nil { return nil }
    let contents = InflatedImage.make(of: elf, cache: cache) ?? elf
    guard let dwarf = unsafe dwarf_begin_elf(contents.elf, DWARF_C_READ, nil) else { return nil }
    // libdw would look for it by itself, and open what it finds.
    if let common { unsafe dwarf_setalt(dwarf, common.dwarf) }
    self.elf = elf
    self.cuts = cuts
    self.contents = contents
    self.common = common
    rangesOffset = 0
    splitBase = nil
    unsafe self.dwarf = dwarf
  }

  /// The DWARF of a split unit: that of a .dwo file, or a unit of a .dwp file (`parts`, with the package's `types`).
  ///
  /// `nil` where the file does not hold the unit.
  package init?(
    split dwo: ElfFile, parts: PackageIndex.Parts?, types: [PackageIndex.Parts] = [], skeleton: SkeletonUnit,
    of main: DebugFile
  ) {
    guard
      let image = SplitImage.make(dwo: dwo, parts: parts, types: types, skeleton: skeleton, main: main),
      let dwarf = unsafe dwarf_begin_elf(image.elf, DWARF_C_READ, nil)
    else { return nil }
    elf = image
    cuts = main.cuts
    contents = image
    common = nil
    rangesOffset = skeleton.version < 5 ? skeleton.lowPC : 0
    splitBase = skeleton.version < 5 ? nil : skeleton.lowPC
    unsafe self.dwarf = dwarf
  }

  deinit {
    unsafe dwarf_end(dwarf)
  }

  /// The root entry of the split unit with an ID.
  package func splitRoot(of skeleton: SkeletonUnit) -> DebugEntry? {
    units.first { unit in
      (skeleton.version >= 5 ? unit.skeleton.unitID : unit.skeleton.unsigned(0x2131)) == skeleton.id
    }?.skeleton
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
    // Without a place for split units, of which libdw would open every file.
    while unsafe dwarf_get_units(dwarf, unit, &next, &version, &kind, &root, nil) == 0 {
      unsafe unit = next
      let isCompile =
        Int32(kind) == Int32(DW_UT_compile) || Int32(kind) == Int32(DW_UT_skeleton)
        || Int32(kind) == Int32(DW_UT_split_compile)
      // Since DWARF 5 the header tells; asking every root entry would decode its abbreviation.
      guard isCompile, version >= 5 || (unsafe dwarf_tag(&root) != DW_TAG_partial_unit) else { continue }
      let dieOffset = unsafe dwarf_dieoffset(&root)
      let fromHeader = unsafe dwarf_cuoffset(&root)
      result.append(
        DebugUnit(
          headerOffset: dieOffset &- fromHeader, version: Int(version),
          skeleton: unsafe DebugEntry(die: root, file: self)))
    }
    release(".debug_info")
    unitList = result
    return result
  }

  /// Lets go of the units, which keep the file alive; they are read anew when they are asked for again.
  package func forgetUnits() {
    unitList = nil
    unitsByHeader = [:]
  }

  /// The unit whose header stands at an offset of .debug_info: the only one of which libdw learns, apart from those before it.
  package func unit(headerOffset: UInt64) -> DebugUnit? {
    if let known = unitsByHeader[headerOffset] { return known }
    let headers = unitHeaders
    let index = headers.leadingCount { $0.offset < headerOffset }
    guard index < headers.count, headers[index].offset == headerOffset,
      let made = unit(with: headers[index])
    else { return nil }
    unitsByHeader[headerOffset] = made
    return made
  }

  /// The entry at an offset of .debug_info.
  package func entry(at offset: UInt64) -> DebugEntry? {
    if hasWindows, let die = unsafe windows?.entry(at: offset) {
      return unsafe DebugEntry(die: die, file: self)
    }
    var die = unsafe Dwarf_Die()
    guard unsafe dwarf_offdie(dwarf, offset, &die) != nil else { return nil }
    return unsafe DebugEntry(die: die, file: self)
  }

  /// How the entries of the unit with a root entry lie in memory.
  func layouts(of root: DebugEntry) -> EntryLayouts {
    if let known = layoutsByUnit[root.identity] { return known }
    var copy = unsafe root.die
    var (version, addressSize, offsetSize): (Dwarf_Half, UInt8, UInt8) = (5, 8, 4)
    if let unit = unsafe root.die.cu {
      _ = unsafe dwarf_cu_die(unit, &copy, &version, nil, &addressSize, &offsetSize, nil, nil)
    }
    let made = EntryLayouts(
      addressSize: Int(addressSize), offsetSize: Int(offsetSize), version: Int(version))
    layoutsByUnit[root.identity] = made
    return made
  }

  /// Lends a .debug_* section of the file, decompressed.
  package func withSection<Result>(_ name: String, _ body: (RawSpan) throws -> Result) rethrows -> Result? {
    guard let section = contents.section(named: name) ?? contents.section(named: Self.gnuCompressed(name))
    else {
      return nil
    }
    return try contents.withBytes(of: section, body)
  }

  /// The same, with no bytes where the section is missing.
  package func withOptionalSection<Result>(_ name: String, _ body: (RawSpan) throws -> Result) rethrows
    -> Result
  {
    if let result = try withSection(name, body) { return result }
    return try body(RawSpan())
  }

  /// Gives back the pages of a large section that was read from end to end, and of which little is wanted again.
  package func release(_ name: String) {
    contents.release(contents.section(named: name))
  }

  /// `.zdebug_info` for `.debug_info`: as GNU tools named compressed sections before SHF_COMPRESSED.
  private static func gnuCompressed(_ name: String) -> String {
    ".z" + name.dropFirst()
  }
}

extension DebugFile {
  private func readUnitHeaders() -> [UnitHeader] {
    var result: [UnitHeader] = []
    var offset: Dwarf_Off = 0
    var next: Dwarf_Off = 0
    var size = 0
    var version: Dwarf_Half = 0
    var offsetSize: UInt8 = 4
    let name = contents.section(named: ".debug_info.dwo") == nil ? ".debug_info" : ".debug_info.dwo"
    _ = withSection(name) { section in
      while unsafe dwarf_next_unit(dwarf, offset, &next, &size, &version, nil, nil, &offsetSize, nil, nil)
        == 0,
        next > offset
      {
        // DWARF 5, 7.5.1: the unit's type stands behind its length and version.
        let place = offset + (offsetSize == 8 ? 14 : 6)
        // Section 7.5.1: other versions do not exist; in zeros every four bytes are a unit.
        var isCompile = (2...4).contains(version)
        if version == 5, place < UInt64(section.byteCount) {
          let type = Int32(unsafe section.unsafeLoad(fromByteOffset: Int(place), as: UInt8.self))
          isCompile =
            type == Int32(DW_UT_compile) || type == Int32(DW_UT_skeleton)
            || type == Int32(DW_UT_split_compile)
        }
        if isCompile { result.append(UnitHeader(offset: offset, size: size, version: Int(version))) }
        offset = next
      }
    }
    // A page of each unit was read, and the fifteen that the kernel maps around it.
    release(name)
    return result
  }

  private func unit(with header: UnitHeader) -> DebugUnit? {
    if unitList == nil, let die = unsafe windows?.root(of: header) {
      hasWindows = true
      let root = unsafe DebugEntry(die: die, file: self)
      guard header.version >= 5 || root.tag != DW_TAG_partial_unit else { return nil }
      return DebugUnit(headerOffset: header.offset, version: header.version, skeleton: root)
    }
    guard let root = entry(at: header.offset + UInt64(header.size)) else { return nil }
    if header.offset > learned {
      // libdw has read the headers of all units up to this one, which nobody asked for.
      if let section = contents.section(named: ".debug_info") {
        contents.release(section, learned..<header.offset)
      }
      learned = header.offset
    }
    // Since DWARF 5 the header tells; before it only the root entry.
    guard header.version >= 5 || root.tag != DW_TAG_partial_unit else { return nil }
    return DebugUnit(headerOffset: header.offset, version: header.version, skeleton: root)
  }
}

/// Where a compilation unit begins in .debug_info.
package struct UnitHeader: Sendable {
  package var offset: UInt64
  /// Bytes up to the root entry.
  var size: Int
  var version: Int
}

/// One compilation unit: its header's place and its root entry.
package struct DebugUnit {
  /// The offset of the unit's header in .debug_info: what .debug_aranges names it by.
  package var headerOffset: UInt64
  package var version: Int
  /// The entry in this file: of a split unit its addresses, line table and compilation directory.
  package var skeleton: DebugEntry
}
