package import Bytes

/// No byte could be had at an address.
package struct MemoryError: Error, Equatable, Sendable {
  package var address: UInt64

  package init(address: UInt64) { self.address = address }
}

/// The memory of the process: what the core holds, over the files that were mapped, over zeros.
///
/// An address is looked for in this order, as gdb does: bytes in the core; the file that NT_FILE names, at
/// its offset; a section of a loaded file (`fallback`); zeros where a segment was announced without bytes.
/// Look-ups are binary searches, reads go through a few windows of 16 KiB, so that the cost does not
/// depend on the size of the core and a stack is read in one or two pieces.
@safe package final class ProcessMemory {
  /// A PT_LOAD of the core: `range` in memory, of which the first `fileBytes` are in the file at `fileOffset`.
  package struct Segment: Sendable {
    package var range: Range<UInt64>
    package var fileOffset: UInt64
    package var fileBytes: UInt64
    package var isWritable: Bool
    package var isExecutable: Bool
    package var isReadable: Bool

    package init(
      range: Range<UInt64>, fileOffset: UInt64, fileBytes: UInt64, isWritable: Bool, isExecutable: Bool,
      isReadable: Bool = true
    ) {
      self.range = range
      self.fileOffset = fileOffset
      self.fileBytes = fileBytes
      self.isWritable = isWritable
      self.isExecutable = isExecutable
      self.isReadable = isReadable
    }
  }

  /// A piece of memory that was read before, at most 16 KiB, and which bytes of `storage` hold it.
  private struct Window {
    var start: UInt64 = 0
    var count: UInt64 = 0
    var place = 0

    func isPart(of block: UInt64) -> Bool {
      count > 0 && start / ProcessMemory.windowSize == block
    }

    func isContinued(at address: UInt64) -> Bool {
      count > 0 && start &+ count == address
    }
  }

  package let segments: [Segment]
  package let mappings: [FileMapping]
  package let wordSize: Int
  package let byteOrder: ByteOrder
  /// Bytes of a section of a loaded file, for mapped files that are gone: around an address, within a range.
  package var fallback: ((UInt64, Range<UInt64>) -> (start: UInt64, bytes: [UInt8])?)?
  /// Bytes of the process itself, while it runs, for what was not copied (address, count) → bytes or nothing.
  package var live: ((UInt64, Int) -> [UInt8])?
  /// Where files named by the core are looked up; `nil` for files that must not be opened.
  package var openFile: (String) -> FileBytes?
  private let core: (any ByteSource)?
  private var files: [String: FileBytes?] = [:]
  private var windows: [Window]
  /// The window that was read from last.
  private var latest = Window()
  /// The bytes of all windows: allocated once, since a window is filled for every stack.
  private let storage: UnsafeMutableRawBufferPointer

  private static let windowSize: UInt64 = 16384
  /// Windows stand in pairs, so that a stack and the strings its frames point to do not drive each other out.
  private static let pairCount = 16
  /// What is read of a block that was not touched before and does not continue another.
  private static let pageSize: UInt64 = 4096

  /// Segments and mappings in any order; both are sorted here.
  package init(
    core: (any ByteSource)?, segments: [Segment], mappings: [FileMapping], wordSize: Int,
    byteOrder: ByteOrder,
    openFile: @escaping (String) -> FileBytes? = { try? FileBytes(path: $0) }
  ) {
    self.core = core
    self.segments = segments.sorted { $0.range.lowerBound < $1.range.lowerBound }
    self.mappings = mappings.sorted { $0.range.lowerBound < $1.range.lowerBound }
    self.wordSize = wordSize
    self.byteOrder = byteOrder
    self.openFile = openFile
    windows = (0..<2 * Self.pairCount).map { Window(place: $0 * Int(Self.windowSize)) }
    unsafe storage = .allocate(byteCount: 2 * Self.pairCount * Int(Self.windowSize), alignment: 16)
  }

  deinit {
    unsafe storage.deallocate()
  }

  /// The segment that holds an address.
  package func segment(containing address: UInt64) -> Segment? {
    let index = segments.leadingCount { $0.range.lowerBound <= address } - 1
    return index >= 0 && segments[index].range.contains(address) ? segments[index] : nil
  }

  /// The mapped file that holds an address.
  package func mapping(containing address: UInt64) -> FileMapping? {
    mapping(before: address).flatMap { $0.range.contains(address) ? $0 : nil }
  }

  /// The last mapped file that starts at or before an address, whether or not it reaches it.
  package func mapping(before address: UInt64) -> FileMapping? {
    let index = mappings.leadingCount { $0.range.lowerBound <= address } - 1
    return index >= 0 ? mappings[index] : nil
  }

  /// The first mapped file that starts above an address.
  package func mapping(after address: UInt64) -> FileMapping? {
    let index = mappings.leadingCount { $0.range.lowerBound <= address }
    return index < mappings.count ? mappings[index] : nil
  }
}

// MARK: Reading

