internal import Bytes

/// The rows of a program, made when an address is asked for.
///
/// In C++ each function is a sequence of its own and a unit has hundreds, of which a backtrace asks for two. A sequence that
/// no other reaches into answers for its addresses alone: in each file's list what lies before it starts lower than its
/// first row, and what lies behind it starts at its end at the earliest. Every other address is left to the whole program.
final class LineRows {
  private var program: LineProgram
  /// Empty once all rows are made.
  private var opcodes: [UInt8]
  private let isBigEndian: Bool
  private let sequences: [LineSequence]
  private let firstFile: Int
  private var parts: [Int: RowIndex] = [:]
  private lazy var whole: RowIndex = makeWhole()
  private var isWhole = false

  /// Where so many sequences were asked for, the rest may as well be made.
  private static let maximumParts = 32

  /// `sequences` are sorted; with none, all rows are made for the first address. `opcodes` are the program's.
  init(
    _ program: consuming LineProgram, opcodes: [UInt8], isBigEndian: Bool, sequences: [LineSequence]
  ) {
    let isPrimaryListed = program.subfiles.contains(0)
    firstFile = isPrimaryListed ? 0 : program.spellings.aliasOfPrimary() ?? 0
    self.program = program
    self.opcodes = opcodes
    self.isBigEndian = isBigEndian
    self.sequences = sequences
  }

  /// Rows that were made already.
  init(_ program: consuming LineProgram, rows: [LineRow]) {
    let isPrimaryListed = program.subfiles.contains(0)
    firstFile = isPrimaryListed ? 0 : program.spellings.aliasOfPrimary() ?? 0
    self.program = program
    opcodes = []
    isBigEndian = false
    sequences = []
    whole = index(rows)
    isWhole = true
  }

  var names: [[UInt8]] { program.spellings.names }
  var subfiles: [Int32] { program.subfiles }
  var firstNumber: UInt64 { program.firstNumber }

  var isEmpty: Bool { whole.isEmpty }

  /// The list of one file, sorted.
  func rows(ofFile file: Int) -> [LineRow] { whole.rows(ofFile: file) }

  func lookup(_ pc: UInt64) -> LineTable.Match? {
    if !isWhole, let part = part(for: pc), let match = part.lookup(pc), match.end != nil { return match }
    return whole.lookup(pc)
  }

  private func part(for pc: UInt64) -> RowIndex? {
    let number = sequences.leadingCount { $0.addresses.lowerBound <= pc } - 1
    guard number >= 0, sequences[number].isAlone, sequences[number].addresses.contains(pc) else { return nil }
    if let known = parts[number] { return known }
    guard parts.count < Self.maximumParts else { return nil }
    let made = makeRows(sequences[number].opcodes)
    parts[number] = made
    return made
  }

  private func makeWhole() -> RowIndex {
    isWhole = true
    let made = makeRows(opcodes.indices)
    opcodes = []
    parts = [:]
    return made
  }

  private func makeRows(_ range: Range<Int>) -> RowIndex {
    let held = opcodes
    let rows = program.rows(held.span, range, isBigEndian: isBigEndian)
    return index(rows)
  }

  private func index(_ rows: [LineRow]) -> RowIndex {
    RowIndex(rows: rows, fileCount: program.spellings.names.count, firstFile: firstFile)
  }
}
