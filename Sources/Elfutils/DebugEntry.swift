internal import CElfutils

/// A DIE: tag, attributes and children, valid while it holds its file.
@safe
package struct DebugEntry {
  var die: Dwarf_Die
  package let file: DebugFile

  /// `DW_TAG_*`.
  package var tag: Int {
    var copy = unsafe die
    return Int(unsafe dwarf_tag(&copy))
  }

  /// Bytes from the start of .debug_info: the entry's identity in its file.
  package var offset: UInt64 {
    var copy = unsafe die
    return unsafe dwarf_dieoffset(&copy)
  }

  /// The entry's place in memory: its identity also across the files that dwz and split DWARF join.
  package var identity: UInt { unsafe UInt(bitPattern: die.addr) }

  package var hasChildren: Bool {
    var copy = unsafe die
    return unsafe dwarf_haschildren(&copy) > 0
  }

  package var firstChild: DebugEntry? {
    var copy = unsafe die
    var child = unsafe Dwarf_Die()
    guard unsafe dwarf_child(&copy, &child) == 0 else { return nil }
    return unsafe DebugEntry(die: child, file: file)
  }

  package var nextSibling: DebugEntry? {
    var copy = unsafe die
    var sibling = unsafe Dwarf_Die()
    guard unsafe dwarf_siblingof(&copy, &sibling) == 0 else { return nil }
    return unsafe DebugEntry(die: sibling, file: file)
  }

  /// The children in order, as long as they stand one behind the other; at most a million.
  package var children: Children { Children(parent: self) }

  package struct Children: Sequence, IteratorProtocol {
    private let parent: DebugEntry
    private var latest: DebugEntry?
    private static let maximumCount = 1_000_000
    private var left = maximumCount

    init(parent: DebugEntry) { self.parent = parent }

    package mutating func next() -> DebugEntry? {
      guard left > 0 else { return nil }
      // Found when asked for: without DW_AT_sibling the next one stands behind everything inside this one, and who
      // goes down into a child needs no sibling.
      let next = left == Self.maximumCount ? parent.firstChild : latest?.nextSibling
      // A DW_AT_sibling that leads back would have no end.
      guard let next, latest.map({ $0.identity < next.identity }) ?? true else {
        left = 0
        return nil
      }
      left -= 1
      if left == 0 { parent.file.cuts.meet(.children, at: parent) }
      latest = next
      return next
    }
  }

  /// The root entry of the unit that holds this one.
  package var unitRoot: DebugEntry? {
    var copy = unsafe die
    var root = unsafe Dwarf_Die()
    guard unsafe dwarf_diecu(&copy, &root, nil, nil) != nil else { return nil }
    return unsafe DebugEntry(die: root, file: file)
  }

  /// The version of DWARF that the entry's unit is written in.
  var version: Int {
    var version: Dwarf_Half = 5
    if let unit = unsafe die.cu {
      _ = unsafe dwarf_cu_info(unit, &version, nil, nil, nil, nil, nil, nil)
    }
    return Int(version)
  }

  /// Bytes of an address in the entry's unit.
  package var addressSize: Int {
    var copy = unsafe die
    var root = unsafe Dwarf_Die()
    var size: UInt8 = 8
    _ = unsafe dwarf_diecu(&copy, &root, &size, nil)
    return Int(size)
  }
}

// MARK: Attributes

extension DebugEntry {
  /// How an attribute is looked for.
  package enum Scope {
    /// In this entry alone.
    case own
    /// Also in the entries that DW_AT_abstract_origin and DW_AT_specification lead to.
    case integrated
  }

  private func attribute(_ name: Int, _ scope: Scope, _ value: inout Dwarf_Attribute) -> Bool {
    var copy = unsafe die
    return switch scope {
    case .own: unsafe dwarf_attr(&copy, UInt32(name), &value) != nil
    case .integrated: unsafe dwarf_attr_integrate(&copy, UInt32(name), &value) != nil
    }
  }

  package func has(_ name: Int) -> Bool {
    var copy = unsafe die
    return unsafe dwarf_hasattr(&copy, UInt32(name)) != 0
  }

  package func string(_ name: Int, _ scope: Scope = .own) -> String? {
    var value = unsafe Dwarf_Attribute()
    guard unsafe attribute(name, scope, &value) else { return nil }
    return unsafe dwarf_formstring(&value).map { unsafe String(cString: $0) }
  }

  package func flag(_ name: Int, _ scope: Scope = .own) -> Bool {
    var value = unsafe Dwarf_Attribute()
    var isSet = false
    guard unsafe attribute(name, scope, &value), unsafe dwarf_formflag(&value, &isSet) == 0 else {
      return false
    }
    return isSet
  }

