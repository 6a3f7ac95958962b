internal import LiveProcesses
internal import ProcFiles
internal import ProcessModel

/// The standard notes of a core, as bytes: <sys/procfs.h>, <elf.h>.
struct CoreNoteBytes {
  let architecture: Architecture
  let process: ProcProcess

  private var layout: Architecture.NoteLayout { architecture.notes }

  /// NT_PRSTATUS of a thread; a thread without registers has a block of zeros.
  func status(_ thread: CapturedThread, _ facts: ProcThread?) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: layout.statusSize)
    let word = architecture.wordSize
    bytes.store(facts?.status?.pendingSignals ?? 0, size: word, at: layout.pendingSignals)
    bytes.store(facts?.status?.blockedSignals ?? 0, size: word, at: layout.heldSignals)
    let identity: [Int32?] = [
      thread.id, facts?.stat?.parentID, facts?.stat?.groupID, facts?.stat?.sessionID,
    ]
    for (index, number) in identity.enumerated() {
      bytes.store(
        UInt64(bitPattern: Int64(number ?? 0)), size: 4, at: layout.processID + 4 * index)
    }
    let block = registers(thread, facts)
    let room = min(block.count, max(0, bytes.count - layout.registers))
    bytes.replaceSubrange(layout.registers..<layout.registers + room, with: block.prefix(room))
    if !thread.floatingPoint.isEmpty { bytes.store(1, size: 4, at: layout.registers + block.count) }
    return bytes
  }

  private let blockSize: Int

  init(architecture: Architecture, process: ProcProcess) {
    self.architecture = architecture
    self.process = process
    blockSize = architecture.registers.reduce(0) { max($0, $1.offset + $1.size) }
  }

  private func registers(_ thread: CapturedThread, _ facts: ProcThread?) -> [UInt8] {
    if thread.general.count == blockSize { return thread.general }
    var bytes = [UInt8](repeating: 0, count: blockSize)
    guard let call = facts?.systemCall, let place = call.place else { return bytes }
    let is64 = architecture.wordSize == 8
    var values: [String: UInt64] = [
      is64 ? "rip" : "eip": place.programCounter, is64 ? "rsp" : "esp": place.stackPointer,
      "cs": is64 ? 0x33 : 0x23, "ss": 0x2b, is64 ? "orig_rax" : "orig_eax": ~0,
    ]
    if case .inside(let number, let arguments, _, _) = call {
      values[is64 ? "orig_rax" : "orig_eax"] = UInt64(bitPattern: number)
      let names =
        is64 ? ["rdi", "rsi", "rdx", "r10", "r8", "r9"] : ["ebx", "ecx", "edx", "esi", "edi", "ebp"]
      for (name, value) in zip(names, arguments) { values[name] = value }
    }
    for register in architecture.registers {
      if let value = values[register.name] { bytes.store(value, size: register.size, at: register.offset) }
    }
    return bytes
  }

  /// NT_PRPSINFO. `pr_psargs` is the name, or the arguments where these may be kept.
  func info(arguments: [UInt8]?) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: layout.infoSize)
    let main = process.mainThread
    let state = main?.stat?.state.flatMap { "RSDTZW".firstIndex(of: $0) }
      .map { "RSDTZW".distance(from: "RSDTZW".startIndex, to: $0) }
    bytes.store(UInt64(state ?? 0), size: 1, at: layout.infoState)
    bytes.store(UInt64(main?.stat?.state?.asciiValue ?? 0), size: 1, at: layout.infoState + 1)
    let userSize = architecture.wordSize == 8 ? 4 : 2
    bytes.store(UInt64(bitPattern: Int64(main?.status?.userID ?? 0)), size: userSize, at: layout.infoUserID)
    bytes.store(UInt64(bitPattern: Int64(process.id)), size: 4, at: layout.infoProcessID)
    bytes.store(UInt64(bitPattern: Int64(main?.stat?.parentID ?? 0)), size: 4, at: layout.infoProcessID + 4)
    let name = main?.name ?? main?.stat?.command ?? []
    for (index, byte) in name.prefix(15).enumerated() { bytes[layout.infoName + index] = byte }
    var text = arguments ?? name
    if arguments != nil {
      while text.last == 0 { text.removeLast() }
      text = text.map { $0 == 0 ? 0x20 : $0 }
    }
    for (index, byte) in text.prefix(79).enumerated() { bytes[layout.infoArguments + index] = byte }
    return bytes
  }

  /// NT_FILE.
  func files() -> [UInt8] {
    let word = architecture.wordSize
    let mappings = process.maps?.files ?? []
    let page: UInt64 = 4096
    var bytes: [UInt8] = []
    bytes.append(UInt64(mappings.count), size: word)
    bytes.append(page, size: word)
    for mapping in mappings {
      bytes.append(mapping.range.lowerBound, size: word)
      bytes.append(mapping.range.upperBound, size: word)
      bytes.append(mapping.fileOffset / page, size: word)
    }
    for mapping in mappings { bytes += Array(mapping.path.utf8.filter { $0 != 0 }) + [0] }
    return bytes
  }
}
