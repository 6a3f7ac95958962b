internal import Demangling
internal import Elfutils
internal import ProcessModel
package import Symbols
package import Unwinding

/// The names of addresses in disassembly: linkage names, unless `print asm-demangle` is on.
package enum AssemblerNames {
  /// Name and distance from its start, which is negative in a part of a function that lies before its entry.
  ///
  /// A function of DWARF has precedence over a symbol, but not over one that starts right at the address.
  package static func name(
    at address: UInt64, in process: ProcessUnwinder, isDemangled: Bool
  ) -> (name: String, offset: Int64)? {
    guard let module = process.resolver.modules.module(containing: address) else { return nil }
    var symbol = module.symbol(at: module.fileAddress(address))
    if let found = symbol, found.size == 0, !found.isText { symbol = nil }
    let start = symbol.map { module.processAddress(FileAddress($0.address)) }
    if let function = process.resolver.code(at: .instruction(address)).function,
      let name = self.name(of: function, isDemangled: isDemangled),
      start != address || function.entryPC == address
    {
      return (name, Int64(bitPattern: address &- function.entryPC))
    }
    guard let symbol, let start else { return nil }
    let name = isDemangled ? Demangler.symbol(symbol.name) ?? symbol.name : symbol.name
    return (name, Int64(bitPattern: address &- start))
  }

  /// What the header of a function's disassembly calls it.
  package static func name(of function: FunctionInstance, isDemangled: Bool) -> String? {
    if isDemangled { return function.wholeName }
    return function.entry.linkageName ?? function.wholeName
  }

  /// The code of the function at an address, in the process: by DWARF, else by symbol; and its name.
  package static func function(
    at address: UInt64, in process: ProcessUnwinder, isDemangled: Bool
  ) -> (name: String, ranges: [Range<UInt64>])? {
    guard let module = process.resolver.modules.module(containing: address) else { return nil }
    let code = process.resolver.code(at: .instruction(address))
    if let function = code.function, let name = name(of: function, isDemangled: isDemangled) {
      let ranges = function.entry.ranges.map { range in
        module.processAddress(
          FileAddress(range.lowerBound))..<module.processAddress(
            FileAddress(range.upperBound))
      }
      if !ranges.isEmpty { return (name, ranges) }
    }
    guard let symbol = module.symbol(at: module.fileAddress(address)) else { return nil }
    let start = module.processAddress(FileAddress(symbol.address))
    let name = isDemangled ? Demangler.symbol(symbol.name) ?? symbol.name : symbol.name
    if symbol.size > 0 { return (name, [start..<max(start, start &+ symbol.size)]) }
    guard let section = module.section(containing: module.fileAddress(address)) else { return nil }
    let end = module.processAddress(FileAddress(section.range.upperBound))
    return (name, [start..<max(start, end)])
  }
}
