package import Bytes

/// The sections a line program is read from, as they stand in one file; somebody else owns the bytes.
package struct LineSections: ~Escapable {
  /// `.debug_line`, whole.
  package let line: RawSpan
  /// `.debug_str`, for DW_FORM_strp in DWARF 5 tables; empty when the file has none.
  package let strings: RawSpan
  /// `.debug_line_str`, for DW_FORM_line_strp; empty when the file has none.
  package let lineStrings: RawSpan
  package let order: ByteOrder

  @_lifetime(copy line, copy strings, copy lineStrings)
  package init(line: RawSpan, strings: RawSpan, lineStrings: RawSpan, order: ByteOrder = .little) {
    self.line = line
    self.strings = strings
    self.lineStrings = lineStrings
    self.order = order
  }
}

/// What the compile unit says about itself as far as its line table needs it.
///
/// Names are bytes: they come from a file system and need not be UTF-8.
package struct LineUnit: Sendable {
  /// DW_AT_stmt_list: where the program starts in `.debug_line`.
  package var programOffset: Int
  /// DW_AT_name, verbatim: the spelling of the primary file.
  package var name: [UInt8]?
  /// DW_AT_comp_dir.
  package var compilationDirectory: [UInt8]?
  /// The lowest code address of the unit, which unmasks sequences of removed functions (contract L-2).
  package var lowestPC: UInt64?
  /// Bytes of a target address, from the unit's header.
  package var addressSize: Int

  package init(
    programOffset: Int, name: [UInt8]?, compilationDirectory: [UInt8]?, lowestPC: UInt64? = nil,
    addressSize: Int = 8
  ) {
    self.programOffset = programOffset
    self.name = name
    self.compilationDirectory = compilationDirectory
    self.lowestPC = lowestPC
    self.addressSize = addressSize
  }
}
