/// Which functions tell nothing of a crash: how a program gives up, and how it is started.
///
/// One rule a line, `#` begins a comment:
///
///     until NAME     a way to die: frames from the innermost to the last of this name are left out
///     skip NAME      a frame that is left out wherever it stands
///     keep NAME      a frame that counts, whatever another rule says
///
/// `*` in a name stands for anything. Names are those of `FunctionName.normal`: without parameters, hashes and the
/// suffixes that compilers add.
package struct Plumbing: Sendable {
  private var until = Patterns()
  private var skip = Patterns()
  private var keep = Patterns()

  /// A rule that could not be read.
  package struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
    package var line: Int
    package var text: String
    package init(line: Int, text: String) {
      self.line = line
      self.text = text
    }

    package var description: String {
      "line \(line): \"\(text)\" is no rule; rules are until, skip or keep and a name"
    }
  }

  /// More rules than this in a file are not taken.
  private static let maximumRules = 100_000

  /// The rules that come with the program.
  package static let shipped: Plumbing = {
    var result = Plumbing()
    // The rules are checked by a test.
    _ = try? result.add(rules: ShippedRules.text)
    return result
  }()

  package init() {}

  /// Adds rules to those that are there.
  package mutating func add(rules: String) throws(Problem) {
    var number = 0
    // By bytes: to find where characters end takes ten times as long, in each run that names a crash.
    for line in rules.utf8.split(separator: 0x0a, omittingEmptySubsequences: false) {
      number += 1
      guard number <= Self.maximumRules else { return }
      let text = line.prefix { $0 != 0x23 }.drop(while: Self.isBlank)
      guard let space = text.firstIndex(where: Self.isBlank) else {
        if text.isEmpty || text.elementsEqual([0x0d]) { continue }
        throw Problem(line: number, text: String(Substring(line).prefix(80)))
      }
      var name = text[space...].drop(while: Self.isBlank)
      while let last = name.last, Self.isBlank(last) || last == 0x0d { name.removeLast() }
      guard !name.isEmpty else { throw Problem(line: number, text: String(Substring(line).prefix(80))) }
      switch Substring(text[..<space]) {
      case "until": until.add(String(Substring(name)))
      case "skip": skip.add(String(Substring(name)))
      case "keep": keep.add(String(Substring(name)))
      default: throw Problem(line: number, text: String(Substring(line).prefix(80)))
      }
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  package func isWayToDie(_ name: String) -> Bool { until.match(name) && !keep.match(name) }
  package func isSkipped(_ name: String) -> Bool { skip.match(name) && !keep.match(name) }
}

/// Names and wildcards.
private struct Patterns: Sendable {
  private var exact: Set<String> = []
  private var prefixes: [String] = []
  private var wild: [[Substring]] = []

  mutating func add(_ pattern: String) {
    guard pattern.utf8.contains(0x2a) else {
      exact.insert(pattern)
      return
    }
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    if parts.count == 2, parts[1].isEmpty {
      prefixes.append(String(parts[0]))
    } else {
      wild.append(parts)
    }
  }

  func match(_ name: String) -> Bool {
    exact.contains(name) || prefixes.contains { name.hasPrefix($0) } || wild.contains { Self.match(name, $0) }
  }

  /// The parts in order: the first at the start, the last at the end, those between where they first occur.
  private static func match(_ name: String, _ parts: [Substring]) -> Bool {
    guard let first = parts.first, let last = parts.last, name.hasPrefix(first) else { return false }
    var rest = name[...].dropFirst(first.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let place = find(part, in: rest) else { return false }
      rest = rest[place...].dropFirst(part.count)
    }
    return rest.hasSuffix(last)
  }

  private static func find(_ part: Substring, in text: Substring) -> Substring.Index? {
    var at = text.startIndex
    while at < text.endIndex {
      if text[at...].hasPrefix(part) { return at }
      at = text.index(after: at)
    }
    return nil
  }
}
