extension ByteReader {
  /// The lowest and the highest address of a table of pairs (address, length) that starts here, and where it ends:
  /// behind a pair of zeros, or at `limit`. Does not move.
  ///
  /// For tables of hundreds of thousands of pairs, of which a caller wants one: .debug_aranges.
  package func pairBounds(size: Int, to limit: Int) -> (lowest: UInt64, highest: UInt64, end: Int) {
    let limit = min(limit, count)
    // Asked once and not for each number: to compare two values of the type is a call.
    let isBig = if case .big = order { true } else { false }
    switch size {
    case 4: return bounds(of: UInt32.self, isBig: isBig, limit)
    case 8: return bounds(of: UInt64.self, isBig: isBig, limit)
    default: return (.max, 0, offset)
    }
  }

  @inline(__always)
  private func bounds<Number: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    of: Number.Type, isBig: Bool, _ limit: Int
  ) -> (lowest: UInt64, highest: UInt64, end: Int) {
    var lowest = UInt64.max
    var highest: UInt64 = 0
    var at = offset
    let size = MemoryLayout<Number>.size
    let last = limit &- 2 &* size
    unsafe bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      while at <= last {
        // Within the bytes, as `limit` is.
        var first = unsafe base.loadUnaligned(fromByteOffset: at, as: Number.self)
        var second = unsafe base.loadUnaligned(fromByteOffset: at &+ size, as: Number.self)
        if isBig { (first, second) = (first.byteSwapped, second.byteSwapped) }
        at &+= 2 &* size
        let (address, length) = (UInt64(truncatingIfNeeded: first), UInt64(truncatingIfNeeded: second))
        if length == 0 {
          if address == 0 { break }
          continue
        }
        lowest = min(lowest, address)
        highest = max(highest, address &+ length)
      }
    }
    return (lowest, highest, at)
  }
}
