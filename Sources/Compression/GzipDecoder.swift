internal import CCompression

/// gzip (RFC 1952) by zlib.
@safe final class GzipDecoder: Decoder {
  private typealias Stream = UnsafeMutablePointer<z_stream>
  private let initialize: @convention(c) (Stream?, Int32, UnsafePointer<CChar>?, Int32) -> Int32
  private let inflate: @convention(c) (Stream?, Int32) -> Int32
  private let reset: @convention(c) (Stream?) -> Int32
  private let memory: DecoderArena
  private var stream: UnsafeMutablePointer<z_stream>?

  init(_ library: SharedLibrary, _ arena: DecoderArena) throws(DecodingError) {
    unsafe initialize = try library.function(
      "inflateInit2_",
      as: (@convention(c) (Stream?, Int32, UnsafePointer<CChar>?, Int32) -> Int32).self)
    unsafe inflate = try library.function("inflate", as: (@convention(c) (Stream?, Int32) -> Int32).self)
    unsafe reset = try library.function("inflateReset", as: (@convention(c) (Stream?) -> Int32).self)
    memory = arena
  }

  func start() throws(DecodingError) {
    var fresh = unsafe z_stream()
    unsafe fresh.zalloc = { opaque, items, size in unsafe arena(opaque)?.allocate(Int(items) * Int(size)) }
    unsafe fresh.zfree = { opaque, address in unsafe arena(opaque)?.release(address) }
    unsafe fresh.opaque = memory.opaque
    let place = unsafe try memory.make(fresh)
    unsafe stream = place
    // 16 more than the largest window: a gzip header is wanted; see zlib.h.
    guard unsafe initialize(place, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw DecodingError("zlib could not be started")
    }
  }

  func startNext() { _ = unsafe reset(stream) }

  func step(_ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer)
    throws(DecodingError) -> Progress
  {
    guard let stream = unsafe stream else { throw DecodingError("not started") }
    let given = min(input.count, 1 << 30)
    let room = min(output.count, 1 << 30)
    unsafe stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    unsafe stream.pointee.avail_in = UInt32(given)
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = UInt32(room)
    let result = unsafe inflate(stream, Z_NO_FLUSH)
    let consumed = unsafe given - Int(stream.pointee.avail_in)
    let produced = unsafe room - Int(stream.pointee.avail_out)
    guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else {
      throw DecodingError(unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "damaged")
    }
    return Progress(consumed: consumed, produced: produced, endsStream: result == Z_STREAM_END)
  }
}
