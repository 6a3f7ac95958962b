internal import Elfutils
internal import ProcessModel
internal import Symbols

/// Where stacks end by name: the program's main function and its ELF entry point (contract, U-32 and U-33).
final class EntryPoints {
  /// The entry point of the executable in the process.
  let entry: UInt64?
  /// Start of `main` (or Fortran's `MAIN__`) by the symbols of the executable.
  private let symbol: UInt64?
  private let resolver: CodeResolver

  init(resolver: CodeResolver) {
    self.resolver = resolver
    guard let executable = resolver.modules.executable else {
      symbol = nil
      entry = nil
      return
    }
    entry = executable.processAddress(FileAddress(executable.elf.header.entry))
    let found = executable.symbol(named: "MAIN__") ?? executable.symbol(named: "main")
    symbol = found.map { executable.processAddress(FileAddress($0.address)) }
  }

  /// Whether a function that starts at an address ends its stack.
  ///
  /// A main function that DWARF names takes the place of the symbol `main`. gdb looks it up by its qualified
  /// name; where a namespace has that name too it finds the namespace, and nothing is main.
  func end(at start: UInt64) -> Bool {
    if start == entry { return true }
    guard let named = resolver.mainSubprogram else { return start == symbol }
    return !named.isInlined && !named.hasNamespaceTwin && start == named.entryPC
  }
}
