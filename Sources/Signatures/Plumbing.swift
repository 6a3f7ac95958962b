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
    for line in rules.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      guard number <= Self.maximumRules else { return }
      let text = line.prefix { $0 != "#" }.drop { $0 == " " || $0 == "\t" }
      guard let space = text.firstIndex(where: { $0 == " " || $0 == "\t" }) else {
        if text.isEmpty || text == "\r" { continue }
        throw Problem(line: number, text: String(line.prefix(80)))
      }
      var name = text[space...].drop { $0 == " " || $0 == "\t" }
      while let last = name.last, last == " " || last == "\t" || last == "\r" { name.removeLast() }
      guard !name.isEmpty else { throw Problem(line: number, text: String(line.prefix(80))) }
      switch text[..<space] {
      case "until": until.add(String(name))
      case "skip": skip.add(String(name))
      case "keep": keep.add(String(name))
      default: throw Problem(line: number, text: String(line.prefix(80)))
      }
    }
  }

  package func isWayToDie(_ name: String) -> Bool { until.match(name) && !keep.match(name) }
  package func isSkipped(_ name: String) -> Bool { skip.match(name) && !keep.match(name) }
}

/// Names and wildcards.
private struct Patterns: Sendable {
  private var exact: Set<String> = []
  private var prefixes: [String] = []
  private var wild: [[Substring]] = []

  mutating func add(_ pattern: String) {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    if parts.count == 1 {
      exact.insert(pattern)
    } else if parts.count == 2, parts[1].isEmpty {
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
