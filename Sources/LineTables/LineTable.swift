internal import Bytes

/// The line table of one compile unit as gdb 13.1 rebuilds it from `.debug_line`, versions 2 to 5.
///
/// This room holds our own decoder, since libdw joins the names of directories and files, which loses the
/// spelling gdb prints, and sorts the rows, which loses the order that gdb's rules depend on. It imports
/// `Bytes` only. The stages: `LineHeader` (tables) → `LineProgram` (opcodes) → `RowRecorder` (which rows gdb
/// keeps) → `RowIndex` (finds them; `SegmentSweep` makes one list to search); `LineRows` decides how much of a program is run. To add an opcode or a form: `LineProgram`, `LineHeader`.
///
/// All addresses are those of the file, before relocation.
package struct LineTable {
  /// The answer for one address.
  package struct Match: Equatable, Sendable {
    /// Index of the source file for `name(ofFile:)`.
    package var file: Int
    /// As gdb prints it: a hostile number above 2³¹ is negative.
    package var line: Int32
    /// Address of the row.
    package var start: UInt64
    /// The next address at which any row or end of rows stands; nil after the last one.
    package var end: UInt64?
    package var isStatement: Bool
  }

  /// One entry of a file's list: a row, or the end of rows where the line is 0.
  package struct Row: Equatable, Sendable {
    package var address: UInt64
    package var line: Int32
    package var isStatement: Bool
  }

  /// `nil` without a readable header.
  private let rows: LineRows?
  private let names: [[UInt8]]
  private let compilationDirectory: [UInt8]?

  /// Programs of fewer bytes are run in full when they are opened.
  static let fewOpcodes = 16 << 10

  /// Decodes the program of a unit. A damaged program keeps what came before the damage; without a readable
  /// header the table is empty and `name(ofFile: 0)` is the unit's name.
  package init(_ sections: borrowing LineSections, unit: LineUnit) {
    self.init(sections, unit: unit, fewOpcodes: Self.fewOpcodes)
  }

  init(_ sections: borrowing LineSections, unit: LineUnit, fewOpcodes: Int) {
    compilationDirectory = unit.compilationDirectory
    do throws(DecodeError) {
      let header = try LineHeader(sections, at: unit.programOffset)
      let made = Self.rows(LineProgram(header: header, unit: unit), of: header, sections, fewOpcodes)
      rows = made
      names = made.names
    } catch {
      rows = nil
      names = FileSpellings(unit: unit).names
    }
  }

  private static func rows(
    _ program: consuming LineProgram, of header: LineHeader, _ sections: borrowing LineSections,
    _ fewOpcodes: Int
  ) -> LineRows {
    var program = program
    let bytes = Span<UInt8>(_bytes: sections.line)
    let isBigEndian = if case .big = sections.order { true } else { false }
    // The range is a claim of the header.
    let range = header.program.clamped(to: 0..<bytes.count)
    if range.count > fewOpcodes {
      var reader = ByteReader(sections.line)
      let isThere = (try? reader.seek(to: range.lowerBound)) != nil
      let opcodes = isThere ? (try? reader.readBytes(range.count)) ?? [] : []
      if let sequences = program.sequences(opcodes.span, isBigEndian: isBigEndian), sequences.count > 1 {
        return LineRows(
          program, opcodes: opcodes, isBigEndian: isBigEndian, sequences: LineSequence.sorted(sequences))
      }
    }
    let rows = program.rows(bytes, range, isBigEndian: isBigEndian)
    return LineRows(program, rows: rows)
  }

  package var isEmpty: Bool { rows?.isEmpty ?? true }

  /// All source files of the unit as gdb prints them, the primary one first.
  package var fileNames: [[UInt8]] { names }

  /// The row for an address, which the caller has already moved into the calling instruction (contract L-4).
  package func lookup(_ pc: UInt64) -> Match? { rows?.lookup(pc) }

  /// The entries of one file in the order that gdb searches them: by address.
  package func rows(ofFile file: Int) -> [Row] {
    (rows?.rows(ofFile: file) ?? []).map {
      Row(address: $0.address, line: Int32(bitPattern: $0.line), isStatement: $0.isStatement)
    }
  }

  /// The number of a file for `rows(ofFile:)`: the first whose name satisfies a condition.
  package func file(where isWanted: ([UInt8]) -> Bool) -> Int? { names.firstIndex(where: isWanted) }

  /// The name gdb prints for a file of a match (contract L-10); empty for an index that does not exist.
  package func name(ofFile file: Int) -> [UInt8] {
    names.indices.contains(file) ? names[file] : []
  }

  /// The name gdb prints for a file number of DW_AT_call_file or DW_AT_decl_file.
  package func spelling(ofFileNumber number: UInt64) -> [UInt8]? {
    guard let rows else { return nil }
    let (index, outside) = number.subtractingReportingOverflow(rows.firstNumber)
    guard !outside, index < UInt64(rows.subfiles.count) else { return nil }
    return names[Int(rows.subfiles[Int(index)])]
  }

  /// Where to look for the text of a file, in gdb's order (contract S-6).
  package func candidates(ofFile file: Int) -> [[UInt8]] {
    let name = name(ofFile: file)
    guard !name.isEmpty else { return [] }
    var paths: [[UInt8]] = []
    if name.first != FileSpellings.slash, let compilationDirectory {
      paths.append(FileSpellings.join(compilationDirectory, name))
    }
    paths.append(name)
    let base = Array(FileSpellings.lastComponent(name))
    if base != name { paths.append(base) }
    return paths
  }
}
