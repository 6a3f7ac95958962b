internal import Glibc

/// What this program may know of the process that it is: its environment and its terminal.
package enum HostProcess {
  /// An environment variable; `nil` where it is not set.
  package static func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Whether a descriptor is a terminal; see isatty(3).
  package static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1
  }

  /// A path without links; see realpath(3). `nil` where there is no such file.
  package static func realPath(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// Whether a file is there to be read; see access(2).
  package static func isReadable(_ path: String) -> Bool {
    unsafe access(path, R_OK) == 0
  }
}
