internal import Bytes

/// The header of a line program: parameters of the machine and the tables of directories and files.
///
/// Source: DWARF 2 6.2.4 to DWARF 5 6.2.4. Numbers are kept as written; the machine guards against nonsense.
struct LineHeader {
  /// One entry of the file table.
  struct FileEntry {
    var name: [UInt8]
    var directory: UInt64
  }

  var version: UInt16 = 0
  var minimumInstructionLength: UInt8 = 1
  /// At least 1; files before DWARF 4 have no such field.
  var maximumOperations: UInt8 = 1
  var defaultIsStatement = true
  var lineBase: Int8 = 0
  var lineRange: UInt8 = 0
  var opcodeBase: UInt8 = 1
  /// Number of operands of standard opcode n, at n − 1.
  var operandCounts: [UInt8] = []
  var directories: [[UInt8]] = []
  var files: [FileEntry] = []
  /// Offsets of the opcodes in `.debug_line`; empty when the tables were damaged.
  var program: Range<Int> = 0..<0

  /// The number DWARF gives to `files[0]`, and to `directories[0]`.
  var firstNumber: UInt64 { version >= 5 ? 0 : 1 }

  func file(_ number: UInt64) -> FileEntry? {
    let (index, outside) = number.subtractingReportingOverflow(firstNumber)
    guard !outside, index < UInt64(files.count) else { return nil }
    return files[Int(index)]
  }

  /// The directory of a number; before DWARF 5 number 0 means none (contract L-10).
  func directory(_ number: UInt64) -> [UInt8]? {
    let (index, outside) = number.subtractingReportingOverflow(firstNumber)
    guard !outside, index < UInt64(directories.count) else { return nil }
    return directories[Int(index)]
  }
}

extension LineHeader {
  /// Reads the header at `offset` of `.debug_line`.
  ///
  /// Throws when there is no usable header. Damage inside the tables is thrown as well, since the opcodes
  /// that follow could not be attributed to files.
  init(_ sections: borrowing LineSections, at offset: Int) throws(DecodeError) {
    var reader = ByteReader(sections.line, order: sections.order)
    try reader.seek(to: offset)

    let (length, wordSize) = try Self.readInitialLength(&reader)
    let end = try Self.end(of: length, from: reader)
    version = try reader.read(UInt16.self)
    guard (2...5).contains(version) else {
      throw DecodeError(offset: reader.offset - 2, needed: 0, available: reader.remaining)
    }
    if version >= 5 { try reader.skip(2) }  // address_size, segment_selector_size: the unit decides
    let headerLength = try reader.readUnsigned(size: wordSize)
    let start = try Self.end(of: headerLength, from: reader)
    guard start <= end else { throw DecodeError(offset: reader.offset, needed: start - end, available: 0) }

    minimumInstructionLength = try reader.read()
    if version >= 4 { maximumOperations = max(1, try reader.read(UInt8.self)) }
    defaultIsStatement = try reader.read(UInt8.self) != 0
    lineBase = Int8(bitPattern: try reader.read(UInt8.self))
    lineRange = try reader.read()
    opcodeBase = try reader.read()
    operandCounts = try reader.readBytes(max(0, Int(opcodeBase) - 1))

    if version >= 5 {
      try readEntryTables(&reader, sections, wordSize: wordSize)
    } else {
      try readClassicTables(&reader)
    }
    program = start..<end
  }

  /// DWARF 5, 7.4: a length of 0xffffffff announces the 64-bit format. Returns the size of offsets as well.
  private static func readInitialLength(_ reader: inout ByteReader) throws(DecodeError) -> (UInt64, Int) {
    let length = try reader.read(UInt32.self)
    if length == 0xffff_ffff { return (try reader.read(UInt64.self), 8) }
    return (UInt64(length), 4)
  }

  private static func end(of length: UInt64, from reader: borrowing ByteReader) throws(DecodeError) -> Int {
    guard length <= UInt64(reader.remaining) else {
      throw DecodeError(
        offset: reader.offset, needed: Int(clamping: length), available: reader.remaining)
    }
    return reader.offset + Int(length)
  }

  /// DWARF 2 to 4: strings ended by an empty one, then file entries ended by an empty name.
  private mutating func readClassicTables(_ reader: inout ByteReader) throws(DecodeError) {
    while true {
      let name = try reader.readCStringBytes()
      if name.isEmpty { break }
      directories.append(name)
    }
    while true {
      let name = try reader.readCStringBytes()
      if name.isEmpty { break }
      files.append(try Self.readClassicFile(&reader, name: name))
    }
  }

  /// The part of a DWARF 2 to 4 file entry after its name; DW_LNE_define_file has the same form.
  static func readClassicFile(
    _ reader: inout ByteReader, name: [UInt8]
  ) throws(DecodeError) -> FileEntry {
    let directory = try reader.readULEB128()
    _ = try reader.readULEB128()  // time of modification
    _ = try reader.readULEB128()  // length in bytes
    return FileEntry(name: name, directory: directory)
  }
}
