internal import Bytes
internal import CElfutils

/// The units of a file's .debug_info one by one, for the few of thousands that a backtrace asks for.
///
/// libdw learns of a unit by learning of all before it, each with a table of its own: for libc's 2,063 units that was a third
/// of a short run. Here those before it are one to libdw: while it reads on to the wanted unit, the first of them says that
/// it is as long as all of them, and says the truth again afterwards. So a handle knows its units in ascending order; a
/// unit that it has passed gets another handle.
///
/// Only for units that need no other: of DWARF 5, without references between units (dwz, LTO) and type units.
@safe
final class UnitWindows {
  @safe
  private struct Handle {
    let dwarf: OpaquePointer
    /// The first unit that it does not know of.
    var next = 0
  }

  @safe
  private struct Window {
    var unit: Int
    var root: Dwarf_Die
    var dwarf: OpaquePointer
  }

  private let contents: ElfFile
  /// .debug_info, in memory that is ours and may be written to.
  private let base: UnsafeMutableRawPointer
  /// Where the units' headers stand, ascending; behind them where the section ends.
  private let starts: [Int]
  private var handles: [Handle] = []
  private var windows: [Window] = []

  /// From a header to its unit's root entry: DWARF 5, 7.5.1.1, with 32-bit offsets.
  private static let headerSize = 12
  /// Of fewer units libdw may just as well know all.
  private static let fewest = 64
  /// Who asks for so many units in so crooked an order is served better by one handle that knows all.
  private static let mostHandles = 16

  /// `nil` where libdw has to read the units itself: memory that is not ours, units of another kind.
  init?(_ contents: ElfFile) {
    guard contents.isOwnMemory, contents.header.byteOrder == .little,
      let section = contents.section(named: ".debug_info"),
      let found = unsafe contents.withBytes(
        of: section,
        { span -> (base: UnsafeMutableRawPointer, starts: [Int])? in
          guard let starts = Self.starts(span), starts.count > Self.fewest else { return nil }
          return unsafe span.withUnsafeBytes { bytes in
            unsafe bytes.baseAddress.map { unsafe (UnsafeMutableRawPointer(mutating: $0), starts) }
          }
        }) ?? nil
    else { return nil }
    self.contents = contents
    unsafe base = found.base
    starts = unsafe found.starts
  }

  deinit {
    for handle in handles { unsafe dwarf_end(handle.dwarf) }
  }

  /// The headers' places and the section's end, by the headers' lengths; `nil` where a unit is not of the simple kind.
  private static func starts(_ span: RawSpan) -> [Int]? {
    var reader = ByteReader(span)
    var result: [Int] = []
    // Libraries written in C have some 2 KiB a unit.
    result.reserveCapacity(span.byteCount / 1536 + 1)
    do {
      while !reader.isAtEnd {
        result.append(reader.offset)
        let length = Int(try reader.read(UInt32.self))
        let end = reader.offset + length
        guard length >= headerSize - 4, try reader.read(UInt16.self) == 5,
          Int(try reader.read(UInt8.self)) == DW_UT_compile
        else { return nil }
        try reader.seek(to: end)
      }
    } catch {
      return nil
    }
    return result + [span.byteCount]
  }

  /// Whether every unit is one of these, by the places of their headers, ascending.
  func areAll(among headers: [UInt64]) -> Bool {
    var at = 0
    for start in starts.dropLast() {
      while at < headers.count, headers[at] < UInt64(start) { at += 1 }
      guard at < headers.count, headers[at] == UInt64(start) else { return false }
    }
    return true
  }

  // MARK: Units

  /// The root entry of the unit whose header stands at an offset; `nil` where libdw has to be asked as usual.
  func root(ofUnitAt header: UInt64) -> Dwarf_Die? {
    let unit = starts.leadingCount { UInt64($0) < header }
    guard unit < starts.count - 1, UInt64(starts[unit]) == header else { return nil }
    return unsafe window(of: unit)?.root
  }

