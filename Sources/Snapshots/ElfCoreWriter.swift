internal import ProcessModel

/// Puts an ELF core together: elf(5), core(5). Little-endian, as all machines are that coreview can look at live.
struct ElfCoreWriter {
  /// A PT_LOAD.
  struct Segment {
    var start: UInt64
    var bytes: [UInt8]
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

  /// The whole file.
  func file() -> [UInt8] {
    let word = architecture.wordSize
    let is64 = word == 8
    let headerSize = is64 ? 64 : 52
    let entrySize = is64 ? 56 : 32
    var result: [UInt8] = [
      0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]
    result.append(4, size: 2)
    result.append(UInt64(architecture.machine), size: 2)
    result.append(1, size: 4)
    result.append(0, size: word)
    result.append(UInt64(headerSize), size: word)
    result.append(0, size: word)
    result.append(0, size: 4)
    result.append(UInt64(headerSize), size: 2)
    result.append(UInt64(entrySize), size: 2)
    result.append(UInt64(segments.count + 1), size: 2)
    // e_shentsize, e_shnum, e_shstrndx: there are no sections.
    for _ in 0..<3 { result.append(0, size: 2) }
    let notesStart = headerSize + entrySize * (segments.count + 1)
    var at = (notesStart + notes.count + 15) & ~15
    header(&result, type: 4, flags: 0, offset: notesStart, address: 0, size: notes.count, memory: 0, align: 4)
    for segment in segments {
      header(
        &result, type: 1, flags: segment.flags, offset: at, address: segment.start, size: segment.bytes.count,
        memory: segment.size, align: 1)
      at += segment.bytes.count
    }
    result.reserveCapacity(at)
    result += notes
    result.pad(to: 16)
    for segment in segments { result += segment.bytes }
    return result
  }

  private func header(
    _ result: inout [UInt8], type: UInt64, flags: UInt32, offset: Int, address: UInt64, size: Int,
    memory: UInt64,
    align: UInt64
  ) {
    let word = architecture.wordSize
    result.append(type, size: 4)
    if word == 8 { result.append(UInt64(flags), size: 4) }
    result.append(UInt64(offset), size: word)
    result.append(address, size: word)
    result.append(0, size: word)
    result.append(UInt64(size), size: word)
    result.append(memory, size: word)
    if word == 4 { result.append(UInt64(flags), size: 4) }
    result.append(align, size: word)
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
