internal import Bytes
internal import CElfutils

/// What a skeleton unit says of the split unit that belongs to it: DWARF 5, 3.1.2, and GNU's "Fission" before it.
package struct SkeletonUnit: Sendable {
  /// DW_AT_dwo_name: the file, relative to the compilation directory or absolute.
  package var name: String
  package var compilationDirectory: String?
  /// The number that the split unit has too.
  package var id: UInt64
  package var version: Int
  /// Where the unit's addresses start in .debug_addr.
  package var addressBase: UInt64
  /// Where its ranges start in .debug_ranges; before DWARF 5 only.
  package var rangesBase: UInt64
  /// What offsets in its ranges count from.
  package var lowPC: UInt64
}

extension DebugUnit {
  private static let gnuName = 0x2130
  private static let gnuID = 0x2131
  private static let gnuRangesBase = 0x2132
  private static let gnuAddressBase = 0x2133

  /// `nil` for a unit that is whole.
  package var skeletonUnit: SkeletonUnit? {
    guard let name = skeleton.string(DW_AT_dwo_name) ?? skeleton.string(Self.gnuName), !name.isEmpty else {
      return nil
    }
    let isGNU = version < 5
    guard let id = isGNU ? skeleton.unsigned(Self.gnuID) : skeleton.unitID else { return nil }
    return SkeletonUnit(
      name: name, compilationDirectory: skeleton.string(DW_AT_comp_dir), id: id, version: version,
      addressBase: skeleton.unsigned(isGNU ? Self.gnuAddressBase : DW_AT_addr_base) ?? (isGNU ? 0 : 8),
      rangesBase: skeleton.unsigned(Self.gnuRangesBase) ?? 0, lowPC: skeleton.lowPC ?? 0)
  }
}

extension DebugEntry {
  /// The number in the header of a skeleton or split unit.
  var unitID: UInt64? {
    var id: UInt64 = 0
    guard let unit = unsafe die.cu,
      unsafe dwarf_cu_info(unit, nil, nil, nil, nil, &id, nil, nil) == 0
    else { return nil }
    return id
  }
}
