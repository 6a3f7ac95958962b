internal import Values

/// Types within a name by what they are called in a class: `Vec<int, 3>` in `Vec`'s own body is `Vec<T, 3>`.
///
/// gdb looks up every type that a template's arguments name, the whole one first and then the parts of it.
struct NameSubstitution {
  /// What types are called, by their canonical spelling.
  let substitutions: [String: String]
  private static let maximumDepth = 16

  /// The name with its template arguments replaced; the name as a whole is the caller's to look up.
  func replaced(in name: String, depth: Int = 0) -> String {
    guard depth < Self.maximumDepth, name.utf8.contains(UInt8(ascii: "<")) else { return name }
    return TemplateArguments.replaced(in: name) { argument($0, depth) }
  }

  /// An argument: a type, and what stands behind it, such as marks of pointers, a function's parameters, an array's bounds.
  private func argument(_ text: String, _ depth: Int) -> String {
    guard depth < Self.maximumDepth else { return text }
    let mark = Self.firstMark(in: text)
    var core = text[..<mark]
    while core.last == " " { core.removeLast() }
    for qualifier in [" const", " volatile"] where core.hasSuffix(qualifier) {
      core.removeLast(qualifier.count)
    }
    let type = String(core)
    return (substitutions[type] ?? replaced(in: type, depth: depth + 1)) + text[core.endIndex..<mark]
      + parameters(in: text[mark...], depth)
  }

  /// `(*)(int, char)` with the parameters replaced, which are the last parentheses outside of brackets.
  private func parameters(in suffix: Substring, _ depth: Int) -> String {
    guard suffix.last == ")", let open = Self.lastParenthesis(suffix) else { return String(suffix) }
    let first = suffix.index(after: open)
    let list = LibraryTypeName.split(suffix[first..<suffix.index(before: suffix.endIndex)])
    return suffix[..<first] + list.map { argument($0, depth + 1) }.joined(separator: ", ") + ")"
  }

  /// What the last closing parenthesis closes.
  private static func lastParenthesis(_ text: Substring) -> String.Index? {
    var level = 0
    for index in text.indices.reversed() {
      if text[index] == ")" { level += 1 }
      if text[index] == "(" { level -= 1 }
      if level == 0 { return index }
    }
    return nil
  }

  /// Where the type itself ends: at the first mark outside of brackets.
  private static func firstMark(in text: String) -> String.Index {
    var level = 0
    for index in text.indices {
      switch text[index] {
      case "*", "&", "(", "[": if level == 0 { return index }
      case "<": level += 1
      case ">": level -= 1
      default: break
      }
    }
    return text.endIndex
  }
}
