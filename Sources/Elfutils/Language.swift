/// The language of a unit, as far as gdb prints names and values by it (contract, F-7).
package enum Language: Sendable, Equatable {
  case c
  case cxx
  case rust
  case assembler
  case go
  case d
  case fortran
  case ada
  case pascal
  /// Anything gdb 13.1 has no rules for (Swift, C17, C++20): C spelling of values, linkage names verbatim.
  case minimal

  /// `DW_LANG_*`, DWARF 5 table 7.17 and vendor codes.
  package init(code: UInt64?) {
    switch code {
    case 0x1, 0x2, 0xc, 0x1d: self = .c
    case 0x4, 0x1a, 0x21: self = .cxx
    case 0x1c: self = .rust
    case 0x8001: self = .assembler
    case 0x16: self = .go
    case 0x13: self = .d
    case 0x7, 0x8, 0xe, 0x22, 0x23: self = .fortran
    case 0x3, 0xd: self = .ada
    case 0x9: self = .pascal
    default: self = .minimal
    }
  }

  /// The language of a unit, by its root entry.
  package init(unit root: DebugEntry?) {
    self.init(code: root?.unsigned(Attribute.language))
  }
}
