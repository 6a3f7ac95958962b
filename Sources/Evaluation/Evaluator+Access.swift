internal import Backtraces
internal import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel
internal import Symbols
internal import Values

extension Evaluator {
  // MARK: References and arrays

  /// What a reference refers to; any other value itself.
  func unreferenced(_ value: Value) throws(EvaluationFailure) -> Value {
    let plain = value.type.stripped
    guard plain.kind == .reference, let target = plain.target else { return value }
    return Value(target, at: try number(value))
  }

  /// An array as a pointer to its first element, a function as one to itself.
  func decayed(_ value: Value) throws(EvaluationFailure) -> Value {
    let value = try unreferenced(value)
    let plain = value.type.stripped
    switch plain.kind {
    case .array where !maker.isVector(plain):
      guard let address = value.address else {
        throw EvaluationFailure(
          value.place.isNowhere
            ? "You can't do that without a process to debug."
            : "Attempt to take address of value not located in memory.")
      }
      return Value(maker.pointer(to: element(of: plain)), number: address)
    case .function:
      guard let address = value.address else { return value }
      return Value(maker.pointer(to: value.type), number: address)
    default: return value
    }
  }

  /// What an array holds: of several dimensions, arrays of one less.
  func element(of plain: ValueType) -> ValueType {
    let target = plain.target ?? maker.void
    guard plain.dimensions.count > 1 else { return target }
    var result = target
    for dimension in plain.dimensions.dropFirst().reversed() {
      result = maker.array(of: result, count: dimension.constant)
    }
    return result
  }

  /// The number that an integer, enumeration, boolean or pointer is.
  func number(_ value: Value) throws(EvaluationFailure) -> UInt64 {
    let bytes = try bytes(value)
    let plain = value.type.stripped
    let bits = FormatText.wide(bytes[...], order)
    let width = bytes.count * 8
    if FormatText.isSigned(plain), width > 0, width < 64 {
      let unused = UInt64(64 - width)
      return UInt64(
        bitPattern: Int64(bitPattern: UInt64(truncatingIfNeeded: bits) << unused) >> Int64(unused))
    }
    return UInt64(truncatingIfNeeded: bits)
  }

  // MARK: Pointers

  func dereferenced(_ value: Value) throws(EvaluationFailure) -> Value {
    let isReference = value.type.stripped.kind == .reference
    let value = try unreferenced(value)
    let plain = value.type.stripped
    switch plain.kind {
    case .integer, .character:
      // Neither through a reference nor of the characters of Unicode.
      if isReference || language == .rust || plain.text == .utf16 || plain.text == .utf32 {
        throw EvaluationFailure("Attempt to take contents of a non-pointer value.")
      }
      guard plain.byteCount <= 8 || wantsTypesOnly else {
        throw EvaluationFailure("That operation is not available on integers of more than 8 bytes.")
      }
      // A number is an address of a `long`; asked for its type only, of an int.
      if wantsTypesOnly { return Value(maker.int, at: 0) }
      return Value(maker.long, at: try number(value))
    case .memberPointer:
      throw EvaluationFailure("Attempt to dereference pointer to member without an object")
    case .pointer:
      let target = plain.target ?? maker.void
      if wantsTypesOnly { return Value(target, at: (try? number(value)) ?? 0) }
      guard target.stripped.kind != .void else {
        throw EvaluationFailure("Attempt to dereference a generic pointer.")
      }
      return Value(target, at: try number(value))
    case .array where !maker.isVector(plain):
      return try dereferenced(try decayed(value))
    case .function: return value
    case .array where wantsTypesOnly: return Value(element(of: plain), at: 0)
    case .structure where language != .rust:
      if let known = try libraryMethod("operator*", value, []) { return known }
      throw missingOperator("*", plain)
    default: break
    }
    if let name = plain.name, name.hasPrefix("<") { throw unknownType(plain, value) }
    throw EvaluationFailure("Attempt to take contents of a non-pointer value.")
  }

  /// What gdb says of an operator that a class does not have, or has as code to be run.
  func missingOperator(_ code: String, _ plain: ValueType) -> EvaluationFailure {
    guard isCxx else { return EvaluationFailure("Structure has no component named operator\(code).") }
    if let method = MemberSearch.method("operator" + code, in: plain) {
      return EvaluationFailure(
        definition(of: method.entry) == nil && minimal(method.entry.linkageName ?? "") == nil
          ? "Could not find operator\(code)." : "You can't do that without a process to debug.")
    }
    return EvaluationFailure("No symbol \"operator\(code)\" in current context.")
  }

