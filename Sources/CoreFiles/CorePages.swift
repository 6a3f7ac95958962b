internal import Bytes
internal import Compression
internal import Elfutils
internal import ProcessModel

/// Which pages of a core are worth keeping when it passes only once: what a report and a backtrace read.
///
/// First the headers and notes; then the stacks from each stack pointer up, the threads' own descriptions and what
/// registers point at; then the small writable segments of files, where the dynamic linker's list begins, and both
/// ends of every segment; the middle of large ones, the heap, last.
final class CorePages: KeepingPlan {
  private struct Span {
    var pages: Range<UInt64>
    var rank: UInt8
  }

  private let segments: [ProcessMemory.Segment]
  private let architecture: Architecture
  /// Disjoint, in order.
  private var wanted: [Range<UInt64>] = []
  private var segmentSpans: [Span] = []
  /// The file offsets of used stacks, as far as they are looked through for pointers.
  private var stacks: [Range<UInt64>] = []
  /// Pages that global variables point at.
  private var named: Set<UInt64> = []
  private let headEnd: UInt64
  private var latest = 0
  private var pointersLeft = maximumPointers

  private static let page: UInt64 = 4096
  /// Of a stack what is nearest to its end is likely to be printed; recursion goes on, and is had when it is walked.
  private static let stackBytes: UInt64 = 256 << 10
  private static let edge: UInt64 = 256 << 10
  private static let smallSegment: UInt64 = 2 << 20
  /// Notes are read when they pass; what is asked of them later is about few threads.
  private static let maximumNotes: UInt64 = 4 << 20
  private static let maximumPointers = 1 << 20
  private static let maximumNamed = 2048
  private static let maximumHeaps = 64

  /// `head` is the end of the program headers; segments in file order.
  init(
    segments: [ProcessMemory.Segment], notes: [Range<UInt64>], head: UInt64, contents: NoteContents,
    architecture: Architecture
  ) {
    self.segments = segments.sorted { $0.range.lowerBound < $1.range.lowerBound }
    self.architecture = architecture
    headEnd = head
    segmentSpans = Self.spans(of: segments)
    var ranges: [Range<UInt64>] = notes.map {
      $0.lowerBound..<max($0.lowerBound, min($0.upperBound, $0.lowerBound &+ Self.maximumNotes))
    }
    for (index, thread) in contents.threads.enumerated() {
      ranges += usedStack(of: thread)
      let pointer =
        contents.threadNotes[index].threadPointer
        ?? thread.register(named: architecture.threadPointer ?? "", of: architecture)
      // glibc's struct pthread lies at the thread pointer, thread-local variables before it.
      if let pointer { ranges += places(of: pointer &- 8192, count: 8192 + 4096) }
      let block = thread.registerBlock
      let word = architecture.wordSize
      for at in stride(from: 0, to: block.count - block.count % word, by: word) {
        let value = block.unsigned(at: at, size: word, order: architecture.byteOrder)
        ranges += places(of: value, count: 1024)
      }
    }
    wanted = Self.merged(ranges)
  }

  func rank(ofPage page: UInt64) -> UInt8 {
    let start = page &* Self.page
    if start < headEnd { return 0 }
    if Self.find(start, in: wanted) != nil { return 1 }
    return segmentRank(page)
  }

  private func segmentRank(_ page: UInt64) -> UInt8 {
    if named.contains(page) { return 2 }
    // Pages come in order: the span is nearly always the one of the page before, or the next.
    if latest < segmentSpans.count, segmentSpans[latest].pages.contains(page) {
      return segmentSpans[latest].rank
    }
    let low = segmentSpans.leadingCount { $0.pages.lowerBound <= page }
    guard low > 0, segmentSpans[low - 1].pages.contains(page) else { return 2 }
    latest = low - 1
    return segmentSpans[latest].rank
  }

  // MARK: What is expected

  /// Where the large segments begin, in file order: the moments to look at what has passed before.
  var heaps: [UInt64] {
    Array(
      segmentSpans.filter { $0.rank == 3 }.map { $0.pages.lowerBound * Self.page }.prefix(Self.maximumHeaps))
  }

  /// Bytes that are kept only while there is room.
  var heapBytes: UInt64 {
    segmentSpans.reduce(0) { $1.rank == 3 ? $0 &+ UInt64($1.pages.count) &* Self.page : $0 }
  }

  /// Looks through writable segments that lie whole in a part of the file, such as global variables, for what they
  /// point at: a heap comes after them, and stacks, which would tell better, only after the heap.
  func learn(from file: ExpandedFile, in part: Range<UInt64>) {
    for segment in segments where segment.isWritable && segment.fileBytes <= Self.smallSegment {
      guard part.contains(segment.fileOffset), part.upperBound - segment.fileOffset >= segment.fileBytes
      else {
        continue
      }
      visitPointers(file, segment.fileOffset..<segment.fileOffset + segment.fileBytes) { place in
        let page = place / Self.page
        if named.count < Self.maximumNamed, place >= part.upperBound { named.insert(page) }
      }
    }
  }

