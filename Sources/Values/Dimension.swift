package import Elfutils

/// One dimension of an array: how many elements, as far as that is known before a frame is.
package struct Dimension {
  package enum Bound {
    case constant(Int64)
    case expression([LocationOperation])
    /// The DIE of a variable that holds the bound.
    case variable(DebugEntry)
  }

  package enum Size {
    case count(Bound)
    case upper(Bound)
    /// `int data[]`
    case unknown
  }

  package var size: Size
  package var lower: Int64
  /// The lowest index where only a frame or an object tells it.
  var lowerBound: Bound?
  /// Bytes from an element to the next, where they are not the element's own.
  var stride: Bound?

  private static let maximumCount = 32

  static func list(of type: ValueType) -> [Dimension] {
    guard let entry = type.entry, type.kind == .array else { return [] }
    var result: [Dimension] = []
    // DWARF 5, table 7.17: what a missing lower bound is.
    let lowest: Int64 =
      switch Language(unit: entry.unitRoot) {
      case .fortran, .ada, .pascal: 1
      default: 0
      }
    for child in entry.children where child.tag == Tag.subrangeType {
      guard result.count < maximumCount else { break }
      let lower = child.signed(Attribute.lowerBound) ?? lowest
      var size = Size.unknown
      if let bound = bound(Attribute.count, of: child) {
        size = .count(bound)
      } else if let bound = bound(Attribute.upperBound, of: child) {
        size = .upper(bound)
      }
      var dimension = Dimension(size: size, lower: lower)
      if child.has(Attribute.lowerBound), child.signed(Attribute.lowerBound) == nil {
        dimension.lowerBound = bound(Attribute.lowerBound, of: child)
      }
      dimension.stride = bound(Attribute.byteStride, of: child)
      result.append(dimension)
    }
    return result.isEmpty ? [Dimension(size: .unknown, lower: 0)] : result
  }

  static func bound(_ attribute: Int, of entry: DebugEntry) -> Bound? {
    guard entry.has(attribute) else { return nil }
    if let variable = entry.reference(attribute) { return .variable(variable) }
    // Data forms are unsigned here: 199 is written in one byte.
    if let constant = entry.unsigned(attribute) { return .constant(Int64(bitPattern: constant)) }
    return entry.expression(attribute).map { .expression($0) }
  }

  /// The number of elements, if no frame is needed to know it.
  package var constant: UInt64? {
    if lowerBound != nil { return nil }
    return switch size {
    case .count(.constant(let count)): UInt64(clamping: count)
    case .upper(.constant(let upper)): Self.count(upper: upper, lower: lower)
    case .unknown: 0
    default: nil
    }
  }

  /// Whether only a frame tells the length.
  package var isDynamic: Bool { constant == nil }

  package static func count(upper: Int64, lower: Int64) -> UInt64 {
    guard upper >= lower else { return 0 }
    return UInt64(bitPattern: upper &- lower) &+ 1
  }
}
