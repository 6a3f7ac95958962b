package import Elfutils

/// The language by whose rules values are spelled: that of the compilation unit, as far as it matters.
package enum Language: Sendable, Equatable {
  case c
  case cplusplus
  case rust
  case assembly
  /// Every other `DW_LANG_*`, Swift and C17 included: values look like C.
  case minimal

  /// From DW_AT_language, whose codes are in DWARF 5, table 7.17.
  package init(code: UInt64?) {
    switch code {
    case 1, 2, 0xc, 0x1d: self = .c
    case 4, 0x1a, 0x21: self = .cplusplus
    case 0x1c: self = .rust
    case 0x8001: self = .assembly
    default: self = .minimal
    }
  }

  /// The language of a unit, by its root entry.
  package init(unit root: DebugEntry?) {
    self.init(code: root?.unsigned(Attribute.language))
  }
}
