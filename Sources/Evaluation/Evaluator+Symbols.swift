internal import Bytes
internal import Backtraces
package import Elfutils
internal import Expressions
internal import ProcessModel
package import Symbols
internal import Values

extension Evaluator {
  /// `info symbol`: the ELF symbol whose section holds an address, and how far in it.
  package func symbol(at address: UInt64) -> (name: String, offset: UInt64, section: String, module: Module)?
  {
    guard let modules = workspace.process?.modules, let module = modules.module(containing: address),
      let section = module.section(containing: module.fileAddress(address)),
      let symbol = module.symbol(at: module.fileAddress(address))
    else { return nil }
    let name = workspace.process?.symbolTexts.demangled(symbol.name) ?? symbol.name
    return (name, module.fileAddress(address).rawValue &- symbol.address, section.name, module)
  }

  /// `info address`: where a name's value is kept.
  package func place(of name: String) throws(EvaluationFailure) -> String {
    guard let thing = try resolve(name) else { throw unknownName(name) }
    let head = "Symbol \"\(name)\" is "
    switch thing {
    case .function(let function):
      let whole = function.address.flatMap { workspace.process?.symbolTexts.name(at: $0)?.name } ?? name
      let shown = isCxx ? whole : name
      return "Symbol \"\(shown)\" is a function at address \((function.address ?? 0).hexadecimal)."
    case .enumerator: return head + "constant."
    case .minimal(let minimal):
      return head + "at \(minimal.address.hexadecimal) in a file compiled without debugging."
    case .field: return "Symbol \"\(name)\" is a field of the local class variable `this'"
    case .variable(let variable): return head + description(of: variable)
    case .classMember:
      let value = try value(of: thing)
      if value.type.stripped.kind == .function, let address = value.address {
        let shown = workspace.process?.symbolTexts.name(at: address)?.name ?? name
        return "Symbol \"\(shown)\" is a function at address \(address.hexadecimal)."
      }
      guard let address = value.address else { return head + "constant." }
      return head + "static storage at address \(address.hexadecimal)."
    case .type, .namespace: throw EvaluationFailure("No symbol \"\(name)\" in current context.")
    }
  }

  private func description(of variable: Variable) -> String {
    switch variable.entry.location(Attribute.location, at: variable.pc) {
    case .absent:
      return variable.entry.has(Attribute.constValue) ? "constant." : "optimized out."
    case .noEntry: return "multi-location:\n."
    case .expression(let operations):
      guard operations.count == 1, let first = operations.first else {
        if operations.isEmpty { return "optimized out." }
        if operations.last.map({ $0.code == 0xe0 || $0.code == 0x9b }) == true, let module = scope.module {
          return
            "a thread-local variable at offset \(operations[0].first.hexadecimal) in the thread-local storage for `\(module.elf.path)'."
        }
        return "a complex DWARF expression."
      }
      switch first.code {
      case 0x03:
        return
          "static storage at address \(variable.module.processAddress(FileAddress(first.first)).hexadecimal)."
      case 0x91:
        return "a complex DWARF expression:\n     0: DW_OP_fbreg \(Int64(bitPattern: first.first))\n."
      case 0x50...0x6f:
        let name = Registers.name(ofDwarf: Int(first.code) - 0x50, workspace.architecture) ?? "?"
        return "a variable in $\(name)."
      default: return "a complex DWARF expression."
      }
    }
  }

  /// Where every function of a name starts: by debug information, or else by symbol.
  package func codeAddresses(_ name: String) throws(EvaluationFailure) -> [UInt64] {
    let executable = workspace.process?.modules.executable
    let found = workspace.search?.functions(name, preferring: executable) ?? []
    let all = found.compactMap { FunctionSymbol(entry: $0.entry, module: $0.module).address }
    if !all.isEmpty { return all }
    return try codeAddress(name).map { [$0] } ?? []
  }

  /// Where a variable of file scope is declared: its module and its entry.
  package func declaration(_ name: String) throws(EvaluationFailure) -> (module: Module, entry: DebugEntry)? {
    guard case .variable(let variable)? = try resolve(name) else { return nil }
    return (variable.module, variable.entry)
  }

  /// Where a function of a name starts, for commands that take names of code.
  package func codeAddress(_ name: String) throws(EvaluationFailure) -> UInt64? {
    switch try resolve(name) {
    case .function(let function)?: return function.address
    case .minimal(let minimal)? where minimal.symbol.isText: return minimal.address
    case .classMember(let type, let member)?:
      guard let method = MemberSearch.method(member, in: type.stripped) else { return nil }
      return definition(of: method.entry)?.address
    default: return nil
    }
  }
}
