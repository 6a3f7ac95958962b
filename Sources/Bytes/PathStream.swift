internal import Glibc

/// Paths from standard input, each ended by a NUL; waits for the next.
package struct PathStream {
  private var bytes: [UInt8] = []
  private var start = 0

  package init() {}

  /// The next path; `nil` at the end, where a path without a NUL is dropped.
  package mutating func next() -> String? {
    while true {
      if let end = bytes[start...].firstIndex(of: 0) {
        let path = String(decoding: bytes[start..<end], as: UTF8.self)
        start = end + 1
        if start == bytes.count {
          bytes.removeAll(keepingCapacity: true)
          start = 0
        }
        return path
      }
      var page = [UInt8](repeating: 0, count: 8192)
      let count = unsafe page.withUnsafeMutableBytes { unsafe read(0, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // A path is no longer than PATH_MAX.
      guard count > 0, bytes.count < 1 << 20 else { return nil }
      bytes += page[..<count]
    }
  }
}
