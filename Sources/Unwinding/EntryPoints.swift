internal import Elfutils
internal import ProcessModel
internal import Symbols

/// Where stacks end by name: the program's main function and its ELF entry point (contract, U-32 and U-33).
final class EntryPoints {
  /// The entry point of the executable in the process.
  let entry: UInt64?
  /// Start of `main` (or Fortran's `MAIN__`) by the symbols of the executable.
  private let symbol: UInt64?
  /// Start of `MAIN__`, where it was not inlined into `main`; looked up for programs of Fortran alone.
  private lazy var fortranSymbol: UInt64? = resolver.modules.executable.flatMap { executable in
    executable.symbol(named: "MAIN__").map { executable.processAddress(FileAddress($0.address)) }
  }
  private let resolver: CodeResolver
  /// `backtrace past-main` and `past-entry`: the names end nothing.
  var isPastMain = false
  var isPastEntry = false

  /// What gdb reads of the name of an Ada program.
  private static let longestName = 1024

  init(resolver: CodeResolver, memory: ProcessMemory) {
    self.resolver = resolver
    guard let executable = resolver.modules.executable else {
      symbol = nil
      entry = nil
      return
    }
    entry = executable.processAddress(FileAddress(executable.elf.header.entry))
    // The names of main functions in gdb's order: Ada, D, Go, Fortran without debug information, C.
    var names = ["_Dmain", "main.main", "MAIN__", "main"]
    if let place = executable.symbol(named: "__gnat_ada_main_program_name"),
      let name = try? memory.readCString(
        at: executable.processAddress(FileAddress(place.address)), limit: Self.longestName)
    {
      names.insert(String(decoding: name, as: UTF8.self), at: 0)
    }
    let found = names.lazy.compactMap { executable.symbol(named: $0) }.first
    symbol = found.map { executable.processAddress(FileAddress($0.address)) }
  }

  /// Whether a function that starts at an address ends its stack.
  ///
  /// A main function that DWARF names takes the place of the symbol `main`. gdb looks it up by its qualified
  /// name; where a namespace has that name too it finds the namespace, and nothing is main.
  func end(at start: UInt64) -> Bool {
    if start == entry { return !isPastEntry }
    if isPastMain { return false }
    guard let named = resolver.mainSubprogram else { return start == symbol }
    // A Fortran program's name is no symbol, and gdb does not find it in DWARF either; a program of no name, or called
    // `main`, has that of its symbol.
    if named.unit.language == .fortran { return start == fortranSymbol && named.entry.name == "MAIN__" }
    return !named.isInlined && !named.hasNamespaceTwin && start == named.entryPC
  }
}
