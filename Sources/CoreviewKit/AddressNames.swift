internal import Backtraces
internal import CoreFiles
internal import Demangling
internal import Elfutils
internal import ProcessModel
internal import Reporting
internal import Symbols
internal import Unwinding

/// Names for addresses that stand in no stack: call sites that workers inherited, what a ring's `user_data` is.
final class AddressNames {
  private let process: CoreProcess
  private var sites: [UInt64: Report.Thread.CallSite] = [:]
  /// The modules that call sites lie in, in the order in which they were met.
  private(set) var modules: [Module] = []

  init(process: CoreProcess) {
    self.process = process
  }

  /// The place after a `syscall` instruction: nearly always the same for all workers.
  func callSite(at address: UInt64, followsSystemCall: Bool?) -> Report.Thread.CallSite {
    if let known = sites[address] { return known }
    let made = makeCallSite(address, followsSystemCall)
    sites[address] = made
    return made
  }

  private func makeCallSite(_ address: UInt64, _ followsSystemCall: Bool?) -> Report.Thread.CallSite {
    var site = Report.Thread.CallSite(address: address)
    site.followsSystemCall = followsSystemCall
    let code = process.unwinder.resolver.code(at: .returnAddress(address))
    if let name = Self.name(code) {
      site.function = name
      site.functionOffset = address &- code.functionStart
    }
    if let module = code.module {
      if !modules.contains(where: { $0 === module }) { modules.append(module) }
      site.module = module.name
      site.buildID = module.elf.buildIDBytes.map { BuildID($0).description }
      site.moduleOffset = module.fileAddress(address).rawValue
    } else if let mapping = process.core.memory.mapping(containing: address &- 1) {
      // NT_FILE tells the file, though it was not read.
      site.module = mapping.path
    }
    return site
  }

  /// What an application put into `user_data`: named if it points into a function or variable.
  func userData(_ value: UInt64) -> Report.UserData {
    var result = Report.UserData()
    result.value = value
    // Most are numbers or on the heap: those cost no look-up.
    guard process.modules.module(containing: value) != nil else { return result }
    let code = process.unwinder.resolver.code(at: .instruction(value))
    if code.functions.isEmpty, let symbol = code.symbol, let module = code.module {
      // Between the variables of a section lies nothing.
      guard symbol.isText || module.fileAddress(value).rawValue - symbol.address < symbol.size else {
        return result
      }
    }
    guard let name = Self.name(code) else { return result }
    let offset = value &- code.functionStart
    result.symbol = offset == 0 ? name : "\(name)+\(offset)"
    return result
  }

  /// The function that is not inlined, or the symbol.
  static func name(_ code: CodeInfo) -> String? {
    if let function = code.function {
      return function.name.map { String(decoding: $0, as: UTF8.self) }.map { Demangler.readable($0) ?? $0 }
    }
    return code.symbol.map { Demangler.readable($0.name) ?? Demangler.symbol($0.name) ?? $0.name }
  }
}
