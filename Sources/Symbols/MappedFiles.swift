internal import Bytes
package import ProcessModel

/// The ELF files that NT_FILE says were mapped and whose first page the core holds: the modules of a process
/// whose link map is out of reach, and the identity of those in it.
package struct MappedFiles: Sendable {
  package struct Entry: Sendable {
    /// The file's path, without the kernel's mark of a file that has no name any more.
    package var path: String
    /// The kernel's mark: the file was unlinked or replaced before the core was written.
    package var isDeleted: Bool
    package var image: LoadedImage
    /// Where the first page of the file was mapped.
    package var start: UInt64
    /// Whether code of it was mapped, as it is of a program or library and not of a file that is only read.
    package var isCode: Bool
  }

  package private(set) var entries: [Entry] = []
  /// What was left out because there are more than any process has.
  package private(set) var cut: String?

  /// More mapped ELF files than any process has.
  private static let maximumEntries = 100_000
  private static let deletedMark = " (deleted)"

  /// The path of a mapping without the mark, and whether it had it; see proc_pid_maps(5).
  package static func plain(_ path: String) -> (path: String, isDeleted: Bool) {
    guard path.hasSuffix(deletedMark) else { return (path, false) }
    return (String(path.dropLast(deletedMark.count)), true)
  }

  package init(memory: ProcessMemory) {
    for mapping in memory.mappings {
      guard entries.count < Self.maximumEntries else {
        cut =
          "NT_FILE: more than 100,000 mapped ELF files; those from \(mapping.range.lowerBound.hexadecimal) on"
          + " are not looked at"
        return
      }
      let isCode = memory.segment(containing: mapping.range.lowerBound)?.isExecutable ?? false
      let name = Self.plain(mapping.path)
      if let last = entries.indices.last, entries[last].path == name.path,
        entries[last].image.range.contains(mapping.range.lowerBound)
      {
        entries[last].isCode = entries[last].isCode || isCode
        continue
      }
      guard mapping.fileOffset == 0, let image = LoadedImage(at: mapping.range.lowerBound, in: memory) else {
        continue
      }
      entries.append(
        Entry(
          path: name.path, isDeleted: name.isDeleted, image: image, start: mapping.range.lowerBound,
          isCode: isCode))
    }
  }

  /// The file whose segments hold an address.
  package func entry(containing address: UInt64) -> Entry? {
    entries.first { $0.image.range.contains(address) }
  }

  package func entry(startingAt address: UInt64) -> Entry? {
    entries.first { $0.start == address }
  }
}
