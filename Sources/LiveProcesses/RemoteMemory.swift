internal import CLinux
internal import Glibc

/// The memory of a running process, by process_vm_readv(2): nothing is stopped, nothing is written.
///
/// Memory that user space itself would have to bring (userfaultfd) is never touched: the read would wait for it.
package struct RemoteMemory: Sendable {
  package let processID: Int32
  /// Ranges that must not be read, ascending.
  package let forbidden: [Range<UInt64>]

  /// Ranges of one call: UIO_MAXIOV.
  private static let mostRanges = 1024
  /// Bytes of one call.
  private static let mostBytes = 16 << 20

  package init(processID: Int32, forbidden: [Range<UInt64>] = []) {
    self.processID = processID
    self.forbidden = forbidden
  }

  /// The bytes at an address, up to the first that cannot be had.
  package func read(at address: UInt64, count: Int) -> [UInt8] {
    guard count > 0 else { return [] }
    var end = address.addingReportingOverflow(UInt64(count)).partialValue
    if end < address { end = .max }
    for range in forbidden where range.upperBound > address && range.lowerBound < end {
      if range.contains(address) { return [] }
      end = range.lowerBound
      break
    }
    let bytes = transfer([address..<end])
    if bytes.isEmpty || UInt64(bytes.count) == end - address { return bytes }
    // A page that is not there ends the read, at its start or before: page by page it is exact.
    var result = bytes
    while UInt64(result.count) < end - address {
      let next = address + UInt64(result.count)
      let more = transfer([next..<min(end, (next | 4095) &+ 1)])
      if more.isEmpty { break }
      result += more
    }
    return result
  }

  /// Copies ranges, many a call; of each what could be had from its start on.
  package func read(_ ranges: [Range<UInt64>]) -> [CapturedRange] {
    var result: [CapturedRange] = []
    result.reserveCapacity(ranges.count)
    var next = 0
    while next < ranges.count {
      var batch: [Range<UInt64>] = []
      var size = 0
      while next < ranges.count, batch.count < Self.mostRanges,
        batch.isEmpty || size + ranges[next].count <= Self.mostBytes
      {
        batch.append(ranges[next])
        size += ranges[next].count
        next += 1
      }
      let bytes = transfer(batch)
      var at = 0
      for (index, range) in batch.enumerated() {
        if bytes.count - at >= range.count {
          result.append(CapturedRange(start: range.lowerBound, bytes: bytes[at..<at + range.count]))
          at += range.count
          continue
        }
        // The call ended early: in this range, or right at its start.
        let had = read(at: range.lowerBound, count: range.count)
        if !had.isEmpty { result.append(CapturedRange(start: range.lowerBound, bytes: had)) }
        next -= batch.count - index - 1
        break
      }
    }
    return result
  }

  /// Copies ranges one behind the other into memory that is there already; how many bytes, or `nil` where they do not fit or
  /// something of them cannot be had.
  package func read(_ ranges: [Range<UInt64>], into buffer: inout [UInt8]) -> Int? {
    let total = ranges.reduce(0) { $0 + $1.count }
    guard total <= buffer.count, ranges.count <= Self.mostRanges else { return nil }
    var remote = unsafe Self.remote(ranges)
    let got = unsafe buffer.withUnsafeMutableBytes { bytes in
      var local = unsafe iovec(iov_base: bytes.baseAddress, iov_len: total)
      return unsafe coreview_read_memory(processID, &local, 1, &remote, UInt(ranges.count))
    }
    return got == total ? total : nil
  }

  private static func remote(_ ranges: [Range<UInt64>]) -> [iovec] {
    unsafe ranges.map {
      unsafe iovec(iov_base: UnsafeMutableRawPointer(bitPattern: UInt($0.lowerBound)), iov_len: $0.count)
    }
  }

  /// Threads may stand while this memory is filled: with huge pages that is hundreds of page faults fewer.
  private func preferLargePages(_ memory: UnsafeMutableRawBufferPointer) {
    let page = 4096, hugePages: Int32 = 14
    guard let base = memory.baseAddress, memory.count > 2 << 20 else { return }
    let unaligned = (page - Int(bitPattern: base) % page) % page
    _ = unsafe madvise(base + unaligned, (memory.count - unaligned) & ~(page - 1), hugePages)
  }

  /// One call: the bytes of the ranges, one behind the other, as far as they could be had.
  private func transfer(_ ranges: [Range<UInt64>]) -> [UInt8] {
    let total = ranges.reduce(0) { $0 + $1.count }
    var remote = unsafe Self.remote(ranges)
    return [UInt8](capacity: total) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, initialized in
        unsafe preferLargePages(UnsafeMutableRawBufferPointer(buffer))
        var local = unsafe iovec(iov_base: UnsafeMutableRawPointer(buffer.baseAddress), iov_len: total)
        let got = unsafe coreview_read_memory(processID, &local, 1, &remote, UInt(ranges.count))
        initialized = max(0, got)
      }
    }
  }
}
