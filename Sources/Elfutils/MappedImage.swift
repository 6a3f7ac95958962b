internal import Bytes
internal import Glibc

/// Private memory for an ELF image, parts of which may be pages of a file.
@safe
final class MappedImage {
  let memory: UnsafeMutableRawBufferPointer

  init?(size: Int) {
    let base = unsafe mmap(
      nil, max(1, size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let base = unsafe base, unsafe base != UnsafeMutableRawPointer(bitPattern: -1) else { return nil }
    unsafe memory = UnsafeMutableRawBufferPointer(start: base, count: max(1, size))
  }

  /// The first bytes of a file, as they are now: changes made here stay here. With `isReadWhole` all pages are there at once.
  init?(file: FileBytes, count: Int, isReadWhole: Bool) {
    guard count > 0, UInt64(count) <= file.size else { return nil }
    // MAP_POPULATE, which glibc hides behind _DEFAULT_SOURCE, for who sums all pages up. Of pages that may be
    // written to it would make copies at once; so they may only after that.
    let populate: Int32 = isReadWhole ? 0x8000 : 0
    let base = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE | populate, file.descriptor, 0)
    guard let base = unsafe base, unsafe base != UnsafeMutableRawPointer(bitPattern: -1) else { return nil }
    guard unsafe mprotect(base, count, PROT_READ | PROT_WRITE) == 0 else {
      unsafe munmap(base, count)
      return nil
    }
    unsafe memory = UnsafeMutableRawBufferPointer(start: base, count: count)
  }

  deinit {
    unsafe munmap(memory.baseAddress, memory.count)
  }

  func copy(_ bytes: [UInt8], to offset: Int) {
    let size = unsafe memory.count
    guard offset >= 0, offset <= size, bytes.count <= size - offset else { return }
    unsafe UnsafeMutableRawBufferPointer(rebasing: memory[offset..<offset + bytes.count]).copyBytes(
      from: bytes)
  }

  /// Puts a range of a file at an offset that is the same within its page.
  func map(_ file: FileBytes, _ range: Range<UInt64>, at offset: Int) -> Bool {
    let page = 4096
    let within = Int(range.lowerBound % UInt64(page))
    let count = Int(clamping: range.upperBound - range.lowerBound)
    guard count > 0 else { return true }
    guard offset >= within, offset % page == within, unsafe count <= memory.count - offset else {
      return false
    }
    let target = unsafe memory.baseAddress! + (offset - within)
    let mapped = unsafe mmap(
      target, within + count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, file.descriptor,
      off_t(range.lowerBound) - off_t(within))
    return unsafe mapped == target
  }
}
