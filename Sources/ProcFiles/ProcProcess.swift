internal import Bytes

/// What /proc says of a process and its threads.
package struct ProcProcess: Sendable {
  package var id: Int32
  /// Ascending; the first is the main thread, unless its files are missing.
  package var threads: [ProcThread]
  /// Threads that ended while they were looked at.
  package var endedThreads: [Int32] = []
  package var maps: ProcMaps?
  package var auxiliaryVectorBytes: [UInt8]?
  /// Where `exe` points to, as the kernel spells it: ` (deleted)` behind a file that is gone.
  package var executable: String?
  /// Whether it lives in the initial PID namespace, whose numbers `iou-wrk-N` carries; `nil` where unknown.
  package var isInInitialNamespace: Bool?
  package var rings: [ProcRing]
  /// What each descriptor is: a path, `pipe:[…]`, `anon_inode:[io_uring]`.
  package var descriptors: [Int32: String]
  package var commandLine: [UInt8]?
  /// What could not be had and why: a sentence each.
  package var gaps: [String]

  /// More descriptors than this are not looked at.
  package static let mostDescriptors = 16384
  private static let mostThreads = 1 << 20
  private static let mostGaps = 16

  /// Reads a tree; `nil` where nothing in it says which process it is.
  ///
  /// Of a process that runs, a thread of which there is no file any more has ended, and is left out.
  package init?(_ tree: ProcTree, detail: ProcDetail = .whole, isRunning: Bool = false) {
    var ids = tree.threadNumbers()
    guard let id = Self.number(of: tree, threads: ids) else { return nil }
    self.id = id
    gaps = []
    if ids.count > Self.mostThreads {
      gaps.append("\(tree.name): \(ids.count - Self.mostThreads) threads are left out")
      ids.removeLast(ids.count - Self.mostThreads)
    }
    let hasTasks = !ids.isEmpty
    if !hasTasks {
      ids = [id]
      gaps.append("\(tree.name): has no task folder: only the main thread is shown")
    }
    // The main thread's tells whether all of them have numbers in another namespace.
    var detail = detail
    if detail == .names, let status = tree.bytes("status"), ProcStatus(status).namespaceIDs.count > 1 {
      detail = .numbers
    }
    threads = []
    threads.reserveCapacity(ids.count)
    for id in ids {
      let thread = ProcThread(
        id: id, in: tree, folder: hasTasks ? Self.folder(of: id) : "",
        detail: id == self.id ? .whole : detail)
      if isRunning, thread.stat == nil, thread.name == nil, thread.status == nil {
        endedThreads.append(id)
      } else {
        threads.append(thread)
      }
    }
    maps = tree.bytes("maps").flatMap { $0.isEmpty ? nil : ProcMaps($0) }
    auxiliaryVectorBytes = tree.bytes("auxv").flatMap { $0.isEmpty ? nil : $0 }
    executable = tree.link("exe")
    // PROC_PID_INIT_INO of the kernel.
    isInInitialNamespace = tree.link("ns/pid").map { $0 == "pid:[4026531836]" }
    commandLine = tree.bytes("cmdline")
    descriptors = [:]
    rings = []
    readDescriptors(tree)
    complain(tree)
  }

  private static func folder(of thread: Int32) -> String { "task/\(thread)/" }

  /// Adds threads that were made after the list was read; those that have ended again are left out. Returns what is new.
  @discardableResult
  package mutating func add(_ ids: [Int32], from tree: ProcTree, detail: ProcDetail) -> [ProcThread] {
    var made: [ProcThread] = []
    for id in ids {
      let thread = ProcThread(id: id, in: tree, folder: Self.folder(of: id), detail: detail)
      if thread.stat == nil, thread.name == nil, thread.status == nil {
        endedThreads.append(id)
      } else {
        made.append(thread)
      }
    }
    guard !made.isEmpty else { return [] }
    threads = (threads + made).sorted { $0.id < $1.id }
    return made
  }

  /// Reads of some threads, by their places in `threads`, what `ProcDetail.names` left out, as it is now.
  package mutating func complete(_ indices: some Sequence<Int>, from tree: ProcTree) {
    for index in indices where threads[index].status == nil || threads[index].systemCall == nil {
      threads[index].complete(from: tree, folder: Self.folder(of: threads[index].id))
    }
  }

  private mutating func readDescriptors(_ tree: ProcTree) {
    let names = tree.names(in: "fd", limit: Self.mostDescriptors).compactMap { Int32($0) }
    for number in names { descriptors[number] = tree.link("fd/\(number)") ?? "" }
    // A copy may have fdinfo without fd, and the text says itself of what it is.
    let candidates =
      names.isEmpty
      ? tree.names(in: "fdinfo", limit: Self.mostDescriptors).compactMap { Int32($0) }
      : names.filter { descriptors[$0]?.hasPrefix("anon_inode:[io_uring]") == true || descriptors[$0] == "" }
    for number in candidates.sorted() {
      if let ring = tree.bytes("fdinfo/\(number)").flatMap({ ProcRing(descriptor: number, $0) }) {
        rings.append(ring)
      }
    }
  }

  private mutating func complain(_ tree: ProcTree) {
    let damage = threads.flatMap(\.damage)
    gaps += damage.prefix(Self.mostGaps).map { "\(tree.name): \($0)" }
    if damage.count > Self.mostGaps {
      gaps.append("\(tree.name): \(damage.count - Self.mostGaps) more files make no sense")
    }
    let nameless = threads.count { $0.stat == nil }
    if nameless > 0 {
      gaps.append(
        "\(tree.name): stat is missing of \(nameless) \(nameless == 1 ? "thread" : "threads"): what they are is not certain"
      )
    }
    if let maps, maps.damagedLines > 0 {
      gaps.append("\(tree.name)/maps: \(maps.damagedLines) lines make no sense")
    }
    for name in ["maps", "auxv"] {
      switch tree.read(name) {
      case .success, .failure(.missing): break
      case .failure(.denied): gaps.append("\(tree.name)/\(name): permission denied")
      case .failure(.failed(let why)): gaps.append(why)
      }
    }
  }

  /// The process's number: by its own status or stat, by the name of the folder, by its lowest thread. The folder may be
  /// that of a thread, whose stat has its own number.
  private static func number(of tree: ProcTree, threads: [Int32]) -> Int32? {
    if let id = tree.bytes("status").flatMap({ ProcStatus($0).groupID ?? ProcStatus($0).processID }) {
      return id
    }
    if let stat = tree.bytes("stat").flatMap({ ProcStat($0) }) { return stat.id }
    let last = tree.name.split(separator: "/").last.flatMap { Int32($0) }
    if let last, last > 0, !threads.isEmpty || tree.bytes("comm") != nil { return last }
    return threads.first
  }

  package var mainThread: ProcThread? { threads.first { $0.id == id } }

  /// The executable's path, without what the kernel adds for one that is gone.
  package var executablePath: String? {
    executable.map { $0.hasSuffix(" (deleted)") ? String($0.dropLast(10)) : $0 }
  }
  package var isExecutableDeleted: Bool { executable?.hasSuffix(" (deleted)") == true }

  /// Clock ticks since boot at which it started.
  package var startTime: UInt64? { mainThread?.stat?.startTime }
}
