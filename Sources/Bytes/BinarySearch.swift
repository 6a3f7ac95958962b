extension Array {
  /// How many elements from the start a predicate holds for, by binary search: it must hold for none behind one that it does
  /// not hold for. So that is also the index of the first element for which it does not hold.
  @inlinable @inline(__always)
  package func leadingCount(where holds: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
