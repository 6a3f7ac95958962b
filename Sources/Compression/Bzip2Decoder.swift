internal import CCompression

/// bzip2 by libbz2.
@safe final class Bzip2Decoder: Decoder {
  private typealias Stream = UnsafeMutablePointer<bz_stream>
  private let initialize: @convention(c) (Stream?, Int32, Int32) -> Int32
  private let decompress: @convention(c) (Stream?) -> Int32
  private let end: @convention(c) (Stream?) -> Int32
  private let memory: DecoderArena
  private var stream: UnsafeMutablePointer<bz_stream>?

  init(_ library: SharedLibrary, _ arena: DecoderArena) throws(DecodingError) {
    unsafe initialize = try library.function(
      "BZ2_bzDecompressInit", as: (@convention(c) (Stream?, Int32, Int32) -> Int32).self)
    unsafe decompress = try library.function(
      "BZ2_bzDecompress", as: (@convention(c) (Stream?) -> Int32).self)
    unsafe end = try library.function("BZ2_bzDecompressEnd", as: (@convention(c) (Stream?) -> Int32).self)
    memory = arena
  }

  func start() throws(DecodingError) {
    var fresh = unsafe bz_stream()
    unsafe fresh.bzalloc = { opaque, items, size in
      unsafe arena(opaque)?.allocate(Int(items) &* Int(size))
    }
    unsafe fresh.bzfree = { opaque, address in unsafe arena(opaque)?.release(address) }
    unsafe fresh.opaque = memory.opaque
    unsafe stream = try memory.make(fresh)
    try begin()
  }

  func startNext() throws(DecodingError) {
    _ = unsafe end(stream)
    try begin()
  }

  private func begin() throws(DecodingError) {
    guard unsafe initialize(stream, 0, 0) == BZ_OK else { throw DecodingError("libbz2 could not be started") }
  }

  func step(_ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer)
    throws(DecodingError) -> Progress
  {
    guard let stream = unsafe stream else { throw DecodingError("not started") }
    let given = min(input.count, 1 << 30)
    let room = min(output.count, 1 << 30)
    unsafe stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: CChar.self))
    unsafe stream.pointee.avail_in = UInt32(given)
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
    unsafe stream.pointee.avail_out = UInt32(room)
    let result = unsafe decompress(stream)
    let consumed = unsafe given - Int(stream.pointee.avail_in)
    let produced = unsafe room - Int(stream.pointee.avail_out)
    guard result == BZ_OK || result == BZ_STREAM_END else { throw DecodingError("damaged") }
    return Progress(consumed: consumed, produced: produced, endsStream: result == BZ_STREAM_END)
  }
}
