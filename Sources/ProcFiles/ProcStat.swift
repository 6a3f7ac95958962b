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
    // The third field of the manual page is the first behind the name.
    let fields = TextLines.words(bytes[(close + 1)...])
    let field = { (number: Int) -> ArraySlice<UInt8>? in
      fields.indices.contains(number - 3) ? fields[number - 3] : nil
    }
    let unsigned = { (number: Int) in field(number).flatMap { TextLines.unsigned($0) } }
    let id32 = { (number: Int) in
      field(number).flatMap { TextLines.decimal($0) }.flatMap { Int32(exactly: $0) }
    }
    if let letters = field(3), letters.count == 1, let letter = letters.first, letter >= 0x41, letter < 0x7b {
      state = Character(Unicode.Scalar(letter))
    }
    (parentID, groupID, sessionID) = (id32(4), id32(5), id32(6))
    (flags, startTime) = (unsigned(9), unsigned(22))
    let range = { (from: Int, to: Int) -> Range<UInt64>? in
      guard let start = unsigned(from), let end = unsigned(to), start > 0, start <= end else { return nil }
      return start..<end
    }
    (arguments, environment) = (range(48, 49), range(50, 51))
  }

  /// PF_IO_WORKER: a thread that io_uring made (Linux 5.12, and 5.10.162 of the stable series).
  package static let ioWorker: UInt64 = 0x10
  /// PF_USER_WORKER: any thread that the kernel made inside a process (Linux 6.4); set with PF_IO_WORKER too.
  package static let userWorker: UInt64 = 0x4000

  /// Whether the kernel made the thread and it never runs the program: it must not be attached to.
  package var isKernelWorker: Bool { (flags ?? 0) & (Self.ioWorker | Self.userWorker) != 0 }
}
