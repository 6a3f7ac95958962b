internal import Reporting

/// FDO packaging metadata: a JSON object of strings that a distribution's build puts into `.note.package`.
enum PackageNote {
  /// `nil` for a text that is no such object.
  static func package(_ text: String) -> Report.Package? {
    guard let members = members(text) else { return nil }
    var package = Report.Package()
    package.type = members["type"]
    package.distribution = members["os"]
    package.name = members["name"]
    package.version = members["version"]
    return package
  }

  /// The members of a flat object whose values are strings; numbers and words are skipped, nesting is refused.
  private static func members(_ text: String) -> [String: String]? {
    var rest = Array(text.unicodeScalars)[...]
    func skipBlanks() { rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" } }
    func take(_ scalar: Unicode.Scalar) -> Bool {
      skipBlanks()
      guard rest.first == scalar else { return false }
      rest.removeFirst()
      return true
    }
    func string() -> String? {
      guard take("\"") else { return nil }
      var result = String.UnicodeScalarView()
      while let scalar = rest.popFirst() {
        if scalar == "\"" { return String(result) }
        guard scalar == "\\" else {
          result.append(scalar)
          continue
        }
        switch rest.popFirst() {
        case "n": result.append("\n")
        case "t": result.append("\t")
        case "u":
          let digits = String(String.UnicodeScalarView(rest.prefix(4)))
          rest = rest.dropFirst(4)
          result.append(UInt32(digits, radix: 16).flatMap { Unicode.Scalar($0) } ?? "\u{fffd}")
        case let other?: result.append(other)
        case nil: return nil
        }
      }
      return nil
    }
    guard take("{") else { return nil }
    var result: [String: String] = [:]
    while !take("}") {
      guard let key = string(), take(":") else { return nil }
      skipBlanks()
      if rest.first == "\"" {
        guard let value = string() else { return nil }
        result[key] = value
      } else {
        guard rest.first != "{", rest.first != "[" else { return nil }
        rest = rest.drop { $0 != "," && $0 != "}" }
      }
      if take(",") { continue }
      guard take("}") else { return nil }
      break
    }
    return result
  }
}
