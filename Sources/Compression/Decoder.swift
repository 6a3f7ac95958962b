/// A decoder of one format. All its state is in its arena, but for pointers that `start` finds again each time.
@safe protocol Decoder: AnyObject {
  /// Bytes of input that `step` wants to see together, unless the file ends before.
  var inputNeeded: Int { get }
  /// Whether a copy of the arena, without `scratch`, would do as a place to return to.
  var isAtRest: Bool { get }
  /// Offsets in the arena whose bytes do not matter while at rest.
  var scratch: Range<Int> { get }
  /// Whether the format itself knows when one stream follows another.
  var joinsStreams: Bool { get }

  /// Makes the decoder ready for a first stream, in an empty arena.
  func start() throws(DecodingError)
  /// Makes it ready for another stream, after one has ended.
  func startNext() throws(DecodingError)
  /// Decodes some: from `input`, of which nothing follows if `isLast`, into `output`, or where the decoder has
  /// a place of its own: then `Progress.own` is what came out.
  func step(_ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer)
    throws(DecodingError) -> Progress
}

extension Decoder {
  var inputNeeded: Int { 1 }
  var isAtRest: Bool { true }
  var scratch: Range<Int> { 0..<0 }
  var joinsStreams: Bool { false }
}

/// What one step did.
@safe struct Progress {
  var consumed: Int
  var produced: Int
  var endsStream: Bool
  /// The bytes that came out, where they are not in the output that was offered; valid until the next step.
  var own: UnsafeRawBufferPointer?

  init(consumed: Int, produced: Int, endsStream: Bool) {
    self.consumed = consumed
    self.produced = produced
    self.endsStream = endsStream
    unsafe own = nil
  }

  init(consumed: Int, own: UnsafeRawBufferPointer) {
    self.consumed = consumed
    produced = own.count
    endsStream = false
    unsafe self.own = own
  }
}

/// A decoder for a format, in an arena.
func makeDecoder(_ format: CompressionFormat, _ arena: DecoderArena) throws(DecodingError) -> any Decoder {
  let library = try SharedLibrary(of: format)
  return switch format {
  case .zstd: try ZstdDecoder(library, arena)
  case .lz4: try LZ4Decoder(library, arena)
  case .xz: try XZDecoder(library, arena)
  case .gzip: try GzipDecoder(library, arena)
  case .bzip2: try Bzip2Decoder(library, arena)
  }
}
