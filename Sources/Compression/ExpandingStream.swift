internal import Bytes
internal import Glibc

/// What a compressed file expands to, from front to back, with places on the way to return to.
///
/// Every few MiB the decoder's memory is put aside (`DecoderArena.Image`), fewer of them the further it gets, so
/// that they never take more than `imageLimit`: whatever is needed later costs the decoding from the place before
/// and not from the start.
@safe package final class ExpandingStream {
  /// Why no more bytes come.
  package enum Ending: Sendable, Equatable {
    case complete
    /// The input ended within a stream.
    case cut
    case damaged(String)
    case limit(String)
  }

  /// When to take a file for a bomb: cores of the first size exist; one that is larger and that many times its
  /// compressed size has next to nothing in it.
  package struct Limits: Sendable {
    package var unquestioned: UInt64 = 16 << 30
    package var largestRatio: UInt64 = 2000
    package var largest: UInt64 = 4 << 40

    package init() {}
  }

  private struct Place {
    var position: UInt64
    var inputOffset: UInt64
    var isBetweenStreams: Bool
    var image: DecoderArena.Image?
  }

  package let input: InputBytes
  /// `nil` for bytes that pass as they are.
  package let format: CompressionFormat?
  /// Bytes that have come out.
  package private(set) var position: UInt64 = 0
  package private(set) var ending: Ending?
  private let arena: DecoderArena
  private let decoder: any Decoder
  private var inputOffset: UInt64 = 0
  private var isBetweenStreams = false
  private var places: [Place] = []
  private var spacing: UInt64
  private var imageBytes = 0
  /// Bytes that places to return to may take.
  package var imageLimit: Int
  /// How far the stream has ever been: no place is kept twice.
  private var furthest: UInt64 = 0
  private let output: UnsafeMutableRawBufferPointer
  private var handedOut = 0

  private static let outputSize = 256 << 10
  private let limits: Limits

  /// `imageLimit` in bytes; a place is put aside every `spacing` bytes, or less often.
  package init(
    _ input: InputBytes, format: CompressionFormat?, imageLimit: Int, spacing: UInt64 = 16 << 20,
    limits: Limits = Limits()
  ) throws(DecodingError) {
    self.input = input
    self.spacing = spacing
    self.limits = limits
    self.format = format
    self.imageLimit = imageLimit
    arena = try DecoderArena()
    if let format {
      decoder = try makeDecoder(format, arena)
    } else {
      decoder = PlainDecoder()
    }
    unsafe output = .allocate(byteCount: Self.outputSize, alignment: 4096)
    try decoder.start()
  }

  deinit { unsafe output.deallocate() }

  /// Lends the next bytes; `nil` at the end, which `ending` explains.
  func next<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
    (decoder as? LZ4Decoder)?.keepHistory(of: handedOut)
    handedOut = 0
    if ending == nil { keepPlace() }
    var filled = 0
    while ending == nil, unsafe filled < output.count {
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: output[filled...])
      guard let progress = unsafe step(into: room) else { break }
      if let own = unsafe progress.own, progress.produced > 0 {
        handedOut = progress.produced
        position += UInt64(progress.produced)
        return unsafe body(own)
      }
      filled += progress.produced
    }
    guard filled > 0 else { return nil }
    position += UInt64(filled)
    return unsafe body(UnsafeRawBufferPointer(rebasing: output[..<filled]))
  }

  /// One step of the decoder; `nil` when there is no more.
  private func step(into room: UnsafeMutableRawBufferPointer) -> Progress? {
    let (bytes, isLast) = unsafe input.window(at: inputOffset, atLeast: max(16, decoder.inputNeeded))
    if isBetweenStreams, unsafe !beginsStream(bytes) { return nil }
    do throws(DecodingError) {
      let progress = unsafe try decoder.step(bytes, isLast: isLast, into: room)
      inputOffset += UInt64(progress.consumed)
      if progress.endsStream { isBetweenStreams = true }
      if progress.endsStream, decoder.joinsStreams { ending = .complete }
      if progress.consumed == 0, progress.produced == 0, !progress.endsStream {
        // Nothing comes of all that is there.
        if isLast { ending = .cut } else { ending = .damaged("damaged") }
        return nil
      }
      checkLimits()
      return progress
    } catch {
      ending = .damaged(error.description)
      return nil
    }
  }

  /// Whether another stream follows one that ended; anything else, such as padding, is none of ours.
  private func beginsStream(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let format, let next = unsafe CompressionFormat(magic: bytes.prefix(CompressionFormat.magicLength)),
      next == format
    else {
      ending = .complete
      return false
    }
    do throws(DecodingError) {
      try decoder.startNext()
    } catch {
      ending = .damaged(error.description)
      return false
    }
    isBetweenStreams = false
    return true
  }

  private func checkLimits() {
    guard format != nil, position > limits.unquestioned else { return }
    if position > limits.largest {
      ending = .limit("it expands to more than \(limits.largest >> 40) TiB")
    } else if position / limits.largestRatio > inputOffset {
      ending = .limit(
        "it expands more than \(limits.largestRatio)-fold, beyond \(limits.unquestioned >> 30) GiB, as no core does"
      )
    }
  }

  /// Ends the stream: what follows is not wanted.
  package func stop(_ reason: Ending) { ending = reason }
}

// MARK: Going back

extension ExpandingStream {
  /// Goes to the last place at or before `target` from where the stream can go on; `position` tells which.
  /// `false` where the input is gone.
  func rewind(to target: UInt64) -> Bool {
    let place = places.last { $0.position <= target }
    // Where it stands may be nearer than any place.
    if ending == nil, position <= target, position >= place?.position ?? 0 { return true }
    guard input.isRepeatable else { return false }
    handedOut = 0
    ending = nil
    position = place?.position ?? 0
    inputOffset = place?.inputOffset ?? 0
    isBetweenStreams = place?.isBetweenStreams ?? false
    if let image = place?.image {
      arena.restore(image)
      return true
    }
    arena.reset()
    return (try? decoder.start()) != nil
  }

  /// Where the next place after `offset` lies; what is before it is best had in one go.
  func nextPlace(after offset: UInt64) -> UInt64 {
    places.first { $0.position > offset }?.position ?? .max
  }

  private func keepPlace() {
    guard position > furthest, position - (places.last?.position ?? 0) >= spacing, decoder.isAtRest else {
      return
    }
    furthest = position
    guard input.isRepeatable else {
      places = []
      imageBytes = 0
      return
    }
    // A decoder that is large itself leaves less for its images.
    let limit = max(0, imageLimit - max(0, arena.used - (8 << 20)))
    guard let image = arena.image(limit: limit / 2, scratch: decoder.scratch) else { return }
    imageBytes += image.byteCount
    places.append(
      Place(
        position: position, inputOffset: inputOffset, isBetweenStreams: isBetweenStreams, image: image))
    while imageBytes > limit, places.count > 1 {
      places = places.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
      imageBytes = places.reduce(0) { $0 + ($1.image?.byteCount ?? 0) }
      spacing *= 2
    }
  }
}

/// Bytes that pass as they are, from a pipe.
@safe private final class PlainDecoder: Decoder {
  func start() {}
  func startNext() {}

  func step(_ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer)
    throws(DecodingError) -> Progress
  {
    let count = min(input.count, output.count)
    if count > 0 { unsafe memcpy(output.baseAddress!, input.baseAddress!, count) }
    return Progress(consumed: count, produced: count, endsStream: isLast && count == input.count)
  }
}
