internal import Bytes

/// How much is read of each thread.
package enum ProcDetail: Sendable {
  /// `stat`, and of a thread that must not or cannot be stopped everything: what else there is, its registers tell.
  case names
  /// `status` too: the numbers of a thread in other PID namespaces.
  case numbers
  /// All files.
  case whole
}

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
  package init(id: Int32, in tree: ProcTree, folder: String, detail: ProcDetail) {
    self.init(id: id)
    if let bytes = file("stat", tree, folder), !bytes.isEmpty {
      stat = ProcStat(bytes)
      if stat == nil { damage.append("\(folder)stat: makes no sense") }
      if let stat, stat.id != id {
        damage.append("\(folder)stat: is of thread \(stat.id)")
        self.stat = nil
      }
    }
    // A line end or a backslash in the name is written as an escape in `stat`, and in `comm` as it is. Other names are the
    // same in both, so that one file is enough.
    if detail != .whole, let command = stat?.command, !command.isEmpty, !command.contains(0x5c) {
      name = Array(command.prefix(Self.longestName))
    } else if let bytes = file("comm", tree, folder), !bytes.isEmpty {
      name = Array((bytes.last == 0x0a ? bytes.dropLast() : bytes[...]).prefix(Self.longestName))
    } else if let stat {
      name = Array(stat.command.prefix(Self.longestName))
    }
    if detail == .whole || hasMoreToTell {
      complete(from: tree, folder: folder)
    } else if detail == .numbers {
      readStatus(tree, folder)
    }
  }

  /// Whether /proc is the only one to ask: a thread that must not or cannot be stopped, or that is not known.
  private var hasMoreToTell: Bool {
    guard let stat, let state = stat.state else { return true }
    return stat.isKernelWorker || state == "D" || state == "Z" || state == "X"
  }

  /// Reads what `ProcDetail.names` left out: where the thread is.
  package mutating func complete(from tree: ProcTree, folder: String) {
    readStatus(tree, folder)
    if let bytes = file("syscall", tree, folder), !bytes.isEmpty {
      systemCall = ProcSystemCall(bytes)
      if systemCall == nil { damage.append("syscall of thread \(id): makes no sense") }
    }
    if let bytes = file("wchan", tree, folder) {
      let channel = TextLines.string(bytes.prefix(256).prefix { $0 != 0x0a && $0 != 0 })
      waitChannel = channel.isEmpty || channel == "0" ? nil : channel
    }
    if let bytes = file("stack", tree, folder) {
      kernelStack = TextLines.lines(Array(bytes.prefix(16384))).prefix(Self.deepestStack).compactMap(
        Self.function)
    }
  }

  private mutating func readStatus(_ tree: ProcTree, _ folder: String) {
    guard let bytes = file("status", tree, folder) else { return }
    let parsed = ProcStatus(bytes)
    status = parsed.isEmpty ? nil : parsed
  }

  private mutating func file(_ name: String, _ tree: ProcTree, _ folder: String) -> [UInt8]? {
    switch tree.read(folder + name) {
    case .success(let bytes): return bytes
    // Who may not read `stack` or `syscall` is told once for the process, not for each thread.
    case .failure(.missing), .failure(.denied): return nil
    case .failure(.failed(let why)):
      damage.append(why)
      return nil
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
