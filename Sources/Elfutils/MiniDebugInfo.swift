internal import CElfutils
internal import Glibc

/// .gnu_debugdata: an ELF file with the symbols that .dynsym lacks, compressed with xz, within the stripped file.
///
/// "MiniDebugInfo" in gdb's manual; Fedora and its kin ship all programs with it. liblzma is loaded when the
/// first such section is met.
package enum MiniDebugInfo {
  /// More than any program's symbols; xz can state far more than it holds.
  private static let largest = 64 << 20

  package enum Outcome {
    case none
    /// What is wrong, as a sentence's second half.
    case unreadable(String)
    case found(ElfFile)
  }

  package static func read(of elf: ElfFile) -> Outcome {
    guard let section = elf.section(named: ".gnu_debugdata"), section.hasBytes, section.size > 0 else {
      return .none
    }
    guard let decode = unsafe XZ.decoder else {
      return .unreadable("its .gnu_debugdata needs liblzma, which is not installed")
    }
    let bytes = elf.withBytes(of: section) { unsafe XZ.inflate($0, with: decode, limit: largest) }
    guard let bytes = bytes ?? nil else { return .unreadable("its .gnu_debugdata is damaged") }
    guard let inner = try? ElfFile(image: bytes, name: elf.path), inner.header.machine == elf.header.machine
    else { return .unreadable("its .gnu_debugdata holds no ELF file") }
    return .found(inner)
  }
}

/// liblzma's one-call decoder of .xz files; see lzma/container.h.
private enum XZ {
  typealias Decoder =
    @convention(c) (
      UnsafeMutablePointer<UInt64>, UInt32, UnsafeRawPointer?, UnsafePointer<UInt8>?,
      UnsafeMutablePointer<Int>,
      Int, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>, Int
    ) -> UInt32

  /// LZMA_OK and LZMA_BUF_ERROR of lzma/base.h.
  private static let done: UInt32 = 0
  private static let needsRoom: UInt32 = 10

  static var decoder: Decoder? {
    // It stays loaded: the process is short-lived and may need it again.
    guard let library = unsafe dlopen("liblzma.so.5", RTLD_NOW | RTLD_LOCAL),
      let symbol = unsafe dlsym(library, "lzma_stream_buffer_decode")
    else { return nil }
    return unsafe unsafeBitCast(symbol, to: Decoder.self)
  }

  static func inflate(_ input: RawSpan, with decode: Decoder, limit: Int) -> [UInt8]? {
    unsafe input.withUnsafeBytes { raw -> [UInt8]? in
      let source = unsafe raw.bindMemory(to: UInt8.self)
      var capacity = min(limit, max(1 << 16, source.count * 8))
      while true {
        var code = needsRoom
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
          var memory: UInt64 = 128 << 20
          var read = 0
          var written = 0
          code = unsafe decode(
            &memory, 0, nil, source.baseAddress, &read, source.count, buffer.baseAddress, &written, capacity)
          count = written
        }
        if code == done { return bytes }
        guard code == needsRoom, capacity < limit else { return nil }
        capacity = min(limit, capacity * 4)
      }
    }
  }
}
