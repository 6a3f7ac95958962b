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

  /// `print frame-info`, as far as it is about the frame's own line.
  package enum FrameInfo: String, Sendable, CaseIterable {
    case auto
    case sourceLine = "source-line"
    case location
    case sourceAndLocation = "source-and-location"
    case locationAndAddress = "location-and-address"
    case shortLocation = "short-location"
  }

  package var options = PrintOptions()
  package var frameArguments = FrameArguments.scalars
  package var entryValues = EntryValues.byDefault
  package var frameInfo = FrameInfo.auto
  /// `print raw-frame-arguments`: without pretty-printers.
  package var hasRawArguments = false

  /// As arguments in a frame's line are spelled.
  var argumentOptions: PrintOptions {
    var result = options
    result.isRaw = result.isRaw || hasRawArguments
    return result
  }

  package init() {}
}
