internal import Bytes
internal import Elfutils
internal import ProcessModel

/// What is read of a loaded file whatever process it is loaded in: sections, symbols, DWARF, CFI, all by addresses of the file.
///
/// Each part is read when first asked for. ``SharedFiles`` hands it from core to core. What a finder said while a part was
/// looked for is said again to the finder of the next process.
final class ModuleFile {
  let elf: ElfFile
  let sections: [ElfFile.Section]
  /// Where `sections` lie, apart from the thread-local ones, which have no address.
  let ranges: [Range<UInt64>]
  private(set) lazy var symbols = MinimalSymbols(elf: elf)

  private var separate: SeparateDebugFile??
  private var debug: DebugFile??
  private var index: UnitIndex?
  private var units: [UInt64: CompileUnit] = [:]
  private var debugSymbolTable: MinimalSymbols??
  private var frames: (debug: CallFrameTable?, eh: CallFrameTable?)?
  private var warnings: [String] = []

  /// Whether there can be debug files of it: not of the vDSO, whose file is the kernel.
  private let isFile: Bool

  init(_ elf: ElfFile, isFile: Bool = true) {
    self.elf = elf
    self.isFile = isFile
    sections = elf.sections.filter {
      $0.isAllocated && $0.size > 0 && !($0.flags & 0x400 != 0 && $0.type == 8)
    }
    ranges = sections.map(\.range)
  }

  // The units of a debug file know it, and it them.
  deinit { debug??.forgetUnits() }

  var hasOwnDebugInformation: Bool {
    elf.section(named: ".debug_info") != nil || elf.section(named: ".zdebug_info") != nil
  }

  /// Says to a finder what others said while they looked for parts of the file.
  func repeatWarnings(to finder: FileFinder) {
    for text in warnings { finder.warn(text) }
  }

  private func noted<Result>(_ finder: FileFinder, _ find: () -> Result) -> Result {
    let before = finder.warnings.count
    let result = find()
    warnings += finder.warnings[before...]
    return result
  }

  /// The separate debug file, looked for only when the file itself has no DWARF.
  func separateDebugFile(_ finder: FileFinder) -> SeparateDebugFile? {
    if let separate { return separate }
    // gdb asks servers for the vDSO's, too.
    let isWanted = !hasOwnDebugInformation && (isFile || finder.onDownload != nil)
    let found = isWanted ? noted(finder) { finder.debugFile(for: elf) } : nil
    separate = .some(found)
    return found
  }

  /// The DWARF, of the file or of its debug file.
  func debugFile(_ finder: FileFinder) -> DebugFile? {
    if let debug { return debug }
    let holder = hasOwnDebugInformation ? elf : separateDebugFile(finder)?.elf
    let found = holder.flatMap { holder in
      noted(finder) {
        DebugFile(elf: holder, common: finder.commonDebugFile(for: holder), cache: finder.cache)
      }
    }
    debug = .some(found)
    return found
  }

  /// What was too much to read of the DWARF that was opened so far.
  var cuts: [String] { debug??.cuts.lines ?? [] }

  func debugSymbols(_ finder: FileFinder) -> MinimalSymbols? {
    if let debugSymbolTable { return debugSymbolTable }
    let made = separateDebugFile(finder).map { MinimalSymbols(elf: $0.elf) }
    debugSymbolTable = .some(made)
    return made
  }

  func unit(containing address: FileAddress, _ finder: FileFinder) -> CompileUnit? {
    guard let file = debugFile(finder) else { return nil }
    let index = self.index ?? UnitIndex(file: file)
    self.index = index
    return index.unit(containing: address.rawValue).flatMap { compileUnit($0, finder) }
  }

  /// A unit of the debug file with what is read of it, made once.
  func compileUnit(_ unit: DebugUnit, _ finder: FileFinder) -> CompileUnit? {
    guard let file = debugFile(finder) else { return nil }
    if let known = units[unit.headerOffset] { return known }
    let root = noted(finder) { finder.splitRoot(of: unit, in: file) }
    let made = CompileUnit(unit: unit, root: root, file: file)
    units[unit.headerOffset] = made
    return made
  }

  /// The CFI row for an address: .debug_frame before .eh_frame, as gdb has it.
  func callFrameRow(at address: FileAddress, registerCount: Int, _ finder: FileFinder) -> CallFrameRow? {
    let frames = self.frames ?? makeFrames(finder)
    self.frames = frames
    return frames.debug?.row(at: address.rawValue, registerCount: registerCount)
      ?? frames.eh?.row(at: address.rawValue, registerCount: registerCount)
  }

  // The DWARF is opened only for a file that has the section: what unwinds by .eh_frame needs none of it.
  private func makeFrames(_ finder: FileFinder) -> (debug: CallFrameTable?, eh: CallFrameTable?) {
    var debug: CallFrameTable?
    if elf.section(named: ".debug_frame") != nil
      || separateDebugFile(finder)?.elf.section(named: ".debug_frame") != nil
    {
      debug = debugFile(finder).flatMap {
        $0.elf.section(named: ".debug_frame") == nil ? nil : CallFrameTable(debugFrameOf: $0)
      }
    }
    return (debug, CallFrameTable(ehFrameOf: elf))
  }
}

/// Files that were opened for one process and are lent to the next: what one child of `coreview batch` keeps between cores.
///
/// A file is known by its path and its identity (device, inode, size, times), which are asked for anew for each process: one
/// that was replaced is read again. Only to be used with finders of the same search.
package final class SharedFiles {
  private struct Key: Hashable {
    var path: String
    var identity: [UInt64]
  }

  /// Files that are kept; a process that has more keeps them while it is looked at.
  private static let maximumFiles = 192

  private var images: [Key: ElfFile] = [:]
  private var modules: [ObjectIdentifier: ModuleFile] = [:]

  package init() {}

  /// Forgets everything where it has become much; to be called between two processes.
  package func bound() {
    if images.count > Self.maximumFiles { clear() }
  }

  /// Forgets everything.
  package func clear() {
    modules.removeAll()
    images.removeAll()
  }

  func image(of file: FileBytes) throws(ElfutilsError) -> ElfFile {
    let key = Key(path: file.path, identity: file.identity)
    if let known = images[key] { return known }
    let made = try ElfFile(file: file, isMapped: true)
    if !file.identity.isEmpty { images[key] = made }
    return made
  }

  /// What is known of a file, if it is one of those that are kept.
  func module(of elf: ElfFile) -> ModuleFile {
    if let known = modules[ObjectIdentifier(elf)] { return known }
    let made = ModuleFile(elf)
    if let file = elf.contents, images[Key(path: file.path, identity: file.identity)] === elf {
      modules[ObjectIdentifier(elf)] = made
    }
    return made
  }
}