extension ProcessMemory {
  /// An unsigned number of 1 to 8 bytes.
  package func readUnsigned(at address: UInt64, size: Int) throws(MemoryError) -> UInt64 {
    let inLatest = address &- latest.start
    if inLatest < latest.count, UInt64(size) <= latest.count - inLatest {
      return unsigned(at: latest.place + Int(inLatest), size: size)
    }
    guard let window = window(containing: address) else { throw MemoryError(address: address) }
    let offset = address &- window.start
    if UInt64(size) <= window.count - offset {
      return unsigned(at: window.place + Int(offset), size: size)
    }
    return try read(at: address, count: size).unsigned(at: 0, size: size, order: byteOrder)
  }

  /// A number in `storage`, within a window.
  @inline(__always)
  private func unsigned(at place: Int, size: Int) -> UInt64 {
    if size == 8 {
      let raw = unsafe storage.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      return byteOrder == .little ? UInt64(littleEndian: raw) : UInt64(bigEndian: raw)
    }
    if size == 4 {
      let raw = unsafe storage.loadUnaligned(fromByteOffset: place, as: UInt32.self)
      return UInt64(byteOrder == .little ? UInt32(littleEndian: raw) : UInt32(bigEndian: raw))
    }
    var value: UInt64 = 0
    for index in 0..<size {
      let shift = byteOrder == .little ? index : size - 1 - index
      value |= unsafe UInt64(storage[place + index]) << UInt64(8 * shift)
    }
    return value
  }

  /// A pointer-sized number.
  @inline(__always)
  package func readWord(at address: UInt64) throws(MemoryError) -> UInt64 {
    try readUnsigned(at: address, size: wordSize)
  }

  /// Exactly `count` bytes, or an error with the first address that has none.
  package func read(at address: UInt64, count: Int) throws(MemoryError) -> [UInt8] {
    let bytes = readAvailable(at: address, count: count)
    guard bytes.count == count else { throw MemoryError(address: address &+ UInt64(bytes.count)) }
    return bytes
  }

  /// Up to `count` bytes, fewer where memory ends.
  package func readAvailable(at address: UInt64, count: Int) -> [UInt8] {
    var result: [UInt8] = []
    var at = address
    while result.count < count, let window = window(containing: at) {
      let offset = at &- window.start
      let length = min(window.count - offset, UInt64(count - result.count))
      let place = window.place + Int(offset)
      unsafe result.append(contentsOf: storage[place..<place + Int(length)])
      let (next, overflow) = at.addingReportingOverflow(length)
      if overflow { break }
      at = next
    }
    return result
  }

  /// Lends the bytes from an address on that are at hand in one piece, at most `limit`: often all, at least one.
  /// `body` must not read memory.
  package func withBytes<Result>(
    at address: UInt64, limit: Int, _ body: (RawSpan) -> Result
  ) -> Result? {
    guard let window = window(containing: address) else { return nil }
    let offset = address &- window.start
    let place = window.place + Int(offset)
    let count = min(limit, Int(window.count - offset))
    return unsafe body(UnsafeRawBufferPointer(rebasing: storage[place..<place + count]).bytes)
  }

  /// One byte; the fast path of scanning a string.
  package func readByte(at address: UInt64) throws(MemoryError) -> UInt8 {
    UInt8(truncatingIfNeeded: try readUnsigned(at: address, size: 1))
  }

  /// The bytes of a NUL-terminated string, at most `limit` of them, without the NUL.
  package func readCString(at address: UInt64, limit: Int) throws(MemoryError) -> [UInt8] {
    var result: [UInt8] = []
    var at = address
    while result.count < limit {
      let byte = try readByte(at: at)
      if byte == 0 { break }
      result.append(byte)
      at &+= 1
    }
    return result
  }
}

// MARK: Windows

extension ProcessMemory {
  /// The window that holds an address, filled if need be; `nil` where there is no memory.
  private func window(containing address: UInt64) -> Window? {
    let block = address / Self.windowSize
    // The first of a pair is the one used last; the other one is given up when a new block comes.
    let first = Self.pair(of: block)
    if address &- windows[first].start >= windows[first].count {
      if !windows[first].isPart(of: block) { windows.swapAt(first, first + 1) }
      if address &- windows[first].start >= windows[first].count {
        guard fill(first, block: block, around: address) else { return nil }
      }
    }
    latest = windows[first]
    return latest
  }

  private static func pair(of block: UInt64) -> Int {
    (Int(truncatingIfNeeded: block ^ (block >> 7)) & (pairCount - 1)) * 2
  }

  /// What to read around an address: of a block that is new one page, since of many stacks no more is needed;
  /// the whole block where its second page is asked for, and where it goes on from the block before.
  private func extent(of block: UInt64, in slot: Int, around address: UInt64) -> Range<UInt64> {
    let start = block * Self.windowSize
    let before = Self.pair(of: block &- 1)
    let isWanted =
      windows[slot].isPart(of: block) || windows[before].isContinued(at: start)
      || windows[before + 1].isContinued(at: start)
    let size = isWanted ? Self.windowSize : Self.pageSize
    let lower = address / size * size
    let (upper, overflow) = lower.addingReportingOverflow(size)
    return lower..<(overflow ? .max : upper)
  }

