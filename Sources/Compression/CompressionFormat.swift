/// How a file is compressed, told by its first bytes and never by its name.
package enum CompressionFormat: String, Sendable, CaseIterable {
  case zstd
  case lz4
  case xz
  case gzip
  case bzip2

  /// Bytes that have to be there to tell.
  package static let magicLength = 10

  /// The format that begins with these bytes; `nil` for anything else.
  package init?(magic bytes: some Collection<UInt8>) {
    let head = Array(bytes.prefix(Self.magicLength))
    guard head.count >= 4 else { return nil }
    let word = UInt32(head[0]) | UInt32(head[1]) << 8 | UInt32(head[2]) << 16 | UInt32(head[3]) << 24
    switch word {
    case 0xfd2f_b528: self = .zstd  // RFC 8878, 3.1.1
    case 0x184d_2204, 0x184c_2102: self = .lz4  // LZ4 frame format 1.6.x: frames and legacy frames
    case _ where head.starts(with: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]): self = .xz
    case _ where head.starts(with: [0x1f, 0x8b, 0x08]): self = .gzip  // RFC 1952, 2.3
    case _ where Self.isBzip2(head): self = .bzip2
    case 0x184d_2a50...0x184d_2a5f: self = .zstd  // A skippable frame may come first.
    default: return nil
    }
  }

  /// "BZh", a block size, and the mark of a block or of an empty stream.
  private static func isBzip2(_ head: [UInt8]) -> Bool {
    guard head.count >= 10, head.starts(with: [0x42, 0x5a, 0x68]), (0x31...0x39).contains(head[3]) else {
      return false
    }
    let mark = Array(head[4..<10])
    return mark == [0x31, 0x41, 0x59, 0x26, 0x53, 0x59] || mark == [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]
  }

  /// The shared library that decodes the format.
  var library: String {
    switch self {
    case .zstd: "libzstd.so.1"
    case .lz4: "liblz4.so.1"
    case .xz: "liblzma.so.5"
    case .gzip: "libz.so.1"
    case .bzip2: "libbz2.so.1.0"
    }
  }

  /// Debian's package of that library.
  var debianPackage: String {
    switch self {
    case .zstd: "libzstd1"
    case .lz4: "liblz4-1"
    case .xz: "liblzma5"
    case .gzip: "zlib1g"
    case .bzip2: "libbz2-1.0"
    }
  }

  /// The command that expands a file by hand.
  package var command: String { "\(rawValue) -dc" }
}

/// Why a compressed file gives no more bytes, as the end of a sentence.
package struct DecodingError: Error, Sendable, Equatable, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
}
