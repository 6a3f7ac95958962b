internal import Glibc

/// A folder in which files of ours are made: never through a symbolic link, never over a file that is there.
package final class PrivateFolder {
  package let path: String
  private let descriptor: Int32

  /// Opens a folder, which is made (mode 0700) where its parent is there.
  package init(path: String) throws(FileError) {
    if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
      throw FileError(path: path, problem: .system(errno: errno))
    }
    descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, problem: .system(errno: errno)) }
    self.path = path
  }

  deinit { close(descriptor) }

  /// Makes a file (mode 0600) that only its owner can read; an error where the name is taken.
  package func create(_ name: String) throws(FileError) -> ExclusiveFile {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let file = unsafe openat(descriptor, name, flags, 0o600)
    guard file >= 0 else { throw FileError(path: "\(path)/\(name)", problem: .system(errno: errno)) }
    return ExclusiveFile(path: "\(path)/\(name)", descriptor: file)
  }
}

/// A file that is being written.
package final class ExclusiveFile {
  package let path: String
  package let descriptor: Int32

  init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Appends bytes; `false` where the system refuses, as on a full disk.
  package func write(_ bytes: [UInt8]) -> Bool {
    unsafe bytes.withUnsafeBytes { unsafe write($0) }
  }

  package func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = unsafe Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }
}
