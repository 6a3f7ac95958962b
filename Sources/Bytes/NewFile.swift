internal import Glibc

/// A file that nobody else had before and that only its owner may read: a snapshot holds a process's secrets.
package enum NewFile {
  /// Writes the whole of it, mode 0600, never over an existing file; what could not be written whole is removed.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError(path: path, problem: .system(errno: errno)) }
    guard ExclusiveFile(path: path, descriptor: descriptor).write(bytes) else {
      let code = errno
      unsafe unlink(path)
      throw FileError(path: path, problem: .system(errno: code))
    }
  }
}
