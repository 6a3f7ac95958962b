internal import Bytes
internal import CElfutils

/// Lists of a split unit of DWARF 5, which its attributes name by number. What offsets in them count from stands in the
/// skeleton, where libdw does not look.
extension DebugEntry {
  /// Where the location list of an attribute starts in .debug_loclists.dwo; `nil` for other forms.
  func splitList(_ attribute: Dwarf_Attribute) -> UInt64? {
    var copy = unsafe attribute
    var number: Dwarf_Word = 0
    let form = Int(unsafe dwarf_whatform(&copy))
    guard form == DW_FORM_loclistx || form == DW_FORM_sec_offset,
      unsafe dwarf_formudata(&copy, &number) == 0
    else { return nil }
    return form == DW_FORM_sec_offset ? number : listOffset(number, in: ".debug_loclists.dwo")
  }

  /// The ranges of DW_AT_ranges, without empty ones; `nil` for an entry that has none, or says them another way.
  func splitRanges(base: UInt64) -> [Range<UInt64>]? {
    guard form(DW_AT_ranges) == DW_FORM_rnglistx, let number = unsigned(DW_AT_ranges),
      let offset = listOffset(number, in: ".debug_rnglists.dwo"), let root = unitRoot
    else { return nil }
    let size = addressSize
    return file.withSection(".debug_rnglists.dwo") { span in
      var reader = ByteReader(span, order: file.elf.header.byteOrder)
      var result: [Range<UInt64>] = []
      var base = base
      // A list that is cut says what it said before.
      guard (try? reader.seek(to: Int(clamping: offset))) != nil else { return result }
      while result.count < Self.maximumRanges,
        let step = try? RangeStep(&reader, addressSize: size, indexed: root.indexedAddress)
      {
        switch step {
        case .end: return result
        case .base(let address): base = address
        case .offsets(let start, let end): append(base &+ start, base &+ end, to: &result)
        case .range(let start, let end): append(start, end, to: &result)
        }
      }
      return result
    }
  }

  private func append(_ start: UInt64, _ end: UInt64, to ranges: inout [Range<UInt64>]) {
    if start < end { ranges.append(start..<end) }
  }

  /// DWARF 5, 7.28 and 7.29: a header, then the offsets of the lists, which count from behind the header.
  private func listOffset(_ number: UInt64, in section: String) -> UInt64? {
    file.withSection(section) { span -> UInt64? in
      var reader = ByteReader(span, order: file.elf.header.byteOrder)
      guard let length = try? reader.read(UInt32.self) else { return nil }
      let is64 = length == .max
      // Length, version, sizes of addresses and segments.
      guard (try? reader.seek(to: is64 ? 16 : 8)) != nil, let count = try? reader.read(UInt32.self),
        number < UInt64(count)
      else { return nil }
      let table = reader.offset
      let size = is64 ? 8 : 4
      guard (try? reader.seek(to: table + Int(number) * size)) != nil,
        let offset = try? reader.readUnsigned(size: size)
      else { return nil }
      return UInt64(table) &+ offset
    } ?? nil
  }
}

/// An entry of a list of ranges: DWARF 5, 7.25.
private enum RangeStep {
  case end
  case base(UInt64)
  /// Offsets from the base.
  case offsets(UInt64, UInt64)
  case range(UInt64, UInt64)

  init(
    _ reader: inout ByteReader, addressSize: Int, indexed: (UInt64) -> UInt64?
  ) throws(DecodeError) {
    let offset = reader.offset
    func address(_ index: UInt64) throws(DecodeError) -> UInt64 {
      guard let address = indexed(index) else { throw DecodeError(offset: offset, needed: 0, available: 0) }
      return address
    }
    switch Int(try reader.read(UInt8.self)) {
    case DW_RLE_end_of_list: self = .end
    case DW_RLE_base_addressx: self = .base(try address(try reader.readULEB128()))
    case DW_RLE_startx_endx:
      self = .range(try address(try reader.readULEB128()), try address(try reader.readULEB128()))
    case DW_RLE_startx_length:
      let start = try address(try reader.readULEB128())
      self = .range(start, start &+ (try reader.readULEB128()))
    case DW_RLE_offset_pair: self = .offsets(try reader.readULEB128(), try reader.readULEB128())
    case DW_RLE_base_address: self = .base(try reader.readUnsigned(size: addressSize))
    case DW_RLE_start_end:
      self = .range(
        try reader.readUnsigned(size: addressSize), try reader.readUnsigned(size: addressSize))
    case DW_RLE_start_length:
      let start = try reader.readUnsigned(size: addressSize)
      self = .range(start, start &+ (try reader.readULEB128()))
    default: throw DecodeError(offset: offset, needed: 0, available: 0)
    }
  }
}
