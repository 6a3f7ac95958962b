extension LineRow {
  /// gdb's order of one file's list (contract L-3): by address, end markers before rows.
  static func precedes(_ a: LineRow, _ b: LineRow) -> Bool {
    a.address != b.address ? a.address < b.address : a.isEndMarker && !b.isEndMarker
  }

  /// Sorts stably.
  ///
  /// Compilers write long ascending stretches, so the stretches are found first: most programs are sorted
  /// once these are put in order, as with -ffunction-sections; only what overlaps is sorted row by row.
  static func sort(_ rows: [LineRow]) -> [LineRow] {
    var stretches: [Range<Int>] = []
    var start = 0
    for index in rows.indices.dropFirst() where precedes(rows[index], rows[index - 1]) {
      stretches.append(start..<index)
      start = index
    }
    if stretches.isEmpty { return rows }
    stretches.append(start..<rows.count)
    stretches.sort { a, b in
      if precedes(rows[a.lowerBound], rows[b.lowerBound]) { return true }
      if precedes(rows[b.lowerBound], rows[a.lowerBound]) { return false }
      return a.lowerBound < b.lowerBound
    }
    var result: [LineRow] = []
    result.reserveCapacity(rows.count)
    var isSorted = true
    for stretch in stretches {
      if let last = result.last, precedes(rows[stretch.lowerBound], last) { isSorted = false }
      result.append(contentsOf: rows[stretch])
    }
    return isSorted ? result : sortByRow(rows)
  }

  private static func sortByRow(_ rows: [LineRow]) -> [LineRow] {
    rows.indices.sorted { a, b in
      if precedes(rows[a], rows[b]) { return true }
      if precedes(rows[b], rows[a]) { return false }
      return a < b
    }.map { rows[$0] }
  }
}
