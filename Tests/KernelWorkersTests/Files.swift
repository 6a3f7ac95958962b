import GDBOracle
import Glibc

/// A new folder below $TMPDIR or /tmp, removed when the tests end.
func temporaryFolder() throws(Command.Failure) -> String {
  var name = Array("\(Command.variable("TMPDIR") ?? "/tmp")/kernel-workers.XXXXXX".utf8CString)
  let made = unsafe name.withUnsafeMutableBufferPointer { buffer in
    unsafe mkdtemp(buffer.baseAddress!) != nil
  }
  guard made else { throw Command.Failure(description: "no temporary folder, errno \(errno)") }
  let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  Leftovers.note(path)
  return path
}

func parent(of path: String) -> String {
  path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
}

func write(_ bytes: [UInt8], to path: String) throws(Command.Failure) {
  let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else { throw Command.Failure(description: "\(path): errno \(errno)") }
  defer { close(descriptor) }
  var done = 0
  while done < bytes.count {
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done)
    }
    guard count > 0 else { throw Command.Failure(description: "\(path): errno \(errno)") }
    done += count
  }
}

/// Folders to remove at exit.
private enum Leftovers {
  private static let isArmed: Bool = {
    atexit { Leftovers.remove() }
    return true
  }()
  nonisolated(unsafe) private static var paths: [String] = []
  nonisolated(unsafe) private static var lock = unsafe pthread_mutex_t()

  static func note(_ path: String) {
    _ = isArmed
    unsafe pthread_mutex_lock(&lock)
    unsafe paths.append(path)
    unsafe pthread_mutex_unlock(&lock)
  }

  private static func remove() {
    for path in unsafe paths { _ = try? Command("rm", ["-rf", path]).run(seconds: 10) }
  }
}
