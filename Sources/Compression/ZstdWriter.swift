package import Bytes
internal import CCompression

/// Compresses a stream as one zstd frame with a checksum, as it comes.
@safe package final class ZstdWriter {
  private typealias Compress =
    @convention(c) (
      OpaquePointer?, UnsafeMutablePointer<ZSTD_outBuffer>?, UnsafeMutablePointer<ZSTD_inBuffer>?, Int32
    ) -> Int
  private let context: OpaquePointer
  private let compress: Compress
  private let isError: @convention(c) (Int) -> UInt32
  private let free: @convention(c) (OpaquePointer?) -> Int
  private let output: UnsafeMutableRawBufferPointer
  private let sink: (UnsafeRawBufferPointer) -> Bool
  /// Whether something could not be compressed or written: the result is not whole.
  package private(set) var hasFailed = false

  // ZSTD_EndDirective and ZSTD_cParameter of zstd.h.
  private static let goOn: Int32 = 0
  private static let end: Int32 = 2
  private static let checksumFlag: Int32 = 201
  private static let outputSize = 128 << 10

  /// `sink` takes what comes out and tells whether it could.
  init(sink: @escaping (UnsafeRawBufferPointer) -> Bool) throws(DecodingError) {
    let library = try SharedLibrary(of: .zstd)
    let create = unsafe try library.function(
      "ZSTD_createCCtx", as: (@convention(c) () -> OpaquePointer?).self)
    let set = unsafe try library.function(
      "ZSTD_CCtx_setParameter", as: (@convention(c) (OpaquePointer?, Int32, Int32) -> Int).self)
    unsafe compress = try library.function("ZSTD_compressStream2", as: Compress.self)
    isError = try library.function("ZSTD_isError", as: (@convention(c) (Int) -> UInt32).self)
    unsafe free = try library.function(
      "ZSTD_freeCCtx", as: (@convention(c) (OpaquePointer?) -> Int).self)
    guard let context = unsafe create() else { throw DecodingError("no memory for zstd") }
    _ = unsafe set(context, Self.checksumFlag, 1)
    unsafe self.context = context
    unsafe output = .allocate(byteCount: Self.outputSize, alignment: 16)
    unsafe self.sink = sink
  }

  package convenience init(writingTo file: ExclusiveFile) throws(DecodingError) {
    unsafe try self.init { bytes in unsafe file.write(bytes) }
  }

  deinit {
    _ = unsafe free(context)
    unsafe output.deallocate()
  }

  func write(_ bytes: UnsafeRawBufferPointer) { unsafe pump(bytes, Self.goOn) }

  /// Ends the frame.
  package func finish() { unsafe pump(UnsafeRawBufferPointer(start: nil, count: 0), Self.end) }

  private func pump(_ bytes: UnsafeRawBufferPointer, _ directive: Int32) {
    var source = unsafe ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
    while !hasFailed {
      var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
      let left = unsafe compress(context, &target, &source, directive)
      guard isError(left) == 0, unsafe sink(UnsafeRawBufferPointer(rebasing: output[..<target.pos])) else {
        hasFailed = true
        return
      }
      if directive == Self.end ? left == 0 : unsafe source.pos == source.size { return }
    }
  }
}
