import Glibc

/// A file with given bytes for one test, removed at its end.
package struct ScratchFile: ~Copyable {
  package let path: String

  package init(_ bytes: [UInt8]) throws(Command.Failure) {
    path = try Self.write(bytes)
  }

  private static func write(_ bytes: [UInt8]) throws(Command.Failure) -> String {
    var name = Array("/tmp/coreview-scratch.XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&name)
    guard descriptor >= 0 else { throw Command.Failure(description: "no temporary file, errno \(errno)") }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
      }
      guard count > 0 else { throw Command.Failure(description: "a temporary file is full, errno \(errno)") }
      written += count
    }
    return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A FIFO that nobody writes to.
  package static func fifo() throws(Command.Failure) -> ScratchFile {
    let file = try ScratchFile([])
    unsafe unlink(file.path)
    guard unsafe mkfifo(file.path, 0o600) == 0 else {
      throw Command.Failure(description: "\(file.path): no FIFO, errno \(errno)")
    }
    return file
  }

  deinit { unsafe unlink(path) }
}

/// A folder for one test, removed with all that is in it at its end.
package struct ScratchFolder: ~Copyable {
  package let path: String

  package init() throws(Command.Failure) {
    var name = Array("/tmp/coreview-scratch.XXXXXX".utf8CString)
    guard unsafe mkdtemp(&name) != nil else {
      throw Command.Failure(description: "no temporary folder, errno \(errno)")
    }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { _ = try? Command("rm", ["-rf", "--", path]).run(seconds: 60) }
}
