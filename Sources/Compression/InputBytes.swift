package import Bytes
internal import Glibc

/// The bytes of a file as it is stored, read from front to back: of a regular file also again, of a pipe only as far
/// as they were kept.
@safe package final class InputBytes {
  package let path: String
  /// When the file was last changed, in seconds; 0 for a pipe.
  package let modified: Int
  private let file: FileBytes?
  private let descriptor: Int32
  /// Some of the input in one piece: `count` bytes that start at `start`.
  private var buffer: UnsafeMutableRawBufferPointer
  private var start: UInt64 = 0
  private var count = 0
  /// Where a pipe ended.
  private var pipeEnd: UInt64?
  private var pipeAt: UInt64 = 0
  /// All of a pipe so far, for as long as that is little.
  private var kept: [[UInt8]]? = []
  private var keptBytes = 0
  private let keepLimit: Int
  /// Gets every byte of a pipe once, in order.
  private var tee: ((UnsafeRawBufferPointer) -> Void)?

  private static let piece = 256 << 10

  /// A regular file.
  package init(file: FileBytes) {
    path = file.path
    modified = file.modified
    self.file = file
    descriptor = -1
    kept = nil
    keepLimit = 0
    unsafe buffer = .allocate(byteCount: 2 * Self.piece, alignment: 16)
  }

  /// A pipe, socket or terminal: read once, and kept up to `keepLimit` bytes so as to be read again.
  package init(pipe descriptor: Int32, path: String, keepLimit: Int) {
    self.path = path
    modified = 0
    file = nil
    self.descriptor = descriptor
    self.keepLimit = keepLimit
    unsafe buffer = .allocate(byteCount: 2 * Self.piece, alignment: 16)
  }

  deinit { unsafe buffer.deallocate() }

  /// Whether bytes that have passed can be had again.
  package var isRepeatable: Bool { file != nil || kept != nil }

  /// Writes all that comes from now on to a file as well.
  package func copy(to writer: ZstdWriter) { unsafe tee = { bytes in unsafe writer.write(bytes) } }

  /// Gives up what is kept of a pipe, for its memory.
  package func forget() { kept = nil }

  /// The first bytes, which are not consumed.
  package func head(_ wanted: Int) -> [UInt8] {
    let window = unsafe window(at: 0, atLeast: wanted).bytes
    return unsafe Array(window.prefix(wanted))
  }

  /// Bytes from `offset` on: `atLeast` of them unless the input ends before, which `isLast` tells. Of a pipe that
  /// is not kept `offset` never goes back.
  func window(at offset: UInt64, atLeast wanted: Int) -> (bytes: UnsafeRawBufferPointer, isLast: Bool) {
    if offset < start || offset > start + UInt64(count) {
      start = offset
      count = 0
    }
    let skipped = Int(offset - start)
    if count - skipped < wanted {
      makeRoom(after: skipped, for: wanted)
      fill(atLeast: wanted)
    }
    let rest = Int(offset - start)
    let piece = unsafe UnsafeRawBufferPointer(rebasing: buffer[rest..<count])
    return unsafe (piece, piece.count < wanted || isEnd(start + UInt64(count)))
  }

  private func makeRoom(after skipped: Int, for wanted: Int) {
    let left = count - skipped
    if unsafe buffer.count < wanted + Self.piece {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: wanted + 2 * Self.piece, alignment: 16)
      unsafe memcpy(larger.baseAddress!, buffer.baseAddress! + skipped, left)
      unsafe buffer.deallocate()
      unsafe buffer = larger
    } else if skipped > 0 {
      unsafe memmove(buffer.baseAddress!, buffer.baseAddress! + skipped, left)
    }
    start += UInt64(skipped)
    count = left
  }

  private func fill(atLeast wanted: Int) {
    while count < wanted {
      let room = unsafe UnsafeMutableRawBufferPointer(
        rebasing: buffer[count..<min(buffer.count, count + max(Self.piece, wanted - count))])
      let got = unsafe read(at: start + UInt64(count), into: room)
      if got == 0 { break }
      count += got
    }
  }

  private func isEnd(_ offset: UInt64) -> Bool {
    if let file { return offset >= file.size }
    return pipeEnd.map { offset >= $0 } ?? false
  }

  private func read(at offset: UInt64, into room: UnsafeMutableRawBufferPointer) -> Int {
    if let file { return unsafe file.read(at: offset, into: room) }
    if offset < pipeAt { return unsafe readKept(at: offset, into: room) }
    guard offset == pipeAt, pipeEnd == nil else { return 0 }
    while true {
      let got = unsafe Glibc.read(descriptor, room.baseAddress!, room.count)
      if got < 0, errno == EINTR { continue }
      guard got > 0 else {
        pipeEnd = pipeAt
        return 0
      }
      if let tee = unsafe tee { unsafe tee(UnsafeRawBufferPointer(rebasing: room[..<got])) }
      if kept != nil { keep(unsafe Array(room[..<got])) }
      pipeAt += UInt64(got)
      return got
    }
  }

  private func keep(_ bytes: [UInt8]) {
    guard kept != nil else { return }
    keptBytes += bytes.count
    if keptBytes > keepLimit { kept = nil } else { kept?.append(bytes) }
  }

  private func readKept(at offset: UInt64, into room: UnsafeMutableRawBufferPointer) -> Int {
    var at: UInt64 = 0
    for piece in kept ?? [] {
      if offset < at + UInt64(piece.count) {
        let skipped = Int(offset - at)
        let length = min(room.count, piece.count - skipped)
        unsafe room.copyBytes(from: piece[skipped..<skipped + length])
        return length
      }
      at += UInt64(piece.count)
    }
    return 0
  }
}
