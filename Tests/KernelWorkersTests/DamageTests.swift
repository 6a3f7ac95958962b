import Bytes
import CoreFiles
import GDBOracle
import KernelWorkers
import ProcessModel
import Testing

/// Real cores with bytes changed: notes zeroed and cut, rings that lie, and noise.
@Suite(.serialized) struct DamageTests {
  /// Where each NT_PRSTATUS lies in an x86-64 core: (TID, offset of the descriptor).
  static func statuses(_ bytes: [UInt8]) -> [(id: Int32, at: Int)] {
    let number = { (at: Int, size: Int) in Int(bytes.unsigned(at: at, size: size, order: .little)) }
    var found: [(id: Int32, at: Int)] = []
    for index in 0..<number(56, 2) {
      let header = number(32, 8) + index * 56
      guard number(header, 4) == 4 else { continue }
      var at = number(header + 8, 8)
      let end = at + number(header + 32, 8)
      while at + 12 <= end {
        let owner = (number(at, 4) + 3) & ~3, size = (number(at + 4, 4) + 3) & ~3
        if number(at + 8, 4) == 1 { found.append((Int32(number(at + 12 + owner + 32, 4)), at + 12 + owner)) }
        at += 12 + owner + size
      }
    }
    return found
  }

  enum Damage: String, CaseIterable, Sendable {
    /// The whole of NT_PRSTATUS.
    case zeroedNote
    /// The registers only: looks like a worker of 5.12 that lost its TLS pointer.
    case zeroedRegisters
    case zeroedID
    /// The note says that it is shorter than any kernel writes it.
    case shortNote
    /// The file ends in the registers.
    case cutFile
  }

  @Test(arguments: Damage.allCases, ["worker", "suspect"])
  func `a damaged note is never a worker`(_ damage: Damage, _ whose: String) throws {
    let made = try Self.core()
    var bytes = made.bytes
    let all = Self.statuses(bytes)
    let victim = whose == "worker" ? made.worker : made.suspect
    let index = try #require(all.firstIndex { $0.id == victim })
    let at = all[index].at
    switch damage {
    case .zeroedNote: bytes.replaceSubrange(at..<at + 336, with: repeatElement(0, count: 336))
    case .zeroedRegisters: bytes.replaceSubrange(at + 112..<at + 328, with: repeatElement(0, count: 216))
    case .zeroedID: bytes.replaceSubrange(at + 32..<at + 36, with: [0, 0, 0, 0])
    case .shortNote:
      // 216 bytes less, given to a note of their own so that the walk goes on: owner size 0, type 0.
      bytes.replaceSubrange(at - 16..<at - 14, with: [120, 0])
      bytes.replaceSubrange(at + 120..<at + 132, with: [0, 0, 0, 0, 204, 0, 0, 0, 0, 0, 0, 0])
    case .cutFile: bytes.removeSubrange((at + 200)...)
    }
    let path = "\(made.folder)/damaged-\(damage.rawValue)-\(whose)"
    try write(bytes, to: path)
    let core = try CoreFile(path: path)
    let found = KernelWorkers.classify(core: core)
    let thread = try #require(found.dropFirst(index).first)
    #expect(thread.kind == .damaged && thread.provenance == nil, "\(line(thread))")
    for (other, status) in zip(found.indices, all) where other != index {
      let isWorker = status.id == made.worker
      #expect(found[other].kind == (isWorker ? .ioWorker : .userThread), "\(line(found[other]))")
    }
    if damage == .cutFile { #expect(!core.gaps.isEmpty) }
  }

  @Test(arguments: [
    RingQueue(head: .max, tail: 0, entries: 8), RingQueue(head: 0, tail: .max, entries: 8),
    RingQueue(head: 0x8000_0000, tail: 0, entries: 8), RingQueue(head: .max - 1, tail: 5, entries: 8),
    RingQueue(head: 7, tail: 6, entries: 8),
  ])
  func `heads and tails that lie are not followed`(_ queue: RingQueue) throws {
    let made = try Self.core()
    var bytes = made.bytes
    let place = try #require(made.ring)
    for (index, value) in [queue.head, queue.tail, queue.head, queue.tail].enumerated() {
      for byte in 0..<4 {
        bytes[place + index * 4 + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte))
      }
    }
    let path = "\(made.folder)/ring-\(queue.head)-\(queue.tail)"
    try write(bytes, to: path)
    let ring = try #require(rings(core: try CoreFile(path: path)).first)
    #expect(ring.unsubmitted.count <= 8 && ring.unreaped.count <= 16)
    if queue.tail &- queue.head > 16 {
      #expect(ring.unsubmitted.isEmpty && ring.unreaped.isEmpty && ring.remarks.count >= 2)
    }
  }

  /// Seeded noise over headers, notes and rings: whatever comes out, nothing traps and nothing takes long.
  @Test(arguments: 0..<8) func `noise is survived`(_ seed: Int) throws {
    let made = try Self.core()
    var random = Noise(state: UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 &+ 1)
    let notes = try #require(Self.statuses(made.bytes).last).at + 4096
    let start = ContinuousClock.now
    for round in 0..<60 {
      var bytes = made.bytes
      for _ in 0..<Int(random.next() % 40 + 1) {
        let isRing = random.next() % 3 == 0
        let place = isRing ? (made.ring ?? 0) + Int(random.next() % 512) : Int(random.next() % UInt64(notes))
        guard place < bytes.count else { continue }
        bytes[place] = random.next() % 2 == 0 ? 0xff : UInt8(truncatingIfNeeded: random.next())
      }
      if round % 5 == 0 { bytes.removeSubrange(Int(random.next() % UInt64(bytes.count))...) }
      let path = "\(made.folder)/noise-\(seed)"
      try write(bytes, to: path)
      guard let core = try? CoreFile(path: path) else { continue }
      let found = KernelWorkers.classify(core: core)
      #expect(found.count == core.threads.count)
      _ = rings(core: core)
    }
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  /// xorshift64.
  struct Noise {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  // MARK: The core that is damaged

  struct Made {
    var folder: String
    var bytes: [UInt8]
    var worker: Int32
    /// A user thread that blocks all signals, as workers do.
    var suspect: Int32
    /// Where the ring's pages lie in the file.
    var ring: Int?
  }

  private static func core() throws -> Made {
    switch made {
    case .success(let made): return made
    case .failure(let refusal as Situation.Refusal): try Test.cancel("blocks-raw: \(refusal.reason)")
    case .failure(let error): throw error
    }
  }

  private static let made = Result { () throws -> Made in
    let situation = try Situation("blocks-raw", .kernel)
    let found = KernelWorkers.classify(core: situation.core)
    let ring = situation.core.fileMappings.first { $0.path.hasSuffix("[io_uring]") && $0.fileOffset == 0 }
    let segment = ring.flatMap { situation.core.memory.segment(containing: $0.range.lowerBound) }
    return Made(
      folder: situation.folder, bytes: try contents(of: "\(situation.folder)/core"),
      worker: found.first { $0.kind == .ioWorker }?.id ?? 0, suspect: situation.suspect ?? 0,
      ring: segment.map { Int(clamping: $0.fileOffset) })
  }
}
