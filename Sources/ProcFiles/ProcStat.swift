/// One `stat` file: proc_pid_stat(5). A field that a cut file lacks is `nil`.
package struct ProcStat: Sendable, Equatable {
  package var id: Int32
  /// The name as it stands between the first `(` and the last `)`: it may hold both, and newlines.
  package var command: [UInt8]
  /// `R`, `S`, `D`, `T`, `t`, `Z`, `X`, `I`, `P`; `nil` where it is no letter.
  package var state: Character?
  package var parentID: Int32?
  package var groupID: Int32?
  package var sessionID: Int32?
  /// `PF_…` of include/linux/sched.h.
  package var flags: UInt64?
  /// Clock ticks since boot: with the number, what tells two processes apart.
  package var startTime: UInt64?
  /// Where the arguments' strings lie, and the environment's; without permission they are 0.
  package var arguments: Range<UInt64>?
  package var environment: Range<UInt64>?

  /// `nil` where there is no `(…)` to find a thread by.
  package init?(_ bytes: [UInt8]) {
    guard let open = bytes.firstIndex(of: 0x28), let close = bytes.lastIndex(of: 0x29), open < close,
      let id = TextLines.words(bytes[..<open]).first.flatMap({ TextLines.decimal($0) }),
      let number = Int32(exactly: id)
    else { return nil }
    self.id = number
    command = Array(bytes[(open + 1)..<close])
    // The third field of the manual page is the first behind the name. One pass: there is one such file a thread.
    var (field, at) = (3, close + 1)
    var (argumentStart, environmentStart): (UInt64?, UInt64?)
    while field <= Self.lastField {
      while at < bytes.count, Self.isBlank(bytes[at]) { at += 1 }
      let start = at
      while at < bytes.count, !Self.isBlank(bytes[at]) { at += 1 }
      guard start < at else { break }
      switch field {
      case 3: state = at == start + 1 ? Self.letter(bytes[start]) : nil
      case 4: parentID = Self.number(bytes[start..<at])
      case 5: groupID = Self.number(bytes[start..<at])
      case 6: sessionID = Self.number(bytes[start..<at])
      case 9: flags = TextLines.unsigned(bytes[start..<at])
      case 22: startTime = TextLines.unsigned(bytes[start..<at])
      case 48: argumentStart = TextLines.unsigned(bytes[start..<at])
      case 49: arguments = Self.range(argumentStart, TextLines.unsigned(bytes[start..<at]))
      case 50: environmentStart = TextLines.unsigned(bytes[start..<at])
      case 51: environment = Self.range(environmentStart, TextLines.unsigned(bytes[start..<at]))
      default: break
      }
      field += 1
    }
  }

  private static let lastField = 51

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x09 }

  private static func letter(_ byte: UInt8) -> Character? {
    byte >= 0x41 && byte < 0x7b ? Character(Unicode.Scalar(byte)) : nil
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int32? {
    TextLines.decimal(digits).flatMap { Int32(exactly: $0) }
  }

  private static func range(_ start: UInt64?, _ end: UInt64?) -> Range<UInt64>? {
    guard let start, let end, start > 0, start <= end else { return nil }
    return start..<end
  }

  /// PF_IO_WORKER: a thread that io_uring made (Linux 5.12, and 5.10.162 of the stable series).
  package static let ioWorker: UInt64 = 0x10
  /// PF_USER_WORKER: any thread that the kernel made inside a process (Linux 6.4); set with PF_IO_WORKER too.
  package static let userWorker: UInt64 = 0x4000

  /// Whether the kernel made the thread and it never runs the program: it must not be attached to.
  package var isKernelWorker: Bool { (flags ?? 0) & (Self.ioWorker | Self.userWorker) != 0 }
}
