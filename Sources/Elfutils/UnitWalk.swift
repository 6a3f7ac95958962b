internal import Bytes
internal import CElfutils

/// Reads the entries of a unit one after the other.
///
/// libdw finds the next sibling of an entry by decoding everything between the two, attribute by attribute, and looks
/// each abbreviation up; for the question which of a unit's thousands of functions holds an address that is most of
/// the time a backtrace takes. Here an entry whose values nobody asked for is one addition. What the abbreviations
/// say, and what an entry found here means, is libdw's.
@safe
struct UnitWalk {
  /// What one entry says, as far as a walk asks.
  struct Values {
    var sibling: UInt64?
    var lowPC: UInt64?
    var highPC: UInt64?
    var length: UInt64?
    var isDeclaration = false

    /// Its code, where it is one range.
    var range: Range<UInt64>? {
      guard let lowPC, let end = highPC ?? length.map({ lowPC &+ $0 }), lowPC < end else { return nil }
      return lowPC..<end
    }
  }

  /// From the root entry on.
  private let bytes: UnsafeRawBufferPointer
  private let layouts: EntryLayouts
  private let root: DebugEntry
  /// Bytes from the unit's header to the root entry: what references count from.
  private let headerSize: UInt64
  private let isLittle: Bool
  /// The next entry: bytes from the root entry.
  private(set) var offset = 0

  /// The entry that was read last: bytes from the root entry.
  private(set) var start = 0

  /// `bytes` begin with the root entry; the walk with the entry that stands `offset` behind it.
  init(_ bytes: UnsafeRawBufferPointer, root: DebugEntry, layouts: EntryLayouts, from offset: Int = 0) {
    unsafe self.bytes = unsafe bytes
    self.root = root
    self.layouts = layouts
    var die = unsafe root.die
    headerSize = unsafe dwarf_cuoffset(&die)
    // Asked once: to compare the values of another module's type is a call.
    isLittle = if case .little = root.file.elf.header.byteOrder { true } else { false }
    self.offset = offset
  }

  /// What comes next.
  enum Item {
    case entry(EntryLayout)
    /// The entry that ends a list of children.
    case end
  }

  /// `nil` at the end of the bytes, and where they make no sense.
  @inline(__always)
  mutating func next() -> Item? {
    guard unsafe offset < bytes.count else { return nil }
    start = offset
    let code = leb128()
    if code == 0 { return .end }
    if let layout = layouts.known(code) { return .entry(layout) }
    return learn(code)
  }

  @inline(never)
  private func learn(_ code: UInt64) -> Item? {
    guard let entry = entry(at: start) else { return nil }
    return layouts.learn(code, of: entry).map { .entry($0) }
  }

  /// Steps over the values of the entry that was read.
  @inline(__always)
  mutating func skip(_ layout: EntryLayout) {
    if let size = layout.size { advance(size) } else { skipSteps(layout) }
  }

  @inline(never)
  private mutating func skipSteps(_ layout: EntryLayout) {
    for index in layout.steps { skip(layouts.steps[index]) }
  }

  /// Goes to an entry that stands behind this one, by a reference.
  mutating func jump(to reference: UInt64) -> Bool {
    guard let target = place(of: reference), target > start else { return false }
    offset = target
    return true
  }

  /// Where a reference leads to, in bytes from the root entry, if that is within the bytes or their end.
  func place(of reference: UInt64) -> Int? {
    guard reference >= headerSize, unsafe reference - headerSize <= UInt64(bytes.count) else { return nil }
    return Int(reference - headerSize)
  }

  /// The entry at a place, as libdw has it.
  func entry(at place: Int) -> DebugEntry? {
    guard let unit = unsafe root.die.cu, let dwarf = unsafe dwarf_cu_getdwarf(unit),
      let base = unsafe root.die.addr
    else { return nil }
    var die = unsafe Dwarf_Die()
    guard unsafe dwarf_die_addr_die(dwarf, base + place, &die) != nil else { return nil }
    return unsafe DebugEntry(die: die, file: root.file)
  }

