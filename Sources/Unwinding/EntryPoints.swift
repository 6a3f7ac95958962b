internal import Elfutils
internal import ProcessModel
internal import Symbols

/// Where stacks end by name: the program's main function and its ELF entry point (contract, U-32 and U-33).
package struct EntryPoints {
  /// Start of the main function in the process; `nil` where nothing names it.
  package let main: UInt64?
  /// The entry point of the executable in the process.
  package let entry: UInt64?

  init(modules: ModuleList) {
    guard let executable = modules.executable else {
      main = nil
      entry = nil
      return
    }
    entry = executable.processAddress(FileAddress(executable.elf.header.entry))
    let symbol = executable.symbol(named: "MAIN__") ?? executable.symbol(named: "main")
    main = symbol.map { executable.processAddress(FileAddress($0.address)) }
  }
}
