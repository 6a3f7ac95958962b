internal import Glibc

/// What /proc says of one process, read file by file; see proc(5). The process may go away at any moment.
package struct ProcFolder {
  package let processID: Int32

  private static let longestFile = 4 << 20
  private static let mostEntries = 100_000

  package init(processID: Int32) { self.processID = processID }

  private func path(_ name: String) -> String { "/proc/\(processID)/\(name)" }

  /// A file's bytes; `nil` where it is gone or may not be read. Unlike `SystemFiles.read` this keeps what came before an error:
  /// the process is dying.
  package func bytes(_ name: String, limit: Int = longestFile) -> [UInt8]? {
    let descriptor = unsafe open(path(name), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var result: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65536)
    while result.count < limit {
      let count = unsafe piece.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      result += piece[..<count]
    }
    return result
  }

  /// Where a link such as `exe` points.
  package func link(_ name: String) -> String? { SystemFiles.link(path(name)) }

  /// The numbers in a folder such as `task` or `fd`, in order.
  package func numbers(_ name: String) -> [Int32] {
    (SystemFiles.names(in: path(name), limit: Self.mostEntries) ?? []).compactMap { Int32($0) }.sorted()
  }
}