  /// Reads the values of the entry that was read.
  @inline(__always)
  mutating func values(_ layout: EntryLayout) -> Values {
    guard layout.isPlain, let size = layout.size, unsafe size <= bytes.count &- offset else {
      return valuesByStep(layout)
    }
    var result = Values()
    result.isDeclaration = layout.isDeclaration
    if layout.siblingPlace >= 0 {
      let place = offset &+ Int(layout.siblingPlace)
      let raw = unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
      result.sibling = UInt64(isLittle ? UInt32(littleEndian: raw) : UInt32(bigEndian: raw))
    }
    offset &+= size
    return result
  }

  @inline(never)
  private mutating func valuesByStep(_ layout: EntryLayout) -> Values {
    var result = Values()
    for index in layout.steps {
      let step = layouts.steps[index]
      guard step.role != .other else {
        skip(step)
        continue
      }
      let value =
        step.operand == .leb128 ? leb128() : step.size == 0 ? step.constant : number(Int(step.size))
      switch step.role {
      case .sibling: result.sibling = value
      case .lowPC: result.lowPC = value
      case .highPC: result.highPC = value
      case .length: result.length = value
      case .declaration: result.isDeclaration = value != 0
      case .other: break
      }
    }
    return result
  }
}

// MARK: Values

extension UnitWalk {
  @inline(__always)
  private mutating func skip(_ step: EntryLayout.Step) {
    switch step.operand {
    case .fixed: advance(Int(step.size))
    case .leb128: _ = leb128()
    case .block1: advance(number(1))
    case .block2: advance(number(2))
    case .block4: advance(number(4))
    case .block: advance(leb128())
    case .string: skipString()
    case .indirect: skipIndirect()
    }
  }

  private mutating func skipString() {
    while unsafe offset < bytes.count {
      let byte = unsafe bytes[offset]
      offset &+= 1
      if byte == 0 { break }
    }
  }

  @inline(never)
  private mutating func skipIndirect() {
    let form = leb128()
    // An indirect form that is indirect again would have no end.
    guard form != UInt64(DW_FORM_indirect), let actual = layouts.step(of: Int(clamping: form)) else {
      unsafe offset = bytes.count
      return
    }
    skip(actual)
  }

  @inline(__always)
  private mutating func advance(_ count: Int) { advance(UInt64(truncatingIfNeeded: count)) }

  @inline(__always)
  private mutating func advance(_ count: UInt64) {
    let left = unsafe bytes.count &- offset
    offset &+= Int(truncatingIfNeeded: min(count, UInt64(truncatingIfNeeded: left)))
  }

  @inline(__always)
  private mutating func leb128() -> UInt64 {
    // Most numbers have one byte.
    if unsafe offset < bytes.count {
      let byte = unsafe bytes[offset]
      if byte < 0x80 {
        offset &+= 1
        return UInt64(byte)
      }
    }
    return longLEB128()
  }

  @inline(never)
  private mutating func longLEB128() -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while unsafe offset < bytes.count {
      let byte = unsafe bytes[offset]
      offset += 1
      if shift < 64 { value |= UInt64(byte & 0x7f) << shift }
      shift += 7
      if byte & 0x80 == 0 { break }
    }
    return value
  }

  @inline(__always)
  private mutating func number(_ size: Int) -> UInt64 {
    guard unsafe size <= bytes.count &- offset else {
      unsafe offset = bytes.count
      return 0
    }
    let place = offset
    offset &+= size
    switch (size, isLittle) {
    case (1, _): return UInt64(unsafe bytes[place])
    case (4, true):
      return UInt64(
        UInt32(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
    case (8, true):
      return UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    default: return seldomNumber(size, at: place)
    }
  }

  @inline(never)
  private func seldomNumber(_ size: Int, at place: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<size {
      let byte = UInt64(unsafe bytes[place + index])
      value = isLittle ? value | byte << UInt64(8 * index) : value << 8 | byte
    }
    return value
  }
}
