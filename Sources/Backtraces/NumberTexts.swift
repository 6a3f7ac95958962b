internal import Bytes
internal import Values

/// The texts of pointers and other numbers that were printed lately: a thread's functions hand the same few on, and memory
/// does not change any more.
///
/// Each has one place in a table; the later one takes it. Plain bytes in one piece, so that neither finding nor keeping a
/// text counts references or allocates.
struct NumberTexts {
  private struct Entry {
    var number: UInt64 = 0
    /// `nil` in an empty place.
    var key: Parameter.TextKey?
    var length = 0
  }

  /// Places, as a power of two.
  private static let bits = 8
  private static let count = 1 << bits
  /// Bytes of a place: an address, a symbol's name or a short string. What is longer is not kept.
  private static let longest = 112

  private var entries = [Entry](repeating: Entry(), count: count)
  private var bytes = [UInt8](repeating: 0, count: count * longest)

  private static func place(_ number: UInt64, _ key: Parameter.TextKey) -> Int {
    // Fibonacci hashing: the high bits of the product depend on all bits of the number.
    Int(truncatingIfNeeded: ((number ^ UInt64(key.kind)) &* 0x9e37_79b9_7f4a_7c15) >> UInt64(64 - bits))
  }

  /// Appends the text of a number, if it is known; `false` otherwise.
  func append(_ number: UInt64, _ key: Parameter.TextKey, into text: inout TextBuffer) -> Bool {
    let place = Self.place(number, key)
    let entry = entries[place]
    guard entry.number == number, entry.key == key else { return false }
    text.append(bytes: bytes, place * Self.longest..<place * Self.longest + entry.length)
    return true
  }

  /// Keeps the end of a text, from `start` on, as that of a number.
  mutating func keep(
    _ number: UInt64, _ key: Parameter.TextKey, endOf text: borrowing TextBuffer, from start: Int
  ) {
    let length = text.count - start
    guard length <= Self.longest else { return }
    let place = Self.place(number, key)
    entries[place] = Entry(number: number, key: key, length: length)
    for index in 0..<length { bytes[place * Self.longest + index] = text.bytes[start + index] }
  }
}
