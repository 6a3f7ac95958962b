internal import Bytes
internal import CElfutils
internal import Glibc

/// The debug sections of a file, decompressed into an ELF image in memory, for libdw to read in place of the file.
///
/// libelf decompresses with zlib, and that is most of a short run where libc's debug file is compressed, as
/// Debian's is. libdeflate takes half the time. Where it is not installed, and for files that are not understood
/// here, libelf does the work. It knows no zstd.
struct InflatedImage {
  private struct Piece {
    var section: ElfFile.Section
    var place: Int
    /// Bytes once decompressed.
    var count: Int
    var method: SectionInflater.Method?
  }

  /// More than this in all is left to libelf, which takes one section at a time.
  private static let largest = 256 << 20
  /// The same for sections that libelf cannot decompress.
  private static let largestOtherwise = 1 << 30
  /// Deflate cannot expand by more; a size in a section's header beyond that is a lie.
  private static let largestRatio: UInt64 = 1032

  private let is64: Bool
  private let fileHeader: [UInt8]
  private let sectionHeaders: [UInt8]
  private var pieces: [Piece] = []
  /// Where the section headers stand: behind the file header and the sections.
  private var tablePlace = 64
  private var size: Int { tablePlace + sectionHeaders.count }

  /// The image of a file; `nil` where there is nothing to decompress or this cannot do it.
  static func make(of elf: ElfFile, cache: CacheFolder? = nil) -> ElfFile? {
    let sections = elf.sections
    guard sections.contains(where: { $0.isCompressed && isWanted($0) }), let file = elf.file else {
      return nil
    }
    let cache = cache.map { ImageCache(folder: $0) }
    if let kept = cache?.image(for: file, named: elf.path) { return kept }
    guard let layout = InflatedImage(sections, of: elf, in: file),
      let inflater = SectionInflater(Set(layout.pieces.compactMap(\.method)))
    else { return nil }
    let hugePage = 2 << 20
    let image = UnsafeMutableRawBufferPointer.allocate(
      byteCount: layout.size, alignment: layout.size >= hugePage ? hugePage : 16)
    // Fewer page faults; nothing is lost where it is refused.
    if layout.size >= hugePage { unsafe madvise(image.baseAddress, layout.size, MADV_HUGEPAGE) }
    guard unsafe layout.fill(image, from: file, with: inflater) else {
      unsafe image.deallocate()
      return nil
    }
    // libelf may change what it is given: before that.
    unsafe cache?.keep(UnsafeRawBufferPointer(image), for: file)
    return try? unsafe ElfFile(owning: image, name: elf.path)
  }

  private static func isWanted(_ section: ElfFile.Section) -> Bool {
    section.hasBytes && (section.name.hasPrefix(".debug_") || section.name == ".shstrtab")
  }

  private init?(_ sections: [ElfFile.Section], of elf: ElfFile, in file: FileBytes) {
    is64 = elf.header.wordSize == 8
    let headerSize = is64 ? MemoryLayout<Elf64_Ehdr>.size : MemoryLayout<Elf32_Ehdr>.size
    let entrySize = is64 ? MemoryLayout<Elf64_Shdr>.size : MemoryLayout<Elf32_Shdr>.size
    fileHeader = file.read(at: 0, count: headerSize)
    // Index 0 is the empty section. Beyond SHN_LORESERVE the header's fields say less than they seem to.
    guard elf.header.byteOrder == .little, fileHeader.count == headerSize,
      let last = sections.last?.index, last < SHN_LORESERVE
    else { return nil }
    sectionHeaders = file.read(at: elf.header.sectionHeaderOffset, count: (last + 1) * entrySize)
    guard sectionHeaders.count == (last + 1) * entrySize else { return nil }

    var limit = Self.largest
    for section in sections where Self.isWanted(section) {
      guard section.size <= file.size, section.offset <= file.size - section.size else { return nil }
      var piece = Piece(section: section, place: tablePlace, count: Int(clamping: section.size))
      if section.isCompressed {
        guard let header = CompressionHeader(file.read(at: section.offset, count: 24), is64: is64),
          let method = SectionInflater.Method(rawValue: header.type),
          header.size / Self.largestRatio <= section.size
        else { return nil }
        piece.count = Int(clamping: header.size)
        piece.method = method
        if method != .zlib { limit = Self.largestOtherwise }
      }
      guard piece.count <= Self.largestOtherwise else { return nil }
      pieces.append(piece)
      tablePlace = (tablePlace + piece.count + 15) & ~15
      guard tablePlace <= Self.largestOtherwise else { return nil }
    }
    guard tablePlace <= limit else { return nil }
  }

