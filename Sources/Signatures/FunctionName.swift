/// Names of functions as they stay the same from build to build.
package enum FunctionName {
  private static let longest = 4096

  /// Without parameters and what follows them, the hash of Rust, and the suffixes of clones; libc's names for one
  /// processor's variant of a string function are those of the function.
  package static func normal(_ name: String) -> String {
    guard name.utf8.count <= longest else { return String(name.prefix(longest)) }
    if name.hasPrefix("Swift runtime failure: ") { return name }
    var text = withoutHash(name)
    if let mark = text.range(of: " [clone") { text = String(text[..<mark]) }
    text = withoutParameters(text)
    text = withoutReturnType(text)
    for mark in [".constprop.", ".isra.", ".part.", ".cold", ".lto_priv.", ".llvm.", "@plt", "@@", ".abi0"] {
      if let place = text.range(of: mark), place != text.startIndex { text = String(text[..<place]) }
    }
    if text.hasPrefix("__GI_") { text.removeFirst(5) }
    return withoutVariant(text)
  }

  /// `::h0123456789abcdef` at the end of a Rust name.
  private static func withoutHash(_ name: String) -> String {
    let tail = name.suffix(19)
    guard tail.count == 19, tail.hasPrefix("::h"), tail.dropFirst(3).allSatisfy({ $0.isHexDigit }) else {
      return name
    }
    return String(name.dropLast(19))
  }

  /// Every group of round brackets but those that belong to the name: `(anonymous namespace)`, `operator()`.
  private static func withoutParameters(_ name: String) -> String {
    guard name.contains("(") else { return name }
    var result = ""
    var rest = name[...]
    while let open = rest.firstIndex(of: "(") {
      result += rest[..<open]
      rest = rest[open...]
      if rest.hasPrefix("(anonymous namespace)") {
        result += "(anonymous namespace)"
        rest = rest.dropFirst(21)
        continue
      }
      if result.hasSuffix("operator"), rest.hasPrefix("()") {
        result += "()"
        rest = rest.dropFirst(2)
        continue
      }
      guard let close = closing(rest) else { return result.isEmpty ? name : trimmed(result) }
      rest = rest[rest.index(after: close)...]
    }
    result += rest
    // Swift's result types, also within the names of closures.
    while let arrow = result.range(of: " -> ") {
      let after = result[arrow...]
      if let within = String(after).range(of: " in ") {
        let distance = String(after).distance(from: String(after).startIndex, to: within)
        let next = after.index(after.startIndex, offsetBy: distance)
        result = String(result[..<arrow]) + String(after[next...])
      } else {
        result = String(result[..<arrow])
      }
    }
    for word in [" const", " volatile", " &", " &&", " throws", " async"] where result.hasSuffix(word) {
      result.removeLast(word.count)
    }
    return trimmed(result)
  }

  private static func trimmed(_ text: String) -> String {
    var words: [Substring] = []
    for word in text.split(separator: " ") { words.append(word) }
    return words.joined(separator: " ")
  }

  private static func closing(_ text: Substring) -> Substring.Index? {
    var depth = 0
    for index in text.indices {
      if text[index] == "(" { depth += 1 }
      if text[index] == ")" {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return nil
  }

  /// `int find<int>` of a demangled template is `find<int>`, as debug information has it.
  private static func withoutReturnType(_ name: String) -> String {
    guard name.contains("<"), name.contains(" "), !name.contains("operator"), !name.contains(" in "),
      !name.hasPrefix("<"), !name.contains("#"), !name.contains(" of ")
    else { return name }
    var depth = 0
    var last: String.Index?
    for index in name.indices {
      switch name[index] {
      case "<", "(", "{", "[": depth += 1
      case ">", ")", "}", "]": depth -= 1
      case " " where depth == 0: last = index
      default: break
      }
    }
    return last.map { String(name[name.index(after: $0)...]) } ?? name
  }

  /// `__memmove_avx_unaligned_erms` is memmove.
  private static func withoutVariant(_ name: String) -> String {
    guard name.hasPrefix("__") else { return name }
    let plain = name.drop { $0 == "_" }
    guard
      ["mem", "str", "wcs", "wmem", "stp", "wcp", "bcmp", "bzero"].contains(where: { plain.hasPrefix($0) }),
      let mark = plain.firstIndex(of: "_")
    else { return name }
    let variant = plain[plain.index(after: mark)...]
    let known = [
      "sse", "avx", "evex", "erms", "ssse", "ia32", "i686", "i586", "generic", "neon", "sve", "thunderx",
      "falkor",
    ]
    return known.contains { variant.hasPrefix($0) } ? String(plain[..<mark]) : name
  }
}

extension String {
  /// Where a text begins in it.
  fileprivate func range(of part: String) -> Index? {
    guard let first = part.utf8.first else { return nil }
    var at = startIndex
    while let next = utf8[at...].firstIndex(of: first) {
      if self[next...].hasPrefix(part) { return next }
      at = utf8.index(after: next)
    }
    return nil
  }
}
