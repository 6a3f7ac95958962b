internal import Glibc

/// Lines of a file, a pipe or a terminal, read as they come.
package final class LineInput {
  private let descriptor: Int32
  private let isOwned: Bool
  private var buffer: [UInt8] = []
  private var isAtEnd = false

  /// Longer lines are cut into several.
  private static let longestLine = 1 << 20

  /// Standard input, or another descriptor that somebody else closes.
  package init(descriptor: Int32) {
    self.descriptor = descriptor
    isOwned = false
  }

  /// A file of any kind, by open(2): command files may be pipes.
  package init(path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw FileError(path: path, problem: .system(errno: errno)) }
    var status = stat()
    if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw FileError(path: path, problem: .directory)
    }
    self.descriptor = descriptor
    isOwned = true
  }

  deinit {
    if isOwned { close(descriptor) }
  }

  /// The next line without its newline; `nil` at the end. The last line need not have one.
  package func next() -> [UInt8]? {
    while true {
      if let end = buffer.firstIndex(of: 0x0a) {
        let line = Array(buffer[..<end])
        buffer.removeFirst(end + 1)
        return line
      }
      if isAtEnd || buffer.count >= Self.longestLine {
        guard !buffer.isEmpty else { return nil }
        defer { buffer.removeAll() }
        return buffer
      }
      fill()
    }
  }

  private func fill() {
    let chunk = 4096
    let more = [UInt8](capacity: chunk) { output in
      unsafe output.withUnsafeMutableBufferPointer { space, initialized in
        var count = unsafe read(descriptor, space.baseAddress, chunk)
        while count < 0, errno == EINTR { count = unsafe read(descriptor, space.baseAddress, chunk) }
        initialized = max(0, count)
      }
    }
    if more.isEmpty { isAtEnd = true }
    buffer += more
  }
}
