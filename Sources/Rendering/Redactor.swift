package import Reporting

/// Takes values out of a report that can hold secrets: the command line, the environment and the strings that
/// arguments point to.
///
/// What names code stays (functions, files, types), and so do numbers and addresses. The text with which a program
/// gave up (an assertion, an exception, a panic) stays as well: it is the reason of the death.
package enum Redactor {
  /// What stands in place of a value.
  package static let mark = "<redacted>"

  package static func redacted(_ report: Report) -> Report {
    var result = report
    result.isRedacted = true
    if let arguments = report.process.arguments, !arguments.isEmpty { result.process.arguments = mark }
    if report.record?.commandLine != nil { result.record?.commandLine = mark }
    if let environment = report.record?.environment {
      result.record?.environment = environment.map { setting in
        // The names of variables stay.
        setting.firstIndex(of: "=").map { String(setting[...$0]) + mark } ?? mark
      }
    }
    for register in result.registers.indices where result.registers[register].target?.string != nil {
      result.registers[register].target?.string = mark
    }
    for stack in result.stacks.indices {
      for frame in result.stacks[stack].frames.indices {
        let arguments = result.stacks[stack].frames[frame].arguments
        if arguments.utf8.contains(where: { $0 == quote || $0 == apostrophe }) {
          result.stacks[stack].frames[frame].arguments = withoutStrings(arguments)
        }
      }
    }
    return result
  }

  private static let quote = UInt8(ascii: "\"")
  private static let apostrophe = UInt8(ascii: "'")
  private static let backslash = UInt8(ascii: "\\")

  /// Arguments in gdb's words without the contents of strings and of repeated characters: `s=0x4040 "<redacted>"`.
  ///
  /// A character literal behind a number (`65 'A'`) goes with it: one byte of a text is a byte of a text.
  package static func withoutStrings(_ arguments: String) -> String {
    let bytes = Array(arguments.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      guard byte == quote || byte == apostrophe else {
        result.append(byte)
        index += 1
        continue
      }
      // A string that is cut off by a limit has its end all the same: gdb writes `"abc"...`.
      var end = index + 1
      while end < bytes.count, bytes[end] != byte { end += bytes[end] == backslash ? 2 : 1 }
      let isEmpty = end == index + 1
      if byte == apostrophe { dropNumber(&result) }
      result.append(byte)
      if !isEmpty { result += Array(mark.utf8) }
      result.append(byte)
      index = end + 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Takes the number before a character literal off the end: it says the same.
  private static func dropNumber(_ text: inout [UInt8]) {
    guard text.last == UInt8(ascii: " ") else { return }
    var end = text.count - 1
    while end > 0, (0x30...0x39).contains(text[end - 1]) || text[end - 1] == UInt8(ascii: "-") { end -= 1 }
    if end < text.count - 1 { text.removeLast(text.count - end) }
  }
}
