internal import CoreFiles
internal import ProcessModel

/// Puts an ELF core together: elf(5), core(5). Little-endian, as all machines are that coreview can look at live.
struct ElfCoreWriter {
  /// A PT_LOAD.
  struct Segment {
    var start: UInt64
    var bytes: ArraySlice<UInt8>
    /// Bytes of memory; more than there are bytes where the core only says that there is code of a file.
    var size: UInt64
    /// `PF_R` 4, `PF_W` 2, `PF_X` 1.
    var flags: UInt32
  }

  private let architecture: Architecture
  private var notes: [UInt8] = []
  private var segments: [Segment] = []

  /// PN_XNUM and above mean something else in `e_phnum`.
  static let mostSegments = 0xfffe

  init(_ architecture: Architecture) {
    self.architecture = architecture
  }

  mutating func note(_ owner: String, _ type: UInt32, _ descriptor: [UInt8]) {
    let name = Array(owner.utf8) + [0]
    notes.append(UInt64(name.count), size: 4)
    notes.append(UInt64(descriptor.count), size: 4)
    notes.append(UInt64(type), size: 4)
    notes += name
    notes.pad(to: 4)
    notes += descriptor
    notes.pad(to: 4)
  }

  /// Segments in order of their addresses.
  mutating func segment(_ segment: Segment) {
    if segment.size > 0 { segments.append(segment) }
  }

  /// The whole file, in pieces: headers and notes, then the segments' bytes.
  func file() -> [ArraySlice<UInt8>] {
    let headers = ElfCoreHeaders(architecture)
    var result = headers.fileHeader(entryCount: segments.count + 1)
    let notesStart = headers.fileHeaderSize + headers.entrySize * (segments.count + 1)
    var at = (notesStart + notes.count + 15) & ~15
    result += headers.entry(
      type: 4, flags: 0, offset: UInt64(notesStart), address: 0, size: UInt64(notes.count), memorySize: 0,
      alignment: 4)
    for segment in segments {
      result += headers.entry(
        type: 1, flags: segment.flags, offset: UInt64(at), address: segment.start,
        size: UInt64(segment.bytes.count), memorySize: segment.size, alignment: 1)
      at += segment.bytes.count
    }
    result += notes
    result.pad(to: 16)
    return [result[...]] + segments.map(\.bytes)
  }
}

extension [UInt8] {
  /// A number, little-endian.
  mutating func append(_ value: UInt64, size: Int) {
    for index in 0..<size { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }

  mutating func store(_ value: UInt64, size: Int, at offset: Int) {
    for index in 0..<size where offset + index < count {
      self[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
    }
  }

  mutating func pad(to multiple: Int) {
    while count % multiple != 0 { append(0) }
  }
}
