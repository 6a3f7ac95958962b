internal import Values

/// The arguments of the templates in a C++ name.
enum TemplateArguments {
  /// The name with its arguments replaced. Brackets that close one after the other are kept apart; what is never closed stays.
  static func replaced(in name: String, by change: (String) -> String) -> String {
    var result = ""
    var level = 0
    var start = name.startIndex
    for index in name.indices {
      switch name[index] {
      case "<":
        level += 1
        guard level == 1 else { continue }
        let first = name.index(after: index)
        result += name[start..<first]
        start = first
      case ">" where level > 0:
        level -= 1
        guard level == 0 else { continue }
        result += LibraryTypeName.split(name[start..<index]).map(change).joined(separator: ", ")
        if result.hasSuffix(">") { result += " " }
        start = index
      default: break
      }
    }
    return result + name[start...]
  }
}
