internal import Bytes
internal import ProcessModel

extension RingReader {
  struct Counts: Equatable {
    var submissions: UInt32
    var completions: UInt32
  }

  /// What is needed to walk a ring.
  struct Shape {
    var layout: RingLayout
    var counts: Counts
    /// Where completions are counted from: the ring, or a second mapping of the same memory.
    var completionBase: UInt64
    var entryBytes: UInt64
    var completionBytes: UInt64
    /// Whether submissions go through an array of indices; `nil` when nothing says.
    var hasIndexArray: Bool?
  }

  /// The layout whose masks and sizes agree with each other.
  func counts(at address: UInt64) -> (layout: RingLayout, counts: Counts)? {
    for layout in RingLayout.known {
      let at = address &+ UInt64(layout.counts)
      guard let masks = (number(at), number(at &+ 4)) as? (UInt32, UInt32),
        let sizes = (number(at &+ 8), number(at &+ 12)) as? (UInt32, UInt32),
        RingLayout.areEntriesPlausible(sizes.0, sizes.1), masks.0 == sizes.0 - 1, masks.1 == sizes.1 - 1
      else { continue }
      return (layout, Counts(submissions: sizes.0, completions: sizes.1))
    }
    return nil
  }

  /// Queues, entries and what was in flight.
  func fill(_ ring: inout Ring, _ shape: Shape, _ budget: inout Int) {
    let base = ring.address, layout = shape.layout
    let read = { (offset: UInt32) in number(base &+ UInt64(offset)) ?? 0 }
    let submissions = RingQueue(
      head: read(layout.submissionHead), tail: read(layout.submissionTail), entries: shape.counts.submissions)
    let completions = RingQueue(
      head: read(layout.completionHead), tail: read(layout.completionTail), entries: shape.counts.completions)
    ring.submissions = submissions
    ring.completions = completions
    ring.dropped = read(layout.counts + 16)
    ring.submissionFlags = read(layout.counts + 20)
    ring.overflows = read(layout.counts + 28)
    budget -= Int(shape.counts.submissions + shape.counts.completions)
    guard budget >= 0 else {
      ring.remarks.append("entries were not read: more than \(Self.maximumEntries) in all rings")
      return
    }
    readUnsubmitted(&ring, submissions, shape)
    readUnreaped(&ring, completions, shape)
    ring.inFlight = inFlight(ring, submissions, shape)
    if ring.inFlight.isEmpty == false, image.writer == .debugger {
      ring.remarks.append(
        "requests were aborted by the debugger that wrote this core: attaching wakes workers")
    }
  }

  private func readUnsubmitted(_ ring: inout Ring, _ queue: RingQueue, _ shape: Shape) {
    guard let pending = queue.pending else {
      ring.remarks.append(
        "submission head \(queue.head) and tail \(queue.tail) do not fit \(queue.entries) entries")
      return
    }
    guard pending > 0 else { return }
    guard let entries = ring.entriesAddress else { return }
    let indices = indexArray(ring, shape)
    for step in 0..<pending {
      let place = Int((queue.head &+ step) & (queue.entries - 1))
      let slot = indices.map { $0[place] } ?? UInt32(place)
      guard slot < queue.entries, let entry = entry(slot, at: entries, shape) else { continue }
      ring.unsubmitted.append(entry)
    }
    if ring.unsubmitted.count < Int(pending) {
      ring.remarks.append(
        "\(Int(pending) - ring.unsubmitted.count) of \(pending) unsubmitted entries are not in the core; \(advice)"
      )
    }
  }

  /// The indices between ring and entries; `nil` when slots follow each other (IORING_SETUP_NO_SQARRAY).
  ///
  /// Without the flags, an array that is all zeros or holds what is no index counts as none: an array in use
  /// for one slot only leads to slot 0 either way.
  private func indexArray(_ ring: Ring, _ shape: Shape) -> [UInt32]? {
    if shape.hasIndexArray == false { return nil }
    let count = Int(shape.counts.submissions)
    let after = UInt64(shape.layout.completions) + UInt64(shape.counts.completions) * shape.completionBytes
    let address = ring.address &+ ((after + 63) & ~63)
    guard image.memory.isInCore(address, count: count * 4),
      let bytes = try? image.memory.read(at: address, count: count * 4)
    else { return nil }
    let indices = (0..<count).map {
      UInt32(truncatingIfNeeded: bytes.unsigned(at: $0 * 4, size: 4, order: image.memory.byteOrder))
    }
    let isUsed = indices.contains { $0 != 0 } && indices.allSatisfy { $0 < shape.counts.submissions }
    return isUsed || shape.hasIndexArray == true ? indices : nil
  }

