internal import CRootedOpen
internal import Glibc

/// A folder that is kept open, for reading many small files below it: /proc/PID, or a copy of one.
///
/// Of procfs itself nothing has to be looked at before it is read: the kernel alone makes its files. A copy may hold
/// anything; its files are opened as `SystemFiles.read` opens them, and must be regular.
@safe
package final class SystemFolder {
  /// As messages call it.
  package let path: String
  private let descriptor: Int32
  private let isKernels: Bool
  /// What one read(2) fills.
  private let piece: UnsafeMutableRawBufferPointer

  /// O_PATH of open(2), which glibc hides behind _GNU_SOURCE.
  private static let onlyPath: Int32 = 0x20_0000

  package init(path: String) throws(FileError) {
    let descriptor = unsafe open(path, Self.onlyPath | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, problem: .system(errno: errno)) }
    self.path = path
    self.descriptor = descriptor
    isKernels = coreview_is_process_folder(descriptor) != 0
    unsafe piece = .allocate(byteCount: 16384, alignment: 16)
  }

  deinit {
    close(descriptor)
    unsafe piece.deallocate()
  }

  /// The whole of a file below the folder, at most `limit` bytes. `isRecord` tells that the kernel gives it out in one
  /// piece (seq_file(9), single_open), so that a read that comes back short was the last.
  package func read(_ name: String, limit: Int, isRecord: Bool) throws(FileError) -> [UInt8] {
    let file = unsafe openat(descriptor, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW)
    guard file >= 0 else { throw failure(name, .system(errno: errno)) }
    defer { close(file) }
    if !isKernels {
      var status = stat()
      guard unsafe fstat(file, &status) == 0 else { throw failure(name, .system(errno: errno)) }
      let kind = status.st_mode & S_IFMT
      guard kind == S_IFREG else { throw failure(name, kind == S_IFDIR ? .directory : .notRegular) }
    }
    var result: [UInt8] = []
    while result.count < limit {
      let wanted = unsafe min(piece.count, limit - result.count)
      let got = unsafe Glibc.read(file, piece.baseAddress, wanted)
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw failure(name, .system(errno: errno)) }
      if got == 0 { break }
      unsafe result.append(contentsOf: piece[0..<got])
      if got < wanted, isKernels, isRecord { break }
    }
    return result
  }

  private func failure(_ name: String, _ problem: FileError.Problem) -> FileError {
    FileError(path: "\(path)/\(name)", problem: problem)
  }
}
