internal import CCompression

/// xz by liblzma: one or more streams, padding between them.
@safe final class XZDecoder: Decoder {
  private typealias Stream = UnsafeMutablePointer<lzma_stream>
  private let initialize: @convention(c) (Stream?, UInt64, UInt32) -> lzma_ret
  private let code: @convention(c) (Stream?, lzma_action) -> lzma_ret
  private let memory: DecoderArena
  private var stream: UnsafeMutablePointer<lzma_stream>?

  /// LZMA_CONCATENATED, a macro that Swift does not import.
  private static let concatenated: UInt32 = 8

  init(_ library: SharedLibrary, _ arena: DecoderArena) throws(DecodingError) {
    unsafe initialize = try library.function(
      "lzma_stream_decoder", as: (@convention(c) (Stream?, UInt64, UInt32) -> lzma_ret).self)
    unsafe code = try library.function(
      "lzma_code", as: (@convention(c) (Stream?, lzma_action) -> lzma_ret).self)
    memory = arena
  }

  var joinsStreams: Bool { true }

  func start() throws(DecodingError) {
    let allocator = unsafe try memory.make(
      lzma_allocator(
        alloc: { opaque, items, size in unsafe arena(opaque)?.allocate(items &* size) },
        free: { opaque, address in unsafe arena(opaque)?.release(address) },
        opaque: memory.opaque))
    var fresh = unsafe lzma_stream()
    unsafe fresh.allocator = UnsafePointer(allocator)
    let place = unsafe try memory.make(fresh)
    unsafe stream = place
    // The arena bounds the memory.
    guard unsafe initialize(place, .max, Self.concatenated) == LZMA_OK else {
      throw DecodingError("liblzma could not be started")
    }
  }

  /// Never called: liblzma goes on by itself.
  func startNext() {}

  func step(_ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer)
    throws(DecodingError) -> Progress
  {
    guard let stream = unsafe stream else { throw DecodingError("not started") }
    unsafe stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_in = input.count
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = output.count
    let result = unsafe code(stream, isLast ? LZMA_FINISH : LZMA_RUN)
    let consumed = unsafe input.count - stream.pointee.avail_in
    let produced = unsafe output.count - stream.pointee.avail_out
    switch result {
    case LZMA_OK, LZMA_STREAM_END, LZMA_BUF_ERROR:
      return Progress(consumed: consumed, produced: produced, endsStream: result == LZMA_STREAM_END)
    case LZMA_MEM_ERROR: throw DecodingError("its dictionary is larger than coreview will hold")
    case LZMA_OPTIONS_ERROR: throw DecodingError("it needs filters that liblzma does not have")
    case LZMA_FORMAT_ERROR where produced == 0: throw DecodingError("something else follows the xz data")
    default: throw DecodingError("damaged")
    }
  }
}
