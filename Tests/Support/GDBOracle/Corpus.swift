import Glibc

/// The crash corpus that `Tests/Corpus/make-corpus` makes, with what gdb printed of each row.
package struct Corpus: Sendable {
  package var folder: String
  package var rows: [Row]
  /// What could not be made, in make-corpus's words.
  package var failures: [String]

  package struct Row: Sendable, CustomStringConvertible {
    package var name: String
    package var category: String
    package var executable: String
    package var core: String
    /// gdb options of this row, such as switching Python printers off.
    package var options: [String]
    package var description: String { name }
  }

  /// Makes the corpus (what is there already is kept) and lets gdb answer for each row once.
  package static func make(repository: String, folder: String) throws(Command.Failure) -> Corpus {
    let tools = "\(repository)/Tests/Corpus"
    let made = try Command("\(tools)/make-corpus", [folder]).run(seconds: 1200)
    guard made.ending == .exited(0) || made.ending == .exited(3) else {
      throw Command.Failure(description: "make-corpus: \(made.ending)\n\(text(made.errors))")
    }
    let answered = try Command("\(tools)/compare", ["--gdb-only", "--commands", "spine,full", folder]).run(
      seconds: 1200)
    guard answered.ending == .exited(0) else {
      throw Command.Failure(description: "compare --gdb-only: \(answered.ending)\n\(text(answered.errors))")
    }
    return try Corpus(folder: folder)
  }

  /// Reads the manifest of a corpus that has been made.
  package init(folder: String) throws(Command.Failure) {
    self.folder = folder
    rows = try lines(of: "\(folder)/manifest.tsv").compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 5 else { return nil }
      return Row(
        name: fields[0], category: fields[1], executable: fields[2], core: fields[3],
        options: words(fields[4]))
    }
    failures = try lines(of: "\(folder)/failures.tsv")
  }

  /// gdb's stdout for the row under ``Script/spine``.
  package func reference(_ row: Row) throws(Command.Failure) -> [UInt8] {
    try contents(of: "\(folder)/\(row.name)/gdb.spine.out")
  }

  /// gdb's stdout for the row under ``Script/full``.
  package func fullReference(_ row: Row) throws(Command.Failure) -> [UInt8] {
    try contents(of: "\(folder)/\(row.name)/gdb.full.out")
  }
}

/// The commands of the comparison. One run answers all of them; `echo` tells the answers apart.
///
/// `Tests/Corpus/compare --check-spine` shows that the parts are what gdb prints in runs of their own (except for
/// warnings that `thread apply` captures only when no earlier command has caused them: main left by pthread_exit).
package enum Script: String, CaseIterable, Sendable {
  case startup
  case threads
  case bt
  case apply
  /// In a run of its own.
  case full

  private static let inOneRun: [Script] = [.startup, .threads, .bt, .apply]
  private static let mark = "=-=-= coreview compare =-=-="

  package var command: String {
    switch self {
    case .startup: "(start-up)"
    case .threads: "info threads"
    case .bt: "bt"
    case .apply: "thread apply all bt"
    case .full: "bt full"
    }
  }

  package static func spine(for row: Corpus.Row) -> [String] {
    let commands = inOneRun.filter { $0 != .startup }.flatMap {
      ["-ex", "echo \(mark)\\n", "-ex", $0.command]
    }
    return ["-q", "-nx", "-batch"] + row.options + commands + [row.executable, row.core]
  }

  package static func full(for row: Corpus.Row) -> [String] {
    ["-q", "-nx", "-batch"] + row.options + ["-ex", full.command, row.executable, row.core]
  }

  /// The parts of one run's stdout; a part that is missing is empty.
  package static func parts(of output: [UInt8]) -> [Script: [UInt8]] {
    let separator = Array("\(mark)\n".utf8)
    var parts: [Script: [UInt8]] = [:], rest = output[...]
    for script in inOneRun {
      let cut = rest.firstRange(of: separator)
      parts[script] = Array(rest[..<(cut?.lowerBound ?? rest.endIndex)])
      rest = rest[(cut?.upperBound ?? rest.endIndex)...]
    }
    return parts
  }
}

/// The first line in which two texts differ, as a sentence of three lines.
package func firstDifference(gdb: [UInt8], coreview: [UInt8]) -> String {
  let left = gdb.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  let right = coreview.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  for number in 0..<max(left.count, right.count) {
    let mine = number < right.count ? text(Array(right[number])) : "(end)"
    let theirs = number < left.count ? text(Array(left[number])) : "(end)"
    if mine != theirs { return "line \(number + 1)\n  gdb      \(theirs)\n  coreview \(mine)" }
  }
  return "bytes that are not UTF-8"
}

package func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// The lines of a text file, without their ends.
package func lines(of path: String) throws(Command.Failure) -> [String] {
  text(try contents(of: path)).split(separator: "\n").map(String.init)
}

/// A whole file.
package func contents(of path: String) throws(Command.Failure) -> [UInt8] {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw Command.Failure(description: "\(path) cannot be opened, errno \(errno)")
  }
  defer { close(descriptor) }
  var bytes: [UInt8] = [], page = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = unsafe page.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0 else { throw Command.Failure(description: "\(path) cannot be read, errno \(errno)") }
    if count == 0 { return bytes }
    bytes += page[..<count]
  }
}

/// Splits at blanks, except inside single quotes: as much of the shell as the manifest uses.
private func words(_ line: String) -> [String] {
  var words: [String] = [], word: String?, quoted = false
  for character in line {
    if character == "'" {
      quoted.toggle()
      word = word ?? ""
    } else if character == " ", !quoted {
      if let done = word { words.append(done) }
      word = nil
    } else {
      word = (word ?? "") + String(character)
    }
  }
  if let done = word { words.append(done) }
  return words
}
