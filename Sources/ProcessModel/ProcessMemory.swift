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
package final class ProcessMemory {
  /// A PT_LOAD of the core: `range` in memory, of which the first `fileBytes` are in the file at `fileOffset`.
  package struct Segment: Sendable {
    package var range: Range<UInt64>
    package var fileOffset: UInt64
    package var fileBytes: UInt64
    package var isWritable: Bool
    package var isExecutable: Bool

    package init(
      range: Range<UInt64>, fileOffset: UInt64, fileBytes: UInt64, isWritable: Bool, isExecutable: Bool
    ) {
      self.range = range
      self.fileOffset = fileOffset
      self.fileBytes = fileBytes
      self.isWritable = isWritable
      self.isExecutable = isExecutable
    }
  }

  /// One 16 KiB piece of memory that was read before.
  private struct Window {
    var start: UInt64 = 0
    var bytes: [UInt8] = []
  }

  private enum Source {
    case core(fileOffset: UInt64)
    case file(mapping: Int)
    case zeros
  }

  package let segments: [Segment]
  package let mappings: [FileMapping]
  package let wordSize: Int
  package let byteOrder: ByteOrder
  /// Bytes of sections of loaded files, for mapped files that are gone (address, count) → bytes or nothing.
  package var fallback: ((UInt64, Int) -> [UInt8])?
  /// Where files named by the core are looked up; `nil` for files that must not be opened.
  private let openFile: (String) -> FileBytes?
  private let core: FileBytes?
  private var files: [String: FileBytes?] = [:]
  private var windows = [Window](repeating: Window(), count: ProcessMemory.windowCount)
  private var latest = 0

  private static let windowSize: UInt64 = 16384
  private static let windowCount = 16

  /// Segments and mappings in any order; both are sorted here.
  package init(
    core: FileBytes?, segments: [Segment], mappings: [FileMapping], wordSize: Int, byteOrder: ByteOrder,
    openFile: @escaping (String) -> FileBytes? = { try? FileBytes(path: $0) }
  ) {
    self.core = core
    self.segments = segments.sorted { $0.range.lowerBound < $1.range.lowerBound }
    self.mappings = mappings.sorted { $0.range.lowerBound < $1.range.lowerBound }
    self.wordSize = wordSize
    self.byteOrder = byteOrder
    self.openFile = openFile
  }

  /// The segment that holds an address.
  package func segment(containing address: UInt64) -> Segment? {
    guard let index = Self.last(in: segments.count, where: { segments[$0].range.lowerBound <= address })
    else { return nil }
    return segments[index].range.contains(address) ? segments[index] : nil
  }

  /// The mapped file that holds an address.
  package func mapping(containing address: UInt64) -> FileMapping? {
    guard let index = Self.last(in: mappings.count, where: { mappings[$0].range.lowerBound <= address })
    else { return nil }
    return mappings[index].range.contains(address) ? mappings[index] : nil
  }

  /// The last mapped file that starts at or before an address, whether or not it reaches it.
  package func mapping(before address: UInt64) -> FileMapping? {
    Self.last(in: mappings.count, where: { mappings[$0].range.lowerBound <= address }).map { mappings[$0] }
  }

  /// The last index below `count` for which a monotone predicate holds.
  private static func last(in count: Int, where holds: (Int) -> Bool) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }
}

// MARK: Reading

extension ProcessMemory {
  /// An unsigned number of 1, 2, 4 or 8 bytes.
  package func readUnsigned(at address: UInt64, size: Int) throws(MemoryError) -> UInt64 {
    let inWindow = address &- windows[latest].start
    if inWindow < Self.windowSize, inWindow &+ UInt64(size) <= UInt64(windows[latest].bytes.count) {
      return windows[latest].bytes.unsigned(at: Int(inWindow), size: size, order: byteOrder)
    }
    guard let index = window(containing: address) else { throw MemoryError(address: address) }
    let offset = address &- windows[index].start
    if offset &+ UInt64(size) <= UInt64(windows[index].bytes.count) {
      return windows[index].bytes.unsigned(at: Int(offset), size: size, order: byteOrder)
    }
    return try read(at: address, count: size).unsigned(at: 0, size: size, order: byteOrder)
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
    while result.count < count, let index = window(containing: at) {
      let start = Int(at &- windows[index].start)
      let end = min(windows[index].bytes.count, start + (count - result.count))
      result.append(contentsOf: windows[index].bytes[start..<end])
      let next = windows[index].start &+ UInt64(end)
      guard next > at else { break }
      at = next
    }
    return result
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
  private func window(containing address: UInt64) -> Int? {
    let block = address / Self.windowSize
    let slot = Int(truncatingIfNeeded: block ^ (block >> 7)) & (Self.windowCount - 1)
    let held = address &- windows[slot].start
    if held < UInt64(windows[slot].bytes.count) {
      latest = slot
      return slot
    }
    let filled = fill(block: block, around: address)
    guard !filled.bytes.isEmpty, address &- filled.start < UInt64(filled.bytes.count) else { return nil }
    windows[slot] = filled
    latest = slot
    return slot
  }

  /// Reads the part of a block that one source can give around an address.
  private func fill(block: UInt64, around address: UInt64) -> Window {
    let blockStart = block * Self.windowSize
    let (blockEnd, overflow) = blockStart.addingReportingOverflow(Self.windowSize)
    let limit = overflow ? UInt64.max : blockEnd

    if let segment = segment(containing: address) {
      let inCore = segment.range.lowerBound &+ segment.fileBytes
      if address < inCore, let core {
        let start = max(blockStart, segment.range.lowerBound)
        let end = min(limit, inCore)
        let offset = segment.fileOffset &+ (start &- segment.range.lowerBound)
        return Window(start: start, bytes: core.read(at: offset, count: Int(end - start)))
      }
      let gapStart = max(blockStart, inCore)
      let gapEnd = min(limit, segment.range.upperBound)
      let backed = fillFromFile(address, within: gapStart..<gapEnd)
      if !backed.bytes.isEmpty { return backed }
      guard mappings.isEmpty || mapping(containing: address) != nil, let fallback else {
        return Window(start: gapStart, bytes: [UInt8](repeating: 0, count: Int(gapEnd - gapStart)))
      }
      // Between the sections of a file there are zeros; the next byte may be of a section again.
      let bytes = fallback(address, Int(gapEnd - address))
      return Window(start: address, bytes: bytes.isEmpty ? [0] : bytes)
    }
    let backed = fillFromFile(address, within: blockStart..<limit)
    if !backed.bytes.isEmpty { return backed }
    if let bytes = fallback?(address, Int(limit - address)), !bytes.isEmpty {
      return Window(start: address, bytes: bytes)
    }
    return Window()
  }

  private func fillFromFile(_ address: UInt64, within bounds: Range<UInt64>) -> Window {
    guard let mapping = mapping(containing: address) else { return Window() }
    let start = max(bounds.lowerBound, mapping.range.lowerBound)
    let end = min(bounds.upperBound, mapping.range.upperBound)
    guard start < end, let file = file(mapping.path) else { return Window() }
    let (offset, overflow) = mapping.fileOffset.addingReportingOverflow(start - mapping.range.lowerBound)
    guard !overflow else { return Window() }
    let bytes = file.read(at: offset, count: Int(end - start))
    guard address &- start < UInt64(bytes.count) else { return Window() }
    return Window(start: start, bytes: bytes)
  }

  private func file(_ path: String) -> FileBytes? {
    if let known = files[path] { return known }
    let opened = openFile(path)
    files[path] = .some(opened)
    return opened
  }
}
