internal import Bytes
package import Elfutils

/// A symbol of the ELF tables as gdb chooses it for an address: gdb's "minimal symbol".
package struct MinimalSymbol: Sendable, Equatable {
  /// As the file spells it, mangled.
  package var name: String
  /// Address in the file.
  package var address: UInt64
  package var size: UInt64
  /// Code that more than this file can see.
  package var isText: Bool
}

/// The ELF symbols of one file, ordered as gdb orders them, with its rule for which one an address belongs to.
///
/// .symtab, or .dynsym in its absence; plus a `NAME@plt` for every PLT slot with a known relocation.
package final class MinimalSymbols {
  /// What gdb distinguishes when it chooses: see the contract's rule Y-1.
  private enum Kind: UInt8 {
    case text
    case fileText
    case ifunc
    case data
    case absolute
  }

  /// A slot of the global offset table that the PLT jumps through: gdb's `NAME@got.plt`.
  private var slotNames: [String] = []

  private struct Entry {
    var address: UInt64
    var size: UInt64
    var section: UInt32
    var kind: Kind
    /// Index of the symbol in its table; for a slot its index in `slotNames`, counted down from −1.
    var head: Int32
  }

  private let elf: ElfFile
  private let table: ElfSymbolTable?
  /// By section index: whether it has an address at run time, and whether it holds code.
  private let allocated: [Bool]
  private let executable: [Bool]
  /// By address, then by name; made when an address is first asked for.
  private lazy var entries: [Entry] = makeEntries()
  private var hasEntries = false
  private lazy var slotEntries: [Entry] = makeSlotEntries()
  private var addressesAskedFor = 0
  /// The hash of each entry's name over its index, sorted; made when many names were asked for.
  private lazy var byName: [UInt64] = {
    guard let table else { return [] }
    var result: [UInt64] = []
    for (index, entry) in entries.enumerated() where entry.head >= 0 {
      result.append(UInt64(table.hash(of: table.heads[Int(entry.head)])) << 32 | UInt64(index))
    }
    result.sort()
    return result
  }()
  private var namesAskedFor = 0
  /// Answers to ``namedSymbols(withPrefixes:)``: the same few are asked for in each process.
  private var prefixed: [[String]: [MinimalSymbol]] = [:]
  private lazy var pltSymbols: [MinimalSymbol] = PLTSymbols.read(elf)

  /// So many names are looked for one by one before an index of all pays.
  private static let fewNames = 24

  /// So many addresses are looked for among the symbols near them, where there are many, before an order of all pays.
  private static let fewAddresses = 16
  private static let manySymbols = 4096
  /// Bytes below an address that are nearby; the second where the first do not tell.
  private static let nearby: [UInt64] = [16 << 10, 1 << 20]

  package init(elf: ElfFile) {
    self.elf = elf
    self.table = elf.symbolTable(type: 2) ?? elf.symbolTable(type: 11)
    let sections = elf.sections
    let highest = sections.last?.index ?? 0
    var allocated = [Bool](repeating: false, count: highest + 1)
    var executable = allocated
    for section in sections {
      allocated[section.index] = section.isAllocated
      executable[section.index] = section.isExecutable
    }
    self.allocated = allocated
    self.executable = executable
  }

  /// What a symbol of the table is to gdb; `nil` for one that it leaves out.
  private func kind(of head: ElfSymbolHead) -> Kind? {
    // STT_SECTION, STT_FILE and STT_TLS have no address to find; names are checked when one is chosen.
    guard head.nameOffset != 0, head.type != 3, head.type != 4, head.section != 0 else { return nil }
    if head.section == 0xfff1 { return .absolute }
    let section = Int(head.section)
    guard section < allocated.count, allocated[section], head.type != 6 else { return nil }
    guard executable[section] else { return .data }
    return head.type == 10 ? .ifunc : head.binding == 0 ? .fileText : .text
  }

  private func makeEntries() -> [Entry] {
    hasEntries = true
    return entries(within: 0...UInt64.max)
  }

  /// Those at some addresses, in order.
  private func entries(within addresses: ClosedRange<UInt64>) -> [Entry] {
    guard let table else { return [] }
    var found: [Entry] = []
    if addresses == 0...UInt64.max { found.reserveCapacity(table.heads.count) }
    for (number, head) in table.heads.enumerated() where addresses.contains(head.value) {
      guard let kind = kind(of: head) else { continue }
      found.append(
        Entry(
          address: head.value, size: head.size, section: head.section, kind: kind,
          head: Int32(truncatingIfNeeded: number)))
    }
    if let slotSection, slotSection.range.overlaps(addresses) {
      found += slotEntries.filter { addresses.contains($0.address) }
    }
    return sorted(found, table)
  }

  private func sorted(_ found: [Entry], _ table: ElfSymbolTable) -> [Entry] {
    // Addresses alone first, as numbers: names are compared only where addresses are the same.
    var sorted = AddressOrder.ascending(found.map(\.address)).map { found[Int($0)] }
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end].address == sorted[start].address { end += 1 }
      if end - start > 1 {
        sorted[start..<end].sort { left, right in
          guard left.head >= 0, right.head >= 0 else {
            return name(of: left, table).utf8.lexicographicallyPrecedes(name(of: right, table).utf8)
          }
          return table.nameOrder(table.heads[Int(left.head)], table.heads[Int(right.head)]) < 0
        }
      }
      start = end
    }
    return sorted
  }

  /// The section with the slots of the PLT.
  private var slotSection: ElfFile.Section? {
    let section = elf.section(named: ".got.plt") ?? elf.section(named: ".got")
    return section?.hasBytes ?? false ? section : nil
  }

  /// The relocations of the section that belongs to .plt or its slots each name a slot.
  private func makeSlotEntries() -> [Entry] {
    let sections = elf.sections
    guard let slots = slotSection, let plt = elf.section(named: ".plt"),
      let relocations = sections.first(where: { section in
        (section.type == 4 || section.type == 9) && section.hasBytes
          && (section.info == plt.index || section.info == slots.index)
      }), sections.contains(where: { $0.index == relocations.link && $0.type == 11 })
    else { return [] }
    var found: [Entry] = []
    for relocation in elf.relocations(in: relocations) where slots.range.contains(relocation.slot) {
      slotNames.append((relocation.symbol.isEmpty ? "*ABS*" : relocation.symbol) + "@got.plt")
      found.append(
        Entry(
          address: relocation.slot, size: UInt64(elf.header.wordSize), section: UInt32(slots.index),
          kind: .data, head: Int32(truncatingIfNeeded: -slotNames.count)))
    }
    return found
  }

  private func name(of entry: Entry, _ table: ElfSymbolTable) -> String {
    entry.head < 0 ? slotNames[-1 - Int(entry.head)] : table.name(of: table.heads[Int(entry.head)])
  }

  /// The symbol that an address of the file belongs to, by rule Y-3; `section` is the one that holds it.
  package func symbol(at address: UInt64, in section: ElfFile.Section) -> MinimalSymbol? {
    if section.name.hasPrefix(".plt") {
      return pltSymbols.last { $0.address <= address && section.range.contains($0.address) }
    }
    if !hasEntries, addressesAskedFor < Self.fewAddresses, table?.heads.count ?? 0 >= Self.manySymbols {
      addressesAskedFor += 1
      for distance in Self.nearby {
        let near = entries(within: (address - min(address, distance))...address)
        var lowest = near.count
        let chosen = choose(in: near, from: near.count - 1, address, UInt32(section.index), &lowest)
        // What lies below the lowest that was looked at had no say.
        if lowest > 0 { return chosen.flatMap { describe(near[$0]) } }
      }
    }
    var lowest = 0
    let low = entries.leadingCount { $0.address <= address }
    return choose(in: entries, from: low - 1, address, UInt32(section.index), &lowest)
      .flatMap { describe(entries[$0]) }
  }

  /// `lowest` becomes the index of the lowest entry that was asked whether it is the one; the one below it may have had a
  /// say, if there is one.
  private func choose(
    in entries: [Entry], from start: Int, _ address: UInt64, _ section: UInt32, _ lowest: inout Int
  ) -> Int? {
    var at = start
    var firstWithoutSize: Int?
    defer { lowest = at }
    while at >= 0 {
      let entry = entries[at]
      if entry.kind == .absolute || entry.section != section || isHidden(entry) {
        at -= 1
        continue
      }
      if entry.kind != .text, at > 0 {
        let below = entries[at - 1]
        if below.kind == .text, below.address == entry.address, below.size == entry.size,
          below.section == entry.section
        {
          at -= 1
          continue
        }
      }
      if entry.size == 0 {
        firstWithoutSize = firstWithoutSize ?? at
        at -= 1
        continue
      }
      if address >= end(entry), at > 0 {
        let below = entries[at - 1]
        if below.address <= address, address < end(below), below.section == section {
          at -= 1
          continue
        }
      }
      break
    }
    if at < 0 || address >= end(entries[at]) { return firstWithoutSize }
    return at
  }

  private func end(_ entry: Entry) -> UInt64 {
    let (end, overflow) = entry.address.addingReportingOverflow(entry.size)
    return overflow ? .max : end
  }

  /// Local labels of the assembler are not symbols to gdb.
  private func isHidden(_ entry: Entry) -> Bool {
    guard entry.kind == .fileText, let table else { return false }
    return name(of: entry, table).hasPrefix(".L")
  }

  private func describe(_ entry: Entry) -> MinimalSymbol? {
    guard let table else { return nil }
    return MinimalSymbol(
      name: name(of: entry, table), address: entry.address, size: entry.size,
      isText: entry.kind == .text || entry.kind == .fileText || entry.kind == .ifunc)
  }

  /// A defined symbol by its exact name; globals before locals and old versions, the lowest of several.
  package func symbol(named name: String) -> MinimalSymbol? {
    guard let table else { return nil }
    namesAskedFor += 1
    let candidates = namesAskedFor <= Self.fewNames ? table.indices(named: name) : indexed(name, table)
    var best: (head: ElfSymbolHead, kind: Kind, isGlobal: Bool)?
    for candidate in candidates {
      let head = table.heads[candidate]
      guard let kind = kind(of: head) else { continue }
      let isGlobal = head.binding != 0 && !head.isOldVersion
      if let known = best {
        if known.isGlobal, !isGlobal { continue }
        if known.isGlobal == isGlobal, known.head.value <= head.value { continue }
      }
      best = (head, kind, isGlobal)
    }
    return best.map { describe($0.head, $0.kind, table) }
  }

  /// A thread-local symbol by its exact name; its address is its distance from the start of the file's block.
  package func threadLocal(named name: String) -> MinimalSymbol? {
    guard let table else { return nil }
    return table.indices(named: name).lazy.map { table.heads[$0] }
      .first { $0.type == 6 && $0.section != 0 }  // STT_TLS
      .map { describe($0, .data, table) }
  }

  private func indexed(_ name: String, _ table: ElfSymbolTable) -> [Int] {
    let wanted = ElfSymbolTable.hash(of: name)
    var low = byName.leadingCount { $0 >> 32 < UInt64(wanted) }
    var result: [Int] = []
    while low < byName.count, byName[low] >> 32 == UInt64(wanted) {
      let head = Int(entries[Int(byName[low] & 0xffff_ffff)].head)
      if table.isNamed(table.heads[head], name) { result.append(head) }
      low += 1
    }
    return result
  }

  private func describe(_ head: ElfSymbolHead, _ kind: Kind, _ table: ElfSymbolTable) -> MinimalSymbol {
    MinimalSymbol(
      name: table.name(of: head), address: head.value, size: head.size,
      isText: kind == .text || kind == .fileText || kind == .ifunc)
  }

  /// The names of all symbols that begin at an address of the file; at most 64.
  package func names(at address: UInt64) -> [String] {
    guard let table else { return [] }
    var low = entries.leadingCount { $0.address < address }
    var result: [String] = []
    while low < entries.count, entries[low].address == address, result.count < 64 {
      result.append(name(of: entries[low], table))
      low += 1
    }
    return result
  }

  /// Every defined symbol whose name starts with one of some prefixes, by address.
  package func namedSymbols(withPrefixes prefixes: [String]) -> [MinimalSymbol] {
    guard let table else { return [] }
    if let known = prefixed[prefixes] { return known }
    let wanted = prefixes
    var result: [MinimalSymbol] = []
    let prefixes = prefixes.map { $0.utf8.map(CChar.init(bitPattern:)) }.filter { !$0.isEmpty }
    for head in table.heads where prefixes.contains(where: { table.name(of: head, hasPrefix: $0) }) {
      if let kind = kind(of: head) { result.append(describe(head, kind, table)) }
    }
    result.sort { $0.address < $1.address }
    prefixed[wanted] = result
    return result
  }
}
