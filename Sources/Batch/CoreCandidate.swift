internal import Bytes

/// A file that may be a core.
package struct CoreCandidate: Sendable, Equatable {
  package var path: String
  package var size: UInt64
  /// When it was last written, in nanoseconds since 1970: when the process died.
  package var modified: Int64
  /// Whether the user named it: then it is an error if it is no core.
  package var isNamed: Bool
}

/// Finds cores: the files that were named, and below folders all that look like one.
package struct CoreFinder {
  /// Folders within folders: a loop of mounts ends here.
  private static let maximumDepth = 64

  package private(set) var candidates: [CoreCandidate] = []
  /// What could not be read, a sentence each.
  package private(set) var problems: [String] = []
  private var seen: Set<String> = []
  private let looksLikeCore: (String) -> Bool

  /// A finder that asks `looksLikeCore` about each regular file in a folder.
  package init(looksLikeCore: @escaping (String) -> Bool = CoreFinder.hasCoreHead) {
    self.looksLikeCore = looksLikeCore
  }

  /// Adds a file, or all cores below a folder. Links to files are followed, links to folders are not.
  package mutating func add(_ path: String) {
    guard let status = FileStatus(path: path) else {
      problems.append("\(path): No such file or directory")
      return
    }
    switch status.kind {
    case .folder: walk(path, depth: 0)
    case .regular: append(path, status, isNamed: true)
    case .other: problems.append("\(path): is not a regular file")
    }
  }

  private mutating func walk(_ folder: String, depth: Int) {
    guard depth < Self.maximumDepth else {
      problems.append("\(folder): lies too deep; what is below it is left out")
      return
    }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    for name in Folder.names(in: folder) {
      let path = prefix + name
      guard let own = FileStatus(path: path, followsLink: false) else { continue }
      if own.kind == .folder {
        walk(path, depth: depth + 1)
      } else if let status = FileStatus(path: path), status.kind == .regular, looksLikeCore(path) {
        append(path, status, isNamed: false)
      }
    }
  }

  private mutating func append(_ path: String, _ status: FileStatus, isNamed: Bool) {
    // NUL ends a path on its way to a child, and no path holds one.
    guard seen.insert(path).inserted else { return }
    candidates.append(
      CoreCandidate(path: path, size: status.size, modified: status.modified, isNamed: isNamed))
  }

  /// Whether a file begins as a core does (ELF, e_type ET_CORE), or is compressed and may hold one.
  package static func hasCoreHead(_ path: String) -> Bool {
    guard let file = try? FileBytes(path: path) else { return false }
    let head = file.read(at: 0, count: 18)
    guard head.count == 18 else { return false }
    if head.starts(with: [0x7f, 0x45, 0x4c, 0x46]) {
      return (head[5] == 2 ? Int(head[17]) | Int(head[16]) << 8 : Int(head[16]) | Int(head[17]) << 8) == 4
    }
    return compressedHeads.contains { head.starts(with: $0) }
  }

  /// zstd, LZ4, xz, gzip, bzip2. The child that opens the file finds out what is in it.
  private static let compressedHeads: [[UInt8]] = [
    [0x28, 0xb5, 0x2f, 0xfd], [0x04, 0x22, 0x4d, 0x18], [0x02, 0x21, 0x4c, 0x18],
    [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], [0x1f, 0x8b, 0x08], [0x42, 0x5a, 0x68],
  ]
}
