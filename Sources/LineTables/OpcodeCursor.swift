internal import Bytes

/// A cursor for the inner loop: reads past the end give zeros and leave the cursor at the end.
///
/// `ByteReader` throws instead, which costs more than the opcodes themselves.
struct OpcodeCursor: ~Escapable {
  private let bytes: Span<UInt8>
  private(set) var offset: Int
  private let limit: Int

  /// The range is cut to the bytes that exist.
  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, range: Range<Int>) {
    self.bytes = bytes
    limit = min(max(0, range.upperBound), bytes.count)
    offset = min(max(0, range.lowerBound), limit)
  }

  var isInside: Bool { offset < limit }

  /// Where `length` bytes from here end, if they exist.
  func end(after length: UInt64) -> Int? {
    length <= UInt64(limit - offset) ? offset + Int(length) : nil
  }

  mutating func seek(to target: Int) {
    offset = min(max(0, target), limit)
  }

  mutating func byte() -> UInt8 {
    guard offset < limit else { return 0 }
    let byte = bytes[offset]
    offset += 1
    return byte
  }

  /// Unsigned LEB128; bits beyond 64 are dropped.
  mutating func unsigned() -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while offset < limit {
      let next = byte()
      if shift < 64 { value |= UInt64(next & 0x7f) << shift }
      shift += 7
      if next & 0x80 == 0 { break }
    }
    return value
  }

  /// Signed LEB128.
  mutating func signed() -> Int64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while offset < limit {
      let next = byte()
      if shift < 64 { value |= UInt64(next & 0x7f) << shift }
      shift += 7
      if next & 0x80 == 0 {
        if shift < 64, next & 0x40 != 0 { value |= ~UInt64(0) << shift }
        break
      }
    }
    return Int64(bitPattern: value)
  }

  /// An unsigned number of `size` bytes.
  mutating func fixed(_ size: Int, _ order: ByteOrder) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<max(0, min(size, 8)) {
      let next = UInt64(byte())
      value = order == .little ? value | next << UInt64(8 * index) : value << 8 | next
    }
    return value
  }

  /// The bytes up to the next NUL, which is consumed.
  mutating func string() -> [UInt8] {
    var text: [UInt8] = []
    while offset < limit {
      let next = byte()
      if next == 0 { break }
      text.append(next)
    }
    return text
  }
}
