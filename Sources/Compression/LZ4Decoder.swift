internal import CCompression
internal import Glibc

/// LZ4 frames and legacy frames (doc/lz4_Frame_format.md 1.6.x); liblz4 decodes the blocks.
///
/// Between two blocks the state is the last 64 KiB of output and a few numbers, which liblz4's own frame
/// decoder would hide in twice a block of buffers.
@safe final class LZ4Decoder: Decoder {
  /// What has to survive from block to block; lives in the arena.
  private struct State: BitwiseCopyable {
    var isInFrame = false
    var isLegacy = false
    var isLinked = false
    var hasBlockChecksum = false
    var hasContentChecksum = false
    var blockSize = 0
    var history = 0
  }

  private let decompress:
    @convention(c) (
      UnsafePointer<CChar>?, UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafePointer<CChar>?, Int32
    ) -> Int32
  private let memory: DecoderArena
  private var state: UnsafeMutablePointer<State>?
  /// 64 KiB of what came before, then the block.
  private var buffer: UnsafeMutableRawPointer?

  private static let historySize = 65536
  private static let legacyBlock = 8 << 20
  /// The most that a block of a legacy frame takes: LZ4_COMPRESSBOUND of 8 MiB.
  private static let largestInput = legacyBlock + legacyBlock / 255 + 16

  init(_ library: SharedLibrary, _ arena: DecoderArena) throws(DecodingError) {
    unsafe decompress = try library.function(
      "LZ4_decompress_safe_usingDict",
      as: (@convention(c) (
        UnsafePointer<CChar>?, UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafePointer<CChar>?, Int32
      ) -> Int32).self)
    memory = arena
  }

  var inputNeeded: Int {
    guard let state = unsafe state, unsafe state.pointee.isInFrame else { return 32 }
    return unsafe state.pointee.isLegacy ? Self.largestInput + 8 : state.pointee.blockSize + 16
  }

  var scratch: Range<Int> {
    guard let buffer = unsafe buffer else { return 0..<0 }
    let start = unsafe memory.offset(of: buffer) + Self.historySize
    return start..<start + Self.legacyBlock
  }

  func start() throws(DecodingError) {
    unsafe state = try memory.make(State())
    // Large enough for every frame, touched only as far as blocks reach.
    guard let space = unsafe memory.allocate(Self.historySize + Self.legacyBlock) else {
      throw DecodingError("no memory for its decoder")
    }
    unsafe buffer = space
  }

  func startNext() { unsafe state?.pointee = State() }

  func step(_ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer)
    throws(DecodingError) -> Progress
  {
    guard let state = unsafe state, let buffer = unsafe buffer else { throw DecodingError("not started") }
    guard unsafe state.pointee.isInFrame else { return try unsafe frameHeader(input, state) }
    guard input.count >= 4 else {
      // A legacy frame has no end mark: the file ends.
      let isEnd = unsafe state.pointee.isLegacy && input.isEmpty && isLast
      return Progress(consumed: 0, produced: 0, endsStream: isEnd)
    }
    let word = unsafe UInt32(littleEndian: input.loadUnaligned(as: UInt32.self))
    if unsafe state.pointee.isLegacy {
      if unsafe CompressionFormat(magic: input.prefix(4)) != nil {
        return Progress(consumed: 0, produced: 0, endsStream: true)
      }
    } else if word == 0 {
      let tail = unsafe state.pointee.hasContentChecksum ? 8 : 4
      guard input.count >= tail else { return Progress(consumed: 0, produced: 0, endsStream: false) }
      return Progress(consumed: tail, produced: 0, endsStream: true)
    }
    let isStored = unsafe !state.pointee.isLegacy && word & 0x8000_0000 != 0
    let size = unsafe Int(state.pointee.isLegacy ? word : word & 0x7fff_ffff)
    let limit = unsafe state.pointee.isLegacy ? Self.largestInput : state.pointee.blockSize
    guard size <= limit else { throw DecodingError("damaged: a block of \(size) bytes") }
    let whole = unsafe 4 + size + (state.pointee.hasBlockChecksum ? 4 : 0)
    guard input.count >= whole else { return Progress(consumed: 0, produced: 0, endsStream: false) }

    let block = unsafe buffer + Self.historySize
    let source = unsafe input.baseAddress! + 4
    let history = unsafe state.pointee.isLinked ? state.pointee.history : 0
    let count: Int
    if isStored {
      unsafe memcpy(block, source, size)
      count = size
    } else {
      let room = unsafe state.pointee.isLegacy ? Self.legacyBlock : state.pointee.blockSize
      let got = unsafe decompress(
        source.assumingMemoryBound(to: CChar.self), block.assumingMemoryBound(to: CChar.self), Int32(size),
        Int32(room), (block - history).assumingMemoryBound(to: CChar.self), Int32(history))
      guard got >= 0 else { throw DecodingError("damaged: a block that does not decode") }
      count = Int(got)
    }
    return unsafe Progress(consumed: whole, own: UnsafeRawBufferPointer(start: block, count: count))
  }
}

// MARK: Between blocks

extension LZ4Decoder {
  /// Keeps the end of the block that was handed out: blocks may refer to 64 KiB of what came before.
  func keepHistory(of count: Int) {
    guard let state = unsafe state, let buffer = unsafe buffer, unsafe state.pointee.isLinked, count > 0
    else {
      return
    }
    let all = unsafe min(Self.historySize, state.pointee.history + count)
    let end = unsafe buffer + Self.historySize
    unsafe memmove(end - all, end + count - all, all)
    unsafe state.pointee.history = all
  }

  private func frameHeader(_ input: UnsafeRawBufferPointer, _ state: UnsafeMutablePointer<State>)
    throws(DecodingError) -> Progress
  {
    let short = Progress(consumed: 0, produced: 0, endsStream: false)
    guard input.count >= 4 else { return short }
    let magic = unsafe UInt32(littleEndian: input.loadUnaligned(as: UInt32.self))
    if magic == 0x184c_2102 {
      unsafe state.pointee = State(isInFrame: true, isLegacy: true, blockSize: Self.legacyBlock)
      return Progress(consumed: 4, produced: 0, endsStream: false)
    }
    guard magic == 0x184d_2204 else { throw DecodingError("something else follows the lz4 data") }
    guard input.count >= 7 else { return short }
    let flags = unsafe input[4]
    let descriptor = unsafe input[5]
    guard flags >> 6 == 1 else { throw DecodingError("an lz4 frame of a version that is not known") }
    guard flags & 1 == 0 else { throw DecodingError("it needs a dictionary") }
    let code = Int(descriptor >> 4 & 7)
    guard code >= 4 else { throw DecodingError("damaged: block size \(code)") }
    // Magic, FLG, BD, the content size if there is one, and a byte of checksum.
    let length = flags & 8 == 0 ? 7 : 15
    guard input.count >= length else { return short }
    unsafe state.pointee = State(
      isInFrame: true, isLinked: flags & 0x20 == 0, hasBlockChecksum: flags & 0x10 != 0,
      hasContentChecksum: flags & 4 != 0, blockSize: 1 << (8 + 2 * code))
    return Progress(consumed: length, produced: 0, endsStream: false)
  }
}
