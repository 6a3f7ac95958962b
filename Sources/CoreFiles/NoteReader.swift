internal import Bytes

/// The notes of one PT_NOTE segment, read in pieces of 64 KiB.
///
/// libelf would keep every piece it hands out until the end; a core of 20,000 threads has 64 MB of notes, of
/// which 336 bytes a thread are wanted. Layout: three 32-bit words (name size, descriptor size, type), then
/// name and descriptor, each padded to 4 bytes; see elf(5).
struct NoteReader {
  /// Who defined the note's type. By cases, since a core of many threads has tens of thousands of them.
  enum Owner {
    case core
    case linux
    /// Notes of a snapshot: docs/snapshot-format.md.
    case coreview
    case other

    init(_ name: ArraySlice<UInt8>) {
      self =
        if name.elementsEqual(Self.coreName) { .core } else if name.elementsEqual(Self.linuxName) {
          .linux
        } else if name.elementsEqual(Self.coreviewName) { .coreview } else { .other }
    }

    private static let coreName = Array("CORE".utf8)
    private static let linuxName = Array("LINUX".utf8)
    private static let coreviewName = Array("COREVIEW".utf8)
  }

  struct Note {
    var owner: Owner
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
    guard let head = place(of: at, count: 12) else { return nil }
    let nameSize = window.unsigned(at: head, size: 4, order: order)
    let descriptorSize = window.unsigned(at: head + 4, size: 4, order: order)
    let type = UInt32(window.unsigned(at: head + 8, size: 4, order: order))
    guard nameSize <= Self.longestOwner else { return nil }
    var owner = Owner.other
    if let name = place(of: at + 12, count: Int(nameSize)) {
      var end = name
      while end < name + Int(nameSize), window[end] != 0 { end += 1 }
      owner = Owner(window[name..<end])
    }
    let start = at + 12 + (nameSize + 3) & ~3
    at = start + (descriptorSize + 3) & ~3
    return Note(owner: owner, type: type, descriptor: start..<start + descriptorSize)
  }

  /// Where bytes of the file lie in the window, which moves if it must; `nil` where the file ends before.
  private mutating func place(of offset: UInt64, count: Int) -> Int? {
    if offset < windowStart || offset - windowStart + UInt64(count) > UInt64(window.count) {
      windowStart = offset
      window = file.read(at: offset, count: Self.windowSize)
    }
    let place = Int(offset - windowStart)
    return count <= window.count - place ? place : nil
  }

  /// Bytes of the file through the window; fewer than asked for at the end of the file.
  mutating func bytes(at offset: UInt64, count: Int) -> [UInt8] {
    if count >= Self.windowSize { return file.read(at: offset, count: count) }
    guard let place = place(of: offset, count: count) else { return Array(window.prefix(count)) }
    return Array(window[place..<place + count])
  }
}