  func unknownType(_ plain: ValueType, _ value: Value) -> EvaluationFailure {
    EvaluationFailure("'\(symbolName(value))' has unknown type; cast it to its declared type")
  }

  private func symbolName(_ value: Value) -> String {
    guard let address = value.address, let found = workspace.process?.symbolTexts.name(at: address) else {
      return "value"
    }
    return found.name
  }

  func address(of value: Value) throws(EvaluationFailure) -> Value {
    let plain = value.type.stripped
    if plain.kind == .reference, let target = plain.target {
      if try fetch(value).isOptimizedOut {
        return Value(maker.pointer(to: target), FetchedValue(.optimizedOut))
      }
      return Value(maker.pointer(to: target), number: try number(value))
    }
    if case .array = plain.kind, value.place.isNowhere {
      // Only in the process could the array be given a place.
      throw EvaluationFailure("You can't do that without a process to debug.")
    }
    switch value.place {
    case .memory(let address): return Value(maker.pointer(to: value.type), number: address)
    case .register: throw EvaluationFailure("Attempt to take address of value not located in memory.")
    default: break
    }
    if case .optimizedOut? = value.content?.content {
      throw EvaluationFailure("Can't take address of \"value\" which isn't an lvalue.")
    }
    throw EvaluationFailure("Attempt to take address of value not located in memory.")
  }

  // MARK: Members

  func member(_ name: String, of original: Value, isArrow: Bool) throws(EvaluationFailure) -> Value {
    var value = try unreferenced(original)
    var plain = value.type.stripped
    if plain.kind == .pointer {
      value = try dereferenced(value)
      plain = value.type.stripped
    }
    if isArrow, plain.kind == .structure, let held = try libraryMethod("operator->", value, []) {
      value = try dereferenced(held)
      plain = value.type.stripped
    }
    guard plain.kind == .structure || plain.kind == .union else {
      throw EvaluationFailure(
        "Attempt to extract a component of a value that is not a structure\(isArrow ? " pointer" : "").")
    }
    let wanted = language == .rust && name.first?.isNumber == true ? "__" + name : name
    if let path = MemberSearch.path(to: wanted, in: plain) {
      for step in path { value = try part(step, of: value) }
      return value
    }
    if let qualified = qualifiedMember(name, of: plain) {
      return try member(qualified.name, of: try cast(value, to: qualified.base), isArrow: isArrow)
    }
    if let method = MemberSearch.method(name, in: plain), let function = definition(of: method.entry) {
      return try self.value(of: .function(function))
    }
    throw EvaluationFailure("There is no member \(isCxx ? "or method " : "")named \(name).")
  }

  /// `Base::b`, for a member of that base.
  private func qualifiedMember(_ name: String, of plain: ValueType) -> (base: ValueType, name: String)? {
    var parts = NameSearch.parts(of: name)
    guard parts.count > 1, let last = parts.popLast() else { return nil }
    let wanted = parts.joined(separator: "::")
    func find(_ type: ValueType, _ depth: Int) -> ValueType? {
      guard depth < 16 else { return nil }
      let full = type.entry.map { QualifiedName.text(of: $0) } ?? ""
      if full == wanted || full.hasSuffix("::" + wanted) { return type }
      for base in type.layout.bases {
        if let found = find(base.type.stripped, depth + 1) { return found }
      }
      return nil
    }
    return find(plain, 0).map { ($0, last) }
  }

  /// A member or base of a structure.
  func part(_ member: Layout.Member, of value: Value) throws(EvaluationFailure) -> Value {
    if let bits = member.bits { return try bitField(bits, member.type, of: value) }
    switch member.place {
    case .statically: return try staticMember(member)
    case .offset(let offset):
      if value.content == nil, let address = value.address {
        return Value(member.type, at: address &+ offset)
      }
      let size = member.type.stripped.byteCount
      let whole = try fetch(value)
      let part = whole.part(
        at: Int64(clamping: offset), size: size, of: try byteCount(of: value.type), order: order)
      var result = Value(member.type, part)
      if let address = value.address { result.place = .memory(address &+ offset) }
      return result
    case .expression(let operations):
      guard let object = value.address else {
        throw EvaluationFailure("Attempt to take address of value not located in memory.")
      }
      if wantsTypesOnly { return Value(member.type, at: object) }
      do throws(EvaluationError) {
        let address = try ExpressionMachine.number(operations, initial: [object], in: context, object: object)
        return Value(member.type, at: address)
      } catch {
        throw EvaluationFailure(error)
      }
    }
  }

