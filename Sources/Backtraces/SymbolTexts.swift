internal import Bytes
internal import Demangling
package import Elfutils
internal import ProcessModel
internal import Symbols
internal import Values

/// The `<SYMBOL+OFFSET>` behind pointers (contract, V-12), remembered by address.
package final class SymbolTexts: SymbolNamer {
  private let resolver: CodeResolver
  private var variables: [String: UInt64?] = [:]
  private var known: [UInt64: (name: String, offset: UInt64)?] = [:]

  /// A program's pointers are many, those with a symbol few; beyond this the memory starts anew.
  private static let maximumKnown = 65536

  /// Whether scripts that come with loaded files are to be followed: `set auto-load python-scripts`.
  var followsScripts = true
  package var tellsExceptions = false
  private lazy var hasLibraryScript = LibraryScript.isThere(for: resolver.modules)
  package var hasLibraryPrinters: Bool { followsScripts && hasLibraryScript }

  init(resolver: CodeResolver) {
    self.resolver = resolver
  }

  package func function(at address: UInt64) -> (entry: DebugEntry, name: String)? {
    guard resolver.modules.module(containing: address) != nil,
      let function = resolver.code(at: .instruction(address)).function, let name = function.wholeName
    else { return nil }
    return (function.entry, name)
  }

  package func name(at address: UInt64) -> (name: String, offset: UInt64)? {
    guard let module = resolver.modules.module(containing: address) else { return nil }
    if let found = known[address] { return found }
    let made = find(address, module)
    if known.count >= Self.maximumKnown { known.removeAll() }
    known[address] = .some(made)
    return made
  }

  /// The name made harmless: it stands inside values, which are printed as they are.
  private func find(_ address: UInt64, _ module: Module) -> (name: String, offset: UInt64)? {
    locate(address, module).map { name, offset in
      (String(decoding: Escaping.inert(Array(name.utf8)), as: UTF8.self), offset)
    }
  }

  private func locate(_ address: UInt64, _ module: Module) -> (name: String, offset: UInt64)? {
    locate(address, module, function: \.wholeName) { Demangler.symbol($0) ?? $0 }
  }

  /// The symbol for an address as its file spells it, with the offset in it.
  package func linkageName(at address: UInt64) -> (name: String, offset: UInt64)? {
    guard let module = resolver.modules.module(containing: address) else { return nil }
    return locate(address, module, function: { $0.entry.linkageName ?? $0.entry.name }, symbol: { $0 })
  }

  /// The function at an address, or the symbol that has precedence, as one spells them.
  ///
  /// A symbol behind the function's entry has. A part of a function may lie before its entry; the symbol of that part has
  /// precedence only at its start.
  private func locate(
    _ address: UInt64, _ module: Module, function spelling: (FunctionInstance) -> String?,
    symbol symbolSpelling: (String) -> String
  ) -> (name: String, offset: UInt64)? {
    var symbol = module.symbol(at: module.fileAddress(address))
    if let found = symbol, found.size == 0, !found.isText { symbol = nil }
    let start = symbol.map { module.processAddress(FileAddress($0.address)) }
    if let function = resolver.code(at: .instruction(address)).function, let name = spelling(function),
      start.map({ $0 == function.entryPC || $0 < function.entryPC && $0 != address }) ?? true
    {
      return (name, address &- function.entryPC)
    }
    guard let symbol, let start else { return nil }
    return (symbolSpelling(symbol.name), address &- start)
  }

  package func address(ofVariable name: String) -> UInt64? {
    if let known = variables[name] { return known }
    let found = resolver.modules.address(ofSymbol: name) ?? address(ofPlainName: name)
    if variables.count < Self.maximumKnown { variables[name] = .some(found) }
    return found
  }

  /// A variable of C++ whose linkage name DWARF 4 does not tell: among the symbols by what they mean.
  private func address(ofPlainName name: String) -> UInt64? {
    guard let scope = name.range(ofLast: "::") else { return nil }
    let own = name[scope.upperBound...].utf8.count
    let ending = "\(own)\(name[scope.upperBound...])E"
    let wanted = CxxName.canonical(name)
    let modules = resolver.modules
    let all = [modules.executable] + modules.libraries.indices.lazy.map { modules.library(at: $0) }
    for case let module? in all {
      for symbol in module.symbols.namedSymbols(withPrefixes: ["_ZN", "_ZS"])
      where !symbol.isText && symbol.name.hasSuffix(ending) && Demangler.symbol(symbol.name) == wanted {
        return module.processAddress(FileAddress(symbol.address))
      }
    }
    return nil
  }

  package func canonical(_ name: String) -> String {
    CxxName.canonical(name)
  }

  package func demangled(_ linkageName: String) -> String? {
    Demangler.symbol(linkageName)
  }
}
