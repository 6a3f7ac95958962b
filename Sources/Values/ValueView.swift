internal import Bytes

/// A part of a fetched value: which bytes, which bits of them are missing, and where they came from.
struct ValueView {
  let bytes: [UInt8]
  let gaps: [FetchedValue.Gap]?
  /// Bytes from the start of `bytes`; never beyond its end.
  var offset = 0
  /// The process address of the byte at `offset`.
  var address: UInt64?

  init(bytes: [UInt8], gaps: [FetchedValue.Gap]? = nil, address: UInt64? = nil) {
    self.bytes = bytes
    self.gaps = gaps
    self.address = address
  }

  /// So many bytes that are all missing for one reason.
  init(missing gap: FetchedValue.Gap, count: Int) {
    self.init(
      bytes: [UInt8](repeating: 0, count: count),
      gaps: [FetchedValue.Gap](repeating: gap, count: count * 8))
  }

  var available: Int { bytes.count - offset }

  /// The part that starts `distance` bytes further on; `nil` beyond the end.
  func advanced(by distance: UInt64) -> ValueView? {
    guard distance <= UInt64(available) else { return nil }
    var result = self
    result.offset += Int(distance)
    result.address = address.map { $0 &+ distance }
    return result
  }

  /// Why the first missing bit of so many bytes is missing.
  func gap(in size: Int) -> FetchedValue.Gap {
    guard size <= available else { return .optimizedOut }
    return gap(bits: 0..<(size * 8))
  }

  /// Why the first missing bit of a range is missing; bits count from `offset` and must be available.
  ///
  /// Only what is synthetic all over is: clang describes the ten bytes of a `long double` of sixteen.
  func gap(bits: Range<Int>) -> FetchedValue.Gap {
    guard let gaps else { return .none }
    let range = gaps[(offset * 8 + bits.lowerBound)..<(offset * 8 + bits.upperBound)]
    let first = range.first { $0 != .none } ?? .none
    guard first == .syntheticPointer else { return first }
    if range.allSatisfy({ $0 == .syntheticPointer }) { return first }
    return range.first { $0 != .none && $0 != .syntheticPointer } ?? .none
  }

  /// Why every bit of so many bytes is missing, if all are for the same reason.
  func wholeGap(in size: Int) -> FetchedValue.Gap {
    guard let gaps, size > 0, size <= available, gaps[offset * 8] != .none else { return .none }
    let range = (offset * 8)..<((offset + size) * 8)
    return gaps[range].allSatisfy { $0 == gaps[range.lowerBound] } ? gaps[range.lowerBound] : .none
  }

  /// Whether two parts of one value are equal, byte for byte, missing ones included.
  func isEqual(to other: ValueView, size: Int) -> Bool {
    guard size <= available, size <= other.available else { return false }
    for index in 0..<size where bytes[offset + index] != other.bytes[other.offset + index] { return false }
    guard let gaps else { return true }
    return gaps[(offset * 8)..<((offset + size) * 8)]
      == gaps[(other.offset * 8)..<((other.offset + size) * 8)]
  }

  func slice(_ size: Int) -> ArraySlice<UInt8> {
    bytes[offset..<(offset + min(max(0, size), available))]
  }

  /// The low 128 bits of a number of `size` bytes; none where bytes end.
  func wide(_ size: Int, order: ByteOrder) -> UInt128 {
    var value: UInt128 = 0
    let count = min(size, available)
    for index in 0..<count {
      let place = order == .little ? index : count - 1 - index
      if place < 16 { value |= UInt128(bytes[offset + index]) << UInt128(8 * place) }
    }
    return value
  }
}
