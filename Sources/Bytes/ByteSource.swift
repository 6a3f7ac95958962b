/// Bytes by offset, wherever they come from: a file, or a compressed one of which only parts are at hand.
package protocol ByteSource: AnyObject {
  /// The name for messages.
  var path: String { get }
  /// Bytes in all; of a compressed file those that it expands to, as far as could be read.
  var size: UInt64 { get }
  /// When the file was last changed, in seconds.
  var modified: Int { get }

  /// Fills a buffer from `offset` on and returns how many bytes there were.
  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int

  /// Where it matters which bytes are asked for: those around `offset` that are at hand together, at least the
  /// one at `offset` itself if it can be had at all. `nil` where every byte costs the same.
  func bytesAtHand(around offset: UInt64) -> Range<UInt64>?
}

extension ByteSource {
  package func bytesAtHand(around offset: UInt64) -> Range<UInt64>? { nil }

  /// Up to `count` bytes at `offset`; fewer where the source ends, none where it cannot be read.
  package func read(at offset: UInt64, count: Int) -> [UInt8] {
    guard count > 0, offset < size else { return [] }
    let wanted = min(count, Int(clamping: size - offset))
    return [UInt8](capacity: wanted) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, initialized in
        unsafe initialized = read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
      }
    }
  }
}
