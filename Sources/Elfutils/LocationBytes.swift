internal import Bytes
internal import CElfutils

/// The bytes of location descriptions, and what simple ones mean, read without libdw.
///
/// libdw 0.188 refuses an expression with DW_OP_GNU_uninit, gcc's mark for a variable whose constructor has not run
/// to its end. gdb shows such variables. Only what libdw refused is read here.
enum LocationBytes {
  /// A list has at most this many entries.
  private static let maximumEntries = 1 << 16

  /// The expression that holds at an address of the file, of a location list at an offset of its section: DWARF 5,
  /// 7.7.3, or DWARF 4, 2.6.2. `nil` where there is none, and where the bytes make no sense.
  static func entry(ofList offset: UInt64, at address: UInt64, root: DebugEntry) -> [UInt8]? {
    find(inList: offset, at: address, root: root)?.bytes
  }

  /// The address to ask libdw about, of a list of a split unit, to learn what gdb says of `address`; `nil` where gdb finds
  /// no entry.
  ///
  /// gdb 13 takes pairs of offsets in .debug_loclists.dwo, which clang writes behind a base address, for addresses: most of
  /// its variables there are optimized out.
  static func libraryAddress(ofList offset: UInt64, at address: UInt64, root: DebugEntry) -> UInt64? {
    find(inList: offset, at: address, root: root).map { address &+ $0.base }
  }

  /// The expression, and what libdw adds to the offsets of its entry and gdb does not.
  private static func find(
    inList offset: UInt64, at address: UInt64, root: DebugEntry
  ) -> (bytes: [UInt8], base: UInt64)? {
    let version = root.version
    let isSplit = root.file.splitBase != nil
    let section = isSplit ? ".debug_loclists.dwo" : version >= 5 ? ".debug_loclists" : ".debug_loc"
    let order = root.file.elf.header.byteOrder
    return root.file.withSection(section) { span in
      var reader = ByteReader(span, order: order)
      var list = List(
        address: address, base: root.lowPC ?? 0, addressSize: root.addressSize, hasBarePairs: isSplit)
      do throws(DecodeError) {
        try reader.seek(to: Int(clamping: offset))
        for _ in 0..<maximumEntries {
          let step =
            try version >= 5 ? list.next(&reader, indexed: root.indexedAddress) : list.nextPair(&reader)
          switch step {
          case .end: return nil
          case .other: continue
          case .found(let bytes): return (bytes, list.ignoredBase)
          }
        }
      } catch {
        return nil
      }
      return nil
    } ?? nil
  }

  /// One walk over a list.
  private struct List {
    enum Step {
      case end
      /// An entry for other addresses, or none at all.
      case other
      case found([UInt8])
    }

    let address: UInt64
    /// What offsets count from.
    var base: UInt64
    let addressSize: Int
    /// Whether pairs of offsets are compared as they are.
    let hasBarePairs: Bool
    /// What the last entry's offsets ought to have counted from, and did not.
    var ignoredBase: UInt64 = 0

    mutating func nextPair(_ reader: inout ByteReader) throws(DecodeError) -> Step {
      let start = try reader.readUnsigned(size: addressSize)
      let end = try reader.readUnsigned(size: addressSize)
      if start == 0, end == 0 { return .end }
      if start == (addressSize == 8 ? .max : UInt64(UInt32.max)) {
        base = end
        return .other
      }
      let count = Int(try reader.read(UInt16.self))
      return try step(from: base &+ start, to: base &+ end, count: UInt64(count), &reader)
    }

    mutating func next(
      _ reader: inout ByteReader, indexed: (UInt64) -> UInt64?
    ) throws(DecodeError) -> Step {
      let kind = Int(try reader.read(UInt8.self))
      func failure() -> DecodeError { DecodeError(offset: 0, needed: 0, available: 0) }
      func address(_ index: UInt64) throws(DecodeError) -> UInt64 {
        guard let address = indexed(index) else { throw failure() }
        return address
      }
      let start: UInt64
      let end: UInt64
      ignoredBase = 0
      switch kind {
      case DW_LLE_end_of_list: return .end
      case DW_LLE_base_addressx:
        base = try address(try reader.readULEB128())
        return .other
      case DW_LLE_base_address:
        base = try reader.readUnsigned(size: addressSize)
        return .other
      case DW_LLE_GNU_view_pair:
        _ = try reader.readULEB128()
        _ = try reader.readULEB128()
        return .other
      case DW_LLE_startx_endx:
        start = try address(try reader.readULEB128())
        end = try address(try reader.readULEB128())
      case DW_LLE_startx_length:
        start = try address(try reader.readULEB128())
        end = start &+ (try reader.readULEB128())
      case DW_LLE_offset_pair:
        ignoredBase = hasBarePairs ? base : 0
        let origin = base &- ignoredBase
        start = origin &+ (try reader.readULEB128())
        end = origin &+ (try reader.readULEB128())
      case DW_LLE_default_location: (start, end) = (0, .max)
      case DW_LLE_start_end:
        start = try reader.readUnsigned(size: addressSize)
        end = try reader.readUnsigned(size: addressSize)
      case DW_LLE_start_length:
        start = try reader.readUnsigned(size: addressSize)
        end = start &+ (try reader.readULEB128())
      default: throw failure()
      }
      return try step(from: start, to: end, count: try reader.readULEB128(), &reader)
    }

