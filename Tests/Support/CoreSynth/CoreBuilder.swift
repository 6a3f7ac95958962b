/// Writes small x86-64 cores into memory: the notes and segments that a test names, in that order.
///
/// Layout: ELF header, program headers, the note segment, then the bytes of the segments back to back.
package struct CoreBuilder {
  private var notes: [UInt8] = []
  private var segments: [(address: UInt64, memorySize: UInt64, bytes: [UInt8])] = []
  /// `e_type`: ET_CORE unless a test wants another kind of file.
  package var type: UInt16 = 4
  package var machine: UInt16 = 62

  package init() {}

  /// A note as the kernel writes it: sizes, type, owner and descriptor, each padded to four bytes.
  package mutating func note(_ type: UInt32, owner: String = "CORE", _ descriptor: [UInt8]) {
    note(type, owner: owner, descriptor, claiming: UInt32(descriptor.count))
  }

  /// The same with a descriptor size that need not be true.
  package mutating func note(
    _ type: UInt32, owner: String = "CORE", _ descriptor: [UInt8], claiming size: UInt32
  ) {
    let name = Array(owner.utf8) + [0]
    notes += Self.number(UInt64(name.count), 4) + Self.number(UInt64(size), 4) + Self.number(UInt64(type), 4)
    notes += Self.padded(name) + Self.padded(descriptor)
  }

  /// NT_PRSTATUS of a thread: `registers` by their place in `user_regs_struct` (16 is rip, 19 rsp, 4 rbp).
  package mutating func thread(_ lwp: Int32, signal: UInt16 = 11, registers: [Int: UInt64] = [:]) {
    var status = [UInt8](repeating: 0, count: 336)
    status.replaceSubrange(12..<14, with: Self.number(UInt64(signal), 2))
    status.replaceSubrange(32..<36, with: Self.number(UInt64(UInt32(bitPattern: lwp)), 4))
    for (place, value) in registers {
      status.replaceSubrange(112 + 8 * place..<120 + 8 * place, with: Self.number(value, 8))
    }
    note(1, status)
  }

  /// NT_FILE with a count that need not be true.
  package mutating func files(
    _ mappings: [(range: Range<UInt64>, page: UInt64, path: String)], claiming count: UInt64? = nil
  ) {
    var bytes = Self.number(count ?? UInt64(mappings.count), 8) + Self.number(4096, 8)
    for mapping in mappings {
      bytes += Self.number(mapping.range.lowerBound, 8) + Self.number(mapping.range.upperBound, 8)
      bytes += Self.number(mapping.page, 8)
    }
    for mapping in mappings { bytes += Array(mapping.path.utf8) + [0] }
    note(0x4649_4c45, bytes)
  }

  /// A PT_LOAD; `memorySize` beyond the bytes is memory that the core announces and does not hold.
  package mutating func segment(at address: UInt64, _ bytes: [UInt8], memorySize: UInt64? = nil) {
    segments.append((address, memorySize ?? UInt64(bytes.count), bytes))
  }

  /// A stack segment of 64-bit words.
  package mutating func stack(at address: UInt64, _ words: [UInt64]) {
    segment(at: address, words.flatMap { Self.number($0, 8) })
  }

  package func bytes() -> [UInt8] {
    let headers = 64 + 56 * (1 + segments.count)
    var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
    file += Self.number(UInt64(type), 2) + Self.number(UInt64(machine), 2) + Self.number(1, 4)
    file += Self.number(0, 8) + Self.number(64, 8) + Self.number(0, 8) + Self.number(0, 4)
    file += Self.number(64, 2) + Self.number(56, 2) + Self.number(UInt64(1 + segments.count), 2)
    file += Self.number(0, 6)
    file += Self.header(type: 4, offset: UInt64(headers), address: 0, size: UInt64(notes.count), memory: 0)
    var offset = UInt64(headers + notes.count)
    for segment in segments {
      file += Self.header(
        type: 1, offset: offset, address: segment.address, size: UInt64(segment.bytes.count),
        memory: segment.memorySize)
      offset += UInt64(segment.bytes.count)
    }
    return file + notes + segments.flatMap(\.bytes)
  }

  private static func header(type: UInt64, offset: UInt64, address: UInt64, size: UInt64, memory: UInt64)
    -> [UInt8]
  {
    number(type, 4) + number(6, 4) + number(offset, 8) + number(address, 8) + number(0, 8) + number(size, 8)
      + number(memory, 8) + number(4096, 8)
  }

  private static func number(_ value: UInt64, _ size: Int) -> [UInt8] {
    (0..<size).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) : 0 }
  }

  private static func padded(_ bytes: [UInt8]) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
  }
}