  /// Where the words of used stacks point.
  func pagesExpected(in file: ExpandedFile) -> [UInt64] {
    var pages: Set<UInt64> = []
    for stack in stacks {
      visitPointers(file, stack) { place in
        pages.insert(place / Self.page)
        // A string goes on.
        if place % Self.page > Self.page - 256 { pages.insert(place / Self.page + 1) }
      }
    }
    return Array(pages)
  }

  /// The file offsets that the words of a part of the file point at, as far as its pages are at hand.
  private func visitPointers(_ file: ExpandedFile, _ part: Range<UInt64>, _ body: (UInt64) -> Void) {
    let word = architecture.wordSize
    var at = part.lowerBound
    while at < part.upperBound, pointersLeft > 0, file.holds(at / Self.page) {
      let bytes = file.read(at: at, count: Int(min(part.upperBound - at, Self.page - at % Self.page)))
      guard !bytes.isEmpty else { break }
      for offset in stride(from: 0, to: bytes.count - bytes.count % word, by: word) {
        let value = bytes.unsigned(at: offset, size: word, order: architecture.byteOrder)
        guard value != 0, let place = fileOffset(of: value) else { continue }
        pointersLeft -= 1
        body(place)
      }
      at += UInt64(bytes.count)
    }
  }

  // MARK: Addresses

  private func segment(containing address: UInt64) -> ProcessMemory.Segment? {
    let low = segments.leadingCount { $0.range.lowerBound <= address }
    guard low > 0, segments[low - 1].range.contains(address) else { return nil }
    return segments[low - 1]
  }

  private func fileOffset(of address: UInt64) -> UInt64? {
    guard let segment = segment(containing: address), address - segment.range.lowerBound < segment.fileBytes
    else {
      return nil
    }
    return segment.fileOffset &+ (address - segment.range.lowerBound)
  }

  /// The file offsets of some memory, as far as it is in one segment.
  private func places(of address: UInt64, count: UInt64) -> [Range<UInt64>] {
    for start in [address, address &+ count &- 1] {
      guard let segment = segment(containing: start) else { continue }
      let lower = max(address, segment.range.lowerBound) - segment.range.lowerBound
      let upper = min(segment.fileBytes, (address &+ count) &- segment.range.lowerBound)
      guard lower < upper, upper <= segment.fileBytes else { continue }
      return [segment.fileOffset &+ lower..<segment.fileOffset &+ upper]
    }
    return []
  }

  /// The stack from its pointer, and the red zone before it, up; and the end of its segment.
  private func usedStack(of thread: ThreadSnapshot) -> [Range<UInt64>] {
    guard thread.hasRegisters, let pointer = thread.registers[architecture.stackPointer],
      let segment = segment(containing: pointer), segment.isWritable
    else { return [] }
    let start = max(segment.range.lowerBound, pointer &- 256) - segment.range.lowerBound
    guard start < segment.fileBytes else { return [] }
    let end = min(segment.fileBytes, start + Self.stackBytes)
    let stack = segment.fileOffset &+ start..<segment.fileOffset &+ end
    stacks.append(stack)
    return [stack]
  }

  // MARK: Ranges

  private static func spans(of segments: [ProcessMemory.Segment]) -> [Span] {
    var spans: [Span] = []
    for segment in segments.sorted(by: { $0.fileOffset < $1.fileOffset }) where segment.fileBytes > 0 {
      let (end, overflow) = segment.fileOffset.addingReportingOverflow(segment.fileBytes)
      guard !overflow, end <= .max - page else { continue }
      let isSmall = segment.fileBytes <= smallSegment
      let first = min(end, segment.fileOffset + edge)
      let last = max(first, end - min(edge, segment.fileBytes))
      let parts: [(range: Range<UInt64>, rank: UInt8)] =
        isSmall
        ? [(segment.fileOffset..<end, 2)]
        : [(segment.fileOffset..<first, 2), (first..<last, 3), (last..<end, 2)]
      for (range, rank) in parts {
        let start = max(spans.last?.pages.upperBound ?? 0, range.lowerBound / page)
        let stop = (range.upperBound + page - 1) / page
        if start < stop { spans.append(Span(pages: start..<stop, rank: rank)) }
      }
    }
    return spans
  }

  private static func merged(_ ranges: [Range<UInt64>]) -> [Range<UInt64>] {
    var result: [Range<UInt64>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      // Whole pages, so that a page is asked about by its first byte.
      let lower = range.lowerBound & ~(page - 1)
      let upper = range.upperBound > .max - page ? .max : (range.upperBound + page - 1) & ~(page - 1)
      if let last = result.last, last.upperBound >= lower {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, upper)
      } else {
        result.append(lower..<upper)
      }
    }
    return result
  }

  private static func find(_ offset: UInt64, in ranges: [Range<UInt64>]) -> Int? {
    let low = ranges.leadingCount { $0.lowerBound <= offset }
    return low > 0 && ranges[low - 1].contains(offset) ? low - 1 : nil
  }
}
