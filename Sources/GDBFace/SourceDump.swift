internal import Backtraces
internal import Bytes
internal import LineTables
internal import ProcessModel
internal import Symbols
internal import Unwinding

/// `disassemble /s` and `/m`: instructions with the source lines that they belong to.
struct SourceDump {
  enum Order {
    /// `/s`: as the instructions stand.
    case byAddress
    /// `/m`: as the lines stand, those of one file.
    case bySource
  }

  private let session: Session
  private let module: Module
  private let unit: CompileUnit
  private let lines: LineTable
  /// Writes the instructions of a range.
  private let write: (Range<UInt64>) throws(CommandError) -> Void

  /// More lines than these are not shown between two that have code.
  private static let maximumGap = 100_000
  /// Nor more than these by one command.
  private final class Budget {
    var lines = 1_000_000
  }
  private let budget = Budget()

  /// `nil` where nobody knows the lines of the code.
  init?(
    at address: UInt64, in session: Session, write: @escaping (Range<UInt64>) throws(CommandError) -> Void
  ) {
    guard let code = session.process?.unwinder.resolver.code(at: .instruction(address)),
      let module = code.module, let unit = code.unit, let lines = unit.lines, code.line != nil
    else { return nil }
    (self.session, self.module, self.unit, self.lines, self.write) = (session, module, unit, lines, write)
  }

  func run(_ range: Range<UInt64>, _ order: Order) throws(CommandError) {
    switch order {
    case .byAddress: try byAddress(range)
    case .bySource: try bySource(range)
    }
  }

  private func inFile(_ address: UInt64) -> UInt64 { module.fileAddress(address).rawValue }
  private func inProcess(_ address: UInt64) -> UInt64 { module.processAddress(FileAddress(address)) }

  /// One line, or gdb's word where its file is missing; what it has no text for is left out.
  private func show(_ line: Int, of file: Int) {
    let source = SourceFile(name: lines.name(ofFile: file), unit: unit, module: module)
    _ = try? session.listing.show(line..<line + 1, of: source, in: session)
  }

  private func show(_ shown: ClosedRange<Int>, of file: Int) {
    for line in shown.suffix(Self.maximumGap) {
      guard budget.lines > 0 else { return }
      budget.lines -= 1
      if budget.lines == 0 {
        session.note("warning: more than 1,000,000 source lines; the others are not shown\n")
      }
      show(line, of: file)
      session.flushWhereLong()
    }
  }

  // MARK: By address

  private struct Line: Hashable {
    var file: Int
    var number: Int
  }

  private func byAddress(_ range: Range<UInt64>) throws(CommandError) {
    let (low, high) = (inFile(range.lowerBound), inFile(range.upperBound))
    var stretches: [(range: Range<UInt64>, line: Line?)] = []
    var at = low
    while at < high {
      let match = lines.lookup(at)
      let end = min(match?.end ?? high, high)
      guard end > at else { break }
      stretches.append((at..<end, match.map { Line(file: $0.file, number: Int($0.line)) }))
      at = end
    }
    let withCode = Set(stretches.compactMap(\.line))
    var last: Line?
    for (stretch, line) in stretches {
      if let line, line != last {
        var first = line.number
        if let last, last.file == line.file {
          // The lines above that have no code are shown along.
          let nearest = max(last.number, line.number - Self.maximumGap)
          while first - 1 > nearest, !withCode.contains(Line(file: line.file, number: first - 1)) {
            first -= 1
          }
        } else if last == nil {
          let start = lines.rows(ofFile: line.file).first { $0.address >= low }
          if let start, start.line > 0 { first = min(first, Int(start.line)) }
        }
        if last != nil { session.output.append(byte: 0x0a) }
        if last?.file != line.file {
          session.output.append(bytes: Escaping.inert(lines.name(ofFile: line.file)))
          session.output.append(":\n")
        }
        show(first...line.number, of: line.file)
        last = line
      }
      try write(inProcess(stretch.lowerBound)..<inProcess(stretch.upperBound))
    }
  }

  // MARK: By source

  private func bySource(_ range: Range<UInt64>) throws(CommandError) {
    let (low, high) = (inFile(range.lowerBound), inFile(range.upperBound))
    guard let file = lines.lookup(low)?.file else { return try write(range) }
    let rows = lines.rows(ofFile: file)
    var pieces: [(line: Int, code: Range<UInt64>)] = []
    for (index, row) in rows.enumerated() where row.address >= low && row.address < high && row.line > 0 {
      let next = index + 1 < rows.count ? rows[index + 1] : nil
      if let next, next.line == row.line, next.address == row.address { continue }
      let end = next?.address ?? lines.lookup(row.address)?.end ?? high
      pieces.append((Int(row.line), row.address..<max(row.address, end)))
    }
    pieces.sort { ($0.line, $0.code.lowerBound) < ($1.line, $1.code.lowerBound) }
    var next = 0
    for (index, piece) in pieces.enumerated() {
      if piece.line >= next {
        show((next == 0 ? piece.line : next)...piece.line, of: file)
        next = piece.line + 1
      }
      if !piece.code.isEmpty {
        try write(inProcess(piece.code.lowerBound)..<inProcess(piece.code.upperBound))
      }
      if index + 1 == pieces.count || pieces[index + 1].line > piece.line {
        session.output.append(byte: 0x0a)
      }
    }
  }
}
