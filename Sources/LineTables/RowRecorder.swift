/// One entry of a file's list: a row of the program, or an end marker (line 0).
struct LineRow: Equatable {
  var address: UInt64
  var line: UInt32
  /// Subfile in the low 31 bits, is_stmt in the highest.
  private var fileAndFlag: UInt32

  init(address: UInt64, line: UInt32, file: Int, isStatement: Bool) {
    self.address = address
    self.line = line
    fileAndFlag = UInt32(truncatingIfNeeded: file) & 0x7fff_ffff | (isStatement ? 0x8000_0000 : 0)
  }

  var file: Int { Int(fileAndFlag & 0x7fff_ffff) }
  var isStatement: Bool { fileAndFlag & 0x8000_0000 != 0 }
  var isEndMarker: Bool { line == 0 }
}

/// Decides which rows of a program are kept, in gdb's way (contract L-1).
///
/// The lists of all files live in one array in program order; `previous` links the entries of one file.
struct RowRecorder {
  private(set) var rows: [LineRow] = []
  /// For each entry the one before it in the same file's list, or −1.
  private var previous: [Int32] = []
  /// For each file the last entry of its list, or −1.
  private var last: [Int32] = []
  private var hasDeleted = false

  /// Rows are appended by opcodes, of which there are at most so many.
  init(capacity: Int) {
    rows.reserveCapacity(capacity)
    previous.reserveCapacity(capacity)
  }

  mutating func append(_ row: LineRow) {
    let file = row.file
    growLists(to: file)
    previous.append(last[file])
    last[file] = Int32(truncatingIfNeeded: rows.count)
    rows.append(row)
  }

  /// Ends the previous row of a file. Rows at the marker's own address are deleted first: they hold no
  /// instruction. The marker is dropped when the list was empty, or when what then comes last ended it
  /// already; but it stays when all the rows there were have just been deleted.
  mutating func appendEndMarker(at address: UInt64, file: Int) {
    growLists(to: file)
    var endsRow = false
    while last[file] >= 0 {
      let index = Int(last[file])
      endsRow = !rows[index].isEndMarker
      guard rows[index].address == address else { break }
      last[file] = previous[index]
      if index == rows.count - 1 {
        rows.removeLast()
        previous.removeLast()
      } else {
        rows[index] = Self.deleted
        hasDeleted = true
      }
    }
    guard endsRow else { return }
    append(LineRow(address: address, line: 0, file: file, isStatement: true))
  }

  /// The entries that are left, in program order.
  consuming func finish() -> [LineRow] {
    if hasDeleted { rows.removeAll { $0 == Self.deleted } }
    return rows
  }

  private static let deleted = LineRow(address: 0, line: 0, file: 0x7fff_ffff, isStatement: false)

  private mutating func growLists(to file: Int) {
    while last.count <= file { last.append(-1) }
  }
}
