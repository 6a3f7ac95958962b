package import Values

/// How frames and values are printed: gdb's `set print …`, as far as a process's printers know them.
package struct PrintSettings: Equatable, Sendable {
  /// `print frame-arguments`
  package enum FrameArguments: String, Sendable, CaseIterable {
    case all, scalars, none, presence
  }

  /// `print entry-values`
  package enum EntryValues: String, Sendable, CaseIterable {
    case no, only, preferred
    case ifNeeded = "if-needed"
    case both, compact
    case byDefault = "default"
  }

  package var options = PrintOptions()
  package var frameArguments = FrameArguments.scalars
  package var entryValues = EntryValues.byDefault

  package init() {}
}
