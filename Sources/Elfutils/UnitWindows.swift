internal import Bytes
internal import CElfutils

/// The units of a file's .debug_info one by one, for the few of thousands that a backtrace asks for.
///
/// libdw learns of a unit by learning of all before it, each with a table of its own: for libc's 2,063 units that was a third
/// of a short run. Here those before it are one to libdw: while it reads on to the wanted unit, the first of them says that
/// it is as long as all of them, and says the truth again afterwards. So a handle knows its units in ascending order; a
/// unit that it has passed gets another handle.
///
/// Only for units that need no other: without references between units (dwz, LTO) and type units.
@safe
final class UnitWindows {
  @safe
  private struct Handle {
    let dwarf: OpaquePointer
    /// Where the first unit begins that it does not know of.
    var next = 0
  }

  @safe
  private struct Window {
    var range: Range<Int>
    var root: Dwarf_Die
    var dwarf: OpaquePointer
  }

  private let contents: ElfFile
  /// .debug_info, in memory that is ours.
  private let base: UnsafeMutableRawPointer
  private let size: Int
  private var handles: [Handle] = []
  private var windows: [Window] = []

  /// Who asks for so many units in so crooked an order is served better by one handle that knows all.
  private static let mostHandles = 16
  /// Lengths from here on mean something else: DWARF 5, 7.4.
  private static let reserved = 0xffff_fff0

  /// `nil` for memory that is not ours alone.
  init?(_ contents: ElfFile) {
    guard contents.isOwnMemory, contents.header.byteOrder == .little,
      let section = contents.section(named: ".debug_info"),
      let found = unsafe contents.withBytes(
        of: section,
        { span in unsafe span.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(mutating: $0) } }),
      let base = found.baseAddress
    else { return nil }
    self.contents = contents
    unsafe self.base = base
    size = found.count
  }

  deinit {
    for handle in handles { unsafe dwarf_end(handle.dwarf) }
  }

  // MARK: Units

  /// The root entry of a unit; `nil` where libdw has to be asked as usual.
  func root(of header: UnitHeader) -> Dwarf_Die? {
    let start = Int(clamping: header.offset)
    if let known = windows.first(where: { $0.range.lowerBound == start }) { return unsafe known.root }
    guard let range = range(of: header, at: start), standsAlone(header, range),
      let index = handle(reaching: start)
    else { return nil }
    let dwarf = unsafe handles[index].dwarf
    let skipped = handles[index].next
    // Whatever goes wrong, it is not asked again.
    handles[index].next = size
    var root = unsafe Dwarf_Die()
    let place = start + header.size
    guard
      joined(
        skipped..<start, while: { unsafe dwarf_offdie(dwarf, Dwarf_Off(place), &root) != nil }),
      unsafe root.addr == base + place
    else { return nil }
    handles[index].next = range.upperBound
    unsafe windows.append(Window(range: range, root: root, dwarf: dwarf))
    return unsafe root
  }

  /// The entry at an offset of .debug_info, if it is of a unit that was asked for.
  func entry(at offset: UInt64) -> Dwarf_Die? {
    let place = Int(clamping: offset)
    guard let known = windows.first(where: { $0.range.contains(place) }) else { return nil }
    var die = unsafe Dwarf_Die()
    return unsafe dwarf_offdie(known.dwarf, offset, &die) == nil ? nil : die
  }

  /// Does something while the units in a range are one.
  private func joined(_ range: Range<Int>, while work: () -> Bool) -> Bool {
    guard !range.isEmpty else { return work() }
    let place = unsafe base + range.lowerBound
    // The length does not count itself.
    let whole = range.count - 4
    let length = unsafe place.loadUnaligned(as: UInt32.self)
    guard whole > 0, whole < Self.reserved, Int(length) < Self.reserved, Int(length) <= whole else {
      return false
    }
    unsafe place.storeBytes(of: UInt32(whole), as: UInt32.self)
    defer { unsafe place.storeBytes(of: length, as: UInt32.self) }
    return work()
  }

  /// A unit of the simple kind, up to its end: whole, with 32-bit offsets.
  private func range(of header: UnitHeader, at start: Int) -> Range<Int>? {
    guard header.size == (header.version >= 5 ? 12 : 11), start < size - header.size else { return nil }
    let length = Int(unsafe base.loadUnaligned(fromByteOffset: start, as: UInt32.self))
    guard length < Self.reserved, length <= size - start - 4, length > header.size else { return nil }
    return start..<start + 4 + length
  }

  /// The handle that is nearest before a unit, or a new one.
  private func handle(reaching start: Int) -> Int? {
    let near = handles.indices.filter { handles[$0].next <= start }
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
  private func standsAlone(_ header: UnitHeader, _ range: Range<Int>) -> Bool {
    // DWARF 5, 7.5.1.1; before it there was no type of the unit, and the address size came last.
    let place = range.lowerBound + (header.version >= 5 ? 8 : 6)
    let offset = unsafe base.loadUnaligned(fromByteOffset: place, as: UInt32.self)
    guard let section = contents.section(named: ".debug_abbrev") else { return false }
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
          if refersElsewhere.contains(Int(clamping: form)) { return false }
        }
      }
    } catch {
      return false
    }
    return true
  }

  /// Into other units, type units and other files; and the form that may be any.
  private static let refersElsewhere = [
    Int(DW_FORM_ref_addr), Int(DW_FORM_ref_sig8), Int(DW_FORM_ref_sup4), Int(DW_FORM_ref_sup8),
    Int(DW_FORM_indirect), Int(DW_FORM_GNU_ref_alt), Int(DW_FORM_GNU_addr_index), Int(DW_FORM_GNU_str_index),
  ]
}
