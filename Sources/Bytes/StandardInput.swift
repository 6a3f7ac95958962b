internal import Glibc

/// Files that are open already and are named by their number: `-`, `/dev/stdin`, `/dev/fd/63`.
package enum StandardInput {
  package enum Kind {
    case file(FileBytes)
    /// A pipe, socket or terminal.
    case pipe(Int32)
    case closed
  }

  /// The number of the descriptor that a path stands for; `nil` for the path of a file.
  package static func descriptor(_ path: String) -> Int32? {
    if path == "-" || path == "/dev/stdin" { return 0 }
    for prefix in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(prefix) {
      return Int32(path.dropFirst(prefix.count))
    }
    return nil
  }

  /// The name for messages.
  package static func name(_ path: String) -> String { path == "-" ? "standard input" : path }

  /// The open file behind a number, which stays open.
  package static func open(_ descriptor: Int32) -> Kind {
    let copies = (0..<2).map { _ in fcntl(descriptor, F_DUPFD_CLOEXEC, 3) }
    guard copies[0] >= 0, copies[1] >= 0 else { return .closed }
    let name = descriptor == 0 ? "standard input" : "/dev/fd/\(descriptor)"
    // What is refused is closed: one copy for the try.
    if let file = try? FileBytes(adopting: copies[0], path: name) {
      close(copies[1])
      return .file(file)
    }
    return .pipe(copies[1])
  }
}
