package import CoreFiles
internal import ProcessModel

/// The io_urings of a core, in address order, and what was in flight in each.
package func rings(core: CoreFile) -> [Ring] {
  rings(ThreadImage(core: core))
}

package func rings(_ image: ThreadImage) -> [Ring] {
  RingReader(image).read()
}

/// Finds rings by NT_FILE's file offsets (IORING_OFF_SQ_RING 0, CQ_RING 0x8000000, SQES 0x10000000), and those
/// in the application's own memory by the parameters of SQPOLL threads.
///
/// A ring in own memory without SQPOLL leaves no trace in any register or note: it is not found.
struct RingReader {
  let image: ThreadImage

  /// Rings and entries beyond these are not read; a remark says so.
  static let maximumRings = 1024
  static let maximumEntries = 1 << 20

  /// How to have the pages next time.
  var advice: String {
    if let kernel = image.kernel, !kernel.dumpsRings {
      return
        "\(kernel) leaves them out of every dump, whatever coredump_filter says; coreview PID shows a running"
        + " process's rings"
    }
    return
      "to have them in the next core: echo 0x3b > /proc/PID/coredump_filter before the crash (bit 3: shared file pages)"
  }

  init(_ image: ThreadImage) { self.image = image }

  static func isRing(_ mapping: FileMapping) -> Bool {
    let name = mapping.path.hasPrefix("/") ? mapping.path.dropFirst() : mapping.path[...]
    return name.hasPrefix("anon_inode:[io_uring]")
  }

  func read() -> [Ring] {
    let mappings = image.mappings.filter(Self.isRing).sorted { $0.range.lowerBound < $1.range.lowerBound }
    var seen: Set<UInt64> = []
    let heads = mappings.filter { $0.fileOffset == 0 && seen.insert($0.range.lowerBound).inserted }
    var entries = Array(mappings.filter { $0.fileOffset == 0x1000_0000 }.prefix(Self.maximumRings))
    let separate = Array(mappings.filter { $0.fileOffset == 0x800_0000 }.prefix(Self.maximumRings))
    var result: [Ring] = []
    var budget = Self.maximumEntries
    let parameters = allParameters()
    for head in heads.prefix(Self.maximumRings) {
      result.append(read(head, parameters, &entries, separate, &budget))
    }
    result += ownRings(parameters, &budget)
    if heads.count > Self.maximumRings, !result.isEmpty {
      result[result.count - 1].remarks.append(
        "\(heads.count - Self.maximumRings) further rings are mapped and were left out")
    }
    return result
  }

  // MARK: Mapped rings

  /// What a SQPOLL thread's parameters say of a mapped ring: only when they can belong to no other.
  private func parameters(_ all: [RingParameters], for counts: Counts) -> RingParameters? {
    let matching = all.filter {
      !$0.usesOwnMemory && $0.submissionEntries == counts.submissions
        && $0.completionEntries == counts.completions
    }
    return matching.count == 1 ? matching[0] : nil
  }

  private func read(
    _ head: FileMapping, _ all: [RingParameters], _ entries: inout [FileMapping], _ separate: [FileMapping],
    _ budget: inout Int
  ) -> Ring {
    var ring = Ring(address: head.range.lowerBound, source: .mapping)
    guard image.memory.isInCore(ring.address, count: 64) else {
      ring.remarks.append("the ring's pages are not in the core; " + advice)
      return ring
    }
    guard let (layout, counts) = counts(at: ring.address) else {
      ring.remarks.append("the ring's pages make no sense: no layout that is known fits")
      return ring
    }
    let parameters = parameters(all, for: counts)
    let length = head.range.upperBound - head.range.lowerBound
    let isWide = parameters?.hasLargeCompletions ?? isWide(layout, counts, length)
    // The nearest array of the right size: libraries map the two one after the other.
    let size = { (width: UInt64) in (UInt64(counts.submissions) * width + 4095) & ~4095 }
    let nearest = entries.indices.filter {
      let bytes = entries[$0].range.upperBound - entries[$0].range.lowerBound
      return bytes == size(64) || bytes == size(128)
    }.min { distance(entries[$0], head) < distance(entries[$1], head) }
    var width: UInt64 = 64
    if let nearest {
      let place = entries.remove(at: nearest)
      ring.entriesAddress = place.range.lowerBound
      if size(64) != size(128), place.range.upperBound - place.range.lowerBound == size(128) { width = 128 }
      if parameters?.hasLargeEntries == true { width = 128 }
    } else {
      ring.remarks.append("the ring's submission entries are not mapped")
    }
    // An application that ignores IORING_FEAT_SINGLE_MMAP maps the same memory twice, as far as it needs it.
    let needed = UInt64(layout.completions) + UInt64(counts.completions) * (isWide ? 32 : 16)
    let other = length < needed ? separate.min { distance($0, head) < distance($1, head) } : nil
    let shape = Shape(
      layout: layout, counts: counts, completionBase: (other ?? head).range.lowerBound, entryBytes: width,
      completionBytes: isWide ? 32 : 16,
      hasIndexArray: parameters?.hasIndexArray)
    fill(&ring, shape, &budget)
    return ring
  }

  private func distance(_ left: FileMapping, _ right: FileMapping) -> UInt64 {
    let (a, b) = (left.range.lowerBound, right.range.lowerBound)
    return a < b ? b - a : a - b
  }

  /// Whether the mapping has just the size that 32-byte completions (IORING_SETUP_CQE32) need.
  private func isWide(_ layout: RingLayout, _ counts: Counts, _ length: UInt64) -> Bool {
    let size = { (bytes: UInt64) in
      (UInt64(layout.completions) + UInt64(counts.completions) * bytes + UInt64(counts.submissions) * 4 + 4095)
        & ~4095
    }
    return size(16) < size(32) && length >= size(32)
  }

  // MARK: Rings in the application's own memory

  private func ownRings(_ all: [RingParameters], _ budget: inout Int) -> [Ring] {
    var seen: Set<UInt64> = []
    var result: [Ring] = []
    for parameters in all.prefix(Self.maximumRings)
    where parameters.usesOwnMemory && seen.insert(parameters.ownRings).inserted {
      var ring = Ring(address: parameters.ownRings, source: .parameters)
      ring.entriesAddress = parameters.ownEntries
      guard let (layout, counts) = counts(at: parameters.ownRings),
        counts.submissions == parameters.submissionEntries
      else {
        ring.remarks.append("the ring's memory is not in the core or has been used for something else")
        result.append(ring)
        continue
      }
      let shape = Shape(
        layout: layout, counts: counts, completionBase: ring.address,
        entryBytes: parameters.hasLargeEntries ? 128 : 64,
        completionBytes: parameters.hasLargeCompletions ? 32 : 16, hasIndexArray: parameters.hasIndexArray)
      fill(&ring, shape, &budget)
      result.append(ring)
    }
    return result
  }

  /// Every intact `io_uring_params` that a thread without a user stack inherited.
  private func allParameters() -> [RingParameters] {
    let architecture = image.architecture
    let marks = WorkerMarks.of(architecture)
    guard marks.form == .inherited else { return [] }
    var seen: Set<UInt64> = []
    return image.threads.compactMap { thread in
      guard thread.isAtZero(architecture),
        let number = marks.systemCall.flatMap({ thread.register(named: $0, of: architecture) }),
        UInt32(truncatingIfNeeded: number) & ~0x4000_0000 == 425,
        let address = thread.register(named: marks.arguments[1], of: architecture),
        seen.insert(address).inserted
      else { return nil }
      return RingParameters.read(at: address, memory: image.memory)
    }
  }
}
