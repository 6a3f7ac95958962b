package import Bytes
internal import Compression

/// The cores in a folder: plain, compressed, and small ones of `coreview handle`, told by their contents.
///
/// Symbolic links, devices and FIFOs are passed over; of each file its first bytes are read, of a compressed one
/// as many as expand to an ELF header. Two names of one file are one core.
package struct CoreFinder {
  package struct Found: Sendable, Equatable {
    package var file: RegularFiles.Entry
    /// How it is compressed, as `zstd`; `nil` for a plain core.
    package var compression: String?
  }

  /// By path.
  package private(set) var cores: [Found] = []
  /// Folders that could not be read.
  package let unreadable: [String]
  /// Whether there were more files than are looked at.
  package let isCut: Bool

  private struct Identity: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  package init(below path: String, isRecursive: Bool = true) {
    let files = RegularFiles(below: path, isRecursive: isRecursive)
    unreadable = files.unreadable
    isCut = files.isCut
    var seen: Set<Identity> = []
    for entry in files.entries where entry.size > 0 {
      guard seen.insert(Identity(device: entry.device, inode: entry.inode)).inserted,
        let file = RegularFiles.open(entry)
      else { continue }
      let format = CompressionFormat(magic: file.read(at: 0, count: CompressionFormat.magicLength))
      let head = CoreFile.head(of: file, count: 20)
      guard Self.isCore(head) else { continue }
      cores.append(Found(file: entry, compression: format?.rawValue))
    }
  }

  /// e_ident and e_type of <elf.h>: ET_CORE is 4.
  private static func isCore(_ head: [UInt8]) -> Bool {
    guard head.count >= 18, head.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { return false }
    return head.unsigned(at: 16, size: 2, order: head[5] == 2 ? .big : .little) == 4
  }
}
