internal import Bytes
internal import Glibc

/// `Elf64_Chdr` or `Elf32_Chdr`, little-endian: what stands before the bytes of a compressed section; see elf(5).
struct CompressionHeader {
  var type: UInt32
  /// Bytes once decompressed: a claim.
  var size: UInt64

  init?(_ bytes: [UInt8], is64: Bool) {
    guard bytes.count >= (is64 ? 24 : 12) else { return nil }
    type = UInt32(bytes.unsigned(at: 0, size: 4, order: .little))
    size = bytes.unsigned(at: is64 ? 8 : 4, size: is64 ? 8 : 4, order: .little)
  }
}

/// Decompressors of sections, from the libraries that this machine has: libdeflate.h, zstd.h.
///
/// The libraries stay loaded: the process is short-lived and may need them again.
@safe
struct SectionInflater: ~Copyable {
  /// ELFCOMPRESS_ZLIB and ELFCOMPRESS_ZSTD.
  enum Method: UInt32 {
    case zlib = 1
    case zstd = 2
  }

  private typealias Allocate = @convention(c) () -> OpaquePointer?
  private typealias Free = @convention(c) (OpaquePointer?) -> Void
  private typealias Inflate =
    @convention(c) (
      OpaquePointer, UnsafeRawPointer?, Int, UnsafeMutableRawPointer?, Int, UnsafeMutablePointer<Int>?
    ) -> Int32
  private typealias Unpack =
    @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeRawPointer?, Int) -> Int

  private var decompressor: OpaquePointer?
  private var inflate: Inflate?
  private var free: Free?
  private var unpack: Unpack?

  /// `nil` where the library of a method is missing.
  init?(_ methods: Set<Method>) {
    if methods.contains(.zlib) {
      guard let library = unsafe dlopen("libdeflate.so.0", RTLD_NOW | RTLD_LOCAL),
        let allocate = unsafe dlsym(library, "libdeflate_alloc_decompressor"),
        let inflate = unsafe dlsym(library, "libdeflate_zlib_decompress"),
        let free = unsafe dlsym(library, "libdeflate_free_decompressor"),
        let decompressor = unsafe unsafeBitCast(allocate, to: Allocate.self)()
      else { return nil }
      unsafe self.decompressor = decompressor
      unsafe self.inflate = unsafeBitCast(inflate, to: Inflate.self)
      unsafe self.free = unsafeBitCast(free, to: Free.self)
    }
    if methods.contains(.zstd) {
      guard let library = unsafe dlopen("libzstd.so.1", RTLD_NOW | RTLD_LOCAL),
        let unpack = unsafe dlsym(library, "ZSTD_decompress")
      else { return nil }
      unsafe self.unpack = unsafeBitCast(unpack, to: Unpack.self)
    }
  }

  deinit {
    if let free = unsafe free { unsafe free(decompressor) }
  }

  /// Whether a stream was whole and filled the output exactly.
  func inflate(
    _ input: UnsafeRawBufferPointer, by method: Method, into output: UnsafeMutableRawBufferPointer
  ) -> Bool {
    switch method {
    case .zlib:
      guard let inflate = unsafe inflate, let decompressor = unsafe decompressor else { return false }
      // Without a place for the length, libdeflate insists on the exact size; 0 is LIBDEFLATE_SUCCESS.
      return unsafe inflate(
        decompressor, input.baseAddress, input.count, output.baseAddress, output.count, nil) == 0
    case .zstd:
      guard let unpack = unsafe unpack else { return false }
      // Errors are numbers near the top.
      return unsafe unpack(output.baseAddress, output.count, input.baseAddress, input.count) == output.count
    }
  }
}
