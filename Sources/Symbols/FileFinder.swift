package import Bytes
package import Elfutils
package import ProcessModel

/// Where the files of a process are looked for.
package struct FileSearch: Sendable {
  /// gdb's `debug-file-directory`.
  package var debugDirectories = ["/usr/lib/debug"]
  /// gdb's `sysroot`: stands before the absolute names of libraries.
  package var sysroot = ""
  /// gdb's `solib-search-path`: where libraries are that are not at their path.
  package var librarySearchPath: [String] = []
  /// The unpacked image of the container that the process ran in: its names mean files in there.
  package var root: FolderRoot?
  /// Whether a file must be the build that the core shows. gdb takes what it finds.
  package var checksIdentity = false
  /// Whether modules are taken from NT_FILE that the link map does not have, which gdb does not do.
  package var usesMappings = false
  /// Names of the process whose files are to be had elsewhere, as those that are gone from their paths and still run.
  package var places: [String: String] = [:]
  /// Whether decompressed debug information is kept for the next run.
  package var usesCache = true
  /// Whether debuginfod servers are asked, if DEBUGINFOD_URLS names any.
  package var asksServers = false
  /// Whether a terminal is told what is being fetched.
  package var showsProgress = false

  package init() {}
}

/// Finds and opens the files of a process: executable, libraries, debug files.
///
/// Every name comes from the core or from a file and may lead anywhere: only regular files are opened, in the
/// root if there is one, and what is opened has to be what was looked for.
package final class FileFinder {
  package let search: FileSearch
  /// What was found in the place of a debug file and not used, each once; in gdb's words where it has any.
  package private(set) var warnings: [String] = []
  /// The .dwp files of the debug files that have one.
  var packages: [ObjectIdentifier: SplitPackage?] = [:]
  private(set) lazy var cache: CacheFolder? = search.usesCache ? CacheFolder() : nil
  private lazy var servers: DebuginfodClient? =
    search.asksServers ? DebuginfodClient(showsProgress: search.showsProgress) : nil

  /// What earlier processes opened, where several are looked at one after another.
  let shared: SharedFiles?

  /// What is told of a question to debuginfod servers, for those who show it as gdb does.
  package enum Download {
    /// A server is being waited for; bytes where it has said how many, or else 0.
    case started(DebuginfodClient.Kind, name: String, bytes: Int)
    case failed(DebuginfodClient.Kind, name: String, why: String)
    /// What came is not what was asked for: a sentence.
    case refused(String)
  }
  package var onDownload: ((Download) -> Void)?

  package init(_ search: FileSearch = FileSearch(), shared: SharedFiles? = nil) {
    self.search = search
    self.shared = shared
  }

  func warn(_ text: String) {
    if !warnings.contains(text) { warnings.append(text) }
  }

  /// A file by its name in the process.
  package func open(_ path: String) throws(FileError) -> FileBytes {
    if let place = search.places[path] { return try FileBytes(path: place) }
    if let root = search.root { return try root.open(path) }
    return try FileBytes(path: search.sysroot.isEmpty || !path.hasPrefix("/") ? path : search.sysroot + path)
  }

  package func elf(_ path: String) throws -> ElfFile {
    try ElfFile(file: try open(path), isMapped: true)
  }
}

// MARK: Executables and libraries

extension FileFinder {
  /// A program or library that was looked for.
  package enum Answer {
    case found(ElfFile)
    /// The file that ran is not to be had: why, as a sentence that starts with the path.
    case missing(String)
  }

  /// The file that was loaded under a name: at its path, in the search path, or by its build ID in the debug
  /// directories; where identities are checked, only if nothing in the core speaks against it.
  package func module(
    named path: String, image: LoadedImage?, isDeleted: Bool = false, architecture: Architecture
  ) -> Answer {
    var reason: String?
    for candidate in candidates(path) {
      switch accept(candidate, image, architecture) {
      case .found(let elf): return .found(elf)
      case .missing(let why): reason = reason ?? why
      }
    }
    if search.checksIdentity, let id = image?.buildID {
      for file in filesByIdentity(id, suffix: "") {
        if let elf = try? ElfFile(file: file, isMapped: true), image?.difference(from: elf) == nil {
          return .found(elf)
        }
      }
    }
    if search.checksIdentity, let image, let id = image.buildID,
      let elf = fetch(.executable, id, name: path), image.difference(from: elf) == nil
    {
      return .found(elf)
    }
    let fate =
      isDeleted
      ? (reason?.contains("build ID") == true
        ? "; it was replaced while the process ran" : "; it was deleted while the process ran") : ""
    return .missing((reason ?? "\(path): cannot be found") + fate)
  }

