internal import Bytes
/// Finds the row that gdb picks for an address (contract L-4).
///
/// A backtrace asks most units for one or two addresses, for which a pass over the rows costs less than to
/// sort them. Only a unit that is asked more often gets one list for binary searches.
final class RowIndex {
  private let rows: [LineRow]
  private let fileCount: Int
  /// The file that comes first although it does not have number 0.
  private let firstFile: Int
  private var lookups = 0
  private lazy var segments = SegmentSweep(
    sorted: LineRow.sort(rows), fileCount: fileCount, firstFile: firstFile
  ).run()

  /// Sorting costs about as much as so many passes.
  private static let maximumPasses = 12

  /// `rows` as the program made them.
  init(rows: [LineRow], fileCount: Int, firstFile: Int) {
    self.rows = rows
    self.fileCount = fileCount
    self.firstFile = firstFile
  }

  var isEmpty: Bool { rows.isEmpty }

  func lookup(_ pc: UInt64) -> LineTable.Match? {
    lookups += 1
    return lookups <= Self.maximumPasses ? pass(pc) : search(pc)
  }

  /// The list of one file, sorted.
  func rows(ofFile file: Int) -> [LineRow] { LineRow.sort(rows.filter { $0.file == file }) }

  // MARK: By binary search

  func search(_ pc: UInt64) -> LineTable.Match? {
    let low = segments.leadingCount { $0.address <= pc }
    guard low > 0 else { return nil }
    let segment = segments[low - 1]
    guard segment.line != 0 else { return nil }
    return LineTable.Match(
      file: segment.file, line: Int32(bitPattern: segment.line), start: segment.start,
      end: low < segments.count ? segments[low].address : nil, isStatement: segment.isStatement)
  }

  // MARK: By a pass

  /// What the list of one file has at or below pc.
  private struct Best {
    /// Of its last entries.
    var address: UInt64 = 0
    /// The row in force there: the last statement, or the last row; −1 where only markers stand.
    var row: Int32 = -1
    var isStatement = false
  }

  /// In each list the last entry at or below pc, of these the greatest start, of equal starts the file that
  /// comes first: what `SegmentSweep` answers for all addresses at once.
  func pass(_ pc: UInt64) -> LineTable.Match? {
    var lists = [Best](repeating: Best(), count: fileCount)
    var end: UInt64?
    let held = rows
    let rows = held.span
    // Backwards, since rows mostly ascend: of a file the entries below one that was seen do not matter.
    for index in stride(from: rows.count - 1, through: 0, by: -1) {
      let address = rows[index].address
      if address > pc {
        end = min(end ?? address, address)
        continue
      }
      let file = rows[index].file
      if address < lists[file].address { continue }
      if address > lists[file].address { lists[file] = Best(address: address) }
      if rows[index].isEndMarker { continue }
      // Markers come before rows; a non-statement gives way to a statement at its address.
      if lists[file].row < 0 || (rows[index].isStatement && !lists[file].isStatement) {
        lists[file].row = Int32(truncatingIfNeeded: index)
        lists[file].isStatement = rows[index].isStatement
      }
    }
    var chosen = -1
    for file in lists.indices where lists[file].row >= 0 {
      if chosen < 0 || lists[file].address > lists[chosen].address
        || (lists[file].address == lists[chosen].address && file == firstFile)
      {
        chosen = file
      }
    }
    guard chosen >= 0 else { return nil }
    let row = rows[Int(lists[chosen].row)]
    return LineTable.Match(
      file: chosen, line: Int32(bitPattern: row.line), start: row.address, end: end,
      isStatement: row.isStatement)
  }
}
