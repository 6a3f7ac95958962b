internal import CConfinement
internal import Glibc

/// Landlock: files may be read everywhere, and written where it was said; see landlock(7).
enum FileRules {
  // LANDLOCK_ACCESS_FS_*, by the version of the interface that they came with.
  private static let execute: UInt64 = 1 << 0
  private static let writeFile: UInt64 = 1 << 1
  private static let removeFile: UInt64 = 1 << 5
  private static let makeRegular: UInt64 = 1 << 8
  private static let truncate: UInt64 = 1 << 14
  /// All but reading (bits 2 and 3).
  private static func handled(_ version: Int32) -> UInt64 {
    let bits: UInt64 = version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13
    return ((1 << bits) - 1) & ~0b1100
  }

  /// O_PATH, a macro that glibc's module leaves out.
  private static let pathOnly: Int32 = 0o10_000_000

  static func enforce(_ permissions: Permissions) {
    let version = coreview_landlock_version()
    guard version > 0 else { return }
    // Binding and connecting (version 4); abstract sockets and signals of others (version 6).
    var rules = coreview_landlock_rules(
      files: handled(version), network: version >= 4 ? 0b11 : 0, scopes: version >= 6 ? 0b11 : 0)
    let set = unsafe coreview_landlock_create(&rules, version >= 6 ? 24 : version >= 4 ? 16 : 8)
    guard set >= 0 else { return }
    defer { close(set) }
    let folder = (writeFile | removeFile | makeRegular | truncate) & handled(version)
    for path in permissions.writableFolders { allow(path, folder, O_DIRECTORY, in: set) }
    for path in permissions.writableFiles { allow(path, writeFile, 0, in: set) }
    _ = coreview_landlock_enforce(set)
  }

  private static func allow(_ path: String, _ access: UInt64, _ flags: Int32, in set: Int32) {
    let place = unsafe open(path, pathOnly | O_CLOEXEC | flags)
    guard place >= 0 else { return }
    defer { close(place) }
    var rule = coreview_landlock_path(allowed: access, folder: place)
    _ = unsafe coreview_landlock_allow(set, &rule)
  }
}