  private enum Candidate {
    case name(String)
    case host(String)
  }

  /// As gdb has it: the path below the sysroot; then, in each folder of the search path, the path and its last part.
  private func candidates(_ path: String) -> [Candidate] {
    var result = [Candidate.name(path)]
    let base = path.split(separator: "/").last.map(String.init) ?? path
    for folder in search.librarySearchPath {
      if path.hasPrefix("/") { result.append(.host(folder + path)) }
      result.append(.host(folder + "/" + base))
    }
    return result
  }

  private func accept(_ candidate: Candidate, _ image: LoadedImage?, _ architecture: Architecture) -> Answer {
    let file: FileBytes
    do throws(FileError) {
      switch candidate {
      case .name(let path): file = try open(path)
      case .host(let path): file = try FileBytes(path: path)
      }
    } catch {
      return .missing(error.description)
    }
    let elf: ElfFile
    do throws(ElfutilsError) {
      if let shared {
        elf = try shared.image(of: file)
      } else {
        elf = try ElfFile(file: file, isMapped: true)
      }
    } catch {
      return .missing(error.description)
    }
    guard elf.header.machine == architecture.machine, elf.header.wordSize == architecture.wordSize,
      elf.header.byteOrder == architecture.byteOrder
    else { return .missing("\(file.path): is for another processor than the core") }
    if let damage = elf.headerDamage { return .missing("\(file.path): \(damage)") }
    if search.checksIdentity, let difference = image?.difference(from: elf) {
      return .missing("\(file.path): of another build than the one that ran: \(difference)")
    }
    return .found(elf)
  }

  /// The files that stand under a build ID in the debug directories: of the root, then of this machine, whose
  /// files of that ID are the same.
  func filesByIdentity(_ id: BuildID, suffix: String) -> [FileBytes] {
    guard let relative = id.indexPath else { return [] }
    var result: [FileBytes] = []
    for directory in search.debugDirectories {
      let path = "\(directory)/\(relative)\(suffix)"
      if let root = search.root, let file = try? root.open(path) { result.append(file) }
      if let file = try? FileBytes(path: path) { result.append(file) }
    }
    return result
  }

  /// The file with a build ID from a debuginfod server; nothing that is not what was asked for.
  func fetch(_ kind: DebuginfodClient.Kind, _ id: BuildID, name: String) -> ElfFile? {
    switch ask(kind, id, name) {
    case .missing: return nil
    case .failed(let why, _):
      if let why { warn(why) }
      return nil
    case .found(let file):
      guard let elf = try? ElfFile(file: file, isMapped: true) else {
        refuse("debuginfod sent for \(name) what is no ELF file: not used")
        return nil
      }
      guard let bytes = elf.buildIDBytes, BuildID(bytes) == id else {
        let sent = elf.buildIDBytes.map { "build ID \(BuildID($0))" } ?? "no build ID"
        refuse("debuginfod sent for \(name) a file with \(sent), not \(id): not used")
        return nil
      }
      return elf
    }
  }

  private func refuse(_ why: String) {
    warn(why)
    onDownload?(.refused(why))
  }

  /// The text of a source file of a program with a build ID, from a debuginfod server.
  package func source(_ path: String, _ id: BuildID) -> FileBytes? {
    guard case .found(let file) = ask(.source(path), id, path) else { return nil }
    return file
  }

  private func ask(_ kind: DebuginfodClient.Kind, _ id: BuildID, _ name: String) -> DebuginfodClient.Answer {
    guard let servers else { return .missing }
    guard let onDownload else { return servers.find(kind, buildID: id.bytes, name: name) }
    let answer = servers.find(kind, buildID: id.bytes, name: name, asksOn: true) {
      onDownload(.started(kind, name: name, bytes: $0))
    }
    if case .failed(_, let error) = answer, !error.isEmpty {
      onDownload(.failed(kind, name: name, why: error))
    }
    return answer
  }
}
