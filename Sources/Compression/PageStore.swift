internal import Bytes
internal import Glibc

/// Pages of a stream that are kept, by number: at most `capacity` of them, the least wanted given up first.
@safe final class PageStore {
  static let pageSize = 4096
  /// Ranks from 0, the most wanted.
  static let rankCount = 4

  private let memory: UnsafeMutableRawPointer
  private let reserved: Int
  private var capacity: Int
  private var slots: [UInt64: Int32] = [:]
  private var pages: [UInt64] = []
  private var ranks: [UInt8] = []
  private var spare: [Int32] = []
  /// Slots of each rank in the order in which they came; entries that have become untrue are passed over.
  private var queues = [[Int32]](repeating: [], count: rankCount)
  private var heads = [Int](repeating: 0, count: rankCount)
  /// Runs of zero pages, in order.
  private var zeros: [Range<UInt64>] = []

  /// Beyond this many, runs are not noted any more: their pages are then had as any others.
  private static let maximumRuns = 1 << 16

  /// `capacity` in pages; memory is taken as pages come.
  init?(capacity: Int) {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    let memory = unsafe mmap(nil, capacity * Self.pageSize, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return nil }
    unsafe self.memory = memory
    self.capacity = capacity
    reserved = capacity
  }

  deinit { unsafe munmap(memory, reserved * Self.pageSize) }

  /// Takes no more than this many pages from now on; what is held stays.
  func limit(to pages: Int) { capacity = min(reserved, max(pages, self.pages.count)) }

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

  /// Keeps a page if there is room for its rank.
  func keep(_ page: UInt64, rank: UInt8, _ bytes: UnsafeRawBufferPointer) {
    if let slot = slots[page] {
      if rank < ranks[Int(slot)] { enqueue(slot, rank) }
      return
    }
    guard let slot = room(for: rank) else { return }
    let place = unsafe memory + Int(slot) * Self.pageSize
    unsafe memcpy(place, bytes.baseAddress!, bytes.count)
    slots[page] = slot
    pages[Int(slot)] = page
    enqueue(slot, rank)
  }

  /// The rank of a page that is kept and not zero.
  func rank(of page: UInt64) -> UInt8? { slots[page].map { ranks[Int($0)] } }

  /// Raises a page that is kept to a rank.
  func promote(_ page: UInt64, to rank: UInt8) {
    if let slot = slots[page], rank < ranks[Int(slot)] { enqueue(slot, rank) }
  }

  /// Copies a part of a page that is held.
  func copy(_ page: UInt64, _ part: Range<Int>, to target: UnsafeMutableRawPointer) {
    if let slot = slots[page] {
      unsafe memcpy(target, memory + Int(slot) * Self.pageSize + part.lowerBound, part.count)
    } else {
      unsafe memset(target, 0, part.count)
    }
  }

  private func enqueue(_ slot: Int32, _ rank: UInt8) {
    ranks[Int(slot)] = rank
    queues[Int(rank)].append(slot)
  }

  private func room(for rank: UInt8) -> Int32? {
    if let slot = spare.popLast() { return slot }
    if pages.count < capacity {
      pages.append(0)
      ranks.append(0)
      return Int32(pages.count - 1)
    }
    // A page gives way to one that is wanted more; at the same rank the oldest goes, but for the last rank.
    var victim = Self.rankCount - 1
    while victim >= Int(rank) {
      if victim == Self.rankCount - 1, rank == UInt8(victim) { return nil }
      while heads[victim] < queues[victim].count {
        let slot = queues[victim][heads[victim]]
        heads[victim] += 1
        if heads[victim] > 4096 {
          queues[victim].removeFirst(heads[victim])
          heads[victim] = 0
        }
        if ranks[Int(slot)] == UInt8(victim) {
          slots[pages[Int(slot)]] = nil
          return slot
        }
      }
      victim -= 1
    }
    return nil
  }
}
