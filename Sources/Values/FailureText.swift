package import Bytes
package import Expressions
internal import ProcessModel

/// The words in which gdb says why a value could not be read.
package enum FailureText {
  /// What stands in a value's place: `<error reading variable: MESSAGE>`.
  static func appendUnreadable(_ error: EvaluationError, into output: inout TextBuffer) {
    output.append("<error reading variable: " as StaticString)
    append(error, into: &output)
    output.append(byte: 0x3e)
  }

  /// What stands in the place of text that is not there.
  static func appendAbsentText(at address: UInt64, into output: inout TextBuffer) {
    output.append("<error: " as StaticString)
    append(.memory(MemoryError(address: address)), into: &output)
    output.append(byte: 0x3e)
  }

  package static func append(_ error: EvaluationError, into output: inout TextBuffer) {
    switch error {
    case .memory(let error):
      output.append("Cannot access memory at address " as StaticString)
      output.append(hex: error.address)
    case .optimizedOut: output.append("value has been optimized out" as StaticString)
    case .unavailable: output.append("value is not available" as StaticString)
    case .unsupported(let reason): output.append(reason)
    }
  }
}
