internal import Bytes
package import ProcessModel

/// Decoders of the notes that the kernel writes; layouts from <sys/procfs.h> and Linux fs/binfmt_elf.c.
package enum CoreNotes {
  static let prstatus: UInt32 = 1
  static let fpregset: UInt32 = 2
  static let prpsinfo: UInt32 = 3
  static let auxv: UInt32 = 6
  static let siginfo: UInt32 = 0x5349_4749
  static let file: UInt32 = 0x4649_4c45
  static let x86XState: UInt32 = 0x202

  /// NT_PRSTATUS: one thread. `nil` when even the thread's number is missing.
  static func thread(_ bytes: [UInt8], _ architecture: Architecture) -> ThreadSnapshot? {
    let layout = architecture.notes
    let order = architecture.byteOrder
    guard bytes.count >= layout.registers else { return nil }
    let blockSize = architecture.registers.reduce(0) { max($0, $1.offset + $1.size) }
    let block = Array(bytes[layout.registers..<min(bytes.count, layout.registers + blockSize)])
    var registers = RegisterFile()
    for register in architecture.registers {
      guard let number = register.dwarf, register.offset + register.size <= block.count else { continue }
      registers[number] = block.unsigned(at: register.offset, size: register.size, order: order)
    }
    return ThreadSnapshot(
      id: Int32(truncatingIfNeeded: bytes.unsigned(at: layout.processID, size: 4, order: order)),
      registers: registers, registerBlock: block,
      currentSignal: UInt16(bytes.unsigned(at: layout.currentSignal, size: 2, order: order)),
      heldSignals: bytes.unsigned(at: layout.heldSignals, size: architecture.wordSize, order: order),
      hasRegisters: block.count == blockSize)
  }

  /// NT_PRPSINFO: the process.
  static func info(_ bytes: [UInt8], _ architecture: Architecture) -> ProcessInfo? {
    let layout = architecture.notes
    guard bytes.count >= layout.infoSize else { return nil }
    var arguments = Array(bytes[layout.infoArguments..<min(bytes.count, layout.infoArguments + 80)].untilNUL)
    if arguments.last == 0x20 { arguments.removeLast() }
    let number = bytes.unsigned(at: layout.infoProcessID, size: 4, order: architecture.byteOrder)
    return ProcessInfo(
      processID: Int32(truncatingIfNeeded: number),
      command: String(decoding: bytes[layout.infoName..<layout.infoName + 16].untilNUL, as: UTF8.self),
      arguments: String(decoding: arguments, as: UTF8.self))
  }

  /// NT_AUXV: pairs of words up to AT_NULL.
  static func auxiliaryVector(_ bytes: [UInt8], _ architecture: Architecture) -> AuxiliaryVector {
    var vector = AuxiliaryVector()
    let size = architecture.wordSize
    var at = 0
    while at + 2 * size <= bytes.count {
      let key = bytes.unsigned(at: at, size: size, order: architecture.byteOrder)
      let value = bytes.unsigned(at: at + size, size: size, order: architecture.byteOrder)
      vector.inOrder.append((key, value))
      if key == 0 { break }
      vector.entries[key] = value
      at += 2 * size
    }
    return vector
  }

  /// NT_SIGINFO: `siginfo_t`; see sigaction(2) for which members are meant when.
  package static func signal(_ bytes: [UInt8], _ architecture: Architecture) -> SignalInfo? {
    let order = architecture.byteOrder
    let fields = architecture.wordSize == 8 ? 16 : 12
    guard bytes.count >= fields + 8 else { return nil }
    let number = Int32(truncatingIfNeeded: bytes.unsigned(at: 0, size: 4, order: order))
    let code = Int32(
      truncatingIfNeeded: bytes.unsigned(at: architecture.notes.signalCode, size: 4, order: order))
    var address: UInt64?
    var sender: (processID: Int32, userID: UInt32)?
    // SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV raised by the kernel carry an address; codes of 0 and below
    // are signals that a process sent.
    if code > 0, [4, 5, 7, 8, 11].contains(number), code != 128 {
      address = bytes.unsigned(at: fields, size: architecture.wordSize, order: order)
    } else if code <= 0 {
      sender = (
        Int32(truncatingIfNeeded: bytes.unsigned(at: fields, size: 4, order: order)),
        UInt32(bytes.unsigned(at: fields + 4, size: 4, order: order))
      )
    }
    // SIGSYS: the address of the call, then its number.
    var systemCall: Int32?
    let place = fields + architecture.wordSize
    if number == 31, code > 0, bytes.count >= place + 4 {
      systemCall = Int32(truncatingIfNeeded: bytes.unsigned(at: place, size: 4, order: order))
    }
    return SignalInfo(
      number: number, code: code, faultAddress: address, sender: sender, systemCall: systemCall)
  }

  /// NT_FILE: a count, a page size, per mapping start, end and offset in pages, then the paths.
  ///
  /// `missing` counts mappings that the note announces and a cut-off core no longer holds.
  static func fileMappings(_ bytes: [UInt8], _ architecture: Architecture) -> (
    maps: [FileMapping], missing: Int
  ) {
    let size = architecture.wordSize
    guard bytes.count >= 2 * size else { return ([], 0) }
    let word = { (index: Int) in bytes.unsigned(at: index * size, size: size, order: architecture.byteOrder) }
    let announced = word(0)
    let pageSize = word(1)
    // The count is a claim: what fits in the bytes bounds it, never the other way round.
    let fitting = Int(min(announced, UInt64((bytes.count - 2 * size) / (3 * size))))
    var result: [FileMapping] = []
    var at = (2 + 3 * fitting) * size
    for index in 0..<fitting {
      let end = bytes[at...].firstIndex(of: 0)
      guard let end else { break }
      let path = String(decoding: bytes[at..<end], as: UTF8.self)
      at = end + 1
      let (start, stop) = (word(2 + 3 * index), word(3 + 3 * index))
      let (offset, overflow) = word(4 + 3 * index).multipliedReportingOverflow(by: pageSize)
      guard start < stop, !overflow else { continue }
      result.append(FileMapping(range: start..<stop, fileOffset: offset, path: path))
    }
    return (result, Int(clamping: announced) - result.count)
  }
}
