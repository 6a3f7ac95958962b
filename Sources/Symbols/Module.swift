package import Bytes
package import Elfutils
package import ProcessModel

/// A file in the address space of the process: the executable, a shared library, the vDSO.
///
/// Its ELF file, its debug file, and everything that is found by address in either; each read when first
/// asked for and remembered.
package final class Module {
  package enum Kind: Sendable {
    case executable
    case library
    case vdso
  }

  package let kind: Kind
  /// As the link map spells it; what `from LIBRARY` prints.
  package let name: String
  package let elf: ElfFile
  /// What is added to an address of the file to find it in the process.
  package let bias: UInt64
  package let architecture: Architecture

  private let file: ModuleFile
  private let finder: FileFinder

  /// The separate debug file, looked for only when the file itself has no DWARF.
  package private(set) lazy var separateDebugFile: SeparateDebugFile? = file.separateDebugFile(
    finder)
  package var debugElf: ElfFile? { separateDebugFile?.elf }
  /// The DWARF, of the file or of its debug file.
  package private(set) lazy var debugFile: DebugFile? = file.debugFile(finder)
  package var hasOwnDebugInformation: Bool { file.hasOwnDebugInformation }
  package private(set) lazy var symbols: MinimalSymbols = file.symbols
  package private(set) lazy var debugSymbols: MinimalSymbols? = file.debugSymbols(finder)

  package init(
    kind: Kind, name: String, elf: ElfFile, bias: UInt64, architecture: Architecture, finder: FileFinder
  ) {
    self.kind = kind
    self.name = name
    self.elf = elf
    self.bias = bias
    self.architecture = architecture
    self.finder = finder
    file = (kind == .vdso ? nil : finder.shared?.module(of: elf)) ?? ModuleFile(elf, isFile: kind != .vdso)
    file.repeatWarnings(to: finder)
  }

  /// What was too much to read of it so far.
  var cuts: [String] { file.cuts }

  /// A source file from a debuginfod server, where those are asked as gdb asks them.
  package func servedSource(_ path: String) -> FileBytes? {
    guard finder.onDownload != nil, let id = elf.buildIDBytes else { return nil }
    return finder.source(path, BuildID(id))
  }

  /// An address of the process as the file writes it.
  package func fileAddress(_ address: UInt64) -> FileAddress {
    FileAddress((address &- bias) & architecture.addressMask)
  }

  /// An address of the file in the process.
  package func processAddress(_ address: FileAddress) -> UInt64 {
    (address.rawValue &+ bias) & architecture.addressMask
  }

  /// The section that holds an address of the file; thread-local sections have no address.
  package func section(containing address: FileAddress) -> ElfFile.Section? {
    file.ranges.firstIndex { $0.contains(address.rawValue) }.map { file.sections[$0] }
  }

  /// Whether the module has a section at an address of the process.
  package func contains(_ address: UInt64) -> Bool {
    let inFile = fileAddress(address).rawValue
    return file.ranges.contains { $0.contains(inFile) }
  }

  /// The part of a range around an address, all of the process, in which the module has no section either.
  func gap(around address: UInt64, within bounds: Range<UInt64>) -> Range<UInt64> {
    var (low, high) = (bounds.lowerBound, bounds.upperBound)
    for range in file.ranges {
      let start = processAddress(FileAddress(range.lowerBound))
      let end = processAddress(FileAddress(range.upperBound))
      if end <= address { low = max(low, end) }
      if start > address { high = min(high, start) }
    }
    return low..<max(high, low)
  }

  /// The unit with debug information for an address of the file.
  package func unit(containing address: FileAddress) -> CompileUnit? {
    file.unit(containing: address, finder)
  }

  /// A unit of the debug file with what is read of it, made once.
  package func compileUnit(_ unit: DebugUnit) -> CompileUnit? {
    file.compileUnit(unit, finder)
  }

  /// The entry with children of a unit: of the file itself, or of the split unit's.
  package func root(of unit: DebugUnit) -> DebugEntry {
    guard let file = debugFile else { return unit.skeleton }
    return finder.splitRoot(of: unit, in: file) ?? unit.skeleton
  }

  /// The ELF symbol for an address: of the file or its debug file, whichever starts higher (rule Y-3).
  package func symbol(at address: FileAddress) -> MinimalSymbol? {
    guard let section = section(containing: address) else { return nil }
    let own = symbols.symbol(at: address.rawValue, in: section)
    guard let debugElf, let debugSymbols,
      let twin = debugElf.sections.first(where: { $0.name == section.name && $0.address == section.address }),
      let other = debugSymbols.symbol(at: address.rawValue, in: twin)
    else { return own }
    guard let own else { return other }
    return other.address > own.address ? other : own
  }

  /// A defined ELF symbol by name, in the file or its debug file.
  package func symbol(named name: String) -> MinimalSymbol? {
    symbols.symbol(named: name) ?? debugSymbols?.symbol(named: name)
  }

  /// A thread-local ELF symbol by name, in the file or its debug file.
  package func threadLocalSymbol(named name: String) -> MinimalSymbol? {
    symbols.threadLocal(named: name) ?? debugSymbols?.threadLocal(named: name)
  }

  /// The CFI row for an address of the file: .debug_frame before .eh_frame, as gdb has it.
  package func callFrameRow(at address: FileAddress) -> CallFrameRow? {
    let count = max(architecture.programCounter, architecture.stackPointer, architecture.framePointer, 15) + 1
    return file.callFrameRow(at: address, registerCount: count, finder)
  }
}
