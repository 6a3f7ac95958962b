internal import Elfutils
package import Expressions
internal import Bytes
internal import ProcessModel

/// The lengths of arrays that only a frame knows.
package enum DynamicBounds {
  /// The number of elements of a dimension; `filePC` is the look-up address in the file's terms.
  package static func count(
    of dimension: Dimension, in context: some ExpressionContext, filePC: UInt64, types: TypeReader,
    object: UInt64? = nil
  ) throws(EvaluationError) -> UInt64 {
    switch dimension.size {
    case .unknown: return 0
    case .count(let bound):
      let count = try known(bound, in: context, filePC: filePC, types: types, object: object)
      return count.map { UInt64(clamping: $0) } ?? 0
    case .upper(let bound):
      guard let upper = try known(bound, in: context, filePC: filePC, types: types, object: object) else {
        return 0
      }
      var lower = dimension.lower
      if let bound = dimension.lowerBound {
        lower = try number(bound, in: context, filePC: filePC, types: types, object: object)
      }
      return Dimension.count(upper: upper, lower: lower)
    }
  }

  /// A bound; `nil` where the variable that holds it has a list of locations, and by it no value here: gdb then takes the array
  /// for one of unknown length. Where its only location leads nowhere, that is an error.
  private static func known(
    _ bound: Dimension.Bound, in context: some ExpressionContext, filePC: UInt64, types: TypeReader,
    object: UInt64?
  ) throws(EvaluationError) -> Int64? {
    do throws(EvaluationError) {
      return try number(bound, in: context, filePC: filePC, types: types, object: object)
    } catch .optimizedOut {
      if case .variable(let entry) = bound, entry.hasLocationList { return nil }
      throw .optimizedOut
    }
  }

  static func number(
    _ bound: Dimension.Bound, in context: some ExpressionContext, filePC: UInt64, types: TypeReader,
    object: UInt64? = nil
  ) throws(EvaluationError) -> Int64 {
    let order = context.byteOrder
    switch bound {
    case .constant(let value): return value
    case .expression(let operations):
      return Int64(bitPattern: try ExpressionMachine.number(operations, in: context, object: object))
    case .variable(let entry):
      // clang makes an artificial variable for it.
      let size = types.type(of: entry).stripped.byteCount
      guard case .expression(let operations) = entry.location(Attribute.location, at: filePC) else {
        throw .optimizedOut
      }
      let value = ValueFetcher.value(of: operations, size: size, in: context)
      switch value.content {
      case .number(let number): return Int64(bitPattern: number)
      case .bytes(let bytes) where bytes.count >= 1 && bytes.count <= 8:
        return Int64(bitPattern: bytes.unsigned(at: 0, size: bytes.count, order: order))
      case .failed(let error): throw error
      default: throw .optimizedOut
      }
    }
  }
}
