internal import Bytes

/// The files of one /proc/PID, wherever they are: the kernel's own, a copied folder, or those that a snapshot keeps.
///
/// `ProcFiles` reads text that anybody may have written: a thread names itself, and a copied tree may be cut, edited or
/// full of links. Files are capped in size, counts in number, and nothing is followed. To read a further file: a type that
/// parses its text, and a member of `ProcThread` or `ProcProcess`.
package final class ProcTree {
  /// Why a file could not be had.
  package enum Absence: Error, Sendable, Equatable {
    /// There is no such file: the thread ended, the kernel has none, the copy left it out.
    case missing
    case denied
    /// Another reason, in the system's words.
    case failed(String)
  }

  package typealias Content = Result<[UInt8], Absence>

  private enum Source {
    case folder(String)
    case values
  }

  /// Files that the kernel gives out in one piece: those of a thread (proc_single_show of fs/proc/base.c), and `comm`.
  private static let records: Set<String> = ["stat", "status", "comm", "syscall", "wchan", "stack"]

  /// As messages call it: a path.
  package let name: String
  private let source: Source
  /// The folder, once a file of it was asked for: held open, so that a number that is given away again is noticed.
  private var opened: Result<SystemFolder, FileError>?
  /// Everything that was read, by its path below the tree; `nil` for links without a target.
  package private(set) var files: [String: Content] = [:]
  package private(set) var links: [String: String?] = [:]
  private var folders: [String: [String]] = [:]

  /// maps of 65,530 mappings with long paths stays below this.
  private static let longestFile = 16 << 20

  /// A folder: the kernel's, or a copy.
  package init(folder: String) {
    name = folder
    source = .folder(folder)
  }

  /// Files that were read before.
  package init(name: String, files: [String: Content], links: [String: String]) {
    self.name = name
    source = .values
    self.files = files
    self.links = links
    for path in Array(files.keys) + Array(links.keys) {
      guard let slash = path.lastIndex(of: "/") else { continue }
      var folder = String(path[..<slash])
      folders[folder, default: []].append(String(path[path.index(after: slash)...]))
      // `task/7/stat` is also in `task`.
      while let slash = folder.lastIndex(of: "/") {
        let parent = String(folder[..<slash])
        let name = String(folder[folder.index(after: slash)...])
        if folders[parent]?.contains(name) == true { break }
        folders[parent, default: []].append(name)
        folder = parent
      }
    }
  }

  /// The bytes of a file, remembered; with `isFresh` read again.
  package func read(_ path: String, isFresh: Bool = false) -> Content {
    if !isFresh, let known = files[path] { return known }
    guard case .folder(let folder) = source else { return .failure(.missing) }
    let content: Content
    do throws(FileError) {
      content = .success(
        try open(folder).read(path, limit: Self.longestFile, isRecord: Self.isRecord(path)))
    } catch {
      content = .failure(Absence(error))
    }
    files[path] = content
    return content
  }

  private func open(_ folder: String) throws(FileError) -> SystemFolder {
    if let opened { return try opened.get() }
    let result = Result { () throws(FileError) in try SystemFolder(path: folder) }
    opened = result
    return try result.get()
  }

  private static func isRecord(_ path: String) -> Bool {
    guard let slash = path.utf8.lastIndex(of: 0x2f) else { return records.contains(path) }
    return records.contains(String(path[path.utf8.index(after: slash)...]))
  }

  /// The bytes of a file, or nothing.
  package func bytes(_ path: String) -> [UInt8]? {
    try? read(path).get()
  }

  /// Where a symbolic link points to.
  package func link(_ path: String) -> String? {
    if let known = links[path] { return known }
    guard case .folder(let folder) = source else { return nil }
    let target = SystemFiles.link("\(folder)/\(path)")
    links[path] = .some(target)
    return target
  }

  /// The names in a folder of the tree; empty where there is none.
  package func names(in path: String, limit: Int = 1 << 20) -> [String] {
    switch source {
    case .folder(let folder):
      SystemFiles.names(in: path.isEmpty ? folder : "\(folder)/\(path)", limit: limit) ?? []
    case .values: folders[path] ?? []
    }
  }

  /// The numbers of the threads, ascending; empty where `task` is missing.
  package func threadNumbers() -> [Int32] {
    names(in: "task").compactMap { Int32($0) }.filter { $0 > 0 }.sorted()
  }
}

extension ProcTree.Absence {
  init(_ error: FileError) {
    switch error.problem {
    // ENOENT, ESRCH: the thread ended before or while its file was read.
    case .system(let code) where code == 2 || code == 3: self = .missing
    // EACCES, EPERM.
    case .system(let code) where code == 13 || code == 1: self = .denied
    default: self = .failed(error.description)
    }
  }
}