  /// The entry at an offset of .debug_info, if it is of a unit that was asked for.
  func entry(at offset: UInt64) -> Dwarf_Die? {
    let unit = starts.leadingCount { UInt64($0) <= offset } - 1
    guard let known = windows.first(where: { $0.unit == unit }) else { return nil }
    var die = unsafe Dwarf_Die()
    return unsafe dwarf_offdie(known.dwarf, offset, &die) == nil ? nil : die
  }

  private func window(of unit: Int) -> Window? {
    if let known = windows.first(where: { $0.unit == unit }) { return known }
    guard standsAlone(unit), let index = handle(reaching: unit) else { return nil }
    let handle = handles[index]
    // Whatever goes wrong, it is not asked again.
    handles[index].next = starts.count
    let skipped = starts[handle.next]
    let length = unsafe base.loadUnaligned(fromByteOffset: skipped, as: UInt32.self)
    if handle.next < unit {
      // The length does not count itself.
      unsafe base.storeBytes(of: UInt32(starts[unit] - skipped - 4), toByteOffset: skipped, as: UInt32.self)
    }
    var root = unsafe Dwarf_Die()
    let place = starts[unit] + Self.headerSize
    let isFound = unsafe dwarf_offdie(handle.dwarf, Dwarf_Off(place), &root) != nil
    unsafe base.storeBytes(of: length, toByteOffset: skipped, as: UInt32.self)
    guard isFound, unsafe root.addr == base + place else { return nil }
    handles[index].next = unit + 1
    let made = unsafe Window(unit: unit, root: root, dwarf: handle.dwarf)
    windows.append(made)
    return made
  }

  /// The handle that is nearest before a unit, or a new one.
  private func handle(reaching unit: Int) -> Int? {
    let near = handles.indices.filter { handles[$0].next <= unit }
      .max { handles[$0].next < handles[$1].next }
    if let near { return near }
    guard handles.count < Self.mostHandles,
      let dwarf = unsafe dwarf_begin_elf(contents.elf, DWARF_C_READ, nil)
    else { return nil }
    unsafe handles.append(Handle(dwarf: dwarf))
    return handles.count - 1
  }

  // MARK: Abbreviations

  /// Whether a unit's abbreviations have no form that refers to another unit.
  private func standsAlone(_ unit: Int) -> Bool {
    let offset = unsafe base.loadUnaligned(fromByteOffset: starts[unit] + 8, as: UInt32.self)
    guard starts[unit + 1] - starts[unit] > Self.headerSize, starts[unit + 1] - starts[unit] < 1 << 31,
      starts[unit] < 1 << 31, let section = contents.section(named: ".debug_abbrev")
    else { return false }
    return contents.withBytes(of: section) { Self.standAlone($0, from: Int(offset)) } ?? false
  }

  /// DWARF 5, 7.5.3: a unit's abbreviations, up to the code 0.
  private static func standAlone(_ span: RawSpan, from offset: Int) -> Bool {
    var reader = ByteReader(span)
    do {
      try reader.seek(to: offset)
      while try reader.readULEB128() != 0 {
        if try reader.readULEB128() == UInt64(DW_TAG_imported_unit) { return false }
        try reader.skip(1)
        while true {
          let name = try reader.readULEB128()
          let form = try reader.readULEB128()
          if form == UInt64(DW_FORM_implicit_const) { _ = try reader.readSLEB128() }
          if name == 0, form == 0 { break }
          if refersElsewhere.contains(Int32(clamping: form)) { return false }
        }
      }
    } catch {
      return false
    }
    return true
  }

  /// Into other units, type units and other files; and the form that may be any.
  private static let refersElsewhere = [
    DW_FORM_ref_addr, DW_FORM_ref_sig8, DW_FORM_ref_sup4, DW_FORM_ref_sup8, DW_FORM_GNU_ref_alt,
    DW_FORM_indirect,
  ].map { Int32($0) }
}
