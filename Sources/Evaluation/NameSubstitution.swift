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
    var result: [UInt8] = []
    var word: [UInt8] = []
    var level = 0
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "<"):
        if level > 0 { word.append(byte) } else { result.append(byte) }
        level += 1
      case UInt8(ascii: ">") where level > 0:
        level -= 1
        if level > 0 {
          word.append(byte)
        } else {
          append(argument: &word, to: &result, depth)
          result.append(byte)
        }
      case UInt8(ascii: ",") where level == 1:
        append(argument: &word, to: &result, depth)
        result.append(byte)
      default:
        if level > 0 { word.append(byte) } else { result.append(byte) }
      }
    }
    return String(decoding: result + word, as: UTF8.self)
  }

  /// An argument: blanks, words like `const`, a type, and the marks behind it.
  private func append(argument: inout [UInt8], to result: inout [UInt8], _ depth: Int) {
    defer { argument.removeAll() }
    guard depth < Self.maximumDepth else {
      result += argument
      return
    }
    let blanks = argument.prefix { $0 == UInt8(ascii: " ") }
    var core = argument.dropFirst(blanks.count)
    result += blanks
    // What follows the type: pointer and reference marks, a function's parameters, an array's bounds.
    var suffix: ArraySlice<UInt8> = []
    if let mark = Self.topLevel(core, where: { "*&([".utf8.contains($0) }) {
      suffix = ArraySlice(parameters(in: core[mark...], depth))
      core = core[..<mark]
    }
    while core.last == UInt8(ascii: " ") {
      suffix = core[(core.endIndex - 1)..<core.endIndex] + suffix
      core = core.dropLast()
    }
    var text = String(decoding: core, as: UTF8.self)
    for qualifier in [" const", " volatile"] where text.hasSuffix(qualifier) {
      text.removeLast(qualifier.count)
      suffix = qualifier.utf8 + suffix
    }
    result += (substitutions[text] ?? replaced(in: text, depth: depth + 1)).utf8
    // Only brackets are kept apart.
    if suffix.elementsEqual(" ".utf8), result.last != UInt8(ascii: ">") { return }
    result += suffix
  }

  /// `(*)(int, char)` with the parameters replaced, which are the last parentheses outside of brackets.
  private func parameters(in suffix: ArraySlice<UInt8>, _ depth: Int) -> [UInt8] {
    guard suffix.last == UInt8(ascii: ")"), let open = Self.lastParenthesis(suffix) else {
      return Array(suffix)
    }
    var result = Array(suffix[...open])
    var parameter: [UInt8] = []
    var level = 0
    for byte in suffix[(open + 1)...].dropLast() {
      if byte == UInt8(ascii: "<") || byte == UInt8(ascii: "(") { level += 1 }
      if byte == UInt8(ascii: ">") || byte == UInt8(ascii: ")") { level -= 1 }
      if byte == UInt8(ascii: ","), level == 0 {
        append(argument: &parameter, to: &result, depth + 1)
        result.append(byte)
      } else {
        parameter.append(byte)
      }
    }
    append(argument: &parameter, to: &result, depth + 1)
    return result + [UInt8(ascii: ")")]
  }

  /// What the last closing parenthesis closes.
  private static func lastParenthesis(_ text: ArraySlice<UInt8>) -> Int? {
    var level = 0
    for index in text.indices.reversed() {
      if text[index] == UInt8(ascii: ")") { level += 1 }
      if text[index] == UInt8(ascii: "(") { level -= 1 }
      if level == 0 { return index }
    }
    return nil
  }

  private static func topLevel(_ text: ArraySlice<UInt8>, where isWanted: (UInt8) -> Bool) -> Int? {
    var level = 0
    for index in text.indices {
      let byte = text[index]
      if level == 0, isWanted(byte) { return index }
      if byte == UInt8(ascii: "<") { level += 1 }
      if byte == UInt8(ascii: ">") { level -= 1 }
    }
    return nil
  }
}
