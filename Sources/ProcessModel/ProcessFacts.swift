/// A mapped file, by NT_FILE of a core or by /proc/PID/maps.
package struct FileMapping: Sendable, Equatable {
  package var range: Range<UInt64>
  /// Bytes from the start of the file.
  package var fileOffset: UInt64
  package var path: String

  package init(range: Range<UInt64>, fileOffset: UInt64, path: String) {
    self.range = range
    self.fileOffset = fileOffset
    self.path = path
  }
}

/// The auxiliary vector: NT_AUXV, keys of <elf.h> (`AT_ENTRY`, `AT_PHDR`, …).
package struct AuxiliaryVector: Sendable, Equatable {
  package var entries: [UInt64: UInt64]
  /// The entries as the note has them, with the AT_NULL that ends them.
  package var inOrder: [(key: UInt64, value: UInt64)] = []

  package static func == (left: AuxiliaryVector, right: AuxiliaryVector) -> Bool {
    left.entries == right.entries
  }

  package init(entries: [UInt64: UInt64] = [:]) { self.entries = entries }

  package var entry: UInt64? { entries[9] }
  package var programHeaders: UInt64? { entries[3] }
  package var programHeaderCount: UInt64? { entries[5] }
  package var interpreterBase: UInt64? { entries[7] }
  package var vdso: UInt64? { entries[33] }
  package var executableName: UInt64? { entries[31] }
}

/// What NT_PRPSINFO says of the process.
package struct ProcessInfo: Sendable, Equatable {
  package var processID: Int32
  /// At most 15 bytes: the kernel cuts the command name.
  package var command: String
  /// The first 80 bytes of the arguments, joined by blanks, with one trailing blank dropped.
  package var arguments: String

  package init(processID: Int32, command: String, arguments: String) {
    self.processID = processID
    self.command = command
    self.arguments = arguments
  }
}

/// NT_SIGINFO: the signal that ended the process; see sigaction(2).
package struct SignalInfo: Sendable, Equatable {
  package var number: Int32
  package var code: Int32
  /// `si_addr`, for the signals that carry one.
  package var faultAddress: UInt64?
  /// `si_pid` and `si_uid`, for signals that somebody sent.
  package var sender: (processID: Int32, userID: UInt32)?
  /// `si_syscall` of a SIGSYS that the kernel raised.
  package var systemCall: Int32?

  package init(
    number: Int32, code: Int32, faultAddress: UInt64?, sender: (processID: Int32, userID: UInt32)?,
    systemCall: Int32? = nil
  ) {
    self.systemCall = systemCall
    self.number = number
    self.code = code
    self.faultAddress = faultAddress
    self.sender = sender
  }

  package static func == (left: SignalInfo, right: SignalInfo) -> Bool {
    left.number == right.number && left.code == right.code && left.faultAddress == right.faultAddress
      && left.sender?.processID == right.sender?.processID && left.sender?.userID == right.sender?.userID
      && left.systemCall == right.systemCall
  }
}

/// Something that the origin could not tell, and why: what the user is told on stderr and in the report.
package struct Gap: Sendable, Equatable {
  package var what: String

  package init(_ what: String) { self.what = what }
}
