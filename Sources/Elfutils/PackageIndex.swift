package import Bytes

/// .debug_cu_index and .debug_tu_index: where the parts of each unit lie in a .dwp file (DWARF 5, 7.3.5, and
/// version 2, which GNU dwp(1) writes for DWARF 4).
package struct PackageIndex: Sendable {
  /// Section identifiers, DW_SECT_*: those of version 2 and 5 differ.
  private static let names2: [UInt64: String] = [
    1: ".debug_info.dwo", 2: ".debug_types.dwo", 3: ".debug_abbrev.dwo", 4: ".debug_line.dwo",
    5: ".debug_loc.dwo", 6: ".debug_str_offsets.dwo",
  ]
  private static let names5: [UInt64: String] = [
    1: ".debug_info.dwo", 3: ".debug_abbrev.dwo", 4: ".debug_line.dwo", 5: ".debug_loclists.dwo",
    6: ".debug_str_offsets.dwo", 8: ".debug_rnglists.dwo",
  ]

  /// The bytes of each section that belong to one unit.
  package typealias Parts = [String: Range<UInt64>]

  private let bytes: [UInt8]
  private let order: ByteOrder
  private let version: UInt64
  private let columns: Int
  private let units: Int
  private let slots: Int

  /// `nil` where the section is damaged or of another version.
  package init?(_ section: RawSpan, order: ByteOrder) {
    var reader = ByteReader(section, order: order)
    bytes = (try? reader.readBytes(reader.count)) ?? []
    self.order = order
    guard bytes.count >= 16 else { return nil }
    // Version 5 has 16 bits, and 16 bits of padding behind them.
    let wide = bytes.unsigned(at: 0, size: 4, order: order)
    version = wide == 2 ? 2 : bytes.unsigned(at: 0, size: 2, order: order)
    columns = Int(bytes.unsigned(at: 4, size: 4, order: order))
    units = Int(bytes.unsigned(at: 8, size: 4, order: order))
    slots = Int(bytes.unsigned(at: 12, size: 4, order: order))
    guard version == 2 || version == 5, columns > 0, columns <= 16, slots & (slots - 1) == 0,
      slots <= bytes.count / 12, units <= bytes.count / 8,
      16 + slots * 12 + columns * 4 + units * columns * 8 <= bytes.count
    else { return nil }
  }

  private func number(_ at: Int) -> UInt64 { bytes.unsigned(at: at, size: 4, order: order) }

  /// The parts of the unit with an ID or signature.
  package func parts(of id: UInt64) -> Parts? {
    guard slots > 0 else { return nil }
    let mask = UInt64(slots - 1)
    var slot = id & mask
    let step = ((id >> 32) & mask) | 1
    for _ in 0..<slots {
      let row = number(16 + slots * 8 + Int(slot) * 4)
      if row == 0 { return nil }
      if bytes.unsigned(at: 16 + Int(slot) * 8, size: 8, order: order) == id { return parts(row: row) }
      slot = (slot + step) & mask
    }
    return nil
  }

  /// The parts of every unit.
  package var all: [Parts] { (0..<units).compactMap { parts(row: UInt64($0 + 1)) } }

  private func parts(row: UInt64) -> Parts? {
    guard row >= 1, row <= UInt64(units) else { return nil }
    let names = version == 2 ? Self.names2 : Self.names5
    let header = 16 + slots * 12
    let offsets = header + columns * 4 + (Int(row) - 1) * columns * 4
    let sizes = offsets + units * columns * 4
    var result: Parts = [:]
    for column in 0..<columns {
      guard let name = names[number(header + column * 4)] else { continue }
      let start = number(offsets + column * 4)
      result[name] = start..<(start + number(sizes + column * 4))
    }
    return result
  }
}