  private func bitField(
    _ bits: (size: UInt64, offset: UInt64), _ type: ValueType, of value: Value
  ) throws(EvaluationFailure) -> Value {
    let whole = try bytes(value)
    let first = Int(clamping: bits.offset / 8)
    let last = Int(clamping: (bits.offset &+ bits.size &+ 7) / 8)
    guard bits.size >= 1, bits.size <= 64, first < last, last <= whole.count else {
      throw EvaluationFailure("value has been optimized out")
    }
    let wide = FormatText.wide(whole[first..<last], order) >> UInt128(bits.offset % 8)
    let unused = 64 - bits.size
    var number = (UInt64(truncatingIfNeeded: wide) << unused) >> unused
    if FormatText.isSigned(type.stripped) {
      number = UInt64(bitPattern: Int64(bitPattern: number << unused) >> Int64(unused))
    }
    var result = Value(type, number: number)
    result.isBitField = true
    if let address = value.address {
      let size = max(1, type.stripped.byteCount)
      result.place = .memory(address &+ bits.offset / 8 / size * size)
    }
    return result
  }

  func staticMember(_ member: Layout.Member) throws(EvaluationFailure) -> Value {
    guard let entry = member.entry else { throw EvaluationFailure("value has been optimized out") }
    if let constant = entry.unsigned(Attribute.constValue) { return Value(member.type, number: constant) }
    let name = entry.linkageName ?? QualifiedName.text(of: entry)
    if let minimal = minimal(name) { return Value(member.type, at: minimal.address) }
    if case .variable(let variable)? = try resolve(QualifiedName.text(of: entry)) {
      return try value(of: variable)
    }
    return Value(member.type, FetchedValue(.optimizedOut))
  }

  // MARK: Elements

  func subscripted(_ original: Value, _ index: Value) throws(EvaluationFailure) -> Value {
    let value = try unreferenced(original)
    let plain = value.type.stripped
    let position = try unreferenced(index)
    if plain.kind == .array {
      let lower = plain.dimensions.first?.lower ?? 0
      let number = Int64(bitPattern: try self.number(position)) &- lower
      let element = element(of: plain)
      let size = element.stripped.byteCount
      if value.content == nil, let address = value.address {
        return Value(element, at: address &+ UInt64(bitPattern: number) &* size)
      }
      let count = plain.dimensions.first?.constant ?? 0
      guard number >= 0, UInt64(number) < count || value.address != nil else {
        throw EvaluationFailure("no such vector element")
      }
      if UInt64(number) >= count, let address = value.address {
        return Value(element, at: address &+ UInt64(number) &* size)
      }
      let part = (try fetch(value)).part(
        at: number &* Int64(clamping: size), size: size, of: try byteCount(of: value.type), order: order)
      var result = Value(element, part)
      if let address = value.address { result.place = .memory(address &+ UInt64(number) &* size) }
      return result
    }
    if plain.kind == .pointer {
      return try dereferenced(try arithmetic("+", value, position))
    }
    if plain.kind == .structure {
      if let known = try libraryMethod("operator[]", value, [position]) { return known }
      throw missingOperator("[]", plain)
    }
    if plain.kind == .function { throw EvaluationFailure("cannot subscript requested type") }
    guard let own = plain.name else { throw EvaluationFailure("cannot subscript requested type") }
    let name = plain.tag == Tag.baseType ? typeText.text(plain) : own
    throw EvaluationFailure("cannot subscript something of type `\(name)'")
  }

  /// `x@n`: an array of so many, from where x is.
  func repeated(_ value: Value, _ count: Value) throws(EvaluationFailure) -> Value {
    let value = try unreferenced(value)
    guard let address = value.address, !value.isBitField else {
      throw EvaluationFailure("Only values in memory can be extended with '@'.")
    }
    let number = Int64(bitPattern: try self.number(try unreferenced(count)))
    guard number >= 1, number <= Int64(Int32.max) else {
      throw EvaluationFailure("Invalid number \(Int32(truncatingIfNeeded: number)) of repetitions.")
    }
    return Value(maker.array(of: value.type, count: UInt64(number)), at: address)
  }
}
