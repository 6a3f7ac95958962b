/// From `address` on, the row that gdb picks, until the next segment begins.
struct LineSegment {
  var address: UInt64
  /// Address of the row; below `address` where another file's list has just ended.
  var start: UInt64
  /// 0: no row covers this place.
  var line: UInt32
  private var fileAndFlag: UInt32

  var file: Int { Int(fileAndFlag & 0x7fff_ffff) }
  var isStatement: Bool { fileAndFlag & 0x8000_0000 != 0 }

  init(address: UInt64, row: LineRow?) {
    self.address = address
    start = row?.address ?? address
    line = row?.line ?? 0
    fileAndFlag =
      UInt32(truncatingIfNeeded: row?.file ?? 0)
      | (row?.isStatement == true ? 0x8000_0000 : 0)
  }
}

/// Merges the lists of all files into one list of segments, so that a lookup is one binary search.
///
/// gdb keeps the lists apart and searches each of them (contract L-4): in each list the last entry at or
/// below pc, of these the greatest start, of equal starts the file that comes first. That answer changes only
/// at the address of some entry, so one sweep over all entries finds all answers.
struct SegmentSweep {
  private let rows: [LineRow]
  /// Per file the entry in force, or −1.
  private var current: [Int32]
  /// Entries by ascending start, best on top; those no longer in force are dropped when they surface.
  private var stack: [Int32] = []
  /// Files with entries in the group at hand.
  private var touched: [Int32] = []
  private var segments: [LineSegment] = []

  /// The file that comes first although it does not have number 0.
  private let firstFile: Int32

  /// `rows` must be sorted (`LineRow.sort`).
  init(sorted rows: [LineRow], fileCount: Int, firstFile: Int) {
    self.rows = rows
    self.firstFile = Int32(truncatingIfNeeded: firstFile)
    current = Array(repeating: -1, count: fileCount)
    segments.reserveCapacity(rows.count)
  }

  consuming func run() -> [LineSegment] {
    var index = 0
    while index < rows.count {
      let address = rows[index].address
      touched.removeAll(keepingCapacity: true)
      while index < rows.count, rows[index].address == address {
        apply(index)
        index += 1
      }
      pushTouched(at: address)
      while let top = stack.last, current[rows[Int(top)].file] != top { stack.removeLast() }
      segments.append(LineSegment(address: address, row: stack.last.map { rows[Int($0)] }))
    }
    return segments
  }

  /// The entry replaces the one of its file, unless it is a non-statement at the address of a statement.
  private mutating func apply(_ index: Int) {
    let row = rows[index]
    let old = current[row.file]
    if row.isEndMarker {
      current[row.file] = -1
      return
    }
    if !row.isStatement, old >= 0, rows[Int(old)].address == row.address, rows[Int(old)].isStatement {
      return
    }
    current[row.file] = Int32(truncatingIfNeeded: index)
    touched.append(Int32(truncatingIfNeeded: row.file))
  }

  private mutating func pushTouched(at address: UInt64) {
    if touched.count > 1 {
      touched.sort { a, b in b == firstFile ? a != firstFile : a != firstFile && a > b }
    }
    for file in touched {
      let entry = current[Int(file)]
      if entry >= 0 { stack.append(entry) }
    }
  }
}
