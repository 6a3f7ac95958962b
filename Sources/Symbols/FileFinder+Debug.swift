internal import Bytes
package import Elfutils
internal import ProcessModel

/// A separate debug file, and how it was found.
package struct SeparateDebugFile {
  package enum Origin: String, Sendable {
    /// Below a debug directory, by build ID.
    case buildID
    /// By .gnu_debuglink.
    case link
    /// Within the file: .gnu_debugdata.
    case embedded
    /// From a debuginfod server or its cache.
    case server
  }

  package var elf: ElfFile
  package var origin: Origin
}

extension FileFinder {
  /// The debug file of an ELF file, in gdb's order: by build ID, by .gnu_debuglink, embedded.
  package func debugFile(for elf: ElfFile) -> SeparateDebugFile? {
    let id = elf.buildIDBytes.map { BuildID($0) }
    if let id {
      for file in filesByIdentity(id, suffix: ".debug") {
        if let found = usable(file, for: elf, id: id) {
          return SeparateDebugFile(elf: found, origin: .buildID)
        }
      }
    }
    if let found = linked(to: elf) { return SeparateDebugFile(elf: found, origin: .link) }
    if let id, let found = fetch(.debugInfo, id, name: elf.path) {
      return SeparateDebugFile(elf: found, origin: .server)
    }
    switch MiniDebugInfo.read(of: elf) {
    case .none: return nil
    case .unreadable(let why):
      warn("\(elf.path): \(why)")
      return nil
    case .found(let inner): return SeparateDebugFile(elf: inner, origin: .embedded)
    }
  }

  /// A file below a build ID's name is used if it is what it should be.
  private func usable(_ file: FileBytes, for elf: ElfFile, id: BuildID?) -> ElfFile? {
    let found: ElfFile
    do throws(ElfutilsError) {
      found = try ElfFile(file: file, isMapped: true)
    } catch {
      warn("\(error.description)")
      return nil
    }
    guard found.header.machine == elf.header.machine, found.header.wordSize == elf.header.wordSize else {
      warn("\(file.path): is for another processor than \(elf.path)")
      return nil
    }
    if let id, let bytes = found.buildIDBytes, BuildID(bytes) != id {
      warn("\(file.path): has build ID \(BuildID(bytes)), not \(id): not used")
      return nil
    }
    return found
  }

  private func linked(to elf: ElfFile) -> ElfFile? {
    guard let link = elf.debugLink, !link.name.isEmpty, !link.name.utf8.contains(0x2f) else { return nil }
    let folder = Self.folder(of: elf.path)
    var candidates = ["\(folder)/\(link.name)", "\(folder)/.debug/\(link.name)"]
    candidates += search.debugDirectories.map { "\($0)\(folder)/\(link.name)" }
    for candidate in candidates where candidate != elf.path {
      guard let bytes = debugBytes(candidate) else { continue }
      guard Self.checksum(bytes) == link.crc else {
        warn(
          "the debug information found in \"\(candidate)\" does not match \"\(elf.path)\" (CRC mismatch).")
        continue
      }
      if let found = usable(bytes, for: elf, id: nil) { return found }
    }
    return nil
  }

  /// A file beside an opened one, or in a debug directory: in the root if there is one.
  func debugBytes(_ path: String) -> FileBytes? {
    guard let root = search.root else { return try? FileBytes(path: path) }
    let inside = path.hasPrefix(root.path) ? String(path.dropFirst(root.path.utf8.count)) : path
    return try? root.open(inside)
  }

  /// The file that dwz(1) moved common debug information to; .gnu_debugaltlink names it by path and build ID.
  package func commonDebugFile(for elf: ElfFile) -> ElfFile? {
    guard let link = elf.alternateLink else { return nil }
    let id = BuildID(link.id)
    let name = link.name.hasPrefix("/") ? link.name : Self.folder(of: elf.path) + "/" + link.name
    var files: [FileBytes] = []
    if let named = debugBytes(name) { files.append(named) }
    files += filesByIdentity(id, suffix: ".debug")
    for file in files {
      if let found = try? ElfFile(file: file, isMapped: true), found.buildIDBytes == link.id { return found }
    }
    if let found = fetch(.debugInfo, id, name: name) { return found }
    warn("could not find '.gnu_debugaltlink' file for \(elf.path)")
    return nil
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return String(path[..<slash])
  }

  /// The CRC-32 of .gnu_debuglink (IEEE 802.3, reflected).
  static func checksum(_ file: FileBytes) -> UInt32 {
    var table = [UInt32](repeating: 0, count: 256)
    for index in 0..<256 {
      var value = UInt32(index)
      for _ in 0..<8 { value = value & 1 != 0 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
      table[index] = value
    }
    var crc: UInt32 = .max
    var offset: UInt64 = 0
    while offset < file.size {
      let piece = file.read(at: offset, count: 1 << 18)
      if piece.isEmpty { break }
      for byte in piece { crc = table[Int((crc ^ UInt32(byte)) & 0xff)] ^ (crc >> 8) }
      offset += UInt64(piece.count)
    }
    return ~crc
  }
}
