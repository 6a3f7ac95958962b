internal import Bytes

/// Decompressed debug sections, kept in the cache folder between runs.
///
/// A kept image belongs to one file: its trailer has that file's identity, a sum over everything, and the time at which the
/// image was last changed. While it has that time nobody wrote to it, and it is used as it is, page by page; else the sum
/// tells, so that damage, another version, and a file that was put in its place are noticed and the image is made anew.
struct ImageCache {
  private static let magic: [UInt8] = Array("coreview image 2".utf8)
  private static let trailerSize = 16 + 7 * 8
  /// Smaller images are made as fast as they are read.
  private static let smallest = 1 << 20
  private static let largest = 256 << 20
  /// Bytes that are summed up together.
  private static let window = 1 << 20

  let folder: CacheFolder

  /// The image that was kept for a file.
  func image(for file: FileBytes, named path: String) -> ElfFile? {
    let name = Self.name(file.identity)
    guard let kept = folder.file(named: name) else { return nil }
    guard let (found, isUnchanged, time) = Self.open(kept, for: file, named: path) else {
      folder.remove(name)
      return nil
    }
    if !isUnchanged { folder.stamp(name, time) }
    return found
  }

  private static func open(_ kept: FileBytes, for file: FileBytes, named path: String)
    -> (image: ElfFile, isUnchanged: Bool, time: Int)?
  {
    guard kept.size > UInt64(trailerSize), kept.size <= UInt64(largest + trailerSize) else { return nil }
    let count = Int(kept.size) - trailerSize
    let trailer = kept.read(at: UInt64(count), count: trailerSize)
    guard trailer.count == trailerSize, Array(trailer.prefix(16)) == magic else { return nil }
    let numbers = (0..<7).map { trailer.unsigned(at: 16 + $0 * 8, size: 8, order: .little) }
    guard Array(numbers.prefix(5)) == file.identity, kept.identity.count == 5 else { return nil }
    let isUnchanged = kept.identity[3] == numbers[6] &* 1_000_000_000
    guard let image = MappedImage(file: kept, count: count), isUnchanged || sum(image) == numbers[5]
    else { return nil }
    return (try? ElfFile(mapped: image, name: path)).map { ($0, isUnchanged, Int(clamping: numbers[6])) }
  }

  /// Keeps the image of a file.
  func keep(_ image: UnsafeRawBufferPointer, for file: FileBytes) {
    guard image.count >= Self.smallest, image.count <= Self.largest else { return }
    var trailer = Self.magic
    let time = CacheFolder.stampNow
    for number in file.identity + [unsafe Self.sum(image), UInt64(time)] {
      for index in 0..<8 { trailer.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
    }
    unsafe trailer.withUnsafeBytes { bytes in
      unsafe folder.keep([image, bytes], as: Self.name(file.identity), time: time)
    }
  }

  private static func name(_ identity: [UInt64]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for number in identity { hash = (hash ^ number) &* 0x9e37_79b9_7f4a_7c15 ^ (hash >> 29) }
    return "image-" + String(hash, radix: 16)
  }

  /// The sum over an image of a file, of whose pages no more than a window is held at a time: most are not read again.
  private static func sum(_ image: MappedImage) -> UInt64 {
    var sum = ImageSum()
    let count = unsafe image.memory.count
    for start in stride(from: 0, to: count, by: window) {
      let range = start..<min(start + window, count)
      image.populate(range)
      unsafe sum.add(UnsafeRawBufferPointer(rebasing: image.memory[range]))
      image.release(UInt64(range.lowerBound)..<UInt64(range.upperBound))
    }
    return sum.result
  }

  private static func sum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var sum = ImageSum()
    unsafe sum.add(bytes)
    return sum.result
  }
}

/// A sum that any changed byte changes: four lanes of multiply and add, as fast as memory is read. Against
/// damage, not against people: the folder is ours alone.
private struct ImageSum {
  private var lanes: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
  private var count = 0
  private static let prime: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// Adds bytes; all but the last ones are a multiple of 32.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var lanes = self.lanes
    let prime = Self.prime
    var at = 0
    let count = bytes.count
    while at &+ 32 <= count {
      lanes.0 = (lanes.0 ^ (unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))) &* prime
      lanes.1 = (lanes.1 ^ (unsafe bytes.loadUnaligned(fromByteOffset: at &+ 8, as: UInt64.self))) &* prime
      lanes.2 = (lanes.2 ^ (unsafe bytes.loadUnaligned(fromByteOffset: at &+ 16, as: UInt64.self))) &* prime
      lanes.3 = (lanes.3 ^ (unsafe bytes.loadUnaligned(fromByteOffset: at &+ 24, as: UInt64.self))) &* prime
      at &+= 32
    }
    while at < count {
      lanes.0 = (lanes.0 ^ UInt64(unsafe bytes[at])) &* prime
      at &+= 1
    }
    self.lanes = lanes
    self.count += count
  }

  var result: UInt64 {
    var result = UInt64(count)
    for lane in [lanes.0, lanes.1, lanes.2, lanes.3] {
      result = (result ^ lane ^ (lane >> 32)) &* Self.prime
    }
    return result
  }
}
