/// How values are spelled: gdb's `set print …`, and what a command's own options and format letter change.
package struct PrintOptions: Sendable, Equatable {
  /// `print elements`: characters of a string, elements of an array; `nil` is unlimited.
  package var elements: Int? = 200
  /// `print repeats`: equal neighbours beyond this many are counted instead of shown; `nil` never counts.
  package var repeats: Int? = 10
  /// `print max-depth`: braces inside braces; `nil` is unlimited.
  package var depth: Int? = 20
  /// `print pretty`: a member a line.
  package var isPretty = false
  /// `print array`: an element a line.
  package var isPrettyArray = false
  package var showsArrayIndexes = false
  package var stopsAtNull = false
  /// `print union`: unions within other values.
  package var showsUnions = true
  package var showsAddresses = true
  package var showsSymbols = true
  package var showsStaticMembers = true
  /// `print vtbl`
  package var showsVirtualTables = false
  /// `print object`: pointers and references to what they point to in truth.
  package var usesDynamicType = false
  package var demangles = true
  package var demanglesAssembler = false
  package var isSevenBit = false
  /// The letter of `/FMT`, as ASCII; 0 without one.
  package var format: UInt8 = 0
  /// `/r` and `print raw-values`: without pretty-printers.
  package var isRaw = false
  /// What strings stand between: `'` in Fortran.
  var quote: UInt8 = 0x22
  /// The depth at which a value begins: `bt full` prints its locals four levels in.
  package var firstLevel = 0

  package init() {}

  /// As `bt full` prints locals.
  package var forLocals: PrintOptions {
    var result = self
    result.firstLevel = 4
    return result
  }

  /// What nests deeper than any sound value is cut off, whatever the settings say.
  private static let deepest = 200

  /// Whether characters are text, or numbers that a format letter spells.
  var showsText: Bool { format == 0 || format == UInt8(ascii: "s") }

  var maximumLevel: Int { min(depth ?? Self.deepest, Self.deepest) }
  var maximumElements: Int { elements ?? .max }
  var repeatThreshold: Int { repeats ?? .max }
}
