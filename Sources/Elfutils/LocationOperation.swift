internal import CElfutils

/// One operation of a DWARF expression (DWARF 5, 2.5), with its operands decoded and nested parts copied.
package struct LocationOperation: Sendable {
  /// `DW_OP_*`.
  package var code: UInt8
  package var first: UInt64
  package var second: UInt64
  /// Bytes from the start of the expression: what DW_OP_skip and DW_OP_bra count from.
  package var offset: UInt64
  package var nested: Nested?

  /// What an operand refers to besides numbers.
  package indirect enum Nested: Sendable {
    /// The body of DW_OP_entry_value.
    case expression([LocationOperation])
    /// DW_OP_implicit_value, and the constant of DW_OP_const_type.
    case bytes([UInt8])
    /// The base type of DW_OP_convert, DW_OP_regval_type and their kin; `nil` is the generic type.
    case type(BaseType?)
    case typedBytes(BaseType?, [UInt8])
    /// The DIE that DW_OP_implicit_pointer points into (offset of the DIE in its file).
    case entry(UInt64)
  }

  /// DW_TAG_base_type, as far as arithmetic needs it.
  package struct BaseType: Sendable, Equatable {
    package var encoding: UInt8
    package var size: Int
  }

  package init(code: UInt8, first: UInt64 = 0, second: UInt64 = 0, offset: UInt64 = 0, nested: Nested? = nil)
  {
    self.code = code
    self.first = first
    self.second = second
    self.offset = offset
    self.nested = nested
  }
}

extension LocationOperation {
  /// An expression nests at most this deep (DW_OP_entry_value in DW_OP_entry_value).
  private static let maximumNesting = 4

  /// Copies what libdw decoded. `attribute` is where the expression stands; CFI has none.
  static func list(
    _ operations: UnsafeMutablePointer<Dwarf_Op>, count: Int, attribute: Dwarf_Attribute?, file: DebugFile?,
    nesting: Int = 0
  ) -> [LocationOperation] {
    var result: [LocationOperation] = []
    result.reserveCapacity(count)
    for index in 0..<count {
      let raw = unsafe operations[index]
      var operation = LocationOperation(
        code: raw.atom, first: raw.number, second: raw.number2, offset: raw.offset)
      if var attribute = unsafe attribute, let file {
        unsafe operation.complete(operations + index, &attribute, file, nesting)
      }
      result.append(operation)
    }
    return result
  }

  private mutating func complete(
    _ raw: UnsafeMutablePointer<Dwarf_Op>, _ attribute: inout Dwarf_Attribute, _ file: DebugFile,
    _ nesting: Int
  ) {
    switch Int(code) {
    case DW_OP_entry_value, DW_OP_GNU_entry_value:
      var inner = unsafe Dwarf_Attribute()
      guard nesting < Self.maximumNesting,
        unsafe dwarf_getlocation_attr(&attribute, raw, &inner) == 0
      else { return }
      var operations: UnsafeMutablePointer<Dwarf_Op>?
      var count = 0
      guard unsafe dwarf_getlocation(&inner, &operations, &count) == 0, let list = unsafe operations else {
        return
      }
      nested = .expression(
        unsafe Self.list(list, count: count, attribute: inner, file: file, nesting: nesting + 1))
    case DW_OP_implicit_value:
      var block = unsafe Dwarf_Block()
      guard unsafe dwarf_getlocation_implicit_value(&attribute, raw, &block) == 0 else { return }
      nested = .bytes(unsafe Array(UnsafeRawBufferPointer(start: block.data, count: Int(block.length))))
    case DW_OP_implicit_pointer, DW_OP_GNU_implicit_pointer:
      var die = unsafe Dwarf_Die()
      guard unsafe dwarf_getlocation_die(&attribute, raw, &die) == 0 else { return }
      nested = .entry(unsafe dwarf_dieoffset(&die))
    case DW_OP_GNU_parameter_ref:
      var die = unsafe Dwarf_Die()
      if unsafe dwarf_getlocation_die(&attribute, raw, &die) == 0 { first = unsafe dwarf_dieoffset(&die) }
    case DW_OP_addrx, DW_OP_GNU_addr_index, DW_OP_constx, DW_OP_GNU_const_index:
      var inner = unsafe Dwarf_Attribute()
      guard unsafe dwarf_getlocation_attr(&attribute, raw, &inner) == 0 else { return }
      var value: Dwarf_Addr = 0
      if unsafe dwarf_formaddr(&inner, &value) == 0 { first = value }
      code = UInt8(
        Int(code) == DW_OP_addrx || Int(code) == DW_OP_GNU_addr_index ? DW_OP_addr : DW_OP_const8u)
    case DW_OP_convert, DW_OP_GNU_convert, DW_OP_reinterpret, DW_OP_GNU_reinterpret:
      nested = .type(first == 0 ? nil : unsafe Self.baseType(&attribute, raw))
    case DW_OP_regval_type, DW_OP_GNU_regval_type, DW_OP_deref_type, DW_OP_GNU_deref_type:
      nested = .type(unsafe Self.baseType(&attribute, raw))
    case DW_OP_const_type, DW_OP_GNU_const_type:
      // The constant is a block of its own, with a length of one byte.
      var inner = unsafe Dwarf_Attribute()
      var block = unsafe Dwarf_Block()
      guard unsafe dwarf_getlocation_attr(&attribute, raw, &inner) == 0,
        unsafe dwarf_formblock(&inner, &block) == 0
      else { return }
      nested = .typedBytes(
        unsafe Self.baseType(&attribute, raw),
        unsafe Array(UnsafeRawBufferPointer(start: block.data, count: Int(block.length))))
    default: break
    }
  }

  private static func baseType(
    _ attribute: inout Dwarf_Attribute, _ raw: UnsafeMutablePointer<Dwarf_Op>
  ) -> BaseType? {
    var die = unsafe Dwarf_Die()
    guard unsafe dwarf_getlocation_die(&attribute, raw, &die) == 0 else { return nil }
    var value = unsafe Dwarf_Attribute()
    var encoding: Dwarf_Word = 0
    guard unsafe dwarf_attr(&die, UInt32(DW_AT_encoding), &value) != nil,
      unsafe dwarf_formudata(&value, &encoding) == 0
    else { return nil }
    let size = unsafe dwarf_bytesize(&die)
    guard size > 0, size <= 16 else { return nil }
    return BaseType(encoding: UInt8(truncatingIfNeeded: encoding), size: Int(size))
  }
}