  package func unsigned(_ name: Int, _ scope: Scope = .own) -> UInt64? {
    var value = unsafe Dwarf_Attribute()
    var number: Dwarf_Word = 0
    guard unsafe attribute(name, scope, &value), unsafe dwarf_formudata(&value, &number) == 0 else {
      return nil
    }
    return number
  }

  package func signed(_ name: Int, _ scope: Scope = .own) -> Int64? {
    var value = unsafe Dwarf_Attribute()
    var number: Dwarf_Sword = 0
    guard unsafe attribute(name, scope, &value), unsafe dwarf_formsdata(&value, &number) == 0 else {
      return nil
    }
    return number
  }

  /// An attribute of class address.
  package func address(_ name: Int) -> UInt64? {
    var value = unsafe Dwarf_Attribute()
    var number: Dwarf_Addr = 0
    guard unsafe attribute(name, .own, &value), unsafe dwarf_formaddr(&value, &number) == 0 else {
      return nil
    }
    return number
  }

  /// The bytes of an attribute of class block or exprloc.
  package func block(_ name: Int, _ scope: Scope = .own) -> [UInt8]? {
    var value = unsafe Dwarf_Attribute()
    var block = unsafe Dwarf_Block()
    guard unsafe attribute(name, scope, &value), unsafe dwarf_formblock(&value, &block) == 0 else {
      return nil
    }
    return unsafe Array(UnsafeRawBufferPointer(start: block.data, count: Int(block.length)))
  }

  /// `DW_FORM_*` of an attribute.
  package func form(_ name: Int) -> Int? {
    var value = unsafe Dwarf_Attribute()
    guard unsafe attribute(name, .own, &value) else { return nil }
    return Int(unsafe dwarf_whatform(&value))
  }

  /// The entry that a reference leads to, also in the dwz file.
  package func reference(_ name: Int, _ scope: Scope = .own) -> DebugEntry? {
    var value = unsafe Dwarf_Attribute()
    var target = unsafe Dwarf_Die()
    guard unsafe attribute(name, scope, &value), unsafe dwarf_formref_die(&value, &target) != nil else {
      return nil
    }
    return unsafe DebugEntry(die: target, file: file)
  }

  package var name: String? { string(DW_AT_name, .integrated) }
  package var linkageName: String? {
    string(DW_AT_linkage_name, .integrated) ?? string(DW_AT_MIPS_linkage_name, .integrated)
  }

  /// DW_AT_high_pc as an address, also where it is written as a length.
  package var highPC: UInt64? {
    var copy = unsafe die
    var number: Dwarf_Addr = 0
    return unsafe dwarf_highpc(&copy, &number) == 0 ? number : nil
  }

  package var lowPC: UInt64? {
    var copy = unsafe die
    var number: Dwarf_Addr = 0
    return unsafe dwarf_lowpc(&copy, &number) == 0 ? number : nil
  }

  /// At most so many ranges of one entry.
  static let maximumRanges = 100_000

  /// The address ranges, without empty ones; at most `maximumRanges`.
  package var ranges: [Range<UInt64>] {
    if let base = file.splitBase, let ranges = splitRanges(base: base) { return ranges }
    var copy = unsafe die
    var result: [Range<UInt64>] = []
    var base: Dwarf_Addr = 0
    var start: Dwarf_Addr = 0
    var end: Dwarf_Addr = 0
    var token = 0
    let rangesOffset = file.rangesOffset != 0 && has(DW_AT_ranges) ? file.rangesOffset : 0
    while result.count < Self.maximumRanges {
      token = unsafe dwarf_ranges(&copy, token, &base, &start, &end)
      guard token > 0 else { break }
      if start < end {
        // Without a base of its own the list counts from the skeleton's lowest address.
        let offset = base == 0 ? rangesOffset : 0
        let (lower, upper) = (start &+ offset, end &+ offset)
        if lower < upper { result.append(lower..<upper) }
      }
    }
    return result
  }

  /// Whether an address of the file lies in the entry.
  package func contains(_ address: UInt64) -> Bool {
    if file.rangesOffset != 0 || file.splitBase != nil { return ranges.contains { $0.contains(address) } }
    var copy = unsafe die
    return unsafe dwarf_haspc(&copy, address) > 0
  }

  /// Where the entry is entered: DW_AT_entry_pc, else its lowest range.
  package var entryPC: UInt64? {
    var copy = unsafe die
    var number: Dwarf_Addr = 0
    return unsafe dwarf_entrypc(&copy, &number) == 0 ? number : ranges.first?.lowerBound
  }
}

// MARK: Locations

/// Where a variable is at an address, as its attribute says.
package enum LocationDescription: Sendable {
  /// No such attribute.
  case absent
  /// A location list without an entry for the address.
  case noEntry
  /// The expression that holds there; empty is "optimized out".
  case expression([LocationOperation])
}

