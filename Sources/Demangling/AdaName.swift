/// Ada's symbol encoding as gdb 13.1 decodes it. It matters for C: gdb tries it on every ELF symbol nobody
/// else claims, so `uv__io_poll` prints as `uv.io_poll`, `helper.part.0` as `helper.part`, `openlog.cold` as
/// `openlog[cold]`, and a lower-case name ending in a capital `B`, `N` or `X` loses it.
struct AdaName {
  private var text: ArraySlice<UInt8>
  private var out: [UInt8] = []

  /// The decoded name, nil when gdb prints the symbol verbatim. Linear in the length of the symbol.
  static func decode(_ symbol: String) -> String? {
    var name = AdaName(text: Array(symbol.utf8)[...])
    guard let suffix = name.trim(), name.decodeBody() else { return nil }
    let decoded = String(decoding: name.out + suffix, as: UTF8.self)
    return decoded.isEmpty || decoded == symbol ? nil : decoded
  }

  // MARK: Ends

  /// Removes what surrounds the name; the answer is a compiler suffix to append, nil for no Ada name.
  private mutating func trim() -> [UInt8]? {
    if text.first == UInt8(ascii: ".") { text.removeFirst() }
    if text.starts(with: "_ada_".utf8) { text.removeFirst(5) }
    guard let first = text.first, first != UInt8(ascii: "_"), first != UInt8(ascii: "<") else { return nil }
    var suffix: [UInt8] = []
    if let dot = text.lastIndex(of: UInt8(ascii: ".")), dot > text.startIndex,
      text[(dot + 1)...].allSatisfy(Self.isLetter)
    {
      suffix = Array("[".utf8) + text[(dot + 1)...] + Array("]".utf8)
      text = text[..<dot]
    }
    cutNumber(behind: [".", "$", "___", "__"])
    // Debugging encodings, `name___XR…`; any other `___` is not Ada.
    if let triple = find("___"), triple < text.endIndex - 3 {
      guard text[triple + 3] == UInt8(ascii: "X") else { return nil }
      text = text[..<triple]
    }
    // Protected subprograms, task bodies, blocks.
    if text.last == UInt8(ascii: "N"), text.count > 1, Self.isLowerOrDigit(text[text.endIndex - 2]) {
      text.removeLast()
    }
    for ending in ["TKB", "TB", "B"] {
      let length = ending.utf8.count
      if text.count > length, text.suffix(length).elementsEqual(ending.utf8) { text.removeLast(length) }
    }
    cutNumber(behind: ["__", "$"])
    return suffix
  }

  /// Cuts trailing digits together with the separator in front of them.
  private mutating func cutNumber(behind separators: [String]) {
    guard let last = text.last, Self.isDigit(last) else { return }
    var end = text.endIndex
    while end > text.startIndex, Self.isDigit(text[end - 1]) { end -= 1 }
    let stem = text[..<end]
    for separator in separators {
      let length = separator.utf8.count
      if stem.count > length, stem.suffix(length).elementsEqual(separator.utf8) {
        text = stem.dropLast(length)
        return
      }
    }
  }

  // MARK: The name

  private static let operators: [(String, String)] = [
    ("Oadd", "+"), ("Osubtract", "-"), ("Omultiply", "*"), ("Odivide", "/"), ("Omod", "mod"), ("Orem", "rem"),
    ("Oexpon", "**"), ("Olt", "<"), ("Ole", "<="), ("Ogt", ">"), ("Oge", ">="), ("Oeq", "="), ("One", "/="),
    ("Oand", "and"), ("Oor", "or"), ("Oxor", "xor"), ("Oconcat", "&"), ("Oabs", "abs"), ("Onot", "not"),
  ]

  /// Decodes into `out`; false when a capital letter or a blank is left over.
  private mutating func decodeBody() -> Bool {
    var at = text.startIndex
    let end = text.endIndex
    while at < end, !Self.isLetter(text[at]) {
      out.append(text[at])
      at += 1
    }
    var startsComponent = true
    while at < end {
      if startsComponent, let (code, name) = operatorName(at) {
        out += "\"\(name)\"".utf8
        at += code
        startsComponent = false
        continue
      }
      startsComponent = false
      at += skipped(at)
      guard at < end else { break }
      if text[at] == UInt8(ascii: "X"), out.last.map(Self.isLetterOrDigit) == true {
        // X, b and n behind the last component only.
        guard text[(at + 1)...].allSatisfy({ $0 == UInt8(ascii: "b") || $0 == UInt8(ascii: "n") }) else {
          return false
        }
        break
      }
      if at < end - 2, text[at] == UInt8(ascii: "_"), text[at + 1] == UInt8(ascii: "_") {
        out.append(UInt8(ascii: "."))
        startsComponent = true
        at += 2
      } else if let (scalar, width) = wideCharacter(at) {
        out += String(scalar).utf8
        at += width
      } else {
        out.append(text[at])
        at += 1
      }
    }
    return out.allSatisfy { !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) && $0 != UInt8(ascii: " ") }
  }

  /// The operator spelled at `at`, and its encoded length.
  private func operatorName(_ at: Int) -> (Int, String)? {
    guard text[at] == UInt8(ascii: "O") else { return nil }
    for (code, name) in Self.operators where text[at...].starts(with: code.utf8) {
      let next = at + code.utf8.count
      if next == text.endIndex || !Self.isLetterOrDigit(text[next]) { return (code.utf8.count, name) }
    }
    return nil
  }

  /// Length of an encoding without a spelling at `at`: `TK` and `N` before `__`, `__B_1` before `__`, `_E2b`.
  private func skipped(_ at: Int) -> Int {
    let rest = text[at...]
    if rest.starts(with: "TK__".utf8), rest.count > 4 { return 2 }
    if rest.starts(with: "N__".utf8), rest.count > 3, at > text.startIndex, Self.isLowerOrDigit(text[at - 1])
    {
      return 1
    }
    let block = rest.starts(with: "__B_".utf8)
    guard block || rest.starts(with: "_E".utf8) else { return 0 }
    var next = at + (block ? 4 : 2)
    let digits = next
    while next < text.endIndex, Self.isDigit(text[next]) { next += 1 }
    guard next > digits else { return 0 }
    if !block {
      guard next < text.endIndex, text[next] == UInt8(ascii: "b") || text[next] == UInt8(ascii: "s") else {
        return 0
      }
      next += 1
      if next == text.endIndex { return next - at }
    }
    return text[next...].starts(with: "__".utf8) ? next - at : 0
  }

  /// `Uxx` or `Wxxxx`, a character outside ASCII.
  private func wideCharacter(_ at: Int) -> (Unicode.Scalar, Int)? {
    let digits: Int
    switch text[at] {
    case UInt8(ascii: "U"): digits = 2
    case UInt8(ascii: "W"): digits = 4
    default: return nil
    }
    let hexadecimal = text[(at + 1)...].prefix(digits)
    guard hexadecimal.count == digits, hexadecimal.first != UInt8(ascii: "+"),
      let value = UInt32(String(decoding: hexadecimal, as: UTF8.self), radix: 16),
      let scalar = Unicode.Scalar(value)
    else { return nil }
    return (scalar, digits + 1)
  }

  private func find(_ needle: String) -> Int? {
    let needle = Array(needle.utf8)
    return text.indices.first { text[$0...].starts(with: needle) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { CxxGrammar.isDigit(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
  private static func isLetterOrDigit(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
  private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte) && byte & 0x20 != 0
  }
}
