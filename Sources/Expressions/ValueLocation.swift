/// Where a value is, as an expression found it (DWARF 5, 2.6).
package enum ValueLocation: Equatable, Sendable {
  /// At this address of the process.
  case memory(UInt64)
  /// In the register of this DWARF number.
  case register(Int)
  /// Nowhere, but known: DW_OP_stack_value.
  case value(TypedValue)
  /// Nowhere, but known byte for byte: DW_OP_implicit_value.
  case implicit([UInt8])
  /// A pointer to something that is nowhere itself: `entry` is the DIE that describes the target.
  case implicitPointer(entry: UInt64, byteOffset: Int64)
  /// In several places, lowest bytes first.
  indirect case pieces([Piece])
  case optimizedOut

  /// Part of a value: DW_OP_piece, DW_OP_bit_piece.
  package struct Piece: Equatable, Sendable {
    package var location: ValueLocation
    package var bitSize: UInt64
    /// Bits to skip from the least significant end of the source.
    package var bitOffset: UInt64

    package init(location: ValueLocation, bitSize: UInt64, bitOffset: UInt64 = 0) {
      self.location = location
      self.bitSize = bitSize
      self.bitOffset = bitOffset
    }
  }
}
