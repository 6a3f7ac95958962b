internal import Bytes
internal import Elfutils
internal import ProcessModel

/// The head of an ELF file as the core holds it: the page that the kernel dumps of each mapped ELF file.
///
/// Bit 4 of /proc/PID/coredump_filter (core(5)), which is set by default. It tells which build was running,
/// whatever lies at the path today. Only bytes of the core count: the file would always agree with itself.
struct LoadedImage {
  private(set) var buildID: BuildID?
  private var entry: UInt64
  /// Address and size in memory of each PT_LOAD.
  private var loads: [[UInt64]]

  private static let longestNote: UInt64 = 65536

  /// `nil` where the core has no ELF header at the address.
  init?(at start: UInt64, in memory: ProcessMemory) {
    let is64 = memory.wordSize == 8
    let order = memory.byteOrder
    guard let head = Self.bytes(at: start, count: is64 ? 64 : 52, in: memory),
      Array(head[0..<4]) == [0x7f, 0x45, 0x4c, 0x46]
    else { return nil }
    entry = head.unsigned(at: 24, size: memory.wordSize, order: order)
    let table = head.unsigned(at: is64 ? 32 : 28, size: memory.wordSize, order: order)
    let size = is64 ? 56 : 32
    let count = Int(head.unsigned(at: is64 ? 56 : 44, size: 2, order: order))
    guard head.unsigned(at: is64 ? 54 : 42, size: 2, order: order) == UInt64(size), table <= 65536,
      let headers = Self.bytes(at: start &+ table, count: size * count, in: memory)
    else { return nil }
    loads = []
    var notes: [Range<UInt64>] = []
    var base: UInt64?
    for index in 0..<count {
      let at = index * size
      let type = headers.unsigned(at: at, size: 4, order: order)
      let address = headers.unsigned(at: at + (is64 ? 16 : 8), size: memory.wordSize, order: order)
      let length = headers.unsigned(at: at + (is64 ? 40 : 20), size: memory.wordSize, order: order)
      if type == 1 {
        loads.append([address, length])
        if base == nil { base = start &- (address & ~0xfff) }
      } else if type == 4, length <= Self.longestNote, address <= .max - length {
        notes.append(address..<address + length)
      }
    }
    guard let base else { return nil }
    for note in notes {
      guard let bytes = Self.bytes(at: note.lowerBound &+ base, count: note.count, in: memory) else {
        continue
      }
      buildID = buildID ?? Self.buildID(bytes, order)
    }
  }

  /// NT_GNU_BUILD_ID among the notes of a segment; see elf(5).
  private static func buildID(_ notes: [UInt8], _ order: ByteOrder) -> BuildID? {
    var at = 0
    while at + 12 <= notes.count {
      let nameSize = Int(notes.unsigned(at: at, size: 4, order: order))
      let size = Int(notes.unsigned(at: at + 4, size: 4, order: order))
      let type = notes.unsigned(at: at + 8, size: 4, order: order)
      let start = at + 12 + (nameSize + 3) & ~3
      guard start <= notes.count, size <= notes.count - start else { return nil }
      if type == 3, Array(notes[(at + 12)..<min(start, at + 12 + nameSize)]) == Array("GNU\0".utf8) {
        return size > 0 ? BuildID(Array(notes[start..<start + size])) : nil
      }
      at = start + (size + 3) & ~3
    }
    return nil
  }

  /// Exactly the bytes at an address, if the core itself has them.
  private static func bytes(at address: UInt64, count: Int, in memory: ProcessMemory) -> [UInt8]? {
    guard let segment = memory.segment(containing: address) else { return nil }
    let available = segment.range.lowerBound &+ segment.fileBytes
    guard address <= available, UInt64(count) <= available - address else { return nil }
    return try? memory.read(at: address, count: count)
  }

  /// Why a file cannot be the one that was running; `nil` where nothing speaks against it.
  func difference(from elf: ElfFile) -> String? {
    if let buildID, let bytes = elf.buildIDBytes {
      guard BuildID(bytes) != buildID else { return nil }
      return "the core has build ID \(buildID), the file has \(BuildID(bytes))"
    }
    if let buildID { return "the core has build ID \(buildID), the file has none" }
    // Builds without an ID: the same program has the same segments.
    let segments = elf.programHeaders.filter { $0.type == 1 }.map { [$0.address, $0.memorySize] }
    return segments == loads && elf.header.entry == entry
      ? nil : "its segments are not those in the core"
  }
}