  /// Reads the part of a block that one source can give around an address; `false` where there is none.
  private func fill(_ slot: Int, block: UInt64, around address: UInt64) -> Bool {
    let extent = extent(of: block, in: slot, around: address)
    if latest.place == windows[slot].place { latest.count = 0 }
    windows[slot].count = 0
    guard let segment = segment(containing: address) else {
      return fillFromProcess(slot, address, within: extent)
        || fillFromFile(slot, address, within: extent)
        || fillFromSection(slot, address, within: address..<extent.upperBound)
    }
    let inCore = segment.range.lowerBound &+ segment.fileBytes
    if address < inCore, let core {
      var part = max(extent.lowerBound, segment.range.lowerBound)..<min(extent.upperBound, inCore)
      let place = segment.fileOffset &+ (address &- segment.range.lowerBound)
      if let atHand = core.bytesAtHand(around: place), atHand.contains(place) {
        let before = min(place - atHand.lowerBound, address - part.lowerBound)
        let after = min(atHand.upperBound - place, part.upperBound - address)
        part = address - before..<address + after
      }
      let offset = segment.fileOffset &+ (part.lowerBound &- segment.range.lowerBound)
      return fill(slot, from: core, at: offset, part, around: address)
    }
    let gap = max(extent.lowerBound, inCore)..<min(extent.upperBound, segment.range.upperBound)
    if fillFromFile(slot, address, within: gap) { return true }
    let mayHaveSection = fallback != nil && (mappings.isEmpty || mapping(containing: address) != nil)
    if mayHaveSection, fillFromSection(slot, address, within: gap) { return true }
    // Announced without bytes, and backed by nothing: zeros. Between the sections of a file the next byte may
    // be of a section again.
    let zeros = mayHaveSection ? address..<address + 1 : gap
    let place = windows[slot].place
    let count = Int(zeros.upperBound - zeros.lowerBound)
    unsafe UnsafeMutableRawBufferPointer(rebasing: storage[place..<place + count])
      .initializeMemory(as: UInt8.self, repeating: 0)
    return hold(slot, zeros.lowerBound, count, around: address)
  }

  private func fillFromFile(_ slot: Int, _ address: UInt64, within bounds: Range<UInt64>) -> Bool {
    guard let mapping = mapping(containing: address) else { return false }
    let start = max(bounds.lowerBound, mapping.range.lowerBound)
    let end = min(bounds.upperBound, mapping.range.upperBound)
    guard start < end, let file = file(mapping.path) else { return false }
    let (offset, overflow) = mapping.fileOffset.addingReportingOverflow(start - mapping.range.lowerBound)
    guard !overflow else { return false }
    return fill(slot, from: file, at: offset, start..<end, around: address)
  }

  /// Bytes of the running process: of the whole extent, or from the address on.
  private func fillFromProcess(_ slot: Int, _ address: UInt64, within bounds: Range<UInt64>) -> Bool {
    guard let live else { return false }
    // Not over what was copied while it stood still.
    let next = segments.leadingCount { $0.range.lowerBound <= address }
    var (low, high) = (bounds.lowerBound, bounds.upperBound)
    if next > 0 { low = max(low, min(address, segments[next - 1].range.upperBound)) }
    if next < segments.count { high = min(high, segments[next].range.lowerBound) }
    for start in low == address ? [address] : [low, address] {
      let bytes = live(start, Int(high - start))
      guard UInt64(bytes.count) > address - start else { continue }
      let place = windows[slot].place
      let count = min(bytes.count, Int(Self.windowSize))
      unsafe storage[place..<place + count].copyBytes(from: bytes.prefix(count))
      return hold(slot, start, count, around: address)
    }
    return false
  }

  /// Bytes of a section of a loaded file around the address.
  private func fillFromSection(_ slot: Int, _ address: UInt64, within bounds: Range<UInt64>) -> Bool {
    guard let (start, bytes) = fallback?(address, bounds), bounds.contains(start) else { return false }
    let place = windows[slot].place
    let count = min(bytes.count, Int(bounds.upperBound - start))
    unsafe storage[place..<place + count].copyBytes(from: bytes.prefix(count))
    return hold(slot, start, count, around: address)
  }

  private func fill(
    _ slot: Int, from file: any ByteSource, at offset: UInt64, _ range: Range<UInt64>, around address: UInt64
  ) -> Bool {
    let place = windows[slot].place
    let target = unsafe UnsafeMutableRawBufferPointer(
      rebasing: storage[place..<place + Int(range.upperBound - range.lowerBound)])
    let count = unsafe file.read(at: offset, into: target)
    return hold(slot, range.lowerBound, count, around: address)
  }

  /// Declares what a slot holds now; `false` if that does not reach the address.
  private func hold(_ slot: Int, _ start: UInt64, _ count: Int, around address: UInt64) -> Bool {
    windows[slot].start = start
    windows[slot].count = UInt64(count)
    return address &- start < UInt64(count)
  }

  private func file(_ path: String) -> FileBytes? {
    if let known = files[path] { return known }
    let opened = openFile(path)
    files[path] = .some(opened)
    return opened
  }
}
