internal import Bytes
package import ProcessModel

/// One line of `maps`: proc_pid_maps(5).
package struct ProcMapping: Sendable, Equatable {
  package var range: Range<UInt64>
  package var isReadable: Bool
  package var isWritable: Bool
  package var isExecutable: Bool
  package var isShared: Bool
  /// Bytes from the start of the file.
  package var offset: UInt64
  /// `major:minor`, as it is written.
  package var device: String
  package var inode: UInt64
  /// A path, a name in brackets, or nothing. A newline in it is written `\012`.
  package var path: String

  /// A file of the file system: not memory without one, not one of the kernel's.
  package var isFile: Bool { path.hasPrefix("/") && !path.hasPrefix("//") }
  /// The file was removed or replaced since it was mapped.
  package var isDeleted: Bool { path.hasSuffix(" (deleted)") }
}

/// The lines of `maps`, in the kernel's order: ascending.
package struct ProcMaps: Sendable, Equatable {
  package private(set) var mappings: [ProcMapping] = []
  /// Lines of which nothing could be made.
  package private(set) var damagedLines = 0

  /// More than any kernel allows by default (vm.max_map_count is 65,530, or 2^31 - 1 at most).
  private static let mostMappings = 1 << 20

  package init(_ bytes: [UInt8]) {
    for line in TextLines.lines(bytes) where mappings.count < Self.mostMappings {
      if let mapping = Self.mapping(line), mapping.range.lowerBound >= (mappings.last?.range.upperBound ?? 0)
      {
        mappings.append(mapping)
      } else {
        damagedLines += 1
      }
    }
  }

  /// Five words, then blanks, then the path as it is: it may hold blanks itself.
  private static func mapping(_ line: ArraySlice<UInt8>) -> ProcMapping? {
    var at = line.startIndex
    func word() -> ArraySlice<UInt8> {
      while at < line.endIndex, line[at] == 0x20 { at += 1 }
      let start = at
      while at < line.endIndex, line[at] != 0x20 { at += 1 }
      return line[start..<at]
    }
    let bounds = word(), permissions = word(), offset = word(), device = word(), inode = word()
    while at < line.endIndex, line[at] == 0x20 { at += 1 }
    guard let dash = bounds.firstIndex(of: 0x2d), let start = TextLines.hexadecimal(bounds[..<dash]),
      let end = TextLines.hexadecimal(bounds[(dash + 1)...]), start < end, permissions.count == 4,
      let offset = TextLines.hexadecimal(offset), let inode = TextLines.unsigned(inode)
    else { return nil }
    let first = permissions.startIndex
    return ProcMapping(
      range: start..<end, isReadable: permissions[first] == 0x72, isWritable: permissions[first + 1] == 0x77,
      isExecutable: permissions[first + 2] == 0x78, isShared: permissions[first + 3] == 0x73, offset: offset,
      device: TextLines.string(device), inode: inode, path: TextLines.string(line[at...]))
  }

  /// The mapping that holds an address.
  package func mapping(containing address: UInt64) -> ProcMapping? {
    let low = mappings.leadingCount { $0.range.lowerBound <= address }
    guard low > 0, mappings[low - 1].range.contains(address) else { return nil }
    return mappings[low - 1]
  }

  /// The mapped files, as NT_FILE of a core has them.
  package var files: [FileMapping] {
    mappings.compactMap { mapping in
      guard mapping.isFile || mapping.path.hasPrefix("anon_inode:") else { return nil }
      return FileMapping(range: mapping.range, fileOffset: mapping.offset, path: mapping.path)
    }
  }
}
