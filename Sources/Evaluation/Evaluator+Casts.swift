internal import Bytes
internal import Elfutils
internal import Expressions
internal import Values

extension Evaluator {
  /// `(TYPE) VALUE`
  func cast(_ original: Value, to type: ValueType) throws(EvaluationFailure) -> Value {
    let plain = type.stripped
    if plain.kind == .reference, let target = plain.target {
      let value = try unreferenced(original)
      guard let address = value.address else {
        throw EvaluationFailure("Attempt to take address of value not located in memory.")
      }
      let inner = try cast(value, to: target)
      return Value(type, number: inner.address ?? address)
    }
    if let name = original.type.stripped.name, name.hasPrefix("<"), let address = original.address {
      return try castUnknown(address, to: type)
    }
    var value = try unreferenced(original)
    let own = value.type.stripped
    if plain.kind == .void { return Value(type, FetchedValue(.bytes([]))) }
    if own === plain {
      value.type = type
      return value
    }
    if plain.kind == .structure || plain.kind == .union { return try castStructure(value, own, type, plain) }
    if plain.kind == .array { return try castArray(value, own, type, plain) }
    if own.kind == .array || own.kind == .function { value = try decayed(value) }
    let (from, to) = (classify(value.type), classify(type))
    // Between pointers and floats, and from structures, the bits are read anew, if they are in memory.
    if own.kind == .structure || own.kind == .union || own.kind == .memberPointer && to != .other
      || (from == .float) != (to == .float) && (from == .pointer || to == .pointer)
    {
      if own.kind != .structure, own.kind != .union, own.kind != .memberPointer,
        value.type.stripped.byteCount == plain.byteCount
      {
        var same = try fetched(value)
        same.type = type
        return same
      }
      guard var address = value.address, !value.isBitField else { throw EvaluationFailure("Invalid cast.") }
      // An object with tables is looked at as a whole.
      if isCxx, own.kind == .structure, !wantsTypesOnly, try DynamicType.type(at: address, in: self) != nil,
        let whole = try DynamicType.wholeObject(at: address, of: own, in: self)
      {
        address = whole
      }
      return Value(type, at: address)
    }
    guard from != .other, to != .other else {
      // Equal sizes are read anew; `(long) struct_of_eight_bytes` is not.
      if plain.kind == .memberPointer || own.kind == .memberPointer, plain.byteCount == own.byteCount {
        value.type = type
        return value
      }
      if let address = value.address, plain.byteCount == own.byteCount, own.kind != .structure,
        own.kind != .union
      {
        return Value(type, at: address)
      }
      throw EvaluationFailure("Invalid cast.")
    }
    if to == .float {
      return floatValue(try float(value), type)
    }
    if to == .boolean { return Value(type, number: try isTrue(value) ? 1 : 0) }
    if from == .float {
      return Value(type, number: UInt64(bitPattern: FloatBits.integer(try float(value))))
    }
    if plain.byteCount > 8 {
      let low = try number(value)
      let isNegative = FormatText.isSigned(value.type.stripped) && Int64(bitPattern: low) < 0
      var bytes = FetchedValue(.number(low)).bytes(size: 8, order: .little) ?? []
      bytes += [UInt8](repeating: isNegative ? 0xff : 0, count: Int(min(plain.byteCount, 64)) - 8)
      if own.byteCount > 8 { bytes = try self.bytes(value) }
      return Value(type, FetchedValue(.bytes(order == .little ? bytes : bytes.reversed())))
    }
    // A pointer to a class becomes one to its base, wherever in the object that is.
    if from == .pointer, to == .pointer, let moved = try movedPointer(value, to: type) { return moved }
    if to == .pointer, from == .number, own.kind != .pointer {
      return Value(type, number: try number(value) & context.addressMask)
    }
    return Value(type, number: try number(value))
  }

  /// A symbol without debug information, read as the type that it is cast to.
  private func castUnknown(_ address: UInt64, to type: ValueType) throws(EvaluationFailure) -> Value {
    let plain = type.stripped
    switch plain.kind {
    case .integer, .character, .boolean, .float, .enumeration, .pointer, .structure, .union, .array:
      return Value(type, at: address)
    default: return Value(type, at: address)
    }
  }

  private func castStructure(
    _ value: Value, _ own: ValueType, _ type: ValueType, _ plain: ValueType
  ) throws(EvaluationFailure) -> Value {
    guard own.kind == .structure || own.kind == .union else { throw EvaluationFailure("Invalid cast.") }
    if MemberSearch.same(own, plain) {
      var result = value
      result.type = type
      return result
    }
    if let path = MemberSearch.base(plain, of: own) {
      var result = value
      for step in path { result = try part(step, of: result) }
      result.type = type
      return result
    }
    if let path = MemberSearch.base(own, of: plain), let address = value.address,
      let offset = try offset(of: path, object: address)
    {
      return Value(type, at: address &- offset)
    }
    throw EvaluationFailure("Invalid cast.")
  }

  /// Bytes from an object to a base of it; `nil` where a virtual base makes that unknown.
  private func offset(of path: [Layout.Member], object: UInt64) throws(EvaluationFailure) -> UInt64? {
    var total: UInt64 = 0
    for step in path {
      guard case .offset(let offset) = step.place else { return nil }
      total = total &+ offset
    }
    return total
  }

  private func movedPointer(_ value: Value, to type: ValueType) throws(EvaluationFailure) -> Value? {
    guard let source = value.type.stripped.target?.stripped, let target = type.stripped.target?.stripped,
      source.kind == .structure, target.kind == .structure, !MemberSearch.same(source, target)
    else { return nil }
    let address = try number(value)
    guard address != 0 else { return nil }
    if let path = MemberSearch.base(target, of: source) {
      return try base(path, of: source, at: address).map { Value(type, number: $0) }
    }
    guard let path = MemberSearch.base(source, of: target) else { return nil }
    if let offset = try offset(of: path, object: address) { return Value(type, number: address &- offset) }
    // Through a virtual base the object's own tables say where it starts.
    return try DynamicType.wholeObject(at: address, of: source, in: self).map { Value(type, number: $0) }
  }

  /// Where the base that a path leads to starts in an object. A function of its own: the optimizer of Swift 6.3 does
  /// not get through the two together.
  private func base(
    _ path: [Layout.Member], of source: ValueType, at address: UInt64
  ) throws(EvaluationFailure) -> UInt64? {
    var object = Value(source, at: address)
    for step in path { object = try part(step, of: object) }
    return object.address
  }

  private func castArray(
    _ value: Value, _ own: ValueType, _ type: ValueType, _ plain: ValueType
  ) throws(EvaluationFailure) -> Value {
    guard own.kind == .array else { throw EvaluationFailure("Invalid cast.") }
    var result = value
    // `(char[]) x` takes the length from the value.
    if case .unknown? = plain.dimensions.first?.size, let element = plain.target {
      let size = max(1, element.stripped.byteCount)
      guard own.byteCount % size == 0 else {
        throw EvaluationFailure("array element type size does not divide object size in cast")
      }
      result.type = maker.array(of: element, count: own.byteCount / size)
      return result
    }
    guard plain.byteCount == own.byteCount else { throw EvaluationFailure("Invalid cast.") }
    result.type = type
    return result
  }
}
