extension Array<UInt8> {
  /// An unsigned number of `size` bytes (1 to 8) that starts at `offset`; both must lie within the array.
  package func unsigned(at offset: Int, size: Int, order: ByteOrder) -> UInt64 {
    precondition(offset >= 0 && size <= 8 && offset <= count - size)
    if size == 8 {
      let raw = unsafe withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
      return order == .little ? UInt64(littleEndian: raw) : UInt64(bigEndian: raw)
    }
    var value: UInt64 = 0
    for index in 0..<size {
      let shift = order == .little ? index : size - 1 - index
      value |= UInt64(self[offset + index]) << UInt64(8 * shift)
    }
    return value
  }
}

extension Collection<UInt8> {
  /// The bytes before the first NUL, or all.
  package var untilNUL: SubSequence {
    prefix { $0 != 0 }
  }
}
