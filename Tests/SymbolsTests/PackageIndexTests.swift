import Bytes
import Elfutils
import Testing

/// .debug_cu_index: whole ones and damaged ones.
@Suite struct PackageIndexTests {
  private static func words(_ values: [UInt32]) -> [UInt8] {
    values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) } }
  }

  /// Version, columns, units, slots; signatures; rows; section numbers; offsets; sizes.
  private static let index = words([
    5, 2, 1, 2,  // version 5, two columns, one unit, two slots
    0, 0, 0x55, 0x77,  // an empty slot, then the signature 0x77_0000_0055
    0, 1,  // rows of the slots, from 1
    1, 3,  // DW_SECT_INFO, DW_SECT_ABBREV
    0x10, 0x20,  // offsets
    0x30, 0x40,  // sizes
  ])

  private func read(_ bytes: [UInt8]) -> PackageIndex? {
    unsafe PackageIndex(bytes.span.bytes, order: .little)
  }

  @Test func `a unit is found by its number`() throws {
    let index = try #require(read(Self.index))
    let parts = try #require(index.parts(of: 0x77_0000_0055))
    #expect(parts == [".debug_info.dwo": 0x10..<0x40, ".debug_abbrev.dwo": 0x20..<0x60])
    #expect(index.parts(of: 0x56) == nil)
    #expect(index.all == [parts])
  }

  @Test func `damage is noticed`() {
    for count in 0..<Self.index.count { #expect(read(Array(Self.index.prefix(count))) == nil, "\(count)") }
    for (place, value) in [(0, 9), (4, 17), (8, 0xff), (12, 3), (12, 0xff)] {
      var bytes = Self.index
      bytes[place] = UInt8(value)
      bytes[place + 3] = value == 0xff ? 0x7f : 0
      #expect(read(bytes) == nil, "\(place)")
    }
  }

  @Test func `a row that does not exist has no parts`() throws {
    var bytes = Self.index
    bytes[36] = 200
    #expect(try #require(read(bytes)).parts(of: 0x77_0000_0055) == nil)
  }
}
