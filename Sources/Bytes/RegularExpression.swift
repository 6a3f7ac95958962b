internal import Glibc

/// A basic regular expression of regcomp(3), as gdb takes them.
@safe package final class RegularExpression {
  private var compiled = unsafe regex_t()

  /// Why a pattern is none, in the C library's words.
  package struct Failure: Error, Sendable {
    package var reason: String
  }

  package init(_ pattern: String) throws(Failure) {
    let code = unsafe regcomp(&compiled, pattern, REG_NOSUB)
    guard code == 0 else {
      var buffer = [CChar](repeating: 0, count: 256)
      _ = unsafe regerror(code, &compiled, &buffer, buffer.count)
      throw Failure(
        reason: String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
  }

  deinit {
    unsafe regfree(&compiled)
  }

  /// Whether the pattern is somewhere in a text, which ends at its first NUL.
  package func matches(_ text: [UInt8]) -> Bool {
    unsafe (text + [0]).withUnsafeBytes { bytes in
      let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      guard let start = unsafe start else { return false }
      return unsafe regexec(&compiled, start, 0, nil, 0) == 0
    }
  }
}
