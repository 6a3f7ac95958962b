internal import Bytes
internal import Elfutils

/// Finds the compilation unit that owns an address of the file.
///
/// A unit with entries in .debug_aranges is found by those alone; any other by its own ranges (clang, rustc
/// and swiftc write no aranges). The table of a large program has hundreds of thousands of entries and a
/// backtrace asks for a dozen addresses: it is not sorted, each set only keeps its lowest and highest address.
final class UnitIndex {
  /// One set of .debug_aranges: the entries of one unit.
  private struct AddressSet {
    var unit: UInt64
    var entries: Range<Int>
    var addressSize: Int
    var span: Range<UInt64>
  }

  private struct UnitRange {
    var range: Range<UInt64>
    /// Where its header stands.
    var unit: UInt64
  }

  private let file: DebugFile
  private var sets: [AddressSet] = []
  private var ranges: [UnitRange] = []
  private var latest: (range: Range<UInt64>, unit: DebugUnit)?

  init(file: DebugFile) {
    self.file = file
    let order = file.elf.header.byteOrder
    let sets = file.withSection(".debug_aranges") { Self.readSets(ByteReader($0, order: order)) } ?? []
    self.sets = sets
    file.release(".debug_aranges")
    // Y-12: gdb trusts .debug_names, but takes addresses only from .debug_aranges then.
    if Self.isNameIndexTrusted(file) { return }
    let covered = sets.map(\.unit).sorted()
    var next = 0
    for header in file.unitHeaders {
      while next < covered.count, covered[next] < header.offset { next += 1 }
      if next < covered.count, covered[next] == header.offset { continue }
      for range in file.unit(headerOffset: header.offset)?.skeleton.ranges ?? [] {
        ranges.append(UnitRange(range: range, unit: header.offset))
      }
    }
    ranges.sort { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// Whether gdb uses .debug_names: only if the first table in it fills the section. Where a linker has joined
  /// the tables of several objects it warns and reads the units instead.
  private static func isNameIndexTrusted(_ file: DebugFile) -> Bool {
    let order = file.elf.header.byteOrder
    let isWhole = file.withSection(".debug_names") { span -> Bool in
      var reader = ByteReader(span, order: order)
      guard let length = try? reader.read(UInt32.self) else { return false }
      if length < 0xffff_ffff { return Int(length) == reader.remaining }
      return (try? reader.read(UInt64.self)).map { $0 == UInt64(reader.remaining) } ?? false
    }
    return isWhole ?? false
  }

  func unit(containing address: UInt64) -> DebugUnit? {
    if let latest, latest.range.contains(address) { return latest.unit }
    for set in sets where set.span.contains(address) {
      if let range = entry(of: set, containing: address), let unit = file.unit(headerOffset: set.unit) {
        latest = (range, unit)
        return unit
      }
    }
    let low = ranges.leadingCount { $0.range.lowerBound <= address }
    // Ranges of units do not overlap in sound files; a few steps back cover the unsound ones.
    for index in stride(from: low - 1, through: max(0, low - 8), by: -1) where index >= 0 {
      if ranges[index].range.contains(address) { return file.unit(headerOffset: ranges[index].unit) }
    }
    return nil
  }

  private func entry(of set: AddressSet, containing address: UInt64) -> Range<UInt64>? {
    let order = file.elf.header.byteOrder
    let found = file.withSection(".debug_aranges") { span -> Range<UInt64>? in
      var reader = ByteReader(span, order: order)
      guard (try? reader.seek(to: set.entries.lowerBound)) != nil else { return nil }
      while reader.offset < set.entries.upperBound,
        let start = try? reader.readUnsigned(size: set.addressSize),
        let length = try? reader.readUnsigned(size: set.addressSize)
      {
        // A damaged length may lead beyond the last address.
        if address &- start < length {
          let (end, wraps) = start.addingReportingOverflow(length)
          return min(start, address)..<(wraps ? .max : end)
        }
      }
      return nil
    }
    return found ?? nil
  }

  /// DWARF 5, 6.1.2. Stops at the first set that makes no sense.
  private static func readSets(_ input: consuming ByteReader) -> [AddressSet] {
    var reader = input
    var sets: [AddressSet] = []
    while let set = try? readSet(&reader) { sets.append(set) }
    return sets
  }

  private static func readSet(_ reader: inout ByteReader) throws(DecodeError) -> AddressSet? {
    guard !reader.isAtEnd else { return nil }
    var length = UInt64(try reader.read(UInt32.self))
    var offsetSize = 4
    if length == 0xffff_ffff {
      length = try reader.read(UInt64.self)
      offsetSize = 8
    }
    guard length <= UInt64(reader.remaining) else {
      throw DecodeError(offset: reader.offset, needed: Int(clamping: length), available: reader.remaining)
    }
    let end = reader.offset + Int(length)
    let start = reader.offset - (offsetSize == 8 ? 12 : 4)
    _ = try reader.read(UInt16.self)
    let unit = try reader.readUnsigned(size: offsetSize)
    let addressSize = Int(try reader.read(UInt8.self))
    _ = try reader.read(UInt8.self)
    guard addressSize == 4 || addressSize == 8 else {
      throw DecodeError(offset: reader.offset, needed: 0, available: reader.remaining)
    }
    // Entries are aligned to their own size, counted from the start of the set.
    let misaligned = (reader.offset - start) % (2 * addressSize)
    if misaligned != 0 { try reader.skip(2 * addressSize - misaligned) }
    let first = reader.offset
    let bounds = reader.pairBounds(size: addressSize, to: end)
    try reader.seek(to: end)
    return AddressSet(
      unit: unit, entries: first..<max(first, bounds.end), addressSize: addressSize,
      span: bounds.lowest < bounds.highest ? bounds.lowest..<bounds.highest : 0..<0)
  }
}
