internal import Backtraces
internal import Bytes
internal import Elfutils
internal import Evaluation
internal import LineTables
internal import ProcessModel
internal import Symbols
internal import Unwinding

/// `list [PLACE | FIRST,LAST | FIRST, | ,LAST | + | -]`.
enum ListCommand {
  static let commands: [String: Commands.Action] = ["list": run]

  /// How many lines `list` shows.
  private static func count(_ session: Session) -> Int {
    Int(session.parameters["listsize"]).flatMap { $0 > 0 ? $0 : nil } ?? 1 << 40
  }

  static func run(_ session: Session, _ text: String) throws(CommandError) {
    guard session.process != nil else {
      throw CommandError("No symbol table is loaded.  Use the \"file\" command.")
    }
    let count = count(session)
    if ["", "+", "-"].contains(text) { return try proceed(isBackward: text == "-", count, in: session) }
    beginWithMain(session)
    let parts = split(text)
    guard parts.count <= 2 else { throw CommandError("Junk at end of line specification.") }
    let base = LineSpecification(session: session, file: session.listing.file, line: session.listing.next)
    if parts.count == 1 {
      let places = try base.places(parts[0])
      for place in places {
        tell(place, isAddress: text.hasPrefix("*"), isOneOfMany: places.count > 1, in: session)
        try around(place, count, in: session)
      }
      return
    }
    guard !parts[0].isEmpty || !parts[1].isEmpty else {
      throw CommandError("Two empty args do not say what lines to list.")
    }
    let first = parts[0].isEmpty ? nil : try single(parts[0], "first", base)
    if !parts[0].isEmpty, first == nil { return }
    var relative = base
    if let first { (relative.file, relative.line) = (first.file, first.line) }
    let last = parts[1].isEmpty ? nil : try single(parts[1], "last", relative)
    if let first, let last, !first.file.isSame(as: last.file) {
      throw CommandError("Specified first and last lines are in different files.")
    }
    guard let file = first?.file ?? last?.file else { return }
    let low = first?.line ?? max(1, (last?.line ?? 1) &- count &+ 1)
    let (high, isOver) = (last?.line ?? low &+ count &- 1).addingReportingOverflow(1)
    try session.listing.show(max(1, low)..<max(1, low, isOver ? .max : high), of: file, in: session)
  }

  /// The parts between commas that are not within parentheses or template arguments.
  private static func split(_ text: String) -> [String] {
    var parts = [""]
    var depth = 0
    for character in text {
      if "(<[".contains(character) { depth += 1 }
      if ")>]".contains(character) { depth -= 1 }
      if character == ",", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
    }
    return parts.map(\.trimmingBlanks)
  }

  private static func single(
    _ text: String, _ which: String, _ base: LineSpecification
  ) throws(CommandError) -> SourcePlace? {
    let places = try base.places(text)
    guard places.count < 2 else {
      let lines = places.map { "\n" + description($0) }.joined()
      throw CommandError("Specified \(which) line '\(text)' is ambiguous:\(lines)")
    }
    return places.first
  }

  private static func description(_ place: SourcePlace) -> String {
    let name = String(decoding: Escaping.inert(place.file.name), as: UTF8.self)
    return "file: \"\(name)\", line number: \(place.line), symbol: \"\(place.symbol ?? "???")\""
  }

  private static func tell(
    _ place: SourcePlace, isAddress: Bool, isOneOfMany: Bool, in session: Session
  ) {
    if isAddress, let address = place.address, let process = session.process {
      session.output.append(hex: address)
      session.output.append(" is in ")
      if let found = AssemblerNames.function(at: address, in: process.unwinder, isDemangled: true) {
        session.output.append(bytes: Escaping.inert(Array(found.name.utf8)))
        session.output.append(" ")
      }
      session.output.append("(")
      session.output.append(bytes: Escaping.inert(place.file.name))
      session.output.append(":\(place.line)).\n")
    }
    if isOneOfMany { session.output.append(description(place) + "\n") }
  }

  private static func around(_ place: SourcePlace, _ count: Int, in session: Session) throws(CommandError) {
    let low = max(1, place.line &- count / 2)
    try session.listing.show(lines(from: low, count), of: place.file, in: session)
  }

  /// As many lines as there are numbers for.
  private static func lines(from first: Int, _ count: Int) -> Range<Int> {
    first..<max(first, first.addingReportingOverflow(count).overflow ? .max : first + count)
  }

  /// `list` alone: what is around the frame's line, then what follows, or with `-` what is before.
  private static func proceed(isBackward: Bool, _ count: Int, in session: Session) throws(CommandError) {
    beginWithMain(session)
    guard let file = session.listing.file else {
      throw CommandError("No symbol table is loaded.  Use the \"file\" command.")
    }
    if let centre = session.listing.centre {
      return try around(SourcePlace(file: file, line: centre), count, in: session)
    }
    guard isBackward else {
      let next = session.listing.next
      return try session.listing.show(lines(from: next, count), of: file, in: session)
    }
    let first = session.listing.first ?? 1
    guard first > 1 else {
      let name = String(decoding: Escaping.inert(file.name), as: UTF8.self)
      throw CommandError("Already at the start of \(name).")
    }
    try session.listing.show(max(1, first - min(first, count))..<first, of: file, in: session)
  }

  /// Before any source was shown: so that a listing ends with the first line of main's body.
  static func beginWithMain(_ session: Session) {
    guard session.listing.file == nil, let process = session.process,
      let address = (try? session.evaluator().codeAddress("main")) ?? nil
    else { return }
    let code = process.unwinder.resolver.code(at: .instruction(address))
    guard let module = code.module, let unit = code.unit, let lines = unit.lines, let match = code.line,
      let function = code.function
    else { return }
    // The prologue ends where a second row begins.
    let start = module.fileAddress(function.entryPC).rawValue
    let end = function.entry.ranges.first?.upperBound ?? start
    let body = lines.rows(ofFile: match.file)
      .first { $0.address > start && $0.address < end && $0.line != 0 && $0.isStatement }
    let line = Int(body?.line ?? match.line)
    let file = SourceFile(name: lines.name(ofFile: match.file), unit: unit, module: module)
    session.listing.begin(at: max(1, line - (min(count(session), 1 << 20) - 1)), of: file)
  }
}
