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

  private static func mapping(_ line: ArraySlice<UInt8>) -> ProcMapping? {
    // Five words, then blanks, then the path as it is: it may hold blanks itself.
    var rest = line
    var words: [ArraySlice<UInt8>] = []
    while words.count < 5 {
      rest = rest.drop { $0 == 0x20 }
      let word = rest.prefix { $0 != 0x20 }
      guard !word.isEmpty else { return nil }
      words.append(word)
      rest = rest.dropFirst(word.count)
    }
    let bounds = words[0].split(separator: 0x2d)
    guard bounds.count == 2, let start = TextLines.hexadecimal(bounds[0]),
      let end = TextLines.hexadecimal(bounds[1]), start < end, words[1].count == 4,
      let offset = TextLines.hexadecimal(words[2]), let inode = TextLines.unsigned(words[4])
    else { return nil }
    let permissions = Array(words[1])
    return ProcMapping(
      range: start..<end, isReadable: permissions[0] == 0x72, isWritable: permissions[1] == 0x77,
      isExecutable: permissions[2] == 0x78, isShared: permissions[3] == 0x73, offset: offset,
      device: TextLines.string(words[3]), inode: inode, path: TextLines.string(rest.drop { $0 == 0x20 }))
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
