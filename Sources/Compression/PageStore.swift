internal import Bytes
internal import Glibc

/// Pages of a stream that are kept, by number, as far as there is room, the least wanted given up first.
///
/// Of a page its lines of 64 bytes are kept that are not zero: the used part of a stack and the description of a thread, of
/// which a core of many threads has thousands, are a quarter of their pages or less.
@safe final class PageStore {
  static let pageSize = 4096
  /// Ranks from 0, the most wanted.
  static let rankCount = 4

  /// A page that is kept. Its lines are a list, in the order of the page.
  private struct Entry {
    var page: UInt64
    /// Which lines are there; the others are zero.
    var mask: UInt64
    /// The first line's place; without meaning where there is none.
    var first: Int32
    var rank: UInt8

    /// In lines. What is noted of a page counts as one, so that pages with little in them are bounded too.
    var cost: Int { mask.nonzeroBitCount + 1 }
  }

  private let memory: UnsafeMutableRawPointer
  private let reserved: Int
  /// In lines, as is what is used.
  private var capacity: Int
  private var used = 0
  private var entries: [Entry] = []
  private var spareEntries: [Int32] = []
  private var slots: [UInt64: Int32] = [:]
  /// Of each line that was ever used the next one of its page, or the next that is free.
  private var next: [Int32] = []
  private var firstFree: Int32 = -1
  /// Entries of each rank in the order in which they came; what has become untrue is passed over.
  private var queues = [[Int32]](repeating: [], count: rankCount)
  private var heads = [Int](repeating: 0, count: rankCount)
  /// Runs of zero pages, in order.
  private var zeros: [Range<UInt64>] = []

  private static let lineSize = 64
  private static let linesPerPage = pageSize / lineSize
  /// Beyond this many, runs are not noted any more: their pages are then had as any others.
  private static let maximumRuns = 1 << 16

  /// `capacity` in bytes; memory is taken as pages come.
  init?(capacity: Int) {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    reserved = max(1, capacity / Self.lineSize)
    let memory = unsafe mmap(nil, reserved * Self.lineSize, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return nil }
    unsafe self.memory = memory
    self.capacity = reserved
  }

  deinit { unsafe munmap(memory, reserved * Self.lineSize) }

  /// Takes no more than this many bytes from now on; what is held stays.
  func limit(to bytes: Int) { capacity = min(reserved, max(bytes / Self.lineSize, used)) }

  func holds(_ page: UInt64) -> Bool { slots[page] != nil || isZero(page) }

  func isZero(_ page: UInt64) -> Bool {
    let low = zeros.leadingCount { $0.lowerBound <= page }
    return low > 0 && zeros[low - 1].contains(page)
  }

  /// Notes a page of zeros; only what comes after all that is noted already counts.
  func noteZero(_ page: UInt64) {
    if let last = zeros.last, last.upperBound == page {
      zeros[zeros.count - 1] = last.lowerBound..<page + 1
    } else if zeros.count < Self.maximumRuns, zeros.last.map({ $0.upperBound < page }) ?? true {
      zeros.append(page..<page + 1)
    }
  }

  /// Keeps a page if there is room for its rank. `isNew` where it is known not to be there.
  func keep(_ page: UInt64, rank: UInt8, _ bytes: UnsafeRawBufferPointer, isNew: Bool) {
    if !isNew, let slot = slots[page] {
      if rank < entries[Int(slot)].rank { enqueue(slot, rank) }
      return
    }
    // What comes when the least wanted have filled everything is not even looked at.
    if Int(rank) == Self.rankCount - 1, used + Self.linesPerPage >= capacity { return }
    let mask = unsafe Self.mask(of: bytes)
    var entry = Entry(page: page, mask: mask, first: -1, rank: rank)
    while used + entry.cost > capacity { if !makeRoom(for: rank) { return } }
    used += entry.cost
    entry.first = unsafe store(mask, bytes)
    let slot: Int32
    if let spare = spareEntries.popLast() {
      slot = spare
      entries[Int(slot)] = entry
    } else {
      slot = Int32(entries.count)
      entries.append(entry)
    }
    slots[page] = slot
    enqueue(slot, rank)
  }

  /// The rank of a page that is kept and not zero.
  func rank(of page: UInt64) -> UInt8? { slots[page].map { entries[Int($0)].rank } }

