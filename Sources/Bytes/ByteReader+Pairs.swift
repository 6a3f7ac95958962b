extension ByteReader {
  /// The lowest and the highest address of a table of pairs (address, length) that starts here, and where it ends:
  /// behind a pair of zeros, or at `limit`. Does not move.
  ///
  /// For tables of hundreds of thousands of pairs, of which a caller wants one: .debug_aranges.
  package func pairBounds(size: Int, to limit: Int) -> (lowest: UInt64, highest: UInt64, end: Int) {
    var lowest = UInt64.max
    var highest: UInt64 = 0
    var at = offset
    let limit = min(limit, count)
    guard size == 8 || size == 4 else { return (lowest, highest, at) }
    while limit - at >= 2 &* size {
      let address = number(at: at, size: size)
      let length = number(at: at &+ size, size: size)
      at &+= 2 &* size
      if length == 0 {
        if address == 0 { break }
        continue
      }
      if address < lowest { lowest = address }
      let end = address &+ length
      if end > highest { highest = end }
    }
    return (lowest, highest, at)
  }

  /// Within the bytes, as the caller has made sure.
  @inline(__always)
  private func number(at offset: Int, size: Int) -> UInt64 {
    if size == 8 {
      let raw = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      return order == .little ? UInt64(littleEndian: raw) : UInt64(bigEndian: raw)
    }
    let raw = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return UInt64(order == .little ? UInt32(littleEndian: raw) : UInt32(bigEndian: raw))
  }
}
