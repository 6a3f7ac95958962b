internal import Bytes
internal import Elfutils

/// Names for the slots of the procedure linkage table: `NAME@plt`.
///
/// The code of a slot is read for the GOT entry that it jumps through; the relocation against that entry
/// names the function. PLT0 and slots without a relocation get no name.
enum PLTSymbols {
  static func read(_ elf: ElfFile) -> [MinimalSymbol] {
    var names: [UInt64: String] = [:]
    for section in elf.sections where section.type == 4 || section.type == 9 {
      guard section.isAllocated else { continue }
      for relocation in elf.relocations(in: section) {
        let base = relocation.symbol.isEmpty ? "*ABS*" : relocation.symbol
        let addend =
          relocation.addend == 0 ? "" : "+0x" + String(UInt64(bitPattern: relocation.addend), radix: 16)
        names[relocation.slot] = base + addend + "@plt"
      }
    }
    guard !names.isEmpty else { return [] }
    let globalOffsetTable =
      elf.section(named: ".got.plt")?.address ?? elf.section(named: ".got")?.address ?? 0
    var result: [MinimalSymbol] = []
    for section in elf.sections where section.name.hasPrefix(".plt") && section.isExecutable {
      let entrySize = section.entrySize == 8 ? 8 : 16
      let bytes = elf.withBytes(of: section) { span in
        var reader = ByteReader(span)
        return (try? reader.readBytes(reader.count)) ?? []
      }
      guard let bytes else { continue }
      var offset = 0
      while offset + entrySize <= bytes.count {
        let address = section.address &+ UInt64(offset)
        let slot = target(
          of: Array(bytes[offset..<offset + entrySize]), at: address, is64: elf.header.wordSize == 8,
          globalOffsetTable: globalOffsetTable)
        if let slot, let name = names[slot] {
          result.append(MinimalSymbol(name: name, address: address, size: 0, isText: true))
        }
        offset += entrySize
      }
    }
    return result.sorted { $0.address < $1.address }
  }

  /// The GOT entry that a slot's `jmp` goes through: `ff 25 disp32`, on i386 also `ff a3 disp32(%ebx)`.
  private static func target(
    of code: [UInt8], at address: UInt64, is64: Bool, globalOffsetTable: UInt64
  ) -> UInt64? {
    for index in 0..<min(8, code.count - 5) where code[index] == 0xff {
      let displacement = code.unsigned(at: index + 2, size: 4, order: .little)
      if code[index + 1] == 0x25 {
        guard is64 else { return displacement }
        let signed = Int64(Int32(truncatingIfNeeded: displacement))
        return address &+ UInt64(index + 6) &+ UInt64(bitPattern: signed)
      }
      if code[index + 1] == 0xa3, !is64 { return (globalOffsetTable &+ displacement) & 0xffff_ffff }
    }
    return nil
  }
}
