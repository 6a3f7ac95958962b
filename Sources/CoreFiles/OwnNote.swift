internal import Bytes
package import ProcessModel

/// A note of owner COREVIEW: docs/snapshot-format.md.
package struct OwnNote: Sendable, Equatable {
  /// The version, and how the snapshot was made: lines of `key value`.
  package static let header: UInt32 = 1
  /// A file of /proc/PID: its path below that folder, NUL, its bytes.
  package static let file: UInt32 = 2
  /// What was done with the thread whose NT_PRSTATUS came last: lines of `key value`.
  package static let thread: UInt32 = 3
  /// A symbolic link of /proc/PID: its path below that folder, NUL, its target.
  package static let link: UInt32 = 4
  /// A sentence that the reader of a report must see: `!` or `-` (whether something is missing), then the text.
  package static let remark: UInt32 = 5

  package var type: UInt32
  package var bytes: [UInt8]

  package init(type: UInt32, bytes: [UInt8]) {
    self.type = type
    self.bytes = bytes
  }

  /// The value of a line `key value`; the first of that key.
  package func value(of key: String) -> String? {
    // There is one such note a thread, and what is asked for stands in its first line.
    var rest = bytes[...]
    while !rest.isEmpty {
      let line = rest.prefix { $0 != 0x0a }
      if line.starts(with: key.utf8), line.dropFirst(key.utf8.count).first == 0x20 {
        return String(decoding: line.dropFirst(key.utf8.count + 1), as: UTF8.self)
      }
      rest = rest.dropFirst(line.count + 1)
    }
    return nil
  }

  /// Of a thread's note.
  package var registerSource: RegisterSource? {
    value(of: "registers").flatMap { RegisterSource(rawValue: $0) }
  }

  /// Of a note of a file or link: its path, and what is behind the NUL.
  package var named: (path: String, bytes: [UInt8])? {
    guard let end = bytes.firstIndex(of: 0), end > 0 else { return nil }
    return (String(decoding: bytes[..<end], as: UTF8.self), Array(bytes[(end + 1)...]))
  }
}

extension Architecture {
  /// The registers of which /proc shows the values for a blocked thread.
  var shownWhileBlocked: Set<String> {
    wordSize == 8
      ? ["rip", "rsp", "rdi", "rsi", "rdx", "r10", "r8", "r9"]
      : ["eip", "esp", "ebx", "ecx", "edx", "esi", "edi"]
  }
}
