internal import Bytes
internal import Glibc

/// Which pages of a stream are worth their memory. The room that knows the contents decides.
package protocol KeepingPlan: AnyObject {
  /// 0 for what must be there, 3 for what may go first; pages are 4 KiB, counted from the start of the file.
  func rank(ofPage page: UInt64) -> UInt8
  /// Pages that will be asked for soon, now that everything has passed once; in any order.
  func pagesExpected(in file: ExpandedFile) -> [UInt64]
}

/// What a compressed file, or a pipe, expands to: passed over once, of which the pages that its plan wants are kept.
///
/// A page that is asked for and was not kept is decoded again from the nearest place that the stream can go back to,
/// together with others of the neighbourhood that are expected. Of a pipe whose input is gone it is lost: `lost`.
@safe package final class ExpandedFile: ByteSource {
  package let path: String
  package let modified: Int
  package private(set) var size: UInt64 = 0
  /// Pages that were asked for and could not be had again.
  package private(set) var lost = 0
  /// Judges what comes from now on, and what is kept already.
  package var plan: (any KeepingPlan)? {
    didSet { if let plan { store.rerank(plan.rank(ofPage:)) } }
  }
  private let stream: ExpandingStream
  private let store: PageStore
  private var isComplete = false
  /// The start of a page whose end has not come yet.
  private var carry: UnsafeMutableRawBufferPointer
  private var carried = 0
  private var at: UInt64 = 0
  private var wanted: [UInt64]?
  private var visited: Set<UInt64> = []
  /// What decoding again may cost, in bytes: a hostile core could ask for ever.
  private var allowance: UInt64 = 0
  /// Bytes that were decoded again.
  package private(set) var decodedAgain: UInt64 = 0
  /// Whether `mostCapacity` holds.
  private var hasGrown = false
  private let mostCapacity: Int

  private static let page = UInt64(PageStore.pageSize)
  /// Pages around a miss that are kept along with it.
  private static let neighbours: UInt64 = 3
  private static let wideNeighbours: UInt64 = 256
  private static let leastAllowance: UInt64 = 8 << 30
  /// Pages that a range at hand reaches to each side.
  private static let reach: UInt64 = 4

  /// `capacity` in bytes; `most` where pages are asked for in such an order that the file would be decoded again and again.
  package init(_ stream: ExpandingStream, capacity: Int, most: Int = 0) throws(DecodingError) {
    guard let store = PageStore(capacity: max(capacity, most)) else {
      throw DecodingError("no memory for its pages")
    }
    store.limit(to: capacity)
    mostCapacity = most
    self.stream = stream
    self.store = store
    path = stream.input.path
    modified = stream.input.modified
    unsafe carry = .allocate(byteCount: PageStore.pageSize, alignment: 16)
  }

  deinit { unsafe carry.deallocate() }

  /// Why the stream ended; `nil` while it has not.
  package var ending: ExpandingStream.Ending? { stream.ending }
  /// `nil` for bytes that come as they are.
  package var format: CompressionFormat? { stream.format }

  /// Divides the memory anew between pages and places to return to, in bytes: more of the latter for a file of which
  /// only a small part can be kept.
  package func divide(pages: Int, places: Int) {
    store.limit(to: pages)
    stream.imageLimit = places
  }

  /// Decodes on until `offset`, or to the end; `size` tells how far it got.
  package func pass(to offset: UInt64) {
    while !isComplete, size < offset, pull({ _ in nil }) {}
    if stream.ending != nil, !isComplete { finish() }
  }

  /// Ends the first pass where it stands.
  package func stop(_ reason: String) {
    stream.stop(.limit(reason))
    finish()
  }

  private func finish() {
    flushCarry { _ in nil }
    isComplete = true
    size = stream.position
    let (most, overflow) = size.multipliedReportingOverflow(by: 32)
    allowance = overflow ? .max : max(most, Self.leastAllowance)
  }

  /// The next bytes of the stream, cut into pages; `false` at the end.
  private func pull(_ rank: (UInt64) -> UInt8?) -> Bool {
    at = stream.position
    return unsafe stream.next { unsafe self.take($0, rank) } != nil
  }

  private func take(_ bytes: UnsafeRawBufferPointer, _ rank: (UInt64) -> UInt8?) {
    var rest = unsafe bytes
    // After going back the first page may lack its start: its place was not chosen for it.
    if carried == 0, at % Self.page != 0, at != size || isComplete {
      let skipped = min(rest.count, Int(Self.page - at % Self.page))
      at += UInt64(skipped)
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[skipped...])
    }
    if carried > 0 {
      let part = min(rest.count, PageStore.pageSize - carried)
      unsafe memcpy(carry.baseAddress! + carried, rest.baseAddress!, part)
      carried += part
      at += UInt64(part)
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[part...])
      guard carried == PageStore.pageSize else { return }
      carried = 0
      unsafe keep(at / Self.page - 1, UnsafeRawBufferPointer(carry), rank)
    }
    while rest.count >= PageStore.pageSize {
      unsafe keep(at / Self.page, UnsafeRawBufferPointer(rebasing: rest[..<PageStore.pageSize]), rank)
      at += Self.page
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[PageStore.pageSize...])
    }
    if unsafe !rest.isEmpty {
      unsafe memcpy(carry.baseAddress!, rest.baseAddress!, rest.count)
      carried = rest.count
      at += UInt64(rest.count)
    }
    if !isComplete { size = at - UInt64(carried) }
  }

  private func flushCarry(_ rank: (UInt64) -> UInt8?) {
    guard carried > 0 else { return }
    let place = (at - UInt64(carried)) / Self.page
    unsafe memset(carry.baseAddress! + carried, 0, PageStore.pageSize - carried)
    carried = 0
    unsafe keep(place, UnsafeRawBufferPointer(carry), rank)
  }

  private func keep(_ page: UInt64, _ bytes: UnsafeRawBufferPointer, _ rank: (UInt64) -> UInt8?) {
    if unsafe isAllZero(bytes.baseAddress!, bytes.count) {
      if !isComplete { store.noteZero(page) }
      if store.isZero(page) { return }
    }
    let wish = rank(page) ?? plan?.rank(ofPage: page) ?? 0
    // In the first pass pages come in order, each once.
    unsafe store.keep(page, rank: wish, bytes, isNew: !isComplete)
  }
}

