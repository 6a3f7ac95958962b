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
package struct ElfSymbolTable {
  package let heads: [ElfSymbolHead]
  package let strings: Int
  package let file: ElfFile

  /// The name of a symbol; empty where the string table is damaged.
  package func name(of head: ElfSymbolHead) -> String {
    unsafe elf_strptr(file.elf, strings, Int(head.nameOffset)).map { unsafe String(cString: $0) } ?? ""
  }

  /// FNV-1a of a name without its version, so that names can be looked up by number.
  package static func hash(of name: String) -> UInt32 {
    var hash: UInt32 = 0x811c_9dc5
    for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    return hash
  }

  /// The same of a symbol's name as it stands in the file, up to `@@VERSION`.
  package func hash(of head: ElfSymbolHead) -> UInt32 {
    guard var pointer = unsafe elf_strptr(file.elf, strings, Int(head.nameOffset)) else { return 0 }
    var hash: UInt32 = 0x811c_9dc5
    while unsafe pointer.pointee != 0, unsafe !(pointer[0] == 0x40 && pointer[1] == 0x40) {
      hash = (hash ^ UInt32(UInt8(bitPattern: unsafe pointer.pointee))) &* 0x0100_0193
      unsafe pointer += 1
    }
    return hash
  }

  /// Whether a symbol has exactly this name, without making a `String`.
  package func isNamed(_ head: ElfSymbolHead, _ name: String) -> Bool {
    guard let pointer = unsafe elf_strptr(file.elf, strings, Int(head.nameOffset)) else { return false }
    let length = name.utf8.count
    guard unsafe strncmp(pointer, name, length) == 0 else { return false }
    // `NAME@@VERSION` is how .symtab spells the version that programs are linked with.
    return unsafe pointer[length] == 0 || (pointer[length] == 0x40 && pointer[length + 1] == 0x40)
  }

  /// Whether a symbol's name starts with a text, without making a `String`.
  package func name(of head: ElfSymbolHead, hasPrefix prefix: String) -> Bool {
    guard let pointer = unsafe elf_strptr(file.elf, strings, Int(head.nameOffset)) else { return false }
    return unsafe strncmp(pointer, prefix, prefix.utf8.count) == 0
  }

  /// The order of two names by strcmp.
  package func nameOrder(_ left: ElfSymbolHead, _ right: ElfSymbolHead) -> Int {
    guard let first = unsafe elf_strptr(file.elf, strings, Int(left.nameOffset)),
      let second = unsafe elf_strptr(file.elf, strings, Int(right.nameOffset))
    else { return 0 }
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
    let count = unsafe data.pointee.d_size / Int(section.entrySize)
    var heads: [ElfSymbolHead] = []
    heads.reserveCapacity(count)
    let versions = sections.first { $0.type == UInt32(SHT_GNU_versym) && $0.link == section.index }
    let versionData = unsafe versions.flatMap { unsafe elf_getscn(elf, $0.index) }.flatMap {
      unsafe elf_getdata($0, nil)
    }
    var raw = GElf_Sym()
    var version = GElf_Versym()
    var index: Elf32_Word = 0
    for number in 0..<count {
      guard
        unsafe gelf_getsymshndx(data, extendedData, Int32(truncatingIfNeeded: number), &raw, &index) != nil
      else { break }
      var isOld = false
      if unsafe versionData != nil,
        unsafe gelf_getversym(versionData, Int32(truncatingIfNeeded: number), &version) != nil
      {
        isOld = version & 0x8000 != 0
      }
      let place = raw.st_shndx == UInt16(SHN_XINDEX) ? index : UInt32(raw.st_shndx)
      heads.append(
        ElfSymbolHead(
          value: raw.st_value, size: raw.st_size, nameOffset: raw.st_name, section: place,
          type: UInt8(coreview_st_type(raw.st_info)), binding: UInt8(coreview_st_bind(raw.st_info)),
          isOldVersion: isOld))
    }
    return ElfSymbolTable(heads: heads, strings: section.link, file: self)
  }

  /// The relocations of .rela.plt / .rel.plt (and .rela.dyn's GLOB_DAT for `-z now` stubs), by symbol.
  package func relocations(in section: Section) -> [PLTRelocation] {
    guard let scn = unsafe elf_getscn(elf, section.index), let data = unsafe elf_getdata(scn, nil),
      section.entrySize > 0, let symbols = unsafe elf_getscn(elf, section.link)
    else { return [] }
    let symbolData = unsafe elf_getdata(symbols, nil)
    let strings = sections.first { $0.index == section.link }?.link ?? 0
    let count = unsafe data.pointee.d_size / Int(section.entrySize)
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
