internal import CRootedOpen
internal import Glibc

/// A folder in the place of `/`: an unpacked container image, whose names are looked up in it and never outside.
///
/// Symbolic links and `..` are resolved as chroot(2) would have them: the kernel does it (openat2(2),
/// RESOLVE_IN_ROOT), or, where a kernel or a sandbox has no such call, this does, component by component.
package final class FolderRoot: Sendable {
  /// The folder, as it was named.
  package let path: String
  private let descriptor: Int32
  /// Of a walk by hand; tests ask for it.
  private let avoidsKernel: Bool

  /// O_PATH of open(2), which glibc hides behind _GNU_SOURCE.
  private static let onlyPath: Int32 = 0x20_0000
  /// What the kernel allows too (path_resolution(7)).
  private static let maximumLinks = 40
  private static let maximumComponents = 4096

  package init(path: String, avoidsKernel: Bool = false) throws(FileError) {
    let descriptor = unsafe Glibc.open(path, Self.onlyPath | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, problem: .system(errno: errno)) }
    self.path = path
    self.descriptor = descriptor
    self.avoidsKernel = avoidsKernel
  }

  deinit {
    close(descriptor)
  }

  /// The regular file that a name means inside the folder.
  package func open(_ name: String) throws(FileError) -> FileBytes {
    let shown = path + (name.hasPrefix("/") ? "" : "/") + name
    guard !name.utf8.contains(0) else { throw FileError(path: shown, problem: .system(errno: EINVAL)) }
    if !avoidsKernel {
      let flags = UInt64(O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
      let opened = unsafe coreview_open_in_root(descriptor, name, flags)
      if opened >= 0 { return try FileBytes(adopting: opened, path: shown) }
      let code = errno
      guard code == ENOSYS || code == EPERM || code == E2BIG else {
        throw FileError(path: shown, problem: .system(errno: code))
      }
    }
    return try walk(to: name, shown)
  }

  private func walk(to name: String, _ shown: String) throws(FileError) -> FileBytes {
    func failure(_ code: Int32) -> FileError { FileError(path: shown, problem: .system(errno: code)) }
    var rest = Array(name.split(separator: "/").map(String.init).reversed())
    // The folders from the root down to where the walk stands; `..` goes back in it and never above its start.
    var folders: [Int32] = []
    defer { for folder in folders { close(folder) } }
    var links = 0
    var steps = 0
    while let component = rest.popLast() {
      steps += 1
      guard steps <= Self.maximumComponents else { throw failure(ELOOP) }
      if component == "." { continue }
      if component == ".." {
        if let last = folders.popLast() { close(last) }
        continue
      }
      let here = folders.last ?? descriptor
      let found = unsafe openat(here, component, Self.onlyPath | O_NOFOLLOW | O_CLOEXEC)
      guard found >= 0 else { throw failure(errno) }
      var status = stat()
      guard unsafe fstat(found, &status) == 0 else {
        let code = errno
        close(found)
        throw failure(code)
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: folders.append(found)
      case S_IFLNK:
        let target = Self.target(of: found)
        close(found)
        links += 1
        guard let target, links <= Self.maximumLinks else { throw failure(ELOOP) }
        if target.hasPrefix("/") {
          for folder in folders { close(folder) }
          folders = []
        }
        rest += target.split(separator: "/").map(String.init).reversed()
      default:
        close(found)
        guard rest.isEmpty else { throw failure(ENOTDIR) }
        // Not followed: what was no link a moment ago may be one now.
        let opened = unsafe openat(
          here, component, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW)
        guard opened >= 0 else { throw failure(errno) }
        return try FileBytes(adopting: opened, path: shown)
      }
    }
    throw FileError(path: shown, problem: .directory)
  }

  /// The text of a symbolic link that is open as a path; see readlinkat(2).
  private static func target(of link: Int32) -> String? {
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      let length = unsafe buffer.withMemoryRebound(to: CChar.self) { text in
        unsafe readlinkat(link, "", text.baseAddress!, text.count)
      }
      count = max(0, length)
    }
    return bytes.isEmpty || bytes.count == 4096 ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
