internal import Bytes
internal import Compression
internal import Elfutils

/// The headers at the start of a core that cannot be opened by libelf, since it comes compressed or through a pipe.
///
/// Layouts from <elf.h>. The 65,535 of PN_XNUM stands for a number in section 0, which a kernel writes at the very end: until
/// then the program headers are taken to reach as far as the notes, which follow them.
struct CoreHead {
  let header: ElfFile.Header
  private(set) var programHeaders: [ElfFile.ProgramHeader] = []
  /// Where the program headers end in the file.
  private(set) var end: UInt64 = 0

  private static let manyHeaders = 0xffff
  private static let largestTable = 64 << 20

  /// `nil` where there is no ELF header. Reads on as far as the program headers go.
  init?(_ file: ExpandedFile) {
    file.pass(to: 64)
    var head = file.read(at: 0, count: 64)
    guard head.count >= 52, Array(head[0..<4]) == [0x7f, 0x45, 0x4c, 0x46] else { return nil }
    let is64 = head[4] == 2
    let order: ByteOrder = head[5] == 2 ? .big : .little
    guard head.count >= (is64 ? 64 : 52) else { return nil }
    let number = { (at: Int, size: Int) in head.unsigned(at: at, size: size, order: order) }
    let table = number(is64 ? 32 : 28, is64 ? 8 : 4)
    let count = Int(number(is64 ? 56 : 44, 2))
    let sections = number(is64 ? 40 : 32, is64 ? 8 : 4)
    // libelf decides what is an ELF header; of this one nothing else is there yet.
    for at in is64 ? 40..<48 : 32..<36 { head[at] = 0 }
    for at in is64 ? 56..<64 : 44..<52 { head[at] = 0 }
    guard let elf = try? ElfFile(image: head, name: file.path) else { return nil }
    header = ElfFile.Header(
      type: elf.header.type, machine: elf.header.machine, wordSize: elf.header.wordSize,
      byteOrder: elf.header.byteOrder, entry: elf.header.entry, programHeaderOffset: table,
      programHeaderCount: count, sectionHeaderOffset: sections)
    read(file, at: table, count: count)
  }

  private mutating func read(_ file: ExpandedFile, at table: UInt64, count: Int) {
    let size = header.wordSize == 8 ? 56 : 32
    let most = count == Self.manyHeaders ? Self.largestTable / size : count
    guard most > 0, table < UInt64(Self.largestTable) else { return }
    var limit = table + UInt64(most * size)
    var at = table
    while at < limit {
      file.pass(to: min(limit, at + 65536))
      let bytes = file.read(at: at, count: Int(min(65536 / size * size, Int(limit - at))))
      let whole = bytes.count / size
      guard whole > 0 else { return }
      for index in 0..<whole where at + UInt64(index * size) < limit {
        let header = programHeader(Array(bytes[index * size..<(index + 1) * size]))
        programHeaders.append(header)
        if count == Self.manyHeaders, header.type == 4, header.offset > table {
          limit = min(limit, header.offset)
        }
      }
      at += UInt64(whole * size)
      end = at
    }
  }

  private func programHeader(_ bytes: [UInt8]) -> ElfFile.ProgramHeader {
    let number = { (at: Int, size: Int) in bytes.unsigned(at: at, size: size, order: header.byteOrder) }
    if header.wordSize == 8 {
      return ElfFile.ProgramHeader(
        type: UInt32(number(0, 4)), flags: UInt32(number(4, 4)), offset: number(8, 8), address: number(16, 8),
        fileSize: number(32, 8), memorySize: number(40, 8))
    }
    return ElfFile.ProgramHeader(
      type: UInt32(number(0, 4)), flags: UInt32(number(24, 4)), offset: number(4, 4), address: number(8, 4),
      fileSize: number(16, 4), memorySize: number(20, 4))
  }
}
