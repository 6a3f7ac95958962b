package import Values

/// A value as expressions have it: its type, where it lives, and its bytes once they are wanted.
package struct Value {
  package enum Place {
    case none
    case memory(UInt64)
    /// gdb's name of the register.
    case register(String)
    case convenience(String)

    /// Whether it is the result of an operator, or a literal.
    var isNowhere: Bool {
      if case .none = self { return true }
      return false
    }
  }

  package var type: ValueType
  package var place: Place = .none
  /// `nil` for a value in memory that nobody has read yet.
  package var content: FetchedValue?
  /// Bit-fields have an address, but not to be read by.
  var isBitField = false
  /// Whether its constructor has not run to its end (DW_OP_GNU_uninit).
  var isUninitialized = false
  /// A register that the frame's caller-side rules call lost.
  var isNotSaved = false
  /// What gdb prints between brackets of flags registers, if it is one.
  var flags: [(bit: Int, name: String)]?

  init(_ type: ValueType, at address: UInt64) {
    self.type = type
    place = .memory(address)
  }

  init(_ type: ValueType, _ content: FetchedValue, place: Place = .none) {
    self.type = type
    self.content = content
    self.place = place
  }

  init(_ type: ValueType, number: UInt64) {
    self.type = type
    content = FetchedValue(number: number, size: Int(clamping: type.stripped.byteCount))
  }

  var address: UInt64? {
    if case .memory(let address) = place { return address }
    return nil
  }
}
