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
  private var segments: [LineSegment] = []

  /// The file that comes first although it does not have number 0.
  private let firstFile: Int

  /// `rows` must be sorted (`LineRow.sort`).
  init(sorted rows: [LineRow], fileCount: Int, firstFile: Int) {
    self.rows = rows
    self.firstFile = firstFile
    current = Array(repeating: -1, count: fileCount)
    segments.reserveCapacity(rows.count)
  }

  consuming func run() -> [LineSegment] {
    var index = 0
    while index < rows.count {
      let row = rows[index]
      if index + 1 < rows.count, rows[index + 1].address == row.address {
        index = applyGroup(from: index)
      } else {
        apply(index, row)
        push(index, row)
        index += 1
      }
      while let top = stack.last, current[rows[Int(top)].file] != top { stack.removeLast() }
      segments.append(LineSegment(address: row.address, row: stack.last.map { rows[Int($0)] }))
    }
    return segments
  }

  /// Applies all entries of one address; returns the index of the next address.
  private mutating func applyGroup(from start: Int) -> Int {
    let address = rows[start].address
    var index = start
    var file = -1
    var others: [Int] = []  // seldom any, so no allocation
    while index < rows.count, rows[index].address == address {
      let row = rows[index]
      apply(index, row)
      index += 1
      if row.isEndMarker { continue }
      if file < 0 {
        file = row.file
      } else if row.file != file, others.last != row.file {
        others.append(row.file)
      }
    }
    guard !others.isEmpty else {
      if file >= 0 { pushCurrent(of: file) }
      return index
    }
    others.append(file)
    others.sort { a, b in b == firstFile ? a != firstFile : a != firstFile && a > b }
    for file in others { pushCurrent(of: file) }
    return index
  }

  private mutating func pushCurrent(of file: Int) {
    let entry = Int(current[file])
    if entry >= 0 { push(entry, rows[entry]) }
  }

  /// The entry replaces the one of its file, unless it is a non-statement at the address of a statement.
  private mutating func apply(_ index: Int, _ row: LineRow) {
    if row.isEndMarker {
      current[row.file] = -1
      return
    }
    let old = current[row.file]
    if !row.isStatement, old >= 0, rows[Int(old)].address == row.address, rows[Int(old)].isStatement {
      return
    }
    current[row.file] = Int32(truncatingIfNeeded: index)
  }

  /// Puts an entry on top. Where its own file stood there, it takes that place: the older one has expired.
  private mutating func push(_ index: Int, _ row: LineRow) {
    if row.isEndMarker { return }
    let entry = Int32(truncatingIfNeeded: index)
    if let top = stack.last, rows[Int(top)].file == row.file {
      stack[stack.count - 1] = entry
    } else {
      stack.append(entry)
    }
  }
}