  private func readUnreaped(_ ring: inout Ring, _ queue: RingQueue, _ shape: Shape) {
    guard let pending = queue.pending else {
      ring.remarks.append(
        "completion head \(queue.head) and tail \(queue.tail) do not fit \(queue.entries) entries")
      return
    }
    let start = shape.completionBase &+ UInt64(shape.layout.completions)
    for step in 0..<pending {
      let slot = UInt64((queue.head &+ step) & (queue.entries - 1))
      let at = start &+ slot * shape.completionBytes
      guard image.memory.isInCore(at, count: 16),
        let userData = try? image.memory.readUnsigned(at: at, size: 8),
        let result = number(at &+ 8), let flags = number(at &+ 12)
      else { continue }
      ring.unreaped.append(
        CompletionEntry(userData: userData, result: Int32(bitPattern: result), flags: flags))
    }
    if ring.unreaped.count < Int(pending) {
      ring.remarks.append(
        "\(Int(pending) - ring.unreaped.count) of \(pending) unreaped completions are not in the core; \(advice)"
      )
    }
  }

  // MARK: In flight

  /// Completions that the dump's SIGKILL caused, each with the entry it answers.
  ///
  /// −512 (ERESTARTSYS) wherever it stands: no application is given it otherwise. −125 (ECANCELED) and −4
  /// (EINTR) only in the run at the tail, for they are ordinary results too.
  private func inFlight(_ ring: Ring, _ queue: RingQueue, _ shape: Shape) -> [InFlightRequest] {
    let tailRun = ring.unreaped.reversed().prefix { [-512, -125, -4].contains($0.result) }.count
    let firstOfRun = ring.unreaped.count - tailRun
    let aborted = ring.unreaped.indices.filter { $0 >= firstOfRun || ring.unreaped[$0].result == -512 }
    guard !aborted.isEmpty else { return [] }
    let consumed = consumedEntries(ring, queue, shape)
    var byUserData: [UInt64: [SubmissionEntry]] = [:]
    for entry in consumed { byUserData[entry.userData, default: []].append(entry) }
    var answers: [UInt64: [CompletionEntry]] = [:]
    for index in aborted { answers[ring.unreaped[index].userData, default: []].append(ring.unreaped[index]) }
    var given: [UInt64: Int] = [:]
    return aborted.map { index in
      let completion = ring.unreaped[index]
      let matches = byUserData[completion.userData] ?? []
      let equals = answers[completion.userData] ?? []
      let next = given[completion.userData, default: 0]
      given[completion.userData] = next + 1
      let origin: InFlightRequest.Origin
      if matches.isEmpty {
        origin = .overwritten
      } else if matches.count == equals.count, equals.allSatisfy({ $0.result == completion.result }) {
        // All of them ended, all the same way: the pairs cannot be told apart and need not be.
        origin = .entry(matches[next])
      } else {
        origin = matches.count == 1 ? .entry(matches[0]) : .oneOf(matches)
      }
      return InFlightRequest(
        completion: completion, origin: origin, confidence: completion.result == -512 ? .certain : .likely)
    }
  }

  /// The entries that the kernel has taken, as far as their slots still hold them: taken slots keep their last
  /// contents, and slots never used are zeros that look like NOPs.
  private func consumedEntries(_ ring: Ring, _ queue: RingQueue, _ shape: Shape) -> [SubmissionEntry] {
    guard let entries = ring.entriesAddress else { return [] }
    let indices = indexArray(ring, shape)
    // Before the first wrap only slots below head were used; a head that has wrapped at 2^32 is past it.
    let taken = min(queue.head, queue.entries)
    var seen: Set<UInt32> = []
    return (0..<taken).compactMap { step in
      let place = Int((queue.head &- taken &+ step) & (queue.entries - 1))
      let slot = indices.map { $0[place] } ?? UInt32(place)
      guard slot < queue.entries, seen.insert(slot).inserted else { return nil }
      return entry(slot, at: entries, shape)
    }
  }

  /// `struct io_uring_sqe`: opcode, flags, ioprio, fd, off, addr, len, op flags, user_data.
  private func entry(_ slot: UInt32, at entries: UInt64, _ shape: Shape) -> SubmissionEntry? {
    let at = entries &+ UInt64(slot) * shape.entryBytes
    guard image.memory.isInCore(at, count: 64), let bytes = try? image.memory.read(at: at, count: 64) else {
      return nil
    }
    let field = { (offset: Int, size: Int) in
      bytes.unsigned(at: offset, size: size, order: image.memory.byteOrder)
    }
    return SubmissionEntry(
      slot: slot, opcode: bytes[0], flags: bytes[1],
      descriptor: Int32(bitPattern: UInt32(truncatingIfNeeded: field(4, 4))), offset: field(8, 8),
      address: field(16, 8), length: UInt32(truncatingIfNeeded: field(24, 4)), userData: field(32, 8))
  }

  /// A 32-bit number that the core itself holds.
  private func number(_ address: UInt64) -> UInt32? {
    guard image.memory.isInCore(address, count: 4),
      let value = try? image.memory.readUnsigned(at: address, size: 4)
    else { return nil }
    return UInt32(truncatingIfNeeded: value)
  }
}
