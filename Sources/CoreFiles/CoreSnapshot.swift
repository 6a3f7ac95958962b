internal import Bytes
internal import Compression
internal import Elfutils
internal import ProcessModel

/// What was kept of a core that came through a decoder or a pipe, as a small core of its own.
///
/// An ELF core (elf(5)): the notes as they were; of each segment what reports and backtraces read. A run of zero pages in memory
/// that no file backs is announced without bytes; pages that were not kept are in no segment, so that a reader is told
/// that they are missing, and not zeros.
package struct CoreSnapshot {
  /// A program header of the snapshot, and where its bytes are in the stream.
  private struct Piece {
    var type: UInt32
    var flags: UInt32
    var address: UInt64
    var memorySize: UInt64
    var source: Range<UInt64>
  }

  private let file: ExpandedFile
  private let head: CoreHead
  private let architecture: Architecture
  private var pieces: [Piece] = []
  /// Bytes of memory that the core held and the snapshot does not.
  package private(set) var missingBytes: UInt64 = 0

  private static let page: UInt64 = 4096
  /// e_phnum has 16 bits, and 65,535 means something else.
  private static let maximumPieces = 60_000
  /// A run of zero pages that is worth a program header.
  private static let longZeros: UInt64 = 16
  private static let chunk = 1 << 20

  init(file: ExpandedFile, head: CoreHead, architecture: Architecture, mappings: [FileMapping]) {
    self.file = file
    self.head = head
    self.architecture = architecture
    file.rankExpected()
    for header in head.programHeaders where header.type == 4 {
      let (end, overflow) = header.offset.addingReportingOverflow(header.fileSize)
      let stop = overflow ? file.size : min(end, file.size)
      if header.offset < stop {
        pieces.append(Piece(type: 4, flags: 0, address: 0, memorySize: 0, source: header.offset..<stop))
      }
    }
    let memory = ProcessMemory(
      core: nil, segments: [], mappings: mappings, wordSize: architecture.wordSize,
      byteOrder: architecture.byteOrder)
    for header in head.programHeaders where header.type == 1 && header.memorySize > 0 {
      let (_, overflow) = header.address.addingReportingOverflow(header.memorySize)
      let (end, offsetOverflow) = header.offset.addingReportingOverflow(
        min(header.fileSize, header.memorySize))
      guard !overflow, !offsetOverflow else { continue }
      add(
        header.offset..<min(end, max(header.offset, file.size)), of: header.flags, at: header.address,
        size: header.memorySize, announced: end - header.offset,
        hasFile: memory.mapping(containing: header.address) != nil)
    }
  }

  /// Cuts a segment into what is kept, zeros, and what is missing.
  private mutating func add(
    _ source: Range<UInt64>, of flags: UInt32, at address: UInt64, size: UInt64, announced: UInt64,
    hasFile: Bool
  ) {
    var at = source.lowerBound
    var start: UInt64?
    let flush = { (pieces: inout [Piece], end: UInt64) in
      guard let from = start, from < end else { return }
      pieces.append(
        Piece(
          type: 1, flags: flags, address: address &+ (from - source.lowerBound), memorySize: end - from,
          source: from..<end))
    }
    while at < source.upperBound {
      let page = at / Self.page
      let next = min(source.upperBound, (page + 1) * Self.page)
      if file.wants(page), pieces.count < Self.maximumPieces {
        let zeros = hasFile ? 0 : zeroPages(from: page, to: source.upperBound)
        if zeros >= Self.longZeros {
          flush(&pieces, at)
          start = nil
          let end = min(source.upperBound, (page + zeros) * Self.page)
          pieces.append(
            Piece(
              type: 1, flags: flags, address: address &+ (at - source.lowerBound), memorySize: end - at,
              source: at..<at))
          at = end
          continue
        }
        start = start ?? at
      } else {
        flush(&pieces, at)
        start = nil
        missingBytes += next - at
      }
      at = next
    }
    flush(&pieces, at)
    // What was cut off is missing; what was never written is announced without bytes, as it was.
    if announced == source.upperBound - source.lowerBound, size > announced {
      pieces.append(
        Piece(
          type: 1, flags: flags, address: address &+ announced, memorySize: size - announced, source: at..<at)
      )
    }
  }

  private func zeroPages(from first: UInt64, to end: UInt64) -> UInt64 {
    var page = first
    while page * Self.page < end, file.isZero(page) { page += 1 }
    return page - first
  }

  // MARK: Writing

  /// Bytes of the snapshot.
  package var size: UInt64 {
    pieces.reduce(headSize) { $0 + ($1.source.upperBound - $1.source.lowerBound) }
  }

  private var headSize: UInt64 {
    let headers = ElfCoreHeaders(architecture)
    let size = UInt64(headers.fileHeaderSize + pieces.count * headers.entrySize)
    return (size + Self.page - 1) & ~(Self.page - 1)
  }

  /// Hands the snapshot on, front to back; `false` as soon as `body` refuses.
  package func write(_ body: ([UInt8]) -> Bool) -> Bool {
    let headers = ElfCoreHeaders(architecture)
    var head = headers.fileHeader(entryCount: pieces.count)
    var offset = headSize
    for piece in pieces {
      let size = piece.source.upperBound - piece.source.lowerBound
      head += headers.entry(
        type: piece.type, flags: piece.flags, offset: offset, address: piece.address, size: size,
        memorySize: piece.memorySize, alignment: 1)
      offset += size
    }
    head += [UInt8](repeating: 0, count: Int(headSize) - head.count)
    guard body(head) else { return false }
    for piece in pieces {
      var at = piece.source.lowerBound
      while at < piece.source.upperBound {
        let count = Int(min(UInt64(Self.chunk), piece.source.upperBound - at))
        var bytes = file.read(at: at, count: count)
        if bytes.count < count { bytes += [UInt8](repeating: 0, count: count - bytes.count) }
        guard body(bytes) else { return false }
        at += UInt64(count)
      }
    }
    return true
  }
}
