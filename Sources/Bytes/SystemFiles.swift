internal import Glibc

/// Files that the kernel makes up while they are read, as below /proc: they have no size, and no end but a read of 0.
package enum SystemFiles {
  /// The whole of a file, at most `limit` bytes. Regular files only; a symbolic link is not followed where
  /// `followsLinks` is off, so that a copied tree cannot lead elsewhere.
  package static func read(
    _ path: String, limit: Int, followsLinks: Bool = false
  ) throws(FileError) -> [UInt8] {
    let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (followsLinks ? 0 : O_NOFOLLOW)
    let descriptor = unsafe open(path, flags)
    guard descriptor >= 0 else { throw FileError(path: path, problem: .system(errno: errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw FileError(path: path, problem: .system(errno: errno))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(
        path: path, problem: status.st_mode & S_IFMT == S_IFDIR ? .directory : .notRegular)
    }
    var result: [UInt8] = []
    var piece = 1024
    while result.count < limit {
      var failure: Int32 = 0
      let wanted = min(piece, limit - result.count)
      let before = result.count
      let more = [UInt8](capacity: wanted) { output in
        unsafe output.withUnsafeMutableBufferPointer { buffer, initialized in
          var got = unsafe Glibc.read(descriptor, buffer.baseAddress, wanted)
          while got < 0, errno == EINTR { got = unsafe Glibc.read(descriptor, buffer.baseAddress, wanted) }
          if got < 0 { failure = errno }
          initialized = max(0, got)
        }
      }
      if failure != 0 { throw FileError(path: path, problem: .system(errno: failure)) }
      result += more
      if result.count == before { break }
      piece = 65536
    }
    return result
  }

  /// Where a symbolic link points to; `nil` where there is none or it may not be read.
  package static func link(_ path: String) -> String? {
    let bytes = [UInt8](capacity: 4096) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, initialized in
        let got = unsafe buffer.withMemoryRebound(to: CChar.self) {
          unsafe readlink(path, $0.baseAddress!, $0.count)
        }
        initialized = max(0, got)
      }
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// The names in a folder, without `.` and `..`, at most `limit`; `nil` where it cannot be read.
  package static func names(in path: String, limit: Int = 1 << 20) -> [String]? {
    guard let folder = unsafe opendir(path) else { return nil }
    defer { unsafe closedir(folder) }
    var result: [String] = []
    while result.count < limit, let entry = unsafe readdir(folder) {
      let name = unsafe name(of: entry)
      if name != ".", name != ".." { result.append(name) }
    }
    return result
  }

  /// The names in a folder that a caller wants, at most `limit`, with whether each may be a symbolic link: not all file systems
  /// tell. `nil` where the folder cannot be read.
  package static func entries(
    in path: String, limit: Int = 1 << 20, where isWanted: (_ name: String, _ mayBeLink: Bool) -> Bool
  ) -> [(name: String, mayBeLink: Bool)]? {
    guard let folder = unsafe opendir(path) else { return nil }
    defer { unsafe closedir(folder) }
    var result: [(name: String, mayBeLink: Bool)] = []
    while result.count < limit, let entry = unsafe readdir(folder) {
      // DT_LNK and DT_UNKNOWN of readdir(3).
      let kind = unsafe entry.pointee.d_type
      let mayBeLink = kind == 10 || kind == 0
      let name = unsafe name(of: entry)
      if isWanted(name, mayBeLink) { result.append((name, mayBeLink)) }
    }
    return result
  }

  /// d_name is an array in C; its address is that of the entry and its offset.
  static func name(of entry: UnsafePointer<dirent>) -> String {
    unsafe String(
      cString: UnsafeRawPointer(entry).advanced(by: MemoryLayout<dirent>.offset(of: \.d_name)!)
        .assumingMemoryBound(to: CChar.self))
  }

  /// Whether there is a folder at a path.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The inode of what a path leads to, by which two namespaces are compared; `nil` where it cannot be reached.
  package static func inode(_ path: String) -> UInt64? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
  }
}