extension DebugEntry {
  /// The expression of an attribute (DW_AT_location, DW_AT_frame_base, …) at an address of the file.
  ///
  /// `isEntry` says that the address is where its function starts: gdb then takes an empty range there for one of it.
  package func location(
    _ name: Int, at address: UInt64, _ scope: Scope = .own, isEntry: Bool = false
  ) -> LocationDescription {
    var value = unsafe Dwarf_Attribute()
    guard unsafe attribute(name, scope, &value) else { return .absent }
    unsafe Self.readBlockAsExpression(&value)
    if isEntry, let operations = unsafe emptyRange(of: value, at: address) { return .expression(operations) }
    var address = address
    if file.splitBase != nil, let offset = unsafe splitList(value), let root = unitRoot {
      guard let asked = LocationBytes.libraryAddress(ofList: offset, at: address, root: root) else {
        return .noEntry
      }
      address = asked
    }
    var operations: UnsafeMutablePointer<Dwarf_Op>?
    var count = 0
    let found = unsafe dwarf_getlocation_addr(&value, address, &operations, &count, 1)
    guard found > 0, let list = unsafe operations else {
      if found < 0, let operations = unsafe refusedExpression(&value, at: address) {
        return .expression(operations)
      }
      return unsafe dwarf_whatform(&value) == UInt32(DW_FORM_exprloc) ? .expression([]) : .noEntry
    }
    return .expression(unsafe LocationOperation.list(list, count: count, attribute: value, file: file))
  }

  /// The expression of an empty range at an address, if no other range before it in the list holds the address.
  private func emptyRange(of attribute: Dwarf_Attribute, at address: UInt64) -> [LocationOperation]? {
    var value = unsafe attribute
    var at = 0
    var (base, start, end) = (Dwarf_Addr(0), Dwarf_Addr(0), Dwarf_Addr(0))
    var operations: UnsafeMutablePointer<Dwarf_Op>?
    var count = 0
    for _ in 0..<Self.maximumEmptyRanges {
      at = unsafe dwarf_getlocations(&value, at, &base, &start, &end, &operations, &count)
      guard at > 0, !(start..<max(start, end)).contains(address) else { return nil }
      if start == address, end == address, let list = unsafe operations {
        return unsafe LocationOperation.list(list, count: count, attribute: value, file: file)
      }
    }
    return nil
  }

  /// Entries of a list are searched so far for an empty range.
  private static let maximumEmptyRanges = 1 << 16

  /// The expression of an attribute at an address, where libdw takes it for invalid.
  private func refusedExpression(
    _ value: inout Dwarf_Attribute, at address: UInt64
  ) -> [LocationOperation]? {
    guard let root = unitRoot else { return nil }
    var bytes: [UInt8]?
    switch Int(unsafe dwarf_whatform(&value)) {
    case DW_FORM_sec_offset, DW_FORM_data4, DW_FORM_data8:
      var offset: Dwarf_Word = 0
      if unsafe dwarf_formudata(&value, &offset) == 0 {
        bytes = LocationBytes.entry(ofList: offset, at: address, root: root)
      }
    default:
      var block = unsafe Dwarf_Block()
      if unsafe dwarf_formblock(&value, &block) == 0 {
        bytes = unsafe Array(UnsafeRawBufferPointer(start: block.data, count: Int(block.length)))
      }
    }
    return bytes.flatMap {
      LocationBytes.operations($0, order: file.elf.header.byteOrder, addressSize: addressSize)
    }
  }

  /// Go writes expressions as blocks in DWARF 4 too, where libdw expects them as DW_FORM_exprloc. A block of
  /// less than 128 bytes is written the same way in either form.
  private static func readBlockAsExpression(_ value: inout Dwarf_Attribute) {
    guard unsafe value.form == UInt32(DW_FORM_block1) else { return }
    var block = unsafe Dwarf_Block()
    if unsafe dwarf_formblock(&value, &block) == 0, unsafe block.length < 128 {
      unsafe value.form = UInt32(DW_FORM_exprloc)
    }
  }

  /// Whether DW_AT_location is a list, also one that has nothing for an address.
  package var hasLocationList: Bool {
    guard let form = form(DW_AT_location) else { return false }
    return form == DW_FORM_sec_offset || form == DW_FORM_loclistx || form == DW_FORM_data4
      || form == DW_FORM_data8
  }

  /// A lone expression, such as DW_AT_call_value or DW_AT_call_target.
  package func expression(_ name: Int) -> [LocationOperation]? {
    var value = unsafe Dwarf_Attribute()
    guard unsafe attribute(name, .own, &value) else { return nil }
    unsafe Self.readBlockAsExpression(&value)
    var operations: UnsafeMutablePointer<Dwarf_Op>?
    var count = 0
    guard unsafe dwarf_getlocation(&value, &operations, &count) == 0, let list = unsafe operations else {
      return nil
    }
    return unsafe LocationOperation.list(list, count: count, attribute: value, file: file)
  }
}
