internal import CExtendedAttributes

/// The extended attributes of a file; see xattr(7).
package enum FileAttributes {
  /// Longest value, and longest list of names, that are read.
  private static let longest = 65536

  /// Names and values below a prefix such as `user.coredump.`, in the order of the names; values may be any bytes.
  package static func read(of file: FileBytes, below prefix: String) -> [(name: String, value: [UInt8])] {
    let names = unsafe bytes { unsafe flistxattr(file.descriptor, $0, $1) }
    var result: [(name: String, value: [UInt8])] = []
    for name in names.split(separator: 0) {
      let text = String(decoding: name, as: UTF8.self)
      guard text.hasPrefix(prefix) else { continue }
      let value = unsafe bytes { unsafe fgetxattr(file.descriptor, text, $0, $1) }
      result.append((text, value))
    }
    return result.sorted { $0.name < $1.name }
  }

  private static func bytes(_ fill: (UnsafeMutablePointer<CChar>?, Int) -> Int) -> [UInt8] {
    var buffer = [CChar](repeating: 0, count: longest)
    let count = unsafe buffer.withUnsafeMutableBufferPointer { unsafe fill($0.baseAddress, $0.count) }
    return buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
  }
}
