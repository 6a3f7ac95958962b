/// The order of many addresses: tens of thousands of symbols, of which a backtrace looks for two.
enum AddressOrder {
  /// Bits of a number that one pass sorts by: 2048 counters fit the nearest cache.
  private static let digit = 11
  /// Fewer are sorted by comparison.
  private static let few = 1024

  /// The indices of numbers in ascending order of these; of equal numbers the first comes first.
  static func ascending(_ numbers: [UInt64]) -> [UInt32] {
    var order = numbers.indices.map { UInt32(truncatingIfNeeded: $0) }
    guard numbers.count >= few, let lowest = numbers.min(), let highest = numbers.max() else {
      order.sort { left, right in
        let (a, b) = (numbers[Int(left)], numbers[Int(right)])
        return a != b ? a < b : left < right
      }
      return order
    }
    var sorted = order
    let mask = UInt64(1) << UInt64(digit) - 1
    for shift in stride(from: 0, to: UInt64.bitWidth - (highest - lowest).leadingZeroBitCount, by: digit) {
      var places = [Int](repeating: 0, count: Int(mask) + 2)
      for number in numbers { places[Int((number - lowest) >> UInt64(shift) & mask) + 1] += 1 }
      for index in 1..<places.count { places[index] += places[index - 1] }
      for index in order {
        let value = Int((numbers[Int(index)] - lowest) >> UInt64(shift) & mask)
        sorted[places[value]] = index
        places[value] += 1
      }
      swap(&order, &sorted)
    }
    return order
  }
}
