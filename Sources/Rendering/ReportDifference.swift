package import Bytes
package import Reporting

/// What differs between two cores: build, crash, threads, modules, and the arguments of frames that are the same.
///
/// Addresses are never compared: they differ between any two processes.
package struct ReportDifference {
  /// A part of the report, and its lines: `-` is the first core's, `+` the second's, a blank what they share.
  package struct Section: Sendable, Equatable {
    package var title: String
    package var lines: [String]
  }

  package private(set) var sections: [Section] = []
  private let old: Report
  private let new: Report

  package init(_ old: Report, _ new: Report) {
    self.old = old
    self.new = new
    program()
    crash()
    crashedStack()
    threads()
    modules()
  }

  package var isEmpty: Bool { sections.isEmpty }

  /// The sections as text, names made harmless.
  package var text: TextBuffer {
    var text = TextBuffer()
    func line(_ string: String) {
      text.append(bytes: Escaping.inert(Array(string.utf8)))
      text.append(byte: 0x0a)
    }
    line("--- \(old.core)")
    line("+++ \(new.core)")
    for section in sections {
      text.append(byte: 0x0a)
      line("\(section.title):")
      for entry in section.lines { line("  " + entry) }
    }
    if sections.isEmpty { line("No difference.") }
    return text
  }

  private mutating func add(_ title: String, _ lines: [String]) {
    if !lines.isEmpty { sections.append(Section(title: title, lines: lines)) }
  }

  private static func change(_ name: String, _ old: String?, _ new: String?) -> [String] {
    guard old != new else { return [] }
    return [(old, "-"), (new, "+")].compactMap { value, sign in value.map { "\(sign) \(name) \($0)" } }
  }

  // MARK: The parts

  private mutating func program() {
    func build(_ report: Report) -> String? {
      let module = report.modules.first { $0.kind == .executable }
      return module?.buildIDInCore ?? module?.buildID
    }
    add(
      "Program",
      Self.change("name", old.process.command, new.process.command)
        + Self.change("executable", old.executable, new.executable)
        + Self.change("build ID", build(old), build(new))
        + Self.change("architecture", old.architecture, new.architecture)
        + Self.change("command line", old.process.arguments, new.process.arguments))
  }

  private mutating func crash() {
    add(
      "Crash",
      Self.change("reason", old.reason, new.reason)
        + Self.change("class", old.diagnosis.kind.rawValue, new.diagnosis.kind.rawValue)
        + Self.change("signature", old.signatureText, new.signatureText))
  }

  /// The frames of the crashed thread side by side, and what their arguments were.
  private mutating func crashedStack() {
    let left = Array((old.stacks.first?.frames ?? []).prefix(Self.maximumFrames))
    let right = Array((new.stacks.first?.frames ?? []).prefix(Self.maximumFrames))
    let pairs = Self.aligned(left.map(Self.token), right.map(Self.token))
    var lines: [String] = []
    var differs = false
    for pair in pairs {
      switch pair {
      case (let first?, let second?):
        lines.append("  #\(right[second].level) " + Self.words(right[second]))
        let arguments = Self.arguments(left[first].arguments, right[second].arguments)
        if !arguments.isEmpty || left[first].line != right[second].line { differs = true }
        if left[first].line != right[second].line {
          lines += ["-     line \(left[first].line ?? 0)", "+     line \(right[second].line ?? 0)"]
        }
        lines += arguments
      case (let first?, nil):
        differs = true
        lines.append("- #\(left[first].level) " + Self.words(left[first]))
      case (nil, let second?):
        differs = true
        lines.append("+ #\(right[second].level) " + Self.words(right[second]))
      case (nil, nil): break
      }
    }
    if differs { add("Crashed thread", lines) }
  }

  /// Stacks by their functions, with the number of threads that have them.
  private mutating func threads() {
    var counts: [[String]: (old: Int, new: Int)] = [:]
    var order: [[String]] = []
    for (isNew, report) in [(false, old), (true, new)] {
      for stack in report.stacks where !(stack.threads.first?.isCrashed ?? false) {
        let key = stack.frames.prefix(Self.maximumFrames).map(Self.token)
        if counts[key] == nil { order.append(key) }
        if isNew {
          counts[key, default: (0, 0)].new += stack.threads.count
        } else {
          counts[key, default: (0, 0)].old += stack.threads.count
        }
      }
    }
    var lines = Self.change("threads", "\(old.threadCount)", "\(new.threadCount)")
    lines += Self.change("kernel workers", "\(old.workers.count)", "\(new.workers.count)")
    for key in order {
      guard let count = counts[key], count.old != count.new else { continue }
      let what =
        key.isEmpty ? "(no frames)" : key.prefix(6).joined(separator: " < ") + (key.count > 6 ? " < …" : "")
      if count.old > 0 { lines.append("- \(count.old) × \(what)") }
      if count.new > 0 { lines.append("+ \(count.new) × \(what)") }
    }
    add("Threads", lines)
  }

  private mutating func modules() {
    func builds(_ report: Report) -> [String: String] {
      var result: [String: String] = [:]
      for module in report.modules where module.kind != .vdso {
        result[module.path] = module.buildIDInCore ?? module.buildID ?? "without build ID"
      }
      return result
    }
    let (left, right) = (builds(old), builds(new))
    var lines: [String] = []
    for path in Set(left.keys).union(right.keys).sorted() where left[path] != right[path] {
      if let build = left[path] { lines.append("- \(path) \(build)") }
      if let build = right[path] { lines.append("+ \(path) \(build)") }
    }
    add("Modules in stacks", lines)
  }

  // MARK: Frames

  /// Frames of one stack that are compared: the alignment is quadratic.
  private static let maximumFrames = 250

  /// What makes two frames the same: their function, or the place in the file.
  private static func token(_ frame: Report.Frame) -> String {
    if let function = frame.function { return function }
    if frame.kind == .signal { return "<signal handler called>" }
    guard let module = frame.module else { return "??" }
    return "?? \(module.buildID ?? module.path)+\(module.offset.hexadecimal)"
  }

  private static func words(_ frame: Report.Frame) -> String {
    guard let file = frame.file else { return token(frame) }
    return "\(token(frame)) at \(file):\(frame.line ?? 0)"
  }

  /// Arguments of the same name whose values differ.
  private static func arguments(_ old: String, _ new: String) -> [String] {
    let (left, right) = (split(old), split(new))
    var lines: [String] = []
    for argument in left {
      guard let other = right.first(where: { $0.name == argument.name }), other.value != argument.value else {
        continue
      }
      lines.append("-     \(argument.name) = \(argument.value)")
      lines.append("+     \(other.name) = \(other.value)")
    }
    return lines
  }

  /// `a=1, s=0x4 "x, y"` into names and values: commas count outside quotes and brackets alone.
  static func split(_ arguments: String) -> [(name: String, value: String)] {
    var parts: [[UInt8]] = [[]]
    var depth = 0
    var quote: UInt8?
    var isEscaped = false
    for byte in arguments.utf8 {
      if isEscaped {
        isEscaped = false
      } else if let open = quote {
        if byte == UInt8(ascii: "\\") { isEscaped = true }
        if byte == open { quote = nil }
      } else {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
        case UInt8(ascii: "("), UInt8(ascii: "{"), UInt8(ascii: "<"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: ")"), UInt8(ascii: "}"), UInt8(ascii: ">"), UInt8(ascii: "]"):
          depth = max(0, depth - 1)
        case UInt8(ascii: ",") where depth == 0:
          parts.append([])
          continue
        default: break
        }
      }
      parts[parts.count - 1].append(byte)
    }
    return parts.compactMap { part in
      let text = part.drop { $0 == UInt8(ascii: " ") }
      guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else { return nil }
      return (
        String(decoding: text[..<equals], as: UTF8.self),
        String(decoding: text[(equals + 1)...], as: UTF8.self)
      )
    }
  }

  /// Places that belong together, by the longest common subsequence.
  static func aligned(_ old: [String], _ new: [String]) -> [(Int?, Int?)] {
    var lengths = [[Int]](repeating: [Int](repeating: 0, count: new.count + 1), count: old.count + 1)
    for first in old.indices.reversed() {
      for second in new.indices.reversed() {
        lengths[first][second] =
          old[first] == new[second]
          ? lengths[first + 1][second + 1] + 1 : max(lengths[first + 1][second], lengths[first][second + 1])
      }
    }
    var pairs: [(Int?, Int?)] = []
    var (first, second) = (0, 0)
    while first < old.count || second < new.count {
      if first < old.count, second < new.count, old[first] == new[second] {
        pairs.append((first, second))
        first += 1
        second += 1
      } else if second == new.count
        || first < old.count && lengths[first + 1][second] >= lengths[first][second + 1]
      {
        pairs.append((first, nil))
        first += 1
      } else {
        pairs.append((nil, second))
        second += 1
      }
    }
    return pairs
  }
}
