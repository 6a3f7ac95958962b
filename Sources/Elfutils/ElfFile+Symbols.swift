internal import CElfutils
internal import Glibc

/// An ELF symbol as the file has it (st_value and friends, see elf(5)), without its name: small enough to hold and sort tens of thousands.
package struct ElfSymbolHead: Sendable {
  package var value: UInt64
  package var size: UInt64
  package var nameOffset: UInt32
  package var section: UInt32
  /// STT_FUNC, STT_OBJECT, …
  package var type: UInt8
  /// STB_LOCAL, STB_GLOBAL, STB_WEAK, …
  package var binding: UInt8
  /// An old version of a symbol, which no new program is linked with: VERSYM_HIDDEN of .gnu.version.
  package var isOldVersion = false
}

/// The symbols of one table, with names read only when asked for.
@safe
package struct ElfSymbolTable {
  package let heads: [ElfSymbolHead]
  package let file: ElfFile
  /// The string table up to its last NUL: whatever offset lies in it starts a C string.
  private let names: UnsafeBufferPointer<CChar>
  private let strings: ElfFile.Section?
  private let keys = Keys()

  init(heads: [ElfSymbolHead], strings: Int, file: ElfFile) {
    self.heads = heads
    self.file = file
    self.strings = file.sections.first { $0.index == strings }
    var count = 0
    var base: UnsafePointer<CChar>?
    if let scn = unsafe elf_getscn(file.elf, strings), let data = unsafe elf_getdata(scn, nil),
      let bytes = unsafe data.pointee.d_buf
    {
      unsafe base = UnsafePointer(bytes.assumingMemoryBound(to: CChar.self))
      count = unsafe data.pointee.d_size
      while count > 0, unsafe base![count - 1] != 0 { count -= 1 }
    }
    unsafe names = UnsafeBufferPointer(start: base, count: count)
  }

  private func pointer(_ head: ElfSymbolHead) -> UnsafePointer<CChar>? {
    let offset = Int(head.nameOffset)
    guard unsafe offset < names.count, let base = unsafe names.baseAddress else { return nil }
    return unsafe base + offset
  }

  /// The name of a symbol; empty where the string table is damaged.
  package func name(of head: ElfSymbolHead) -> String {
    unsafe pointer(head).map { unsafe String(cString: $0) } ?? ""
  }

  /// FNV-1a of a name without its version, so that names can be looked up by number.
  package static func hash(of name: String) -> UInt32 {
    var hash: UInt32 = 0x811c_9dc5
    for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    return hash
  }

  /// The same of a symbol's name as it stands in the file, up to `@@VERSION`.
  package func hash(of head: ElfSymbolHead) -> UInt32 {
    guard var pointer = unsafe pointer(head) else { return 0 }
    var hash: UInt32 = 0x811c_9dc5
    while unsafe pointer.pointee != 0, unsafe !(pointer[0] == 0x40 && pointer[1] == 0x40) {
      hash = (hash ^ UInt32(UInt8(bitPattern: unsafe pointer.pointee))) &* 0x0100_0193
      unsafe pointer += 1
    }
    return hash
  }

  /// Whether a symbol has exactly this name, without making a `String`.
  package func isNamed(_ head: ElfSymbolHead, _ name: String) -> Bool {
    guard let pointer = unsafe pointer(head) else { return false }
    let length = name.utf8.count
    guard unsafe strncmp(pointer, name, length) == 0 else { return false }
    // `NAME@@VERSION` is how .symtab spells the version that programs are linked with.
    return unsafe pointer[length] == 0 || (pointer[length] == 0x40 && pointer[length + 1] == 0x40)
  }

  /// The symbols that have exactly this name, by a pass over the keys of all: cheaper than an index for a few names.
  package func indices(named name: String) -> [Int] {
    guard let wanted = Self.key(of: name) else { return [] }
    let all = keys.all ?? makeKeys()
    return all.indices.filter { all[$0] == wanted && isNamed(heads[$0], name) }
  }

  /// Of each name the first eight bytes, up to its end or its version, as a number: the names of a large program lie all
  /// over memory, these together.
  private final class Keys {
    var all: [UInt64]?
  }

  private func makeKeys() -> [UInt64] {
    let made = heads.map { unsafe Self.key(names, Int($0.nameOffset)) ?? 0 }
    keys.all = made
    file.release(strings)
    return made
  }

  private static func key(of name: String) -> UInt64? {
    unsafe name.utf8CString.withUnsafeBufferPointer { unsafe key($0, 0) }
  }

  /// `nil` where there is no name.
  private static func key(_ names: UnsafeBufferPointer<CChar>, _ offset: Int) -> UInt64? {
    guard offset < names.count, let base = names.baseAddress, unsafe base[offset] != 0 else {
      return nil
    }
    if names.count - offset >= 8 {
      // The lowest byte that is NUL or `@` has its highest bit set in `ends`.
      let raw = UInt64(
        littleEndian: unsafe UnsafeRawPointer(base).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let ones: UInt64 = 0x0101_0101_0101_0101
      let versions = raw ^ (ones &* 0x40)
      let ends = ((raw &- ones) & ~raw | (versions &- ones) & ~versions) & (ones &* 0x80)
      // The bits below that byte.
      return ends == 0 ? raw : raw & ((ends & (0 &- ends)) &>> 7 &- 1)
    }
    var key: UInt64 = 0
    for index in 0..<min(8, names.count - offset) {
      let byte = UInt8(bitPattern: unsafe base[offset + index])
      if byte == 0 || byte == 0x40 { break }
      key |= UInt64(byte) << UInt64(8 * index)
    }
    return key
  }

  /// Whether a symbol's name starts with a text, given without its NUL, without making a `String`.
  package func name(of head: ElfSymbolHead, hasPrefix prefix: [CChar]) -> Bool {
    guard let pointer = unsafe pointer(head) else { return false }
    return unsafe prefix.withUnsafeBufferPointer { text in
      unsafe strncmp(pointer, text.baseAddress!, text.count) == 0
    }
  }

  /// The order of two names by strcmp.
  package func nameOrder(_ left: ElfSymbolHead, _ right: ElfSymbolHead) -> Int {
    guard let first = unsafe pointer(left), let second = unsafe pointer(right) else { return 0 }
    return Int(unsafe strcmp(first, second))
  }
}

/// A dynamic relocation against a PLT slot: where it stores, and the symbol it names.
package struct PLTRelocation: Sendable {
  package var slot: UInt64
  /// Empty for R_*_IRELATIVE.
  package var symbol: String
  package var addend: Int64
}

extension ElfFile {
  /// .symtab or .dynsym, by section type (SHT_SYMTAB, SHT_DYNSYM); `nil` if there is none.
  package func symbolTable(type: UInt32) -> ElfSymbolTable? {
    guard let section = sections.first(where: { $0.type == type && $0.hasBytes }),
      let scn = unsafe elf_getscn(elf, section.index), let data = unsafe elf_getdata(scn, nil),
      section.entrySize > 0
    else { return nil }
    let extended = sections.first { $0.type == UInt32(SHT_SYMTAB_SHNDX) && $0.link == section.index }
    let extendedData = unsafe extended.flatMap { unsafe elf_getscn(elf, $0.index) }.flatMap {
      unsafe elf_getdata($0, nil)
    }
    let count = unsafe data.pointee.d_size / Int(clamping: section.entrySize)
    var heads: [ElfSymbolHead] = []
    heads.reserveCapacity(count)
    let versions = sections.first { $0.type == UInt32(SHT_GNU_versym) && $0.link == section.index }
    let versionData = unsafe versions.flatMap { unsafe elf_getscn(elf, $0.index) }.flatMap {
      unsafe elf_getdata($0, nil)
    }
    let table = unsafe SymbolBytes(data: data.pointee, wordSize: header.wordSize)
    for number in 0..<count {
      guard var head = table.head(number) else { break }
      if head.section == UInt32(SHN_XINDEX) {
        head.section = unsafe Self.word(number, of: extendedData) ?? 0
      }
      if let version = unsafe Self.halfWord(number, of: versionData) {
        head.isOldVersion = version & 0x8000 != 0
      }
      heads.append(head)
    }
    release(section)
    return ElfSymbolTable(heads: heads, strings: section.link, file: self)
  }

  /// An entry of a table of 32-bit numbers, as libelf lends it.
  private static func word(_ index: Int, of data: UnsafeMutablePointer<Elf_Data>?) -> UInt32? {
    guard let data = unsafe data, let base = unsafe data.pointee.d_buf,
      index < (unsafe data.pointee.d_size / 4)
    else { return nil }
    return unsafe base.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
  }

  private static func halfWord(_ index: Int, of data: UnsafeMutablePointer<Elf_Data>?) -> UInt16? {
    guard let data = unsafe data, let base = unsafe data.pointee.d_buf,
      index < (unsafe data.pointee.d_size / 2)
    else { return nil }
    return unsafe base.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
  }

  /// The relocations of .rela.plt / .rel.plt (and .rela.dyn's GLOB_DAT for `-z now` stubs), by symbol.
  package func relocations(in section: Section) -> [PLTRelocation] {
    guard let scn = unsafe elf_getscn(elf, section.index), let data = unsafe elf_getdata(scn, nil),
      section.entrySize > 0, let symbols = unsafe elf_getscn(elf, section.link)
    else { return [] }
    let symbolData = unsafe elf_getdata(symbols, nil)
    let strings = sections.first { $0.index == section.link }?.link ?? 0
    let count = unsafe data.pointee.d_size / Int(clamping: section.entrySize)
    var result: [PLTRelocation] = []
    for number in 0..<count {
      var offset: UInt64 = 0
      var info: UInt64 = 0
      var addend: Int64 = 0
      if section.type == UInt32(SHT_RELA) {
        var raw = GElf_Rela()
        guard unsafe gelf_getrela(data, Int32(truncatingIfNeeded: number), &raw) != nil else { break }
        (offset, info, addend) = (raw.r_offset, raw.r_info, raw.r_addend)
      } else {
        var raw = GElf_Rel()
        guard unsafe gelf_getrel(data, Int32(truncatingIfNeeded: number), &raw) != nil else { break }
        (offset, info) = (raw.r_offset, raw.r_info)
      }
      var symbol = GElf_Sym()
      var name = ""
      let reference = Int32(truncatingIfNeeded: Int(coreview_r_sym(info)))
      if reference != 0, unsafe symbolData != nil, unsafe gelf_getsym(symbolData, reference, &symbol) != nil {
        name = unsafe elf_strptr(elf, strings, Int(symbol.st_name)).map { unsafe String(cString: $0) } ?? ""
      }
      result.append(PLTRelocation(slot: offset, symbol: name, addend: addend))
    }
    return result
  }
}

/// A symbol table as libelf lends it: `Elf64_Sym` or `Elf32_Sym` in this machine's byte order. gelf_getsym(3) takes
/// a lock for each of tens of thousands.
@safe
private struct SymbolBytes {
  private let bytes: UnsafeRawBufferPointer
  private let is64: Bool

  init(data: Elf_Data, wordSize: Int) {
    unsafe bytes = UnsafeRawBufferPointer(start: data.d_buf, count: data.d_buf == nil ? 0 : data.d_size)
    is64 = wordSize == 8
  }

  func head(_ number: Int) -> ElfSymbolHead? {
    let size = is64 ? MemoryLayout<Elf64_Sym>.size : MemoryLayout<Elf32_Sym>.size
    let offset = number * size
    guard unsafe offset + size <= bytes.count else { return nil }
    if is64 {
      let raw = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Elf64_Sym.self)
      return ElfSymbolHead(
        value: raw.st_value, size: raw.st_size, nameOffset: raw.st_name, section: UInt32(raw.st_shndx),
        type: UInt8(coreview_st_type(raw.st_info)), binding: UInt8(coreview_st_bind(raw.st_info)))
    }
    let raw = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Elf32_Sym.self)
    return ElfSymbolHead(
      value: UInt64(raw.st_value), size: UInt64(raw.st_size), nameOffset: raw.st_name,
      section: UInt32(raw.st_shndx), type: UInt8(coreview_st_type(raw.st_info)),
      binding: UInt8(coreview_st_bind(raw.st_info)))
  }
}
