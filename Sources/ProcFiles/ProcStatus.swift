/// One `status` file: proc_pid_status(5), `Key:` and a value, a line each.
package struct ProcStatus: Sendable, Equatable {
  private var values: [String: [UInt8]] = [:]

  package init(_ bytes: [UInt8]) {
    for line in TextLines.lines(bytes) {
      guard let colon = line.firstIndex(of: 0x3a) else { continue }
      let key = TextLines.string(line[..<colon])
      // The first of a name counts: `Name` comes first, and is the only one that a thread chooses.
      if values[key] == nil { values[key] = Array(TextLines.trimmed(line[(colon + 1)...])) }
    }
  }

  private func words(_ key: String) -> [ArraySlice<UInt8>] { values[key].map { TextLines.words($0) } ?? [] }

  private func number(_ key: String) -> Int32? {
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
  package var isEmpty: Bool { values.isEmpty }
}
