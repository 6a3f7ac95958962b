/// The names of libstdc++'s types as its printers shorten them: default template arguments left out,
/// `std::string` for what it stands for.
enum LibraryTypeNames {
  private static let strings = [
    "char": "string", "wchar_t": "wstring", "char16_t": "u16string", "char32_t": "u32string",
    "char8_t": "u8string",
  ]

  static func shortened(_ name: String, isActive: Bool) -> String {
    guard isActive, name.contains("std::"), name.utf8.count < 65536 else { return name }
    return rewrite(name, depth: 0)
  }

  /// Whether a class itself is called by a shorter name, whatever its arguments are called.
  static func isShortened(_ name: String) -> Bool {
    guard name.hasPrefix("std::"), name.hasSuffix(">"), name.utf8.count < 65536,
      let open = name.firstIndex(of: "<"),
      let arguments = split(name[name.index(after: open)..<name.index(before: name.endIndex)])
    else { return false }
    let short = arguments.map { rewrite($0, depth: 1) }
    return shortened(String(name[..<open]), short) != whole(String(name[..<open]), short)
  }

  /// A template's name with those of its arguments, and of theirs, that have another one.
  static func replacingArguments(of name: String, by others: [String: String], depth: Int = 0) -> String {
    guard depth < 32, name.hasSuffix(">"), name.utf8.count < 65536, let open = name.firstIndex(of: "<"),
      let arguments = split(name[name.index(after: open)..<name.index(before: name.endIndex)])
    else { return name }
    let replaced = arguments.map { others[$0] ?? replacingArguments(of: $0, by: others, depth: depth + 1) }
    return replaced == arguments ? name : whole(String(name[..<open]), replaced)
  }

  private static func whole(_ head: String, _ arguments: [String]) -> String {
    let last = arguments.last ?? ""
    return head + "<" + arguments.joined(separator: ", ") + (last.hasSuffix(">") ? " >" : ">")
  }

  /// A name with the templates in it shortened, arguments first.
  private static func rewrite(_ name: String, depth: Int) -> String {
    guard depth < 32, let open = name.firstIndex(of: "<") else { return name }
    // What stands behind the arguments, such as ` const` or `*`.
    if !name.hasSuffix(">"), let last = name.lastIndex(of: ">") {
      let after = name.index(after: last)
      return rewrite(String(name[..<after]), depth: depth + 1) + name[after...]
    }
    let head = String(name[..<open])
    guard let arguments = split(name[name.index(after: open)..<name.index(before: name.endIndex)]) else {
      return name
    }
    let short = arguments.map { rewrite($0, depth: depth + 1) }
    return shortened(head, short)
  }

  /// The arguments at the top level; `nil` where brackets do not match.
  private static func split(_ text: Substring) -> [String]? {
    var result: [String] = []
    var current = ""
    var depth = 0
    for character in text {
      switch character {
      case "<", "(": depth += 1
      case ">", ")":
        depth -= 1
        if depth < 0 { return nil }
      case "," where depth == 0:
        result.append(current.trimmed)
        current = ""
        continue
      default: break
      }
      current.append(character)
    }
    if depth != 0 { return nil }
    result.append(current.trimmed)
    return result
  }

  private static func shortened(_ head: String, _ arguments: [String]) -> String {
    let plain = head.replacing("std::__cxx11::", with: "std::").replacing("std::__debug::", with: "std::")
    let first = arguments.first ?? ""
    func keeps(_ count: Int, ifRest rest: [String]) -> String? {
      guard arguments.count >= count, Array(arguments.dropFirst(count)) == rest else { return nil }
      return plain + "<" + arguments.prefix(count).joined(separator: ", ") + ">"
    }
    // Two brackets that close one after the other stand apart.
    func of(_ template: String, _ type: String) -> String {
      "std::" + template + "<" + type + (type.hasSuffix(">") ? " >" : ">")
    }
    func allocator(_ type: String) -> String { of("allocator", type) }
    let second = arguments.count > 1 ? arguments[1] : ""
    let pair = allocator("std::pair<\(first.constant), \(second)>")
    var short: String?
    switch plain {
    case "std::basic_string":
      if let name = strings[first],
        arguments.count == 1 || arguments[1...] == [of("char_traits", first), allocator(first)]
      {
        return "std::" + name
      }
    case "std::basic_string_view":
      if let name = strings[first] { return "std::" + name + "_view" }
    case "std::vector", "std::list", "std::deque", "std::forward_list":
      short = keeps(1, ifRest: [allocator(first)])
    case "std::set", "std::multiset":
      short = keeps(1, ifRest: [of("less", first), allocator(first)])
    case "std::map", "std::multimap": short = keeps(2, ifRest: [of("less", first), pair])
    case "std::unordered_set", "std::unordered_multiset":
      short = keeps(1, ifRest: [of("hash", first), of("equal_to", first), allocator(first)])
    case "std::unordered_map", "std::unordered_multimap":
      short = keeps(2, ifRest: [of("hash", first), of("equal_to", first), pair])
    case "std::unique_ptr": short = keeps(1, ifRest: [of("default_delete", first)])
    case "std::stack", "std::queue": short = keeps(1, ifRest: [of("deque", first)])
    case "std::priority_queue": short = keeps(1, ifRest: [of("vector", first), of("less", first)])
    default: break
    }
    return short ?? whole(head, arguments)
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  /// The type with `const` where gdb's spelling has it.
  fileprivate var constant: String { hasSuffix("*") ? self + " const" : self + " const" }
}
