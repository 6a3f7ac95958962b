internal import Glibc

/// What a folder holds; see readdir(3).
package enum Folder {
  private static let maximumNames = 1_000_000

  /// The names in it, sorted; none where it cannot be read.
  package static func names(in path: String) -> [String] {
    (SystemFiles.names(in: path, limit: maximumNames) ?? []).sorted()
  }
}

extension FileBytes {
  /// Whether a line of a text file is one of some texts; the file is read whole: for small files. Looked for by
  /// strstr(3), so that NUL ends the file; the first line does not count.
  package func hasLine(_ texts: [String]) -> Bool {
    let bytes = read(at: 0, count: Int(clamping: size)).map { CChar(bitPattern: $0) } + [0]
    return texts.contains { text in
      unsafe ("\n" + text + "\n").withCString { unsafe strstr(bytes, $0) != nil }
    }
  }
}