    private func step(
      from start: UInt64, to end: UInt64, count: UInt64, _ reader: inout ByteReader
    ) throws(DecodeError) -> Step {
      guard start <= address, address < end else {
        try reader.skip(Int(clamping: count))
        return .other
      }
      return .found(try reader.readBytes(Int(clamping: count)))
    }
  }

  /// The operations of an expression; `nil` with one that needs other entries, or that nobody knows.
  static func operations(_ bytes: [UInt8], order: ByteOrder, addressSize: Int) -> [LocationOperation]? {
    var reader = unsafe ByteReader(bytes.span.bytes, order: order)
    var result: [LocationOperation] = []
    do throws(DecodeError) {
      while !reader.isAtEnd {
        let offset = UInt64(reader.offset)
        var operation = LocationOperation(code: try reader.read(UInt8.self), offset: offset)
        guard try readOperands(of: &operation, &reader, addressSize: addressSize) else { return nil }
        result.append(operation)
      }
    } catch {
      return nil
    }
    return result
  }

  /// Whether the operation is one that stands alone.
  private static func readOperands(
    of operation: inout LocationOperation, _ reader: inout ByteReader, addressSize: Int
  ) throws(DecodeError) -> Bool {
    func signed(_ number: Int64) -> UInt64 { UInt64(bitPattern: number) }
    switch Int(operation.code) {
    case DW_OP_lit0...DW_OP_lit31, DW_OP_reg0...DW_OP_reg31, DW_OP_dup...DW_OP_over, DW_OP_swap...DW_OP_rot,
      DW_OP_deref, DW_OP_abs...DW_OP_plus, DW_OP_shl...DW_OP_xor, DW_OP_eq...DW_OP_ne, DW_OP_nop,
      DW_OP_call_frame_cfa, DW_OP_stack_value, DW_OP_GNU_uninit:
      break
    case DW_OP_addr: operation.first = try reader.readUnsigned(size: addressSize)
    case DW_OP_const1u, DW_OP_pick, DW_OP_deref_size: operation.first = UInt64(try reader.read(UInt8.self))
    case DW_OP_const1s: operation.first = signed(Int64(try reader.read(Int8.self)))
    case DW_OP_const2u, DW_OP_skip, DW_OP_bra: operation.first = UInt64(try reader.read(UInt16.self))
    case DW_OP_const2s: operation.first = signed(Int64(try reader.read(Int16.self)))
    case DW_OP_const4u: operation.first = UInt64(try reader.read(UInt32.self))
    case DW_OP_const4s: operation.first = signed(Int64(try reader.read(Int32.self)))
    case DW_OP_const8u, DW_OP_const8s: operation.first = try reader.read(UInt64.self)
    case DW_OP_constu, DW_OP_plus_uconst, DW_OP_regx, DW_OP_piece:
      operation.first = try reader.readULEB128()
    case DW_OP_consts, DW_OP_fbreg, DW_OP_breg0...DW_OP_breg31:
      operation.first = signed(try reader.readSLEB128())
    case DW_OP_bregx:
      operation.first = try reader.readULEB128()
      operation.second = signed(try reader.readSLEB128())
    case DW_OP_bit_piece:
      operation.first = try reader.readULEB128()
      operation.second = try reader.readULEB128()
    case DW_OP_implicit_value:
      operation.first = try reader.readULEB128()
      operation.nested = .bytes(try reader.readBytes(Int(clamping: operation.first)))
    default: return false
    }
    return true
  }
}

extension DebugEntry {
  /// An entry of the unit's part of .debug_addr, asked of the unit's root entry.
  func indexedAddress(_ index: UInt64) -> UInt64? {
    let size = addressSize
    let isSplit = file.splitBase != nil
    let base = isSplit ? 0 : unsigned(DW_AT_addr_base) ?? 8
    return file.withSection(isSplit ? ".debug_addr.dwo" : ".debug_addr") { span in
      var reader = ByteReader(span, order: file.elf.header.byteOrder)
      let (distance, overflow) = index.multipliedReportingOverflow(by: UInt64(size))
      guard !overflow, (try? reader.seek(to: Int(clamping: base &+ distance))) != nil else { return nil }
      return try? reader.readUnsigned(size: size)
    } ?? nil
  }
}
