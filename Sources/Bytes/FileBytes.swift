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
  /// Of bytes in memory: pieces, one behind the other, and where each begins.
  private let pieces: [ArraySlice<UInt8>]
  private let starts: [UInt64]
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
    pieces = []
    starts = []
  }

  /// Bytes in memory under a name: pieces that stand one behind the other.
  package init(image pieces: [ArraySlice<UInt8>], name: String) {
    path = name
    descriptor = -1
    modified = 0
    identity = []
    self.pieces = pieces
    var end: UInt64 = 0
    starts = pieces.map { piece in
      defer { end += UInt64(piece.count) }
      return end
    }
    size = end
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Fills a buffer from `offset` on and returns how many bytes there were.
  package func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard let base = buffer.baseAddress, offset < size else { return 0 }
    let wanted = min(buffer.count, Int(clamping: size - offset))
    if descriptor < 0 {
      unsafe copy(from: offset, to: UnsafeMutableRawBufferPointer(start: base, count: wanted))
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

  /// Bytes of the pieces, all of which lie within them.
  private func copy(from offset: UInt64, to target: UnsafeMutableRawBufferPointer) {
    var done = 0
    var index = starts.leadingCount { $0 <= offset } - 1
    while done < target.count {
      let piece = pieces[index]
      let within = Int(offset + UInt64(done) - starts[index])
      let count = min(piece.count - within, target.count - done)
      let from = piece.startIndex + within
      unsafe UnsafeMutableRawBufferPointer(rebasing: target[done..<done + count])
        .copyBytes(from: piece[from..<from + count])
      done += count
      index += 1
    }
  }
}
