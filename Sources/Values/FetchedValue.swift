package import Bytes
package import Expressions

/// A value that was looked for in a frame: its bytes, or why there are none.
package struct FetchedValue: Equatable, Sendable {
  package enum Content: Equatable, Sendable {
    /// A scalar of at most eight bytes, zero above its size.
    case number(UInt64)
    case bytes([UInt8])
    /// Bytes of which some are missing; `gaps` says for each bit why, low bits first.
    case partial([UInt8], gaps: [Gap])
    case optimizedOut
    case unavailable
    /// A pointer to something that is nowhere: DW_OP_implicit_pointer.
    case syntheticPointer
    case failed(EvaluationError)
  }

  /// Why a bit of a value is missing.
  package enum Gap: UInt8, Sendable {
    case none
    case optimizedOut
    case unavailable
    case syntheticPointer
  }

  package var content: Content
  /// Where the value is in memory, if it is.
  package var address: UInt64?

  /// What a synthetic pointer points to, as far as the file says.
  package var implicitTarget: ImplicitTarget?

  /// The entry of the variable that DW_OP_implicit_pointer names, by its offset in the file, and a place in it.
  package struct ImplicitTarget: Equatable, Sendable {
    package var entry: UInt64
    /// Bytes from the start of the variable.
    package var byteOffset: Int64
  }

  package init(_ content: Content, address: UInt64? = nil) {
    self.content = content
    self.address = address
  }

  /// A number, such as that of DW_AT_call_value, as a parameter of `size` bytes would hold it.
  package init(number: UInt64, size: Int) {
    content = .number(size >= 8 || size <= 0 ? number : number & ((1 << UInt64(size * 8)) - 1))
  }

  package var isOptimizedOut: Bool { content == .optimizedOut }

  /// Whether the value is known, so that it can be compared.
  package var isKnown: Bool {
    switch content {
    case .number, .bytes: true
    default: false
    }
  }

  /// The raw bytes, in memory order; `nil` where some are missing.
  package func bytes(size: Int, order: ByteOrder) -> [UInt8]? {
    switch content {
    case .number(let number):
      var result = [UInt8](repeating: 0, count: max(0, size))
      for index in 0..<min(8, result.count) {
        result[order == .little ? index : result.count - 1 - index] =
          UInt8(truncatingIfNeeded: number >> UInt64(8 * index))
      }
      return result
    case .bytes(let bytes): return bytes
    default: return nil
    }
  }

  /// Whether two fetched values have the same raw bytes: what `@entry` compares.
  package func hasSameBytes(as other: FetchedValue, order: ByteOrder) -> Bool {
    switch (content, other.content) {
    case (.number(let one), .number(let two)): return one == two
    case (.bytes(let one), .bytes(let two)): return one == two
    case (.number, .bytes(let two)): return bytes(size: two.count, order: order) == two
    case (.bytes(let one), .number): return other.bytes(size: one.count, order: order) == one
    default: return false
    }
  }

  /// Some bytes of a value of `total` bytes, as a value; what is beyond its end is optimized out.
  package func part(at offset: Int64, size: UInt64, of total: UInt64, order: ByteOrder) -> FetchedValue {
    if offset == 0, size == total { return self }
    guard let start = UInt64(exactly: offset), start <= total, size <= total - start,
      total <= ValueFetcher.maximumSize
    else { return FetchedValue(.optimizedOut) }
    let range = Int(start)..<Int(start + size)
    switch content {
    case .number, .bytes:
      guard let bytes = bytes(size: Int(total), order: order), range.upperBound <= bytes.count else {
        return FetchedValue(.optimizedOut)
      }
      return FetchedValue(.bytes(Array(bytes[range])), address: address.map { $0 &+ start })
    case .partial(let bytes, let gaps):
      guard range.upperBound <= bytes.count else { return FetchedValue(.optimizedOut) }
      let bits = (range.lowerBound * 8)..<(range.upperBound * 8)
      return FetchedValue(.partial(Array(bytes[range]), gaps: Array(gaps[bits])))
    default: return self
    }
  }
}