// MARK: Reading

extension ExpandedFile {
  package func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard offset < size, let base = buffer.baseAddress else { return 0 }
    let end = offset + min(UInt64(buffer.count), size - offset)
    var at = offset
    while at < end, ensure(at / Self.page) {
      let page = at / Self.page
      let stop = min(end, (page + 1) * Self.page)
      let part = Int(at % Self.page)..<Int(at % Self.page + stop - at)
      unsafe store.copy(page, part, to: base + Int(at - offset))
      at = stop
    }
    return Int(at - offset)
  }

  package func bytesAtHand(around offset: UInt64) -> Range<UInt64>? {
    guard offset < size, ensure(offset / Self.page) else { return offset..<offset }
    let middle = offset / Self.page
    var first = middle
    while first > 0, middle - first < Self.reach, store.holds(first - 1) { first -= 1 }
    var end = middle + 1
    while end - middle < Self.reach, store.holds(end) { end += 1 }
    return first * Self.page..<min(size, end * Self.page)
  }

  /// Whether a page is at hand and all zero.
  package func isZero(_ page: UInt64) -> Bool { store.isZero(page) }

  /// Ranks the pages that are expected to be asked for before those that are only kept because there was room.
  package func rankExpected() {
    for page in plan?.pagesExpected(in: self) ?? [] { store.promote(page, to: 2) }
  }

  /// Whether a page is at hand, and not only because there was room for it.
  package func wants(_ page: UInt64) -> Bool {
    store.isZero(page) || store.rank(of: page).map { Int($0) < PageStore.rankCount - 1 } ?? false
  }

  /// Whether all pages of a part of the file, as far as it goes, are at hand.
  package func holds(_ part: Range<UInt64>) -> Bool {
    let end = (min(part.upperBound, size) + Self.page - 1) / Self.page
    let start = min(part.lowerBound / Self.page, end)
    return (start..<end).allSatisfy(store.holds)
  }

  /// Whether a page is at hand.
  package func holds(_ page: UInt64) -> Bool { store.holds(page) }

  /// Has a page at hand, by decoding again if need be.
  private func ensure(_ page: UInt64) -> Bool {
    if store.holds(page) || passAgain() && store.holds(page) { return true }
    guard isComplete, stream.input.isRepeatable, allowance > 0, stream.rewind(to: page * Self.page) else {
      if isComplete { lost += 1 }
      return false
    }
    if wanted == nil { wanted = plan?.pagesExpected(in: self).sorted() ?? [] }
    carried = 0
    let start = stream.position
    let stop = stream.nextPlace(after: page * Self.page)
    let isFirst = visited.insert(stop).inserted
    let expected = isFirst ? expectedPages(from: start / Self.page, to: stop / Self.page) : []
    let last = max(page + (isFirst ? Self.neighbours : Self.wideNeighbours), expected.max() ?? 0)
    let near = isFirst ? Self.neighbours : Self.wideNeighbours
    while stream.position <= last * Self.page + Self.page - 1, stream.position < size {
      let more = pull { candidate in
        if candidate == page || expected.contains(candidate) { return 1 }
        return candidate + near > page && candidate < page + near ? 2 : nil
      }
      if !more { break }
    }
    if stream.position >= size { flushCarry { $0 == page ? 1 : nil } }
    count(from: start)
    if store.holds(page) { return true }
    lost += 1
    return false
  }

  private func count(from start: UInt64) {
    let bytes = stream.position - min(start, stream.position)
    allowance -= min(allowance, bytes)
    decodedAgain &+= bytes
  }

  /// When as much was decoded again as the whole file, as with thousands of stacks in no order: keeps more, all that the
  /// plan wants, in one go; `false` where that is not so, or was done.
  private func passAgain() -> Bool {
    guard isComplete, !hasGrown, mostCapacity > 0, allowance > 0, decodedAgain >= size, stream.rewind(to: 0)
    else { return false }
    hasGrown = true
    store.limit(to: mostCapacity)
    carried = 0
    let start = stream.position
    while stream.position < size, pull({ _ in nil }) {}
    if stream.position >= size { flushCarry { _ in nil } }
    count(from: start)
    return true
  }

  private func expectedPages(from first: UInt64, to end: UInt64) -> Set<UInt64> {
    var result: Set<UInt64> = []
    for page in wanted ?? [] where page >= first && page < end && !store.holds(page) { result.insert(page) }
    return result
  }
}
