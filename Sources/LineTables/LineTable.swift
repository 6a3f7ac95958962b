internal import Bytes

/// The line table of one compile unit as gdb 13.1 rebuilds it from `.debug_line`, versions 2 to 5.
///
/// This room holds our own decoder, since libdw joins the names of directories and files, which loses the
/// spelling gdb prints, and sorts the rows, which loses the order that gdb's rules depend on. It imports
/// `Bytes` only. The stages: `LineHeader` (tables) → `LineProgram` (opcodes) → `RowRecorder` (which rows gdb
/// keeps) → `RowIndex` (finds them; `SegmentSweep` makes one list to search). To add an opcode or a form: `LineProgram`, `LineHeader`.
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

  private let index: RowIndex
  private let names: [[UInt8]]
  private let compilationDirectory: [UInt8]?
  /// Subfile of DWARF file number `firstNumber` + n.
  private let subfiles: [Int32]
  private let firstNumber: UInt64

  /// Decodes the program of a unit. A damaged program keeps what came before the damage; without a readable
  /// header the table is empty and `name(ofFile: 0)` is the unit's name.
  package init(_ sections: borrowing LineSections, unit: LineUnit) {
    compilationDirectory = unit.compilationDirectory
    do throws(DecodeError) {
      let header = try LineHeader(sections, at: unit.programOffset)
      var program = LineProgram(header: header, unit: unit)
      program.run(sections)
      subfiles = program.subfiles
      firstNumber = program.firstNumber
      names = program.spellings.names
      let firstFile = program.subfiles.contains(0) ? 0 : program.spellings.aliasOfPrimary() ?? 0
      index = RowIndex(rows: program.recorder.finish(), fileCount: names.count, firstFile: firstFile)
    } catch {
      index = RowIndex(rows: [], fileCount: 0, firstFile: 0)
      names = FileSpellings(unit: unit).names
      subfiles = []
      firstNumber = 1
    }
  }

  /// All source files of the unit as gdb prints them, the primary one first.
  package var fileNames: [[UInt8]] { names }

  package var isEmpty: Bool { index.isEmpty }

  /// The row for an address, which the caller has already moved into the calling instruction (contract L-4).
  package func lookup(_ pc: UInt64) -> Match? { index.lookup(pc) }

  /// The entries of one file in the order that gdb searches them: by address.
  package func rows(ofFile file: Int) -> [Row] {
    index.rows(ofFile: file).map {
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
    let (index, outside) = number.subtractingReportingOverflow(firstNumber)
    guard !outside, index < UInt64(subfiles.count) else { return nil }
    return names[Int(subfiles[Int(index)])]
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