  private func fill(
    _ image: UnsafeMutableRawBufferPointer, from file: FileBytes, with inflater: borrowing SectionInflater
  ) -> Bool {
    unsafe image.copyBytes(from: fileHeader)
    let tableEnd = tablePlace + sectionHeaders.count
    unsafe UnsafeMutableRawBufferPointer(rebasing: image[tablePlace..<tableEnd]).copyBytes(
      from: sectionHeaders)
    // elf(5): e_phoff, e_shoff, e_phnum. What an image in memory holds has no segments.
    unsafe put(0, at: is64 ? 32 : 28, in: image)
    unsafe put(tablePlace, at: is64 ? 40 : 32, in: image)
    unsafe image.storeBytes(of: 0, toByteOffset: is64 ? 56 : 44, as: UInt16.self)
    let entrySize = is64 ? MemoryLayout<Elf64_Shdr>.size : MemoryLayout<Elf32_Shdr>.size
    for entry in stride(from: tablePlace + entrySize, to: tableEnd, by: entrySize) {
      unsafe image.storeBytes(of: UInt32(SHT_NOBITS), toByteOffset: entry + 4, as: UInt32.self)
    }
    for piece in pieces {
      let output = unsafe UnsafeMutableRawBufferPointer(
        rebasing: image[piece.place..<(piece.place + piece.count)])
      guard unsafe read(piece, from: file, into: output, with: inflater) else { return false }
      let entry = tablePlace + piece.section.index * entrySize
      let flags = piece.section.flags & ~UInt64(SHF_COMPRESSED)
      unsafe image.storeBytes(of: piece.section.type, toByteOffset: entry + 4, as: UInt32.self)
      unsafe put(Int(truncatingIfNeeded: flags), at: entry + 8, in: image)
      unsafe put(piece.place, at: entry + (is64 ? 24 : 16), in: image)
      unsafe put(piece.count, at: entry + (is64 ? 32 : 20), in: image)
    }
    return true
  }

  private func read(
    _ piece: Piece, from file: FileBytes, into output: UnsafeMutableRawBufferPointer,
    with inflater: borrowing SectionInflater
  ) -> Bool {
    guard let method = piece.method else {
      return unsafe file.read(at: piece.section.offset, into: output) == output.count
    }
    let headerSize = is64 ? MemoryLayout<Elf64_Chdr>.size : MemoryLayout<Elf32_Chdr>.size
    guard piece.section.size > UInt64(headerSize) else { return false }
    let input = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Int(piece.section.size) - headerSize, alignment: 16)
    defer { unsafe input.deallocate() }
    return unsafe file.read(at: piece.section.offset + UInt64(headerSize), into: input) == input.count
      && inflater.inflate(UnsafeRawBufferPointer(input), by: method, into: output)
  }

  /// Stores a number of the file's word size.
  private func put(_ value: Int, at offset: Int, in image: UnsafeMutableRawBufferPointer) {
    if is64 {
      unsafe image.storeBytes(of: UInt64(truncatingIfNeeded: value), toByteOffset: offset, as: UInt64.self)
    } else {
      unsafe image.storeBytes(of: UInt32(truncatingIfNeeded: value), toByteOffset: offset, as: UInt32.self)
    }
  }
}
