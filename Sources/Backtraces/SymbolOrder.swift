internal import Elfutils

/// The order in which gdb lists the variables of a lexical block: that of a hash table (contract, Appendix B).
///
/// Blocks of fewer than five symbols have one bucket, and so the order of the file.
enum SymbolOrder {
  /// Sorts by bucket, and in a bucket by the order of the file. `count` is of all the block's symbols.
  static func sorted<Element>(
    _ elements: [Element], count: Int, language: Language, name: (Element) -> String
  ) -> [Element] {
    let buckets = UInt32(clamping: count / 5 + 1)
    guard buckets > 1 else { return elements }
    return elements.enumerated()
      .map { (bucket: hash(name($0.element), language) % buckets, index: $0.offset, element: $0.element) }
      .sorted { ($0.bucket, $0.index) < ($1.bucket, $1.index) }
      .map(\.element)
  }

  static func hash(_ name: String, _ language: Language) -> UInt32 {
    let bytes = Array(name.utf8)
    return language == .cxx || language == .fortran ? cxx(bytes) : common(bytes)
  }

  private static func step(_ hash: UInt32, _ byte: UInt8) -> UInt32 {
    let lower = (0x41...0x5a).contains(byte) ? byte + 32 : byte
    return hash &* 67 &+ UInt32(lower) &- 113
  }

  private static func plain(_ name: [UInt8]) -> UInt32 {
    var hash: UInt32 = 0
    for byte in name {
      if byte == UInt8(ascii: "(") { break }
      if byte != UInt8(ascii: " ") { hash = step(hash, byte) }
    }
    return hash
  }

  private static func cxx(_ name: [UInt8]) -> UInt32 {
    // Everything up to the last scope operator outside of template lists is dropped.
    var start = 0
    var depth = 0
    var index = 0
    while index + 1 < name.count {
      if name[index] == UInt8(ascii: "<") { depth += 1 }
      if name[index] == UInt8(ascii: ">") { depth = max(0, depth - 1) }
      if name[index] == UInt8(ascii: "(") { break }
      if depth == 0, name[index] == UInt8(ascii: ":"), name[index + 1] == UInt8(ascii: ":") {
        start = index + 2
        index += 1
      }
      index += 1
    }
    var hash: UInt32 = 0
    for at in start..<max(start, name.count) {
      let byte = name[at]
      if byte == UInt8(ascii: "(") || byte == UInt8(ascii: "<") { break }
      if name[at...].starts(with: Array("[abi:".utf8)) { break }
      if byte != UInt8(ascii: " ") { hash = step(hash, byte) }
    }
    return hash
  }

  private static func common(_ name: [UInt8]) -> UInt32 {
    var index = 0
    if name.first == UInt8(ascii: "_") {
      guard name.starts(with: Array("_ada_".utf8)) else { return plain(name) }
      index = 5
    }
    var hash: UInt32 = 0
    while index < name.count {
      let byte = name[index]
      switch byte {
      case UInt8(ascii: "$"), UInt8(ascii: "."), UInt8(ascii: "X"):
        return index == 0 ? plain(name) : hash
      case UInt8(ascii: " "), UInt8(ascii: "("):
        return plain(name)
      case UInt8(ascii: "_")
      where index > 0 && index + 1 < name.count && name[index + 1] == UInt8(ascii: "_"):
        let next = index + 2 < name.count ? name[index + 2] : 0
        if next == UInt8(ascii: "B"), index + 3 < name.count, name[index + 3] == UInt8(ascii: "_") {
          index += 4
          while index < name.count, (0x30...0x39).contains(name[index]) { index += 1 }
          continue
        }
        guard (0x61...0x7a).contains(next) || next == UInt8(ascii: "O") else { return hash }
        hash = 0
        index += 2
        continue
      case UInt8(ascii: "T") where name[index...] == Array("TKB".utf8)[...]:
        return hash
      default: break
      }
      hash = step(hash, byte)
      index += 1
    }
    return hash
  }
}
