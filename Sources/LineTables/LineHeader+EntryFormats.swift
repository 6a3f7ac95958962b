internal import Bytes

/// DWARF 5 tables: a description of the fields, a count, the entries (DWARF 5, 6.2.4.1).
extension LineHeader {
  /// One field of an entry: what it means (DW_LNCT_*) and how it is written (DW_FORM_*).
  private struct Field {
    var content: UInt64
    var form: UInt64
  }

  /// DW_LNCT_* (DWARF 5, table 7.27). Others are skipped by their form.
  private enum Content {
    static let path: UInt64 = 1
    static let directoryIndex: UInt64 = 2
  }

  mutating func readEntryTables(
    _ reader: inout ByteReader, _ sections: borrowing LineSections, wordSize: Int
  ) throws(DecodeError) {
    let directoryFields = try Self.readFields(&reader)
    let directoryCount = try Self.readCount(&reader)
    for _ in 0..<directoryCount {
      let entry = try Self.readEntry(&reader, sections, directoryFields, wordSize: wordSize)
      directories.append(entry.name)
    }
    let fileFields = try Self.readFields(&reader)
    let fileCount = try Self.readCount(&reader)
    for _ in 0..<fileCount {
      files.append(try Self.readEntry(&reader, sections, fileFields, wordSize: wordSize))
    }
  }

  private static func readFields(_ reader: inout ByteReader) throws(DecodeError) -> [Field] {
    let count = try reader.read(UInt8.self)
    var fields: [Field] = []
    for _ in 0..<count {
      fields.append(Field(content: try reader.readULEB128(), form: try reader.readULEB128()))
    }
    return fields
  }

  /// A number of entries. Entries without fields take no bytes, so a count is refused that exceeds the bytes
  /// left: no compiler writes such a table.
  private static func readCount(_ reader: inout ByteReader) throws(DecodeError) -> Int {
    let at = reader.offset
    let count = try reader.readULEB128()
    guard count <= UInt64(reader.remaining) else {
      throw DecodeError(offset: at, needed: Int(clamping: count), available: reader.remaining)
    }
    return Int(count)
  }

  private static func readEntry(
    _ reader: inout ByteReader, _ sections: borrowing LineSections, _ fields: [Field], wordSize: Int
  ) throws(DecodeError) -> FileEntry {
    var entry = FileEntry(name: [], directory: 0)
    for field in fields {
      switch field.content {
      case Content.path:
        entry.name = try readPath(&reader, sections, form: field.form, wordSize: wordSize)
      case Content.directoryIndex:
        entry.directory = try readNumber(&reader, form: field.form, wordSize: wordSize)
      default:
        _ = try readNumber(&reader, form: field.form, wordSize: wordSize)
      }
    }
    return entry
  }

  private static func readPath(
    _ reader: inout ByteReader, _ sections: borrowing LineSections, form: UInt64, wordSize: Int
  ) throws(DecodeError) -> [UInt8] {
    switch form {
    case 0x08: return try reader.readCStringBytes()  // DW_FORM_string
    case 0x1f: return try string(in: sections.lineStrings, at: try reader.readUnsigned(size: wordSize))
    case 0x0e: return try string(in: sections.strings, at: try reader.readUnsigned(size: wordSize))
    default:
      _ = try readNumber(&reader, form: form, wordSize: wordSize)
      return []
    }
  }

  private static func string(in section: RawSpan, at offset: UInt64) throws(DecodeError) -> [UInt8] {
    var reader = ByteReader(section)
    try reader.seek(to: Int(clamping: offset))
    return try reader.readCStringBytes()
  }

  /// Reads or skips a field by its form; 0 for what is not a number.
  private static func readNumber(
    _ reader: inout ByteReader, form: UInt64, wordSize: Int
  ) throws(DecodeError) -> UInt64 {
    switch form {
    case 0x0b: return try reader.readUnsigned(size: 1)  // DW_FORM_data1
    case 0x05: return try reader.readUnsigned(size: 2)  // DW_FORM_data2
    case 0x06: return try reader.readUnsigned(size: 4)  // DW_FORM_data4
    case 0x07: return try reader.readUnsigned(size: 8)  // DW_FORM_data8
    case 0x0f: return try reader.readULEB128()  // DW_FORM_udata
    case 0x0d: return UInt64(bitPattern: try reader.readSLEB128())  // DW_FORM_sdata
    case 0x1e: try reader.skip(16)  // DW_FORM_data16: the MD5
    case 0x08: _ = try reader.readCStringBytes()  // DW_FORM_string
    case 0x0e, 0x1f, 0x17: try reader.skip(wordSize)  // DW_FORM_strp, line_strp, sec_offset
    case 0x09: try reader.skip(Int(clamping: try reader.readULEB128()))  // DW_FORM_block
    case 0x0a: try reader.skip(Int(try reader.read(UInt8.self)))  // DW_FORM_block1
    case 0x03: try reader.skip(Int(try reader.read(UInt16.self)))  // DW_FORM_block2
    case 0x04: try reader.skip(Int(try reader.read(UInt32.self)))  // DW_FORM_block4
    default: throw DecodeError(offset: reader.offset, needed: 0, available: reader.remaining)
    }
    return 0
  }
}
