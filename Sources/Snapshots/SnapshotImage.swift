internal import Bytes
package import LiveProcesses
package import ProcFiles
internal import ProcessModel
internal import CoreFiles

/// What a snapshot may hold of what only its owner should know.
package struct SnapshotContents: Sendable {
  package var hasArguments = false
  package var hasEnvironment = false
  /// The files of /proc: an image that is not kept has no need of them.
  package var hasAllFiles = true

  package init() {}
}

/// A process as a small ELF core with notes of our own: docs/snapshot-format.md.
package struct SnapshotImage {
  package static let version = 1

  private let capture: Capture
  private let tree: ProcTree
  private let contents: SnapshotContents

  /// Files of the tree that every snapshot has, besides those of its threads and descriptors.
  private static let processFiles = [
    "status", "stat", "comm", "maps", "auxv", "limits", "cgroup", "coredump_filter", "personality", "wchan",
    "oom_score",
  ]
  /// Descriptors whose fdinfo is kept.
  private static let mostDescriptors = 2048

  package init(_ capture: Capture, tree: ProcTree, contents: SnapshotContents) {
    self.capture = capture
    self.tree = tree
    self.contents = contents
  }

  /// The file, in pieces. `extra` is memory that was read later: of what overlaps, the first copy stays.
  package func pieces(extra: [CapturedRange] = [], generator: String) -> [ArraySlice<UInt8>] {
    var writer = ElfCoreWriter(capture.architecture)
    let notes = CoreNoteBytes(architecture: capture.architecture, process: capture.process)
    // The main thread first, as in a core of the kernel's; without it, the lowest.
    var order = Array(capture.threads.indices)
    if let main = capture.threads.firstIndex(where: { $0.id == capture.process.id }) {
      order.remove(at: main)
      order.insert(main, at: 0)
    }
    for (position, index) in order.enumerated() {
      let thread = capture.threads[index]
      let facts = capture.process.threads.indices.contains(index) ? capture.process.threads[index] : nil
      writer.note("CORE", 1, notes.status(thread, facts))
      if position == 0 {
        writer.note(
          "CORE", 3, notes.info(arguments: contents.hasArguments ? capture.process.commandLine : nil))
        if let auxv = capture.process.auxiliaryVectorBytes { writer.note("CORE", 6, auxv) }
        writer.note("CORE", 0x4649_4c45, notes.files())
      }
      if !thread.floatingPoint.isEmpty { writer.note("CORE", 2, thread.floatingPoint) }
      if !thread.vectorState.isEmpty { writer.note("LINUX", 0x202, thread.vectorState) }
      if !thread.threadAreas.isEmpty { writer.note("LINUX", 0x200, thread.threadAreas) }
      writer.note("COREVIEW", OwnNote.thread, Self.lines(thread))
    }
    writer.note("COREVIEW", OwnNote.header, header(generator))
    for gap in capture.gaps { writer.note("COREVIEW", OwnNote.remark, Array(("!" + gap).utf8)) }
    for remark in capture.remarks { writer.note("COREVIEW", OwnNote.remark, Array(("-" + remark).utf8)) }
    addFiles(&writer)
    for segment in segments(extra).prefix(ElfCoreWriter.mostSegments) { writer.segment(segment) }
    return writer.file()
  }

  private func header(_ generator: String) -> [UInt8] {
    Array(
      """
      version \(Self.version)
      generator \(generator)
      mode \(capture.mode.rawValue)
      pid \(capture.process.id)
      window_ns \(capture.window)
      longest_hold_ns \(capture.longestHold)

      """.utf8)
  }

  private static func lines(_ thread: CapturedThread) -> [UInt8] {
    let (word, source): (String, RegisterSource) =
      switch thread.outcome {
      case .stopped: ("stopped", .stopped)
      case .blocked: ("blocked", .blocked)
      case .worker: ("worker", .worker)
      case .exited: ("exited", .absent)
      case .traced(let tracer): ("traced by \(tracer)", .absent)
      case .refused(let code): ("refused \(code)", .absent)
      case .unstopped(let state): ("unstopped \(state.map { String($0) } ?? "")", .absent)
      case .running: ("running", .absent)
      }
    return Array("registers \(source.rawValue)\noutcome \(word)\nheld_ns \(thread.held)\n".utf8)
  }

  // MARK: Files

  private func addFiles(_ writer: inout ElfCoreWriter) {
    guard contents.hasAllFiles else { return }
    for name in Self.processFiles { _ = tree.read(name) }
    if contents.hasEnvironment { _ = tree.read("environ") }
    _ = tree.link("ns/pid")
    for number in capture.process.descriptors.keys.sorted().prefix(Self.mostDescriptors) {
      _ = tree.read("fdinfo/\(number)")
    }
    for (path, content) in tree.files.sorted(by: { $0.key < $1.key }) {
      guard case .success(let bytes) = content, !isWithheld(path) else { continue }
      writer.note("COREVIEW", OwnNote.file, Array(path.utf8) + [0] + bytes)
    }
    for (path, target) in tree.links.sorted(by: { $0.key < $1.key }) {
      guard let target else { continue }
      writer.note("COREVIEW", OwnNote.link, Array(path.utf8) + [0] + Array(target.utf8))
    }
  }

  private func isWithheld(_ path: String) -> Bool {
    switch path {
    case "cmdline": !contents.hasArguments
    case "environ": !contents.hasEnvironment
    case "smaps": true
    default: false
    }
  }

  // MARK: Memory

  private func segments(_ extra: [CapturedRange]) -> [ElfCoreWriter.Segment] {
    var result: [ElfCoreWriter.Segment] = []
    for piece in Self.joined(capture.memory, extra) {
      let mapping = capture.process.maps?.mapping(containing: piece.start)
      var flags: UInt32 = 4
      if mapping?.isWritable ?? true { flags |= 2 }
      if mapping?.isExecutable == true { flags |= 1 }
      result.append(
        ElfCoreWriter.Segment(
          start: piece.start, bytes: redacted(piece), size: UInt64(piece.bytes.count), flags: flags))
    }
    // Code is left to its files, and announced as in a core of the kernel's.
    let copied = result
    for mapping in capture.process.maps?.mappings ?? [] {
      guard mapping.isExecutable, mapping.isFile else { continue }
      let next = copied.leadingCount { $0.start < mapping.range.lowerBound }
      guard next == copied.count || copied[next].start >= mapping.range.upperBound else { continue }
      result.append(
        ElfCoreWriter.Segment(
          start: mapping.range.lowerBound, bytes: [][...],
          size: mapping.range.upperBound - mapping.range.lowerBound, flags: 5))
    }
    result.sort { $0.start < $1.start }
    return result
  }

  /// Without the strings of the arguments and of the environment, which lie at the top of the main stack.
  private func redacted(_ piece: CapturedRange) -> ArraySlice<UInt8> {
    let stat = capture.process.mainThread?.stat
    var hidden: [Range<UInt64>] = []
    if !contents.hasArguments, let range = stat?.arguments { hidden.append(range) }
    if !contents.hasEnvironment, let range = stat?.environment { hidden.append(range) }
    hidden = hidden.filter { $0.lowerBound < piece.end && $0.upperBound > piece.start }
    if hidden.isEmpty { return piece.bytes }
    // A copy: the array is that of other pieces too.
    var bytes = Array(piece.bytes)
    for range in hidden {
      let low = max(range.lowerBound, piece.start) - piece.start
      let high = min(range.upperBound, piece.end) - piece.start
      for index in Int(low)..<Int(high) { bytes[index] = 0 }
    }
    return bytes[...]
  }

  /// Both, in order; of what is in both, the first's.
  static func joined(_ first: [CapturedRange], _ second: [CapturedRange]) -> [CapturedRange] {
    var result = first
    for piece in second {
      var start = piece.start
      // The first's ranges that overlap, ascending: what lies between them is new.
      var index = lowerBound(first, start)
      while start < piece.end {
        let next = index < first.count ? first[index] : nil
        let end = min(piece.end, max(start, next?.start ?? piece.end))
        if start < end {
          let rest = piece.dropFirst(start - piece.start)
          result.append(CapturedRange(start: start, bytes: rest.bytes.prefix(Int(end - start))))
        }
        guard let next else { break }
        start = max(end, next.end)
        index += 1
      }
    }
    result.sort { $0.start < $1.start }
    // Of pieces of `second` that overlap each other, the earlier stays.
    var kept: [CapturedRange] = []
    for piece in result {
      guard let last = kept.last, piece.start < last.end else {
        kept.append(piece)
        continue
      }
      guard piece.end > last.end else { continue }
      kept.append(piece.dropFirst(last.end - piece.start))
    }
    return kept
  }

  /// The first range that ends above an address.
  private static func lowerBound(_ ranges: [CapturedRange], _ address: UInt64) -> Int {
    ranges.leadingCount { $0.end <= address }
  }
}
