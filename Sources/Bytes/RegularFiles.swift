internal import Glibc

/// The regular files below a folder, found without following a symbolic link.
package struct RegularFiles {
  /// A file as lstat(2) saw it.
  package struct Entry: Sendable, Equatable {
    package var path: String
    package var size: UInt64
    /// When it was last changed, in seconds.
    package var modified: Int
    /// Device and inode: the same for two names of one file.
    package var device: UInt64
    package var inode: UInt64
  }

  /// Folders deeper than this, and files beyond this many, are left out; `isCut` tells.
  private static let deepest = 64
  private static let most = 1_000_000

  package private(set) var entries: [Entry] = []
  /// Whether something was left out for its depth or number.
  package private(set) var isCut = false
  /// Folders that could not be read.
  package private(set) var unreadable: [String] = []

  /// Looks through a folder and, if wanted, those in it; in the order of the paths. Mount points are crossed.
  package init(below path: String, isRecursive: Bool) {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      unreadable.append(path)
      return
    }
    visit(descriptor, path, depth: isRecursive ? 0 : Self.deepest)
  }

  /// Opens one of the files, if it still is what it was: no link, no other file.
  package static func open(_ entry: Entry) -> FileBytes? {
    let descriptor = unsafe Glibc.open(
      entry.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_dev == entry.device, status.st_ino == entry.inode
    else {
      close(descriptor)
      return nil
    }
    return try? FileBytes(adopting: descriptor, path: entry.path)
  }

  /// Takes over the descriptor of a folder.
  private mutating func visit(_ descriptor: Int32, _ path: String, depth: Int) {
    guard let stream = unsafe fdopendir(descriptor) else {
      close(descriptor)
      unreadable.append(path)
      return
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe SystemFiles.name(of: entry)
      if name != ".", name != ".." { names.append(name) }
    }
    for name in names.sorted() {
      guard entries.count < Self.most else {
        isCut = true
        return
      }
      var status = stat()
      guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
      let full = path.hasSuffix("/") ? path + name : path + "/" + name
      switch status.st_mode & S_IFMT {
      case S_IFREG:
        entries.append(
          Entry(
            path: full, size: UInt64(max(0, status.st_size)), modified: status.st_mtim.tv_sec,
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino)))
      case S_IFDIR where depth < Self.deepest:
        let folder = unsafe openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if folder >= 0 { visit(folder, full, depth: depth + 1) } else { unreadable.append(full) }
      case S_IFDIR where depth > 0 && depth != Self.deepest: isCut = true
      default: break
      }
    }
  }
}
