internal import CCompression

/// Zstandard (RFC 8878) by libzstd, which also passes over skippable frames.
@safe final class ZstdDecoder: Decoder {
  private let create: @convention(c) (ZSTD_customMem) -> OpaquePointer?
  private let decompress:
    @convention(c) (
      OpaquePointer?, UnsafeMutablePointer<ZSTD_outBuffer>?, UnsafeMutablePointer<ZSTD_inBuffer>?
    ) -> Int
  private let isError: @convention(c) (Int) -> UInt32
  private let name: @convention(c) (Int) -> UnsafePointer<CChar>?
  private let memory: DecoderArena
  private var context: OpaquePointer?

  init(_ library: SharedLibrary, _ arena: DecoderArena) throws(DecodingError) {
    unsafe create = try library.function(
      "ZSTD_createDCtx_advanced", as: (@convention(c) (ZSTD_customMem) -> OpaquePointer?).self)
    unsafe decompress = try library.function(
      "ZSTD_decompressStream",
      as: (@convention(c) (
        OpaquePointer?, UnsafeMutablePointer<ZSTD_outBuffer>?, UnsafeMutablePointer<ZSTD_inBuffer>?
      ) -> Int).self)
    isError = try library.function("ZSTD_isError", as: (@convention(c) (Int) -> UInt32).self)
    unsafe name = try library.function(
      "ZSTD_getErrorName", as: (@convention(c) (Int) -> UnsafePointer<CChar>?).self)
    memory = arena
  }

  func start() throws(DecodingError) {
    let allocator = unsafe ZSTD_customMem(
      customAlloc: { opaque, size in unsafe arena(opaque)?.allocate(size) },
      customFree: { opaque, address in unsafe arena(opaque)?.release(address) },
      opaque: memory.opaque)
    unsafe context = create(allocator)
    guard unsafe context != nil else { throw DecodingError("no memory for its decoder") }
  }

  /// libzstd goes on with the next frame by itself.
  func startNext() {}

  func step(_ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer)
    throws(DecodingError) -> Progress
  {
    var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let result = unsafe decompress(context, &target, &source)
    if isError(result) != 0 {
      if memory.isExhausted { throw DecodingError("its window is larger than coreview will hold") }
      throw DecodingError(unsafe name(result).map { unsafe String(cString: $0) } ?? "damaged")
    }
    return unsafe Progress(consumed: source.pos, produced: target.pos, endsStream: result == 0)
  }
}
