/// One `syscall` file: proc_pid_syscall(5), in its three forms.
package enum ProcSystemCall: Sendable, Equatable {
  /// It ran, or was about to.
  case running
  /// Blocked, but in no system call: an interrupted user thread, a worker made by task work.
  case outside(stackPointer: UInt64, programCounter: UInt64)
  case inside(number: Int64, arguments: [UInt64], stackPointer: UInt64, programCounter: UInt64)

  package init?(_ bytes: [UInt8]) {
    let words = TextLines.words(bytes)
    guard let first = words.first else { return nil }
    if TextLines.string(first) == "running" {
      self = .running
      return
    }
    guard let number = TextLines.decimal(first) else { return nil }
    let values = words.dropFirst().map { TextLines.hexadecimal($0) }
    if number == -1, values.count == 2, let sp = values[0], let pc = values[1] {
      self = .outside(stackPointer: sp, programCounter: pc)
      return
    }
    let known = values.compactMap { $0 }
    guard known.count == 8, values.count == 8 else { return nil }
    self = .inside(
      number: number, arguments: Array(known[0..<6]), stackPointer: known[6], programCounter: known[7])
  }

  /// The stack pointer and program counter of user space; a worker's are 0.
  package var place: (stackPointer: UInt64, programCounter: UInt64)? {
    switch self {
    case .running: nil
    case .outside(let sp, let pc), .inside(_, _, let sp, let pc): (sp, pc)
    }
  }
}
