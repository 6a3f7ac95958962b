/// One `status` file: proc_pid_status(5), `Key:` and a value, a line each.
package struct ProcStatus: Sendable, Equatable {
  /// As it was read: of its fifty lines few are asked for.
  private let text: [UInt8]

  package init(_ bytes: [UInt8]) {
    text = bytes
  }

  /// The words behind the first line of a key: `Name` comes first, is the only value that a thread chooses, and has no
  /// newline, which the kernel escapes.
  private func words(_ key: StaticString) -> [ArraySlice<UInt8>] {
    let name = Array(key.description.utf8)
    var start = 0
    while start < text.count {
      let colon = start + name.count
      if colon < text.count, text[colon] == 0x3a, text[start..<colon].elementsEqual(name) {
        return TextLines.words(text[(colon + 1)...].prefix { $0 != 0x0a })
      }
      guard let end = text[start...].firstIndex(of: 0x0a) else { return [] }
      start = end + 1
    }
    return []
  }

  private func number(_ key: StaticString) -> Int32? {
    words(key).first.flatMap { TextLines.decimal($0) }.flatMap { Int32(exactly: $0) }
  }

  package var processID: Int32? { number("Pid") }
  package var groupID: Int32? { number("Tgid") }
  /// The process that traces this one; 0 for none.
  package var tracerID: Int32? { number("TracerPid") }
  package var parentID: Int32? { number("PPid") }
  package var userID: Int32? { number("Uid") }
  /// The thread's number in each PID namespace, from the reader's inwards.
  package var namespaceIDs: [Int32] {
    words("NSpid").compactMap { TextLines.decimal($0).flatMap { Int32(exactly: $0) } }
  }
  package var blockedSignals: UInt64? { words("SigBlk").first.flatMap { TextLines.hexadecimal($0) } }
  package var pendingSignals: UInt64? { words("SigPnd").first.flatMap { TextLines.hexadecimal($0) } }
  /// Whether a core is being written.
  package var isDumping: Bool { number("CoreDumping") == 1 }
  /// Whether anything could be made of the text.
  package var isEmpty: Bool { !text.contains(0x3a) }
}
