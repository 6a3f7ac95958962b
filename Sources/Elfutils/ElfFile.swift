package import Bytes
internal import CElfutils

/// An ELF file opened by libelf: an executable, library, debug file, the head of a core, or a vDSO in memory.
///
/// Holds the `Elf *` and, for files, the descriptor; section bytes are lent to closures, never copied, and
/// are valid while the file lives. Not thread-safe, like libelf.
@safe
package final class ElfFile {
  package struct Header: Sendable {
    package var type: UInt16
    package var machine: UInt16
    package var wordSize: Int
    package var byteOrder: ByteOrder
    package var entry: UInt64
    package var programHeaderOffset: UInt64
    /// `e_phnum` as written; a file that was cut off has fewer.
    package var programHeaderCount: Int
    package var sectionHeaderOffset: UInt64

    package init(
      type: UInt16, machine: UInt16, wordSize: Int, byteOrder: ByteOrder, entry: UInt64,
      programHeaderOffset: UInt64, programHeaderCount: Int, sectionHeaderOffset: UInt64
    ) {
      self.type = type
      self.machine = machine
      self.wordSize = wordSize
      self.byteOrder = byteOrder
      self.entry = entry
      self.programHeaderOffset = programHeaderOffset
      self.programHeaderCount = programHeaderCount
      self.sectionHeaderOffset = sectionHeaderOffset
    }
  }

  package struct ProgramHeader: Sendable {
    package var type: UInt32
    package var flags: UInt32
    package var offset: UInt64
    package var address: UInt64
    package var fileSize: UInt64
    package var memorySize: UInt64

    package init(
      type: UInt32, flags: UInt32, offset: UInt64, address: UInt64, fileSize: UInt64, memorySize: UInt64
    ) {
      self.type = type
      self.flags = flags
      self.offset = offset
      self.address = address
      self.fileSize = fileSize
      self.memorySize = memorySize
    }
  }

  package struct Section: Sendable {
    package var index: Int
    package var name: String
    package var type: UInt32
    package var flags: UInt64
    package var address: UInt64
    package var offset: UInt64
    package var size: UInt64
    package var link: Int
    package var info: Int
    package var entrySize: UInt64

    /// SHF_ALLOC: the section has an address at run time.
    package var isAllocated: Bool { flags & UInt64(SHF_ALLOC) != 0 }
    package var isExecutable: Bool { flags & UInt64(SHF_EXECINSTR) != 0 }
    /// SHF_COMPRESSED: an `Elf64_Chdr` or `Elf32_Chdr` stands before the bytes.
    package var isCompressed: Bool { flags & UInt64(SHF_COMPRESSED) != 0 }
    package var hasBytes: Bool { type != UInt32(SHT_NOBITS) }
    package var range: Range<UInt64> {
      let (end, overflow) = address.addingReportingOverflow(size)
      return address..<(overflow ? .max : max(address, end))
    }
  }

  package let path: String
  package let header: Header
  let elf: OpaquePointer
  let file: FileBytes?
  private let image: UnsafeMutableRawBufferPointer?
  private let mapped: MappedImage?
  private var sectionCache: [Section]?
  private var inflated: Set<Int> = []

  /// Opens a regular file; `isMapped` maps it, for files of which little is read.
  package convenience init(path: String, isMapped: Bool = true) throws {
    try self.init(file: try FileBytes(path: path), isMapped: isMapped)
  }

  package init(file: FileBytes, isMapped: Bool) throws(ElfutilsError) {
    _ = elfLibraryIsReady
    // Mapped here and not by libelf, so that pages which were read once can be given back.
    let mapped = isMapped ? MappedImage(reading: file) : nil
    guard let elf = unsafe Self.begin(file, mapped) else { throw ElfutilsError.header(file.path) }
    guard unsafe elf_kind(elf) == ELF_K_ELF, let header = unsafe Self.readHeader(elf) else {
      unsafe elf_end(elf)
      throw ElfutilsError.notELF(file.path)
    }
    self.path = file.path
    self.header = header
    unsafe self.elf = elf
    self.file = file
    unsafe self.image = nil
    self.mapped = mapped
  }

  private static func begin(_ file: FileBytes, _ mapped: MappedImage?) -> OpaquePointer? {
    guard let mapped, let base = unsafe mapped.memory.baseAddress else {
      return unsafe elf_begin(file.descriptor, ELF_C_READ, nil)
    }
    return unsafe elf_memory(base.assumingMemoryBound(to: CChar.self), mapped.memory.count)
  }

  /// An ELF image that was copied out of memory, such as the vDSO.
  package convenience init(image bytes: [UInt8], name: String) throws(ElfutilsError) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 16)
    unsafe copy.copyBytes(from: bytes)
    try unsafe self.init(owning: copy, name: name)
  }

  /// An ELF image in memory that is this file's from now on, also where it is refused.
  init(owning image: UnsafeMutableRawBufferPointer, name: String) throws(ElfutilsError) {
    _ = elfLibraryIsReady
    let raw = unsafe image.baseAddress!.assumingMemoryBound(to: CChar.self)
    guard let elf = unsafe elf_memory(raw, image.count) else {
      unsafe image.deallocate()
      throw ElfutilsError.header(name)
    }
    guard unsafe elf_kind(elf) == ELF_K_ELF, let header = unsafe Self.readHeader(elf) else {
      unsafe elf_end(elf)
      unsafe image.deallocate()
      throw ElfutilsError.notELF(name)
    }
    self.path = name
    self.header = header
    unsafe self.elf = elf
    self.file = nil
    unsafe self.image = image
    mapped = nil
  }

  /// An ELF image that was put together here.
  init(mapped: MappedImage, name: String) throws(ElfutilsError) {
    _ = elfLibraryIsReady
    let raw = unsafe mapped.memory.baseAddress!.assumingMemoryBound(to: CChar.self)
    guard let elf = unsafe elf_memory(raw, mapped.memory.count) else { throw ElfutilsError.header(name) }
    guard unsafe elf_kind(elf) == ELF_K_ELF, let header = unsafe Self.readHeader(elf) else {
      unsafe elf_end(elf)
      throw ElfutilsError.notELF(name)
    }
    self.path = name
    self.header = header
    unsafe self.elf = elf
    self.file = nil
    unsafe self.image = nil
    self.mapped = mapped
  }

  deinit {
    unsafe elf_end(elf)
    unsafe image?.deallocate()
  }

  /// Whether it lies in memory of ours that nobody else sees, and that can be written to.
  var isOwnMemory: Bool { unsafe image != nil || mapped != nil }

  /// The file itself; `nil` for an image in memory.
  package var contents: FileBytes? { file }

  /// When the file was last changed; 0 for an image in memory.
  package var modified: Int { file?.modified ?? 0 }

  private static func readHeader(_ elf: OpaquePointer) -> Header? {
    var raw = GElf_Ehdr()
    guard unsafe gelf_getehdr(elf, &raw) != nil else { return nil }
    let wordSize = unsafe gelf_getclass(elf) == Int32(ELFCLASS64) ? 8 : 4
    let isBig = raw.e_ident.5 == UInt8(ELFDATA2MSB)
    return Header(
      type: raw.e_type, machine: raw.e_machine, wordSize: wordSize, byteOrder: isBig ? .big : .little,
      entry: raw.e_entry, programHeaderOffset: raw.e_phoff, programHeaderCount: Int(raw.e_phnum),
      sectionHeaderOffset: raw.e_shoff)
  }
}

