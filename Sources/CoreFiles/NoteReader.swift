internal import Bytes

/// The notes of one PT_NOTE segment, read in pieces of 64 KiB.
///
/// libelf would keep every piece it hands out until the end; a core of 20,000 threads has 64 MB of notes, of
/// which 336 bytes a thread are wanted. Layout: three 32-bit words (name size, descriptor size, type), then
/// name and descriptor, each padded to 4 bytes; see elf(5).
struct NoteReader {
  struct Note {
    var owner: [UInt8]
    var type: UInt32
    /// Where the descriptor lies in the file; may reach beyond its end.
    var descriptor: Range<UInt64>
  }

  private let file: any ByteSource
  private let order: ByteOrder
  private var at: UInt64
  private let end: UInt64
  private var windowStart: UInt64 = 0
  private var window: [UInt8] = []

  private static let windowSize = 65536
  /// Note owners are short words; anything longer is damage.
  private static let longestOwner: UInt64 = 256

  init(file: any ByteSource, order: ByteOrder, segment: Range<UInt64>) {
    self.file = file
    self.order = order
    self.at = segment.lowerBound
    self.end = min(segment.upperBound, file.size)
  }

  /// Whether no byte is left that belongs to no note.
  var isAtEnd: Bool { at >= end }

  /// The next note, or `nil` at the end of the segment, of the file, or of what makes sense.
  mutating func next() -> Note? {
    guard at < end, end - at >= 12 else { return nil }
    let head = bytes(at: at, count: 12)
    guard head.count == 12 else { return nil }
    let nameSize = head.unsigned(at: 0, size: 4, order: order)
    let descriptorSize = head.unsigned(at: 4, size: 4, order: order)
    let type = UInt32(head.unsigned(at: 8, size: 4, order: order))
    guard nameSize <= Self.longestOwner else { return nil }
    let name = bytes(at: at + 12, count: Int(nameSize))
    let start = at + 12 + (nameSize + 3) & ~3
    at = start + (descriptorSize + 3) & ~3
    return Note(owner: Array(name.untilNUL), type: type, descriptor: start..<start + descriptorSize)
  }

  /// Bytes of the file through the window; fewer than asked for at the end of the file.
  mutating func bytes(at offset: UInt64, count: Int) -> [UInt8] {
    let inWindow = offset &- windowStart
    if offset >= windowStart, inWindow + UInt64(count) <= UInt64(window.count) {
      return Array(window[Int(inWindow)..<Int(inWindow) + count])
    }
    if count >= Self.windowSize { return file.read(at: offset, count: count) }
    windowStart = offset
    window = file.read(at: offset, count: Self.windowSize)
    return Array(window.prefix(count))
  }
}
