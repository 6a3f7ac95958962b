/// The name of a core in systemd's store: `core.COMM.UID.BOOT.PID.USEC`, and how it is compressed; see coredumpctl(1).
struct StoredCoreName {
  var command: String
  var userID: UInt32
  /// 32 hexadecimal digits.
  var bootID: String
  var processID: Int32
  /// Microseconds since 1970, UTC.
  var time: UInt64

  private static let endings: Set<Substring> = ["zst", "lz4", "xz", "gz", "bz2"]

  /// `nil` for any other name. The command may have dots in it, so the name is read from its end.
  init?(path: String) {
    let name = path.split(separator: "/").last ?? ""
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)
    if let last = parts.last, Self.endings.contains(last) { parts.removeLast() }
    guard parts.count >= 6, parts[0] == "core", let time = UInt64(parts[parts.count - 1]),
      let process = Int32(parts[parts.count - 2]), let user = UInt32(parts[parts.count - 4])
    else { return nil }
    let boot = parts[parts.count - 3]
    guard boot.utf8.count == 32, boot.allSatisfy(\.isHexDigit) else { return nil }
    command = Self.unescaped(parts[1..<(parts.count - 4)].joined(separator: "."))
    userID = user
    bootID = String(boot)
    processID = process
    self.time = time
  }

  /// `\x2f` and the like, as systemd writes what may not stand in a name.
  private static func unescaped(_ text: String) -> String {
    var result: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"), rest.count >= 3,
        let code = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16)
      {
        result.append(code)
        rest = rest.dropFirst(3)
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
