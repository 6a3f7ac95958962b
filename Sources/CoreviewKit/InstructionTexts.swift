internal import Unwinding
internal import Backtraces
internal import Disassembly
internal import ProcessModel
internal import Reporting
internal import Symbols

extension Report.Instruction {
  /// A decoded instruction with the function that it belongs to.
  init(_ found: Instruction, in process: CoreProcess) {
    self.init()
    address = found.address
    bytes = found.bytes
    text = found.text
    let code = process.unwinder.resolver.code(at: .instruction(found.address))
    if let name = AddressNames.name(code) {
      symbol = name
      symbolOffset = found.address &- code.functionStart
    }
  }
}
