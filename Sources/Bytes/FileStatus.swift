internal import Glibc

/// What a path leads to, of what a search for files wants to know; see stat(2).
package struct FileStatus: Sendable, Equatable {
  package enum Kind: Sendable {
    case regular
    case folder
    case other
  }

  package var kind: Kind
  package var size: UInt64
  /// When it was last written, in nanoseconds since 1970.
  package var modified: Int64

  /// The status of a path, or of the link that it is; `nil` where there is nothing.
  package init?(path: String, followsLink: Bool = true) {
    var status = stat()
    guard unsafe fstatat(AT_FDCWD, path, &status, followsLink ? 0 : AT_SYMLINK_NOFOLLOW) == 0 else {
      return nil
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .folder
    default: kind = .other
    }
    size = UInt64(max(0, status.st_size))
    modified = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
  }
}

extension PrivateFile {
  /// Makes an empty file that is its owner's alone (mode 0600) where there is none; what is there stays as it is.
  package static func make(_ path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else { throw FileError(path: path, problem: .system(errno: errno)) }
    close(descriptor)
  }
}

extension StandardInput {
  /// All lines of standard input, up to 64 MiB of them; NULs end lines as well, as `find -print0` has it.
  package static func lines() -> [String] {
    var bytes: [UInt8] = []
    var page = [UInt8](repeating: 0, count: 65536)
    while bytes.count < 64 << 20 {
      let count = unsafe page.withUnsafeMutableBytes { unsafe read(0, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      bytes += page[..<count]
    }
    return bytes.split { $0 == 0x0a || $0 == 0 }.map { String(decoding: $0, as: UTF8.self) }
  }
}
