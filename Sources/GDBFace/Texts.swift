internal import Bytes
internal import Elfutils
internal import ProcessModel

/// Small texts that several commands print.
enum Texts {
  /// gdb's default for `print elements`.
  private static let limit = 200

  /// The C string at an address in quotes, cut at gdb's limit, or why it cannot be read.
  static func quoted(at address: UInt64, in memory: ProcessMemory) -> [UInt8] {
    let bytes = memory.readAvailable(at: address, count: limit + 1)
    guard !bytes.isEmpty else {
      return Array("<error: Cannot access memory at address \(address.hexadecimal)>".utf8)
    }
    let end = bytes.firstIndex(of: 0)
    let text = Array(bytes[..<min(end ?? bytes.count, limit)])
    var result: [UInt8] = [0x22]
    var escaped: [UInt8] = []
    for byte in text {
      if byte == 0x22 || byte == 0x5c { escaped.append(0x5c) }
      escaped.append(byte)
    }
    result += Escaping.inert(escaped) + [0x22]
    if end == nil { result += [0x2e, 0x2e, 0x2e] }
    return result
  }

  /// A regular expression, or gdb's complaint about it.
  static func expression(_ pattern: String) throws(CommandError) -> RegularExpression {
    do throws(RegularExpression.Failure) {
      return try RegularExpression(pattern)
    } catch {
      throw CommandError("Invalid regexp: \(error.reason)")
    }
  }

  /// A path without symbolic links, absolute; the path itself where that cannot be told.
  static func realPath(_ path: String) -> String {
    path.isEmpty ? "" : HostProcess.realPath(path) ?? path
  }
}

/// gdb's names of languages.
enum LanguageNames {
  static func name(of language: Language?) -> String {
    switch language {
    case nil: "unknown"
    case .c: "c"
    case .cxx: "c++"
    case .rust: "rust"
    case .assembler: "asm"
    case .go: "go"
    case .d: "d"
    case .fortran: "fortran"
    case .ada: "ada"
    case .pascal: "pascal"
    case .minimal: "minimal"
    }
  }
}
