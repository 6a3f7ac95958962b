internal import Glibc

/// Bytes of text on their way to a file descriptor: append-only, flushed in pieces.
///
/// What is printed is bytes and not `String`, since names come from files and need not be UTF-8, and since
/// a backtrace of a million frames should cost a few copies a frame.
package struct TextBuffer {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package var isEmpty: Bool { bytes.isEmpty }
  package var count: Int { bytes.count }
  /// The text so far; invalid UTF-8 is repaired.
  package var string: String { String(decoding: bytes, as: UTF8.self) }

  package mutating func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  package mutating func insert(_ text: String, at place: Int) {
    bytes.insert(contentsOf: text.utf8, at: place)
  }

  package mutating func append(_ text: StaticString) {
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  package mutating func append(bytes more: [UInt8]) {
    // Through the buffer: appending an array to an array retains it for the while.
    unsafe more.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
  }

  /// Part of a longer text, such as one of many labels that are kept in one piece.
  package mutating func append(bytes pool: [UInt8], _ range: Range<Int>) {
    unsafe pool.withUnsafeBufferPointer {
      unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range]))
    }
  }

  package mutating func append(bytes more: ArraySlice<UInt8>) {
    bytes.append(contentsOf: more)
  }

  package mutating func append(byte: UInt8) {
    bytes.append(byte)
  }

  package mutating func append(_ other: TextBuffer) {
    bytes.append(contentsOf: other.bytes)
  }

  /// `0x` and the digits of a number, without padding: the form of pointers.
  package mutating func append(hex value: UInt64) {
    append("0x" as StaticString)
    append(hexDigits: value, width: 1)
  }

  /// `0x` and digits padded with zeros to `width`: the form of a frame's address.
  package mutating func append(address value: UInt64, width: Int) {
    append("0x" as StaticString)
    append(hexDigits: value, width: width)
  }

  package mutating func append(hexDigits value: UInt64, width: Int) {
    let significant = max(1, (64 - value.leadingZeroBitCount + 3) / 4)
    let count = max(significant, min(width, 16))
    bytes.append(addingCapacity: count) { output in
      var shift = UInt64(count - 1) &* 4
      for _ in 0..<count {
        let nibble = UInt8(truncatingIfNeeded: value &>> shift) & 0xf
        output.append(nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble)
        shift = shift &- 4
      }
    }
  }

  package mutating func append(decimal value: UInt64) {
    if value < 10 {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: value))
      return
    }
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var count = 0
    var rest = value
    while rest > 0 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      digits[count] = 0x30 &+ UInt8(truncatingIfNeeded: digit)
      count += 1
      rest = quotient
    }
    bytes.append(addingCapacity: count) { output in
      for index in 0..<count { output.append(digits[count - 1 - index]) }
    }
  }

  /// `+N` or `-N`: a distance from a symbol, which is negative in a part of a function before its entry.
  package mutating func append(distance: Int64) {
    if distance >= 0 { append(byte: 0x2b) }
    append(decimal: distance)
  }

  package mutating func append(decimal value: Int64) {
    if value < 0 { bytes.append(0x2d) }
    append(decimal: value.magnitude)
  }

  /// Blanks until `width` bytes have been written since `start`.
  package mutating func pad(from start: Int, to width: Int) {
    while bytes.count - start < width { bytes.append(0x20) }
  }

  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }

  /// Cuts the text back to its first `count` bytes.
  package mutating func truncate(to count: Int) {
    if count < bytes.count { bytes.removeLast(bytes.count - count) }
  }
}

extension TextBuffer {
  /// Writes everything to a descriptor and empties the buffer.
  ///
  /// Returns `false` when the reader is gone or the disk full; the text is dropped in that case, since
  /// nothing can be said on a descriptor that takes nothing.
  @discardableResult
  package mutating func flush(to descriptor: Int32) -> Bool {
    var written = 0
    var alive = true
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { raw in
        unsafe write(descriptor, raw.baseAddress! + written, raw.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        alive = false
        break
      }
      written += count
    }
    removeAll()
    return alive
  }
}
