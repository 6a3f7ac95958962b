package import Elfutils

/// What the spelling of values asks of those who know symbols.
package protocol SymbolNamer {
  /// The text between `<` and `>` for an address without the offset, and the offset in two's complement;
  /// `nil` for addresses outside the sections of loaded files and where no symbol precedes.
  func name(at address: UInt64) -> (name: String, offset: UInt64)?
  /// The process address of a variable by linkage name: static members, which DWARF only declares.
  func address(ofVariable linkageName: String) -> UInt64?
  /// A C++ name as gdb would spell it, or `nil` when it is not a mangled one.
  func demangled(_ linkageName: String) -> String?
  /// The canonical spelling of a C++ name from DWARF: `unsigned long` for `long unsigned int` and so on.
  func canonical(_ name: String) -> String
  /// Whether the classes of libstdc++ are shown by what they mean: gdb has its printers where it finds the
  /// library among the loaded files.
  var hasLibraryPrinters: Bool { get }
  /// Whether what a printer of gdb's would say on stderr stands in the text.
  var tellsExceptions: Bool { get }
  /// The function that holds an address: its entry, and its name with parameters.
  func function(at address: UInt64) -> (entry: DebugEntry, name: String)?
}

extension SymbolNamer {
  package func address(ofVariable linkageName: String) -> UInt64? { nil }
  package func demangled(_ linkageName: String) -> String? { nil }
  package func canonical(_ name: String) -> String { name }
  package var hasLibraryPrinters: Bool { false }
  package var tellsExceptions: Bool { false }
  package func function(at address: UInt64) -> (entry: DebugEntry, name: String)? { nil }
}

/// Knows nothing: addresses stay bare.
package struct NoSymbols: SymbolNamer {
  package init() {}
  package func name(at address: UInt64) -> (name: String, offset: UInt64)? { nil }
}
