internal import Bytes
package import Elfutils
internal import ProcessModel

/// Finds the separate debug file of an ELF file, in gdb's order: build ID, then .gnu_debuglink.
package struct DebugFileFinder: Sendable {
  /// `debug-file-directory`.
  package var directories = ["/usr/lib/debug"]
  /// `sysroot`: where the paths of libraries start from; empty for the root itself.
  package var systemRoot = ""
  /// `solib-search-path`: where libraries may be that are not below the system root.
  package var libraryFolders: [String] = []

  package init() {}

  /// The debug file; `nil` where none exists or, by link, where its CRC is another one.
  package func debugFile(for elf: ElfFile, path: String) -> ElfFile? {
    if let id = elf.buildIDBytes, let relative = BuildID(id).indexPath {
      for directory in directories {
        if let found = try? ElfFile(path: "\(directory)/\(relative).debug") { return found }
      }
    }
    guard let link = elf.debugLink, !link.name.isEmpty, !link.name.utf8.contains(0x2f) else { return nil }
    let folder = Self.folder(of: path)
    var candidates = ["\(folder)/\(link.name)", "\(folder)/.debug/\(link.name)"]
    candidates += directories.map { "\($0)\(folder)/\(link.name)" }
    for candidate in candidates where candidate != path {
      guard let bytes = try? FileBytes(path: candidate), Self.checksum(bytes) == link.crc else { continue }
      if let found = try? ElfFile(file: bytes, isMapped: true) { return found }
    }
    return nil
  }

  /// The paths at which a library may be, best first.
  func libraryPaths(_ name: String) -> [String] {
    guard !systemRoot.isEmpty || !libraryFolders.isEmpty else { return [name] }
    let base = name.lastIndex(of: "/").map { String(name[name.index(after: $0)...]) } ?? name
    return [name.hasPrefix("/") ? systemRoot + name : name] + libraryFolders.map { "\($0)/\(name)" }
      + libraryFolders.map { "\($0)/\(base)" }
  }

  private static func folder(of path: String) -> String {
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
