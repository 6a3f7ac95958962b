package import Elfutils
package import Expressions
internal import Bytes
internal import ProcessModel

/// Turns a location into the bytes of a value.
package enum ValueFetcher {
  /// gdb's `max-value-size`, in bytes.
  package static let maximumSize: UInt64 = 65536

  /// The value of `size` bytes that an expression describes.
  package static func value(
    of operations: [LocationOperation], size: UInt64, in context: some ExpressionContext
  ) -> FetchedValue {
    do throws(EvaluationError) {
      return try value(at: try ExpressionMachine.location(operations, in: context), size: size, in: context)
    } catch {
      return failure(error)
    }
  }

  /// The value of `size` bytes that an expression leaves on its stack, as DW_AT_call_value does.
  package static func number(
    _ operations: [LocationOperation], size: UInt64, in context: some ExpressionContext
  ) -> FetchedValue {
    do throws(EvaluationError) {
      let number = try ExpressionMachine.typed(operations, in: context)
      return try value(at: .value(number), size: size, in: context)
    } catch {
      return failure(error)
    }
  }

  static func failure(_ error: EvaluationError) -> FetchedValue {
    switch error {
    case .optimizedOut: FetchedValue(.optimizedOut)
    case .unavailable: FetchedValue(.unavailable)
    default: FetchedValue(.failed(error))
    }
  }

  /// What a value too big to be read says.
  static func checkSize(_ size: UInt64) throws(EvaluationError) {
    guard size <= maximumSize else {
      throw .unsupported("value requires \(size) bytes, which is more than max-value-size")
    }
  }

  package static func value(
    at location: ValueLocation, size: UInt64, in context: some ExpressionContext
  ) throws(EvaluationError) -> FetchedValue {
    switch location {
    case .optimizedOut: return FetchedValue(.optimizedOut)
    case .memory(let address): return try load(at: address, size: size, in: context.memory)
    default: break
    }
    try checkSize(size)
    let count = Int(size)
    let order = context.byteOrder
    switch location {
    case .register(let number): return try register(number, size: count, in: context)
    case .value(let value):
      if 1...8 ~= count { return FetchedValue(number: value.number(wordSize: 8), size: count) }
      return FetchedValue(.bytes(value.bytes(size: count, order: order)))
    case .implicit(let bytes):
      guard bytes.count >= count else {
        throw .unsupported("access outside bounds of object referenced via synthetic pointer")
      }
      return FetchedValue(.bytes(order == .little ? Array(bytes.prefix(count)) : Array(bytes.suffix(count))))
    case .implicitPointer(let entry, let byteOffset):
      var value = FetchedValue(.syntheticPointer)
      value.implicitTarget = FetchedValue.ImplicitTarget(entry: entry, byteOffset: byteOffset)
      return value
    case .pieces(let pieces): return try join(pieces, size: count, in: context)
    case .memory, .optimizedOut: return FetchedValue(.optimizedOut)
    }
  }

  static func load(
    at address: UInt64, size: UInt64, in memory: ProcessMemory
  ) throws(EvaluationError) -> FetchedValue {
    do throws(MemoryError) {
      if size <= 8, size > 0 {
        return FetchedValue(
          .number(try memory.readUnsigned(at: address, size: Int(size))), address: address)
      }
      if size == 0 { return FetchedValue(.bytes([]), address: address) }
      if size <= maximumSize {
        return FetchedValue(.bytes(try memory.read(at: address, count: Int(size))), address: address)
      }
    } catch {
      throw .memory(error)
    }
    try checkSize(size)
    return FetchedValue(.optimizedOut)
  }

  static func register(
    _ number: Int, size: Int, in context: some ExpressionContext
  ) throws(EvaluationError) -> FetchedValue {
    let wordSize = context.wordSize
    if let value = context.register(number), size <= wordSize {
      return FetchedValue(number: value, size: size)
    }
    guard number >= context.architecture.programCounter else {
      // A value that is wider than its register goes on in the next ones.
      var bytes: [UInt8] = []
      var next = number
      while bytes.count < size {
        guard let value = context.register(next), next < context.architecture.programCounter else {
          throw .optimizedOut
        }
        bytes +=
          FetchedValue(.number(value)).bytes(size: wordSize, order: context.byteOrder) ?? []
        next = context.architecture.register(after: next)
      }
      return FetchedValue(.bytes(Array(bytes.prefix(size))))
    }
    guard let bytes = context.vectorRegister(number) else { throw .unavailable }
    var result = Array(bytes.prefix(size))
    if result.count < size { result += [UInt8](repeating: 0, count: size - result.count) }
    return FetchedValue(.bytes(result))
  }

  /// Puts pieces together, bit by bit where they are no whole bytes. What no piece covers is synthetic.
  private static func join(
    _ pieces: [ValueLocation.Piece], size: Int, in context: some ExpressionContext
  ) throws(EvaluationError) -> FetchedValue {
    var bytes = [UInt8](repeating: 0, count: size)
    var gaps = [FetchedValue.Gap](repeating: .syntheticPointer, count: size * 8)
    let order = context.byteOrder
    let total = UInt64(size) * 8
    var bit: UInt64 = 0
    for piece in pieces where bit < total {
      let width = min(piece.bitSize, total - bit)
      let source = (piece.bitOffset &+ width &+ 7) / 8
      var found: [UInt8]?
      var gap = FetchedValue.Gap.none
      if source <= maximumSize, piece.bitOffset <= maximumSize * 8 {
        let part: FetchedValue
        do throws(EvaluationError) {
          part = try value(at: piece.location, size: source, in: context)
        } catch .optimizedOut {
          part = FetchedValue(.optimizedOut)
        } catch .unavailable {
          part = FetchedValue(.unavailable)
        }
        switch part.content {
        case .optimizedOut: gap = .optimizedOut
        case .unavailable: gap = .unavailable
        case .syntheticPointer: gap = .syntheticPointer
        default: found = part.bytes(size: Int(source), order: order)
        }
      }
      if found == nil, gap == .none { gap = .optimizedOut }
      for index in 0..<width {
        let target = Int(bit + index)
        if let found {
          let from = piece.bitOffset + index
          let value = found[Int(from / 8)] >> UInt8(from % 8) & 1
          bytes[target / 8] |= value << UInt8(target % 8)
        }
        gaps[target] = gap
      }
      bit += width
    }
    if gaps.allSatisfy({ $0 == .none }) { return FetchedValue(.bytes(bytes)) }
    if let first = gaps.first, first != .syntheticPointer, gaps.allSatisfy({ $0 == first }) {
      return FetchedValue(first == .optimizedOut ? .optimizedOut : .unavailable)
    }
    if gaps.allSatisfy({ $0 == .syntheticPointer }) { return FetchedValue(.syntheticPointer) }
    return FetchedValue(.partial(bytes, gaps: gaps))
  }
}