  /// Raises a page that is kept to a rank.
  func promote(_ page: UInt64, to rank: UInt8) {
    if let slot = slots[page], rank < entries[Int(slot)].rank { enqueue(slot, rank) }
  }

  /// Ranks what is kept anew.
  func rerank(_ rank: (UInt64) -> UInt8) {
    queues = [[Int32]](repeating: [], count: Self.rankCount)
    heads = [Int](repeating: 0, count: Self.rankCount)
    for slot in entries.indices where entries[slot].rank < Self.rankCount {
      enqueue(Int32(slot), rank(entries[slot].page))
    }
  }

  /// Copies a part of a page that is held.
  func copy(_ page: UInt64, _ part: Range<Int>, to target: UnsafeMutableRawPointer) {
    unsafe memset(target, 0, part.count)
    guard let slot = slots[page] else { return }
    let entry = entries[Int(slot)]
    var place = entry.first
    var rest = entry.mask
    while rest != 0 {
      let start = rest.trailingZeroBitCount * Self.lineSize
      rest &= rest &- 1
      if start >= part.upperBound { return }
      if start + Self.lineSize > part.lowerBound {
        let shared = max(start, part.lowerBound)..<min(start + Self.lineSize, part.upperBound)
        unsafe memcpy(
          target + shared.lowerBound - part.lowerBound,
          memory + Int(place) * Self.lineSize + shared.lowerBound - start, shared.count)
      }
      place = next[Int(place)]
    }
  }

  private func enqueue(_ slot: Int32, _ rank: UInt8) {
    entries[Int(slot)].rank = rank
    queues[Int(rank)].append(slot)
  }
}

// MARK: Lines

extension PageStore {
  /// A bit for each line of a page that is not zero.
  private static func mask(of bytes: UnsafeRawBufferPointer) -> UInt64 {
    guard bytes.count == pageSize, let base = bytes.baseAddress else { return 0 }
    var mask: UInt64 = 0
    for line in 0..<linesPerPage {
      let words = unsafe (base + line * lineSize).loadUnaligned(as: SIMD8<UInt64>.self)
      let half = words.lowHalf | words.highHalf
      let quarter = half.lowHalf | half.highHalf
      if quarter.x | quarter.y != 0 { mask |= 1 << UInt64(line) }
    }
    return mask
  }

  /// Copies the lines of a mask into free places; gives the first.
  private func store(_ mask: UInt64, _ bytes: UnsafeRawBufferPointer) -> Int32 {
    var first: Int32 = -1
    var last: Int32 = -1
    var rest = mask
    while rest != 0, let base = bytes.baseAddress {
      let line = rest.trailingZeroBitCount
      rest &= rest &- 1
      let place: Int32
      if firstFree >= 0 {
        place = firstFree
        firstFree = next[Int(place)]
        next[Int(place)] = -1
      } else {
        place = Int32(next.count)
        next.append(-1)
      }
      unsafe memcpy(memory + Int(place) * Self.lineSize, base + line * Self.lineSize, Self.lineSize)
      if last >= 0 { next[Int(last)] = place } else { first = place }
      last = place
    }
    return first
  }

  /// Gives up the page that is wanted least; `false` where none is wanted less than `rank`. At the same rank the oldest goes,
  /// but for the last rank.
  private func makeRoom(for rank: UInt8) -> Bool {
    let least = Self.rankCount - 1
    var victim = least
    while victim >= Int(rank), Int(rank) < least {
      while heads[victim] < queues[victim].count {
        let slot = queues[victim][heads[victim]]
        heads[victim] += 1
        if heads[victim] > 4096 {
          queues[victim].removeFirst(heads[victim])
          heads[victim] = 0
        }
        if entries[Int(slot)].rank == UInt8(victim) {
          release(slot)
          return true
        }
      }
      victim -= 1
    }
    return false
  }

  private func release(_ slot: Int32) {
    let entry = entries[Int(slot)]
    slots[entry.page] = nil
    used -= entry.cost
    // A rank that no queue has: what is still said of this entry is untrue.
    entries[Int(slot)].rank = UInt8(Self.rankCount)
    spareEntries.append(slot)
    var place = entry.first
    for _ in 0..<entry.mask.nonzeroBitCount {
      let following = next[Int(place)]
      next[Int(place)] = firstFree
      firstFree = place
      place = following
    }
  }
}
