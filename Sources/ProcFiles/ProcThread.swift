internal import Bytes

/// What /proc says of one thread. Whatever file was not there leaves its member `nil`.
package struct ProcThread: Sendable, Equatable {
  package var id: Int32
  /// Its name, as it gave it to itself: any bytes, at most 15 of them (a kernel thread's may be longer).
  package var name: [UInt8]?
  package var stat: ProcStat?
  package var status: ProcStatus?
  package var systemCall: ProcSystemCall?
  /// The kernel's function in which it sleeps; `nil` where it runs, or where that is not told.
  package var waitChannel: String?
  /// The kernel's functions, innermost first: `pipe_read`, without offsets. Root only.
  package var kernelStack: [String]?
  /// The file that was there and could not be read or understood, and why.
  package var damage: [String] = []

  private static let longestName = 64
  private static let deepestStack = 128

  package init(id: Int32) {
    self.id = id
  }

  /// Reads a thread's files; those of a process that has no `task` folder are its main thread's.
  package init(id: Int32, in tree: ProcTree, folder: String, isWhole: Bool = true) {
    self.init(id: id)
    var failures: [String] = []
    func file(_ name: String) -> [UInt8]? {
      switch tree.read(folder + name) {
      case .success(let bytes): return bytes
      // Who may not read `stack` or `syscall` is told once for the process, not for each thread.
      case .failure(.missing), .failure(.denied): return nil
      case .failure(.failed(let why)):
        failures.append(why)
        return nil
      }
    }
    defer { damage += failures }
    if let bytes = file("stat"), !bytes.isEmpty {
      stat = ProcStat(bytes)
      if stat == nil { damage.append("\(folder)stat: makes no sense") }
      if let stat, stat.id != id {
        damage.append("\(folder)stat: is of thread \(stat.id)")
        self.stat = nil
      }
    }
    if let bytes = file("comm"), !bytes.isEmpty {
      name = Array((bytes.last == 0x0a ? bytes.dropLast() : bytes[...]).prefix(Self.longestName))
    } else if let stat {
      name = Array(stat.command.prefix(Self.longestName))
    }
    guard isWhole else { return }
    if let bytes = file("status") {
      let parsed = ProcStatus(bytes)
      status = parsed.isEmpty ? nil : parsed
    }
    // Where the thread is.
    if let bytes = file("syscall"), !bytes.isEmpty {
      systemCall = ProcSystemCall(bytes)
      if systemCall == nil { damage.append("syscall of thread \(id): makes no sense") }
    }
    if let bytes = file("wchan") {
      let channel = TextLines.string(bytes.prefix(256).prefix { $0 != 0x0a && $0 != 0 })
      waitChannel = channel.isEmpty || channel == "0" ? nil : channel
    }
    if let bytes = file("stack") {
      kernelStack = TextLines.lines(Array(bytes.prefix(16384))).prefix(Self.deepestStack).compactMap(
        Self.function)
    }
  }

  /// `[<0>] pipe_wait_readable+0xf1/0x120`, or with an address where kptr_restrict allows it.
  private static func function(_ line: ArraySlice<UInt8>) -> String? {
    guard let close = line.firstIndex(of: 0x5d) else { return nil }
    let name = TextLines.trimmed(line[(close + 1)...]).prefix { $0 != 0x2b && $0 != 0x20 }
    return name.isEmpty ? nil : TextLines.string(name)
  }

  /// The name as text, control characters and all.
  package var nameText: String? { name.map { TextLines.string($0) } }

  /// Its number in the innermost PID namespace.
  package var innerID: Int32? { status?.namespaceIDs.last }
}
