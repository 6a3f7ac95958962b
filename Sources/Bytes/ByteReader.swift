/// The order of the bytes of a number in a file: a fact of the file, so a run-time value.
package enum ByteOrder: Sendable, Equatable {
  case little
  case big
}

/// Bytes ended before, or did not hold, what the format promises at this place.
package struct DecodeError: Error, Equatable, Sendable {
  /// Bytes from the start of what was being read.
  package var offset: Int
  /// Bytes that were asked for at `offset`; 0 when the value itself was malformed.
  package var needed: Int
  /// Bytes that exist from `offset` on.
  package var available: Int

  package init(offset: Int, needed: Int, available: Int) {
    self.offset = offset
    self.needed = needed
    self.available = available
  }
}

/// A bounds-checked cursor over bytes that somebody else owns.
///
/// Every read either succeeds and moves on, or throws and leaves the cursor where it was.
package struct ByteReader: ~Escapable {
  @usableFromInline let bytes: RawSpan
  /// Bytes from the start of the span to the next read.
  package private(set) var offset = 0
  package let order: ByteOrder

  @_lifetime(copy bytes)
  package init(_ bytes: RawSpan, order: ByteOrder = .little) {
    self.bytes = bytes
    self.order = order
  }

  package var count: Int { bytes.byteCount }
  package var remaining: Int { bytes.byteCount - offset }
  package var isAtEnd: Bool { offset >= bytes.byteCount }

  /// Moves to an absolute offset; the end itself is allowed.
  package mutating func seek(to target: Int) throws(DecodeError) {
    guard target >= 0, target <= bytes.byteCount else {
      throw DecodeError(offset: target, needed: 0, available: 0)
    }
    offset = target
  }

  package mutating func skip(_ count: Int) throws(DecodeError) {
    try require(count)
    offset += count
  }

  package mutating func read<T: FixedWidthInteger & BitwiseCopyable>(
    _: T.Type = T.self
  ) throws(DecodeError) -> T {
    try require(MemoryLayout<T>.size)
    let raw = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: T.self)
    offset += MemoryLayout<T>.size
    return order == .little ? T(littleEndian: raw) : T(bigEndian: raw)
  }

  /// An unsigned integer of 1, 2, 4 or 8 bytes; other sizes are malformed.
  package mutating func readUnsigned(size: Int) throws(DecodeError) -> UInt64 {
    switch size {
    case 1: return UInt64(try read(UInt8.self))
    case 2: return UInt64(try read(UInt16.self))
    case 4: return UInt64(try read(UInt32.self))
    case 8: return try read(UInt64.self)
    default: throw DecodeError(offset: offset, needed: 0, available: remaining)
    }
  }

  /// Unsigned LEB128 (DWARF 5, 7.6). Bits beyond 64 are dropped, as every consumer does.
  package mutating func readULEB128() throws(DecodeError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    var at = offset
    while at < bytes.byteCount {
      let byte = unsafe bytes.unsafeLoad(fromByteOffset: at, as: UInt8.self)
      at += 1
      if shift < 64 { value |= UInt64(byte & 0x7f) << shift }
      shift += 7
      if byte & 0x80 == 0 {
        offset = at
        return value
      }
    }
    throw DecodeError(offset: offset, needed: at - offset + 1, available: remaining)
  }

  /// Signed LEB128 (DWARF 5, 7.6).
  package mutating func readSLEB128() throws(DecodeError) -> Int64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    var at = offset
    while at < bytes.byteCount {
      let byte = unsafe bytes.unsafeLoad(fromByteOffset: at, as: UInt8.self)
      at += 1
      if shift < 64 { value |= UInt64(byte & 0x7f) << shift }
      shift += 7
      if byte & 0x80 == 0 {
        if shift < 64, byte & 0x40 != 0 { value |= ~UInt64(0) << shift }
        offset = at
        return Int64(bitPattern: value)
      }
    }
    throw DecodeError(offset: offset, needed: at - offset + 1, available: remaining)
  }

  /// The bytes up to the next NUL, which is consumed but not returned.
  package mutating func readCStringBytes() throws(DecodeError) -> [UInt8] {
    var end = offset
    while end < bytes.byteCount {
      if unsafe bytes.unsafeLoad(fromByteOffset: end, as: UInt8.self) == 0 { break }
      end += 1
    }
    guard end < bytes.byteCount else {
      throw DecodeError(offset: offset, needed: remaining + 1, available: remaining)
    }
    let result = copy(from: offset, to: end)
    offset = end + 1
    return result
  }

  /// A NUL-terminated string; invalid UTF-8 is repaired.
  package mutating func readCString() throws(DecodeError) -> String {
    String(decoding: try readCStringBytes(), as: UTF8.self)
  }

  package mutating func readBytes(_ count: Int) throws(DecodeError) -> [UInt8] {
    try require(count)
    let result = copy(from: offset, to: offset + count)
    offset += count
    return result
  }

  private func copy(from start: Int, to end: Int) -> [UInt8] {
    unsafe bytes.extracting(start..<end).withUnsafeBytes { unsafe Array($0) }
  }

  private func require(_ count: Int) throws(DecodeError) {
    guard count >= 0, count <= remaining else {
      throw DecodeError(offset: offset, needed: count, available: remaining)
    }
  }
}
