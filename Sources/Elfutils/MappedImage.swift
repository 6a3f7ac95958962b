internal import Bytes
internal import Glibc

/// Private memory for an ELF image, parts of which may be pages of a file.
@safe
final class MappedImage {
  let memory: UnsafeMutableRawBufferPointer
  /// Whether all of it are the pages of one file.
  private let isFile: Bool

  /// All of a file as it is now, of which pages are read when they are touched.
  convenience init?(reading file: FileBytes) { self.init(file: file, count: Int(clamping: file.size)) }

  init?(size: Int) {
    let base = unsafe mmap(
      nil, max(1, size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let base = unsafe base, unsafe base != UnsafeMutableRawPointer(bitPattern: -1) else { return nil }
    unsafe memory = UnsafeMutableRawBufferPointer(start: base, count: max(1, size))
    isFile = false
  }

  /// The first bytes of a file, as they are now. What libelf and libdw write, such as section headers of .zdebug_ sections that they
  /// expand, stays in this process.
  init?(file: FileBytes, count: Int) {
    guard count > 0, UInt64(count) <= file.size else { return nil }
    let base = unsafe mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE, file.descriptor, 0)
    guard let base = unsafe base, unsafe base != UnsafeMutableRawPointer(bitPattern: -1) else { return nil }
    // Or the kernel maps two megabytes around a byte that is touched.
    if count >= 2 << 20 { unsafe madvise(base, count, MADV_NOHUGEPAGE) }
    unsafe memory = UnsafeMutableRawBufferPointer(start: base, count: count)
    isFile = true
  }

  /// MADV_POPULATE_READ of madvise(2), since Linux 5.14; older ones refuse it.
  private static let populateRead: Int32 = 22

  /// Fetches pages of a file that are about to be read all, without a fault for each sixteen; `range` begins with a page.
  func populate(_ range: Range<Int>) {
    guard isFile, let base = unsafe memory.baseAddress, unsafe range.upperBound <= memory.count else {
      return
    }
    unsafe madvise(base + range.lowerBound, range.count, Self.populateRead)
  }

  /// Lets go of the pages that lie in a range, in bytes from the start: they are the file's, and come back when they are
  /// touched. Those at its ends stay: what else is in them, libelf may have written.
  func release(_ range: Range<UInt64>) {
    let page: UInt64 = 4096
    let size = unsafe UInt64(memory.count)
    guard isFile, let base = unsafe memory.baseAddress, range.lowerBound < size else { return }
    let start = Int((range.lowerBound + page - 1) / page * page)
    let end = Int(min(range.upperBound, size) / page * page)
    guard start < end else { return }
    unsafe madvise(base + start, end - start, MADV_DONTNEED)
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
