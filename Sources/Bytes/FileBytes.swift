internal import Glibc

/// Why a file could not be opened or read: what was wrong, with the system's own word for it.
package struct FileError: Error, Sendable, CustomStringConvertible {
  package enum Problem: Sendable, Equatable {
    case system(errno: Int32)
    case directory
    /// A FIFO, socket or device: never waited on.
    case notRegular
    case ended(at: UInt64)
  }

  package var path: String
  package var problem: Problem

  package init(path: String, problem: Problem) {
    self.path = path
    self.problem = problem
  }

  package var description: String {
    switch problem {
    case .system(let code): "\(path): \(unsafe String(cString: strerror(code)))"
    case .directory: "\(path): is a directory"
    case .notRegular: "\(path): is not a regular file"
    case .ended(let offset): "\(path): ended at offset \(offset)"
    }
  }
}

/// A regular file, or bytes that stand for one, read by `pread`: never mapped, since a file that shrinks under a mapping is a SIGBUS.
///
/// Opened once, without blocking: a FIFO, socket or device is refused at once and never waited on.
package final class FileBytes: ByteSource {
  package let path: String
  /// -1 for bytes in memory.
  package let descriptor: Int32
  /// Bytes of the file when it was opened.
  package let size: UInt64
  /// When the file was last changed, in seconds; gdb compares it between executable and core.
  package let modified: Int
  private let image: [UInt8]?
  /// Device, inode, size, and when content and inode were last changed: another file, or other content, differs.
  package let identity: [UInt64]

  package convenience init(path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw FileError(path: path, problem: .system(errno: errno)) }
    try self.init(adopting: descriptor, path: path)
  }

  /// A descriptor that was opened elsewhere, without blocking, and is this file's from now on, also where it is
  /// refused.
  package init(adopting descriptor: Int32, path: String) throws(FileError) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw FileError(path: path, problem: .system(errno: code))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      throw FileError(path: path, problem: isDirectory ? .directory : .notRegular)
    }
    self.path = path
    self.descriptor = descriptor
    self.size = UInt64(max(0, status.st_size))
    self.modified = status.st_mtim.tv_sec
    self.identity = [
      UInt64(status.st_dev), UInt64(status.st_ino), UInt64(bitPattern: Int64(status.st_size)),
      UInt64(bitPattern: Int64(status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec)),
      UInt64(bitPattern: Int64(status.st_ctim.tv_sec &* 1_000_000_000 &+ status.st_ctim.tv_nsec)),
    ]
    image = nil
  }

  /// Bytes in memory under a name.
  package init(image: [UInt8], name: String) {
    path = name
    descriptor = -1
    size = UInt64(image.count)
    modified = 0
    identity = []
    self.image = image
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Fills a buffer from `offset` on and returns how many bytes there were.
  package func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard let base = buffer.baseAddress, offset < size else { return 0 }
    let wanted = min(buffer.count, Int(clamping: size - offset))
    if let image {
      unsafe UnsafeMutableRawBufferPointer(start: base, count: wanted)
        .copyBytes(from: image[Int(offset)..<Int(offset) + wanted])
      return wanted
    }
    var done = 0
    while done < wanted {
      let got = unsafe pread(descriptor, base + done, wanted - done, off_t(clamping: offset &+ UInt64(done)))
      if got < 0, errno == EINTR { continue }
      if got <= 0 { break }
      done += got
    }
    return done
  }
}
