/// Whether text is coloured, by `--color`, the environment and where the text goes.
package enum ColorChoice: String, Sendable, CaseIterable {
  case auto
  case always
  case never

  /// `--color` beats NO_COLOR, which beats CLICOLOR_FORCE, CLICOLOR=0, TERM=dumb and the terminal, in this order.
  ///
  /// NO_COLOR counts if it is not empty (no-color.org), CLICOLOR_FORCE if it is neither empty nor 0
  /// (bixense.com/clicolors).
  package func isOn(isTerminal: Bool, variable: (String) -> String?) -> Bool {
    switch self {
    case .always: return true
    case .never: return false
    case .auto:
      if let value = variable("NO_COLOR"), !value.isEmpty { return false }
      if let value = variable("CLICOLOR_FORCE"), !value.isEmpty, value != "0" { return true }
      if variable("CLICOLOR") == "0" || variable("TERM") == "dumb" { return false }
      return isTerminal
    }
  }
}
