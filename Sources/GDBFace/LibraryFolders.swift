internal import Bytes

/// Where the libraries of a process really are, and which of them may have a script beside them.
///
/// Three questions for each of hundreds of plug-ins are a sixth of a short run: of a folder that many share the list is read
/// instead.
struct LibraryFolders {
  /// So many libraries of a folder, and its list is read.
  private static let many = 16

  private struct Contents {
    var links: Set<String> = []
    var scripts: Set<String> = []
  }

  private let endings: [String]
  private var known: [Substring: String] = [:]
  private var contents: [Substring: Contents] = [:]

  /// `paths` are absolute; `endings` are what names of scripts add to those of the libraries.
  init(of paths: [String], endings: [String]) {
    self.endings = endings
    var counts: [Substring: Int] = [:]
    for path in paths { counts[Self.folder(of: path), default: 0] += 1 }
    for (folder, count) in counts where count >= Self.many {
      let entries = SystemFiles.entries(in: String(folder) + "/") { name, mayBeLink in
        mayBeLink || endings.contains { name.hasSuffix($0) }
      }
      // A folder that cannot be listed is asked file by file.
      guard let entries else { continue }
      contents[folder] = Contents(
        links: Set(entries.filter(\.mayBeLink).map(\.name)), scripts: Set(entries.map(\.name)))
    }
  }

  /// False where a script of the library surely is not there. A link may lead to a library that has one.
  func mayHaveScript(_ path: String) -> Bool {
    guard let contents = contents[Self.folder(of: path)] else { return true }
    if contents.links.isEmpty, contents.scripts.isEmpty { return false }
    let name = String(path[Self.folder(of: path).endIndex...].dropFirst())
    return contents.links.contains(name) || endings.contains { contents.scripts.contains(name + $0) }
  }

  /// realpath(3) with one question per folder and one per file.
  mutating func realPath(_ path: String) -> String? {
    let folder = Self.folder(of: path)
    if SystemFiles.link(path) != nil { return HostProcess.realPath(path) }
    let real = known[folder] ?? HostProcess.realPath(String(folder) + "/")
    guard let real else { return nil }
    known[folder] = real
    return (real == "/" ? "" : real) + path[folder.endIndex...]
  }

  /// Up to the last slash, without it.
  private static func folder(of path: String) -> Substring {
    path[..<(path.utf8.lastIndex(of: 0x2f) ?? path.startIndex)]
  }
}
