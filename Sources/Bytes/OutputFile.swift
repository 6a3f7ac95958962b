internal import Glibc

/// A file that text is written to; see open(2).
package final class OutputFile {
  private let descriptor: Int32

  /// Opens or makes a file, to go on at its end or to begin anew.
  package init(path: String, isAppending: Bool) throws(FileError) {
    let mode = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (isAppending ? O_APPEND : O_TRUNC)
    let descriptor = unsafe open(path, mode, 0o666)
    guard descriptor >= 0 else { throw FileError(path: path, problem: .system(errno: errno)) }
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  package func write(_ text: TextBuffer) {
    var copy = text
    copy.flush(to: descriptor)
  }
}