// MARK: Headers

extension ElfFile {
  /// The program headers, also those that PN_XNUM counts in section 0; at most what the file can hold.
  package var programHeaders: [ProgramHeader] {
    var count = 0
    guard unsafe elf_getphdrnum(elf, &count) == 0, count > 0 else { return [] }
    if let file {
      // The count is a claim: the bytes of the file bound it.
      count = min(count, Int(clamping: file.size / (header.wordSize == 8 ? 56 : 32)))
    }
    var result: [ProgramHeader] = []
    var raw = GElf_Phdr()
    for index in 0..<count {
      guard unsafe gelf_getphdr(elf, Int32(truncatingIfNeeded: index), &raw) != nil else { break }
      result.append(
        ProgramHeader(
          type: raw.p_type, flags: raw.p_flags, offset: raw.p_offset, address: raw.p_vaddr,
          fileSize: raw.p_filesz, memorySize: raw.p_memsz))
    }
    return result
  }

  /// The section headers, in file order, without the empty first one.
  package var sections: [Section] {
    if let sectionCache { return sectionCache }
    var result: [Section] = []
    var names = 0
    if unsafe elf_getshdrstrndx(elf, &names) == 0 {
      var scn = unsafe elf_nextscn(elf, nil)
      var raw = GElf_Shdr()
      while let section = unsafe scn {
        guard unsafe gelf_getshdr(section, &raw) != nil else { break }
        let name = unsafe elf_strptr(elf, names, Int(raw.sh_name)).map { unsafe String(cString: $0) } ?? ""
        result.append(
          Section(
            index: unsafe elf_ndxscn(section), name: name, type: raw.sh_type, flags: raw.sh_flags,
            address: raw.sh_addr, offset: raw.sh_offset, size: raw.sh_size, link: Int(raw.sh_link),
            info: Int(raw.sh_info), entrySize: raw.sh_entsize))
        unsafe scn = elf_nextscn(elf, section)
      }
    }
    sectionCache = result
    return result
  }

