import Glibc
import Testing

/// One row of a table beside this file: what gdb printed for an input.
struct NameCase: CustomTestStringConvertible, Sendable {
  enum Kind: String, Sendable { case link, computed, symbol }
  let kind: Kind
  let input: String
  let printed: String
  var testDescription: String { "\(kind) \(input.prefix(60))" }
}

enum NameTable {
  /// The functions of the contract, N-5.
  static let contract = load("contract-names.tsv")
  /// The larger experiment.
  static let experiment = load("names.tsv")

  private static func load(_ file: String) -> [NameCase] {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return lines("\(folder.joined(separator: "/"))/\(file)").compactMap { line in
      guard !line.hasPrefix("#") else { return nil }
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 3, let kind = NameCase.Kind(rawValue: parts[0]) else { return nil }
      return NameCase(kind: kind, input: parts[1], printed: parts[2])
    }
  }

  private static func lines(_ path: String) -> [Substring] {
    let descriptor = unsafe open(path, O_RDONLY)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while true {
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        count = unsafe max(0, read(descriptor, buffer.baseAddress, 1 << 16))
      }
      if chunk.isEmpty { break }
      bytes += chunk
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }
}
