/// The general registers of a frame, by DWARF number, each known or not.
///
/// Fixed in size so that a copy costs no allocation: a stack overflow makes a million of them.
package struct RegisterFile: Sendable {
  /// No architecture here numbers its general registers higher.
  @inlinable package static var capacity: Int { 34 }

  @usableFromInline var values = InlineArray<34, UInt64>(repeating: 0)
  @usableFromInline var known: UInt64 = 0

  package init() {}

  /// The value of a register, or `nil` where nothing tells it; a set to `nil` forgets it.
  @inlinable
  package subscript(number: Int) -> UInt64? {
    @inline(__always) get {
      guard number >= 0, number < Self.capacity, known & (1 &<< UInt64(number)) != 0 else { return nil }
      // Through its span: a plain subscript copies the whole array first.
      return values.span[number]
    }
    @inline(__always) set {
      guard number >= 0, number < Self.capacity else { return }
      if let newValue {
        values[number] = newValue
        known |= 1 << UInt64(number)
      } else {
        known &= ~(1 << UInt64(number))
      }
    }
  }
}