  package func section(named name: String) -> Section? {
    sections.first { $0.name == name }
  }

  /// Lends the bytes of a section, decompressed; `nil` where there are none.
  package func withBytes<Result>(of section: Section, _ body: (RawSpan) throws -> Result) rethrows -> Result?
  {
    guard section.hasBytes, let scn = unsafe elf_getscn(elf, section.index) else { return nil }
    if section.isCompressed, inflated.insert(section.index).inserted {
      unsafe elf_compress(scn, 0, 0)
    }
    if section.name.hasPrefix(".zdebug_"), inflated.insert(section.index).inserted {
      // Refused, and nothing lost, where libdw has done it already.
      unsafe elf_compress_gnu(scn, 0, 0)
    }
    guard let data = unsafe elf_rawdata(scn, nil), let base = unsafe data.pointee.d_buf,
      unsafe data.pointee.d_size > 0
    else { return nil }
    let buffer = unsafe UnsafeRawBufferPointer(start: base, count: data.pointee.d_size)
    return try unsafe body(buffer.bytes)
  }
}

// MARK: Memory

extension ElfFile {
  /// Smaller sections may stay.
  private static let smallestReleased: UInt64 = 1 << 20

  /// Gives back the pages of a large section that was read from end to end and of which little is wanted again. Where the
  /// file is not mapped nothing happens.
  package func release(_ section: Section?) {
    if let section { release(section, 0..<section.size) }
  }

  /// The same for a part of it, by offsets in the section.
  func release(_ section: Section, _ part: Range<UInt64>) {
    guard section.hasBytes, part.upperBound <= section.size,
      part.upperBound - part.lowerBound >= Self.smallestReleased
    else { return }
    let (end, overflow) = section.offset.addingReportingOverflow(part.upperBound)
    if !overflow { mapped?.release((section.offset + part.lowerBound)..<end) }
  }
}

// MARK: Identity

extension ElfFile {
  /// NT_GNU_BUILD_ID, from the note sections or, in files without sections, the note segments.
  package var buildIDBytes: [UInt8]? {
    var pointer: UnsafeRawPointer?
    let count = unsafe dwelf_elf_gnu_build_id(elf, &pointer)
    guard count > 0, let base = unsafe pointer else { return nil }
    return unsafe Array(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// The file name and CRC of .gnu_debuglink.
  package var debugLink: (name: String, crc: UInt32)? {
    var crc: GElf_Word = 0
    guard let name = unsafe dwelf_elf_gnu_debuglink(elf, &crc) else { return nil }
    return (unsafe String(cString: name), crc)
  }

  /// The file name and build ID of .gnu_debugaltlink; see dwz(1).
  package var alternateLink: (name: String, id: [UInt8])? {
    guard let section = section(named: ".gnu_debugaltlink"), section.hasBytes else { return nil }
    return withBytes(of: section) { span -> (name: String, id: [UInt8])? in
      unsafe span.withUnsafeBytes { bytes in
        guard let end = unsafe bytes.firstIndex(of: 0), end > 0, end + 1 < bytes.count else { return nil }
        return (
          unsafe String(decoding: bytes[..<end], as: UTF8.self), unsafe Array(bytes[(end + 1)...])
        )
      }
    } ?? nil
  }
}
