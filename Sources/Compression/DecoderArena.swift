internal import Glibc

/// The memory in which a decoder lives: all that it allocates, in one stretch at a fixed address.
///
/// None of the libraries can copy a decoder in the middle of a stream. But since all its state is here, a copy of
/// these bytes, put back at the same address, is the decoder as it was: that makes any place of a stream one
/// to return to. Blocks that are freed serve again for the same size; the rest is never given back.
@safe final class DecoderArena {
  /// The bytes of an arena at some moment, without the pages that were zero.
  struct Image {
    fileprivate var used: Int
    fileprivate var free: [Int: [Int]]
    fileprivate var pages: [Int32]
    fileprivate var bytes: [UInt8]
    fileprivate var scratch: Range<Int>

    var byteCount: Int { bytes.count }
  }

  /// What a decoder may ask for: twice the window of `zstd --long`, of which only what it touches costs memory.
  static let capacity = 288 << 20
  private static let page = 4096
  private static let smallGap = 64 << 10
  /// Before each block stands its size; C wants 16, vector code likes 64.
  private static let alignment = 64

  private let base: UnsafeMutableRawPointer
  private(set) var used = 0
  private var free: [Int: [Int]] = [:]
  /// Whether the decoder asked for more than there is: its own message would not say how much.
  private(set) var isExhausted = false

  init() throws(DecodingError) {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    let memory = unsafe mmap(nil, Self.capacity, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
      throw DecodingError("no memory for its decoder")
    }
    unsafe base = memory
  }

  deinit { unsafe munmap(base, Self.capacity) }

  /// Zeroed memory, or `nil` when the arena is full.
  func allocate(_ count: Int) -> UnsafeMutableRawPointer? {
    guard count >= 0, count < Self.capacity else {
      isExhausted = true
      return nil
    }
    let size = max(Self.alignment, (count + Self.alignment - 1) & ~(Self.alignment - 1))
    if let offset = free[size]?.popLast() { return unsafe base + offset }
    guard size + Self.alignment <= Self.capacity - used else {
      isExhausted = true
      return nil
    }
    unsafe (base + used).storeBytes(of: size, as: Int.self)
    let offset = used + Self.alignment
    used = offset + size
    return unsafe base + offset
  }

  /// Where in the arena a pointer points.
  func offset(of pointer: UnsafeRawPointer) -> Int { unsafe pointer - UnsafeRawPointer(base) }

  func release(_ pointer: UnsafeMutableRawPointer?) {
    guard let pointer = unsafe pointer else { return }
    let offset = unsafe pointer - base
    guard offset >= Self.alignment, offset < used else { return }
    let size = unsafe (base + offset - Self.alignment).load(as: Int.self)
    free[size, default: []].append(offset)
  }

  /// A structure that C code points into.
  func make<T: BitwiseCopyable>(_ value: T) throws(DecodingError) -> UnsafeMutablePointer<T> {
    guard let memory = unsafe allocate(MemoryLayout<T>.size) else {
      throw DecodingError("no memory for its decoder")
    }
    let typed = unsafe memory.bindMemory(to: T.self, capacity: 1)
    unsafe typed.initialize(to: value)
    return unsafe typed
  }

  /// Forgets everything; the memory is zero again.
  func reset() {
    unsafe madvise(base, used, MADV_DONTNEED)
    used = 0
    free = [:]
    isExhausted = false
  }
}

// MARK: Images

extension DecoderArena {
  /// The decoder as it is; `nil` where that takes more than `limit` bytes. What lies in `scratch` (offsets in the
  /// arena) does not matter to it and is left out.
  func image(limit: Int, scratch: Range<Int> = 0..<0) -> Image? {
    var pages: [Int32] = []
    let count = (used + Self.page - 1) / Self.page
    for index in 0..<count where !(unsafe isAllZero(base + index * Self.page, Self.page)) {
      let start = index * Self.page
      if start >= scratch.lowerBound, start + Self.page <= scratch.upperBound { continue }
      pages.append(Int32(index))
      if pages.count * Self.page > limit { return nil }
    }
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: pages.count * Self.page) { output, count in
      for (place, index) in pages.enumerated() {
        unsafe memcpy(
          output.baseAddress! + place * Self.page, base + Int(index) * Self.page, Self.page)
      }
      count = pages.count * Self.page
    }
    return Image(used: used, free: free, pages: pages, bytes: bytes, scratch: scratch)
  }

  /// Puts the decoder back as it was.
  func restore(_ image: Image) {
    let end = (max(used, image.used) + Self.page - 1) & ~(Self.page - 1)
    used = image.used
    free = image.free
    var at = 0
    unsafe image.bytes.withUnsafeBytes { bytes in
      for (place, index) in image.pages.enumerated() {
        let start = Int(index) * Self.page
        clear(at..<start, but: image.scratch)
        unsafe memcpy(base + start, bytes.baseAddress! + place * Self.page, Self.page)
        at = start + Self.page
      }
    }
    if at < end { clear(at..<end, but: image.scratch) }
  }

  /// Makes whole pages zero: what is small stays mapped, since a page given back costs more than one written.
  private func clear(_ part: Range<Int>, but scratch: Range<Int>) {
    let parts =
      scratch.isEmpty
      ? [part]
      : [part.clamped(to: 0..<scratch.lowerBound), part.clamped(to: scratch.upperBound..<Self.capacity)]
    for part in parts where !part.isEmpty {
      if part.count <= Self.smallGap {
        unsafe memset(base + part.lowerBound, 0, part.count)
      } else {
        let start = (part.lowerBound + Self.page - 1) & ~(Self.page - 1)
        let stop = part.upperBound & ~(Self.page - 1)
        unsafe memset(base + part.lowerBound, 0, start - part.lowerBound)
        unsafe madvise(base + start, stop - start, MADV_DONTNEED)
        unsafe memset(base + stop, 0, part.upperBound - stop)
      }
    }
  }
}

/// Whether `count` bytes, at least 8, are all zero.
func isAllZero(_ bytes: UnsafeRawPointer, _ count: Int) -> Bool {
  unsafe bytes.loadUnaligned(as: UInt64.self) == 0 && memcmp(bytes, bytes + 8, count - 8) == 0
}

/// What C code calls to allocate; `opaque` is the arena.
func arena(_ opaque: UnsafeMutableRawPointer?) -> DecoderArena? {
  unsafe opaque.map { unsafe Unmanaged<DecoderArena>.fromOpaque($0).takeUnretainedValue() }
}

extension DecoderArena {
  /// The pointer by which C code finds the arena; valid while the arena lives.
  var opaque: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }
}
