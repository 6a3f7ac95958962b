package import Bytes
package import Elfutils
package import ProcessModel

/// The head of an ELF file as the core holds it: the page that the kernel dumps of each mapped ELF file.
///
/// Bit 4 of /proc/PID/coredump_filter (core(5)), which is set by default. It tells which build was running,
/// whatever lies at the path today. Only bytes of the core count: the file would always agree with itself.
package struct LoadedImage: Sendable {
  package private(set) var buildID: BuildID?
  /// The package that the file belongs to: the text of its FDO packaging metadata, as it is.
  package private(set) var packageText: String?
  /// What was added to the addresses of the file.
  package let bias: UInt64
  /// Where the dynamic section lies in the process; 0 where there is none.
  package let dynamicSection: UInt64
  /// The addresses that the segments take.
  package let range: Range<UInt64>
  private let entry: UInt64
  /// Address and size in memory of each PT_LOAD.
  private let loads: [[UInt64]]

  private static let longestNote: UInt64 = 65536

  /// `nil` where the core has no ELF header at the address.
  package init?(at start: UInt64, in memory: ProcessMemory) {
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
    var loads: [[UInt64]] = []
    var notes: [Range<UInt64>] = []
    var base: UInt64?
    var dynamic: UInt64?
    var end: UInt64 = 0
    for index in 0..<count {
      let at = index * size
      let type = headers.unsigned(at: at, size: 4, order: order)
      let address = headers.unsigned(at: at + (is64 ? 16 : 8), size: memory.wordSize, order: order)
      let length = headers.unsigned(at: at + (is64 ? 40 : 20), size: memory.wordSize, order: order)
      switch type {
      case 1:
        loads.append([address, length])
        if base == nil { base = start &- (address & ~0xfff) }
        if let base { end = max(end, base &+ address &+ length) }
      case 2: dynamic = address
      case 4 where length <= Self.longestNote && address <= .max - length:
        notes.append(address..<address + length)
      default: break
      }
    }
    guard let base else { return nil }
    self.loads = loads
    bias = base
    dynamicSection = dynamic.map { $0 &+ base } ?? 0
    range = start..<max(start, end)
    for note in notes {
      guard let bytes = Self.bytes(at: note.lowerBound &+ base, count: note.count, in: memory) else {
        continue
      }
      let found = ElfNotes(bytes, order: order)
      buildID = buildID ?? found.buildID
      packageText = packageText ?? found.packageText
    }
  }

  /// Exactly the bytes at an address, if the core itself has them.
  private static func bytes(at address: UInt64, count: Int, in memory: ProcessMemory) -> [UInt8]? {
    guard let segment = memory.segment(containing: address) else { return nil }
    let available = segment.range.lowerBound &+ segment.fileBytes
    guard address <= available, UInt64(count) <= available - address else { return nil }
    return try? memory.read(at: address, count: count)
  }

  /// Why a file cannot be the one that was running; `nil` where nothing speaks against it.
  package func difference(from elf: ElfFile) -> String? {
    if let buildID, let bytes = elf.buildIDBytes {
      guard BuildID(bytes) != buildID else { return nil }
      return "the core has build ID \(buildID), the file has \(BuildID(bytes))"
    }
    let headers = "its program headers, at offset \(elf.header.programHeaderOffset.hexadecimal),"
    if let buildID {
      return "the core has build ID \(buildID), the file has none (\(headers) lead to no NT_GNU_BUILD_ID)"
    }
    // Builds without an ID: the same program has the same segments.
    return hasSegments(of: elf) && elf.header.entry == entry ? nil : "\(headers) are not those in the core"
  }

  /// Whether a file would be loaded at the same addresses.
  func hasSegments(of elf: ElfFile) -> Bool {
    elf.programHeaders.filter { $0.type == 1 }.map { [$0.address, $0.memorySize] } == loads
  }
}

/// The two notes that tell what an ELF file is; see elf(5).
package struct ElfNotes: Sendable {
  /// NT_GNU_BUILD_ID.
  package private(set) var buildID: BuildID?
  /// NT_FDO_PACKAGING_METADATA: a JSON object (systemd's "Package Metadata for Executable Files").
  package private(set) var packageText: String?

  /// The notes of a segment or section; damaged ones end it.
  package init(_ notes: [UInt8], order: ByteOrder) {
    var at = 0
    while at + 12 <= notes.count {
      let nameSize = Int(notes.unsigned(at: at, size: 4, order: order))
      let size = Int(notes.unsigned(at: at + 4, size: 4, order: order))
      let type = notes.unsigned(at: at + 8, size: 4, order: order)
      let start = at + 12 + (nameSize + 3) & ~3
      guard start <= notes.count, size <= notes.count - start else { return }
      let owner = notes[(at + 12)..<min(start, at + 12 + nameSize)]
      let content = notes[start..<start + size]
      if type == 3, Array(owner) == Array("GNU\0".utf8), size > 0 {
        buildID = buildID ?? BuildID(Array(content))
      } else if type == 0xcafe_1a7e, Array(owner) == Array("FDO\0".utf8) {
        packageText = packageText ?? String(decoding: content.prefix { $0 != 0 }, as: UTF8.self)
      }
      at = start + (size + 3) & ~3
    }
  }
}
