internal import Elfutils

// Names of types inside the texts of printers.
extension ValuePrinter {
  /// The type as gdb spells it.
  func typeName(_ type: ValueType) -> String {
    TypeDeclaration(namer: namer).text(of: type)
  }

  /// The name with the library's own shorthands: `std::string`, and no arguments that are the default.
  func shortName(_ type: ValueType) -> String {
    LibraryTypeName.shortened(typeName(type)) { name in
      type.stripped.entry.map { type.reader.hasTypedef(inStandard: name, near: $0) } ?? false
    }
  }
}

/// Template names without the arguments that everyone leaves away.
package enum LibraryTypeName {
  private static let strings = [
    "char": "string", "wchar_t": "wstring", "char16_t": "u16string", "char32_t": "u32string",
    "char8_t": "u8string",
  ]
  private static let maximumDepth = 32

  /// A name as it is, or shortened if it is one of the library's containers with its default arguments.
  ///
  /// Strings have another name only where the file has that name too: `isKnown` says so.
  package static func shortened(_ name: String, depth: Int = 0, _ isKnown: (String) -> Bool) -> String {
    guard depth < maximumDepth, name.hasSuffix(">"), let open = name.firstIndex(of: "<") else { return name }
    let head = String(name[..<open])
    let arguments = split(name[name.index(after: open)..<name.index(before: name.endIndex)])
    guard let first = arguments.first else { return name }
    // What an argument points to is looked at, but not behind a const, which is spelled in front.
    func inner(_ argument: String) -> String {
      let stars = argument.reversed().prefix { $0 == "*" }.count
      let target = String(argument.dropLast(stars))
      let plain =
        target.hasSuffix(" const")
        ? "const " + target.dropLast(" const".count) : shortened(target, depth: depth + 1, isKnown)
      return plain + String(repeating: "*", count: stars)
    }
    func allocator(_ argument: String) -> Bool {
      arguments.last.map { same($0, "std::allocator<" + argument + ">") } ?? false
    }
    let plain = head.replacing("std::__cxx11::", with: "std::")
    switch plain {
    case "std::basic_string":
      guard arguments.count == 3, let short = strings[first],
        same(arguments[1], "std::char_traits<" + first + ">"), allocator(first), isKnown(short)
      else { return name }
      return "std::" + short
    case "std::basic_string_view":
      guard arguments.count == 2, let short = strings[first],
        same(arguments[1], "std::char_traits<" + first + ">"), isKnown(short + "_view")
      else { return name }
      return "std::" + short + "_view"
    case "std::vector", "std::deque", "std::list", "std::forward_list":
      guard arguments.count == 2, allocator(first) else { return name }
      return plain + "<" + inner(first) + ">"
    case "std::set", "std::multiset":
      guard arguments.count == 3, same(arguments[1], "std::less<" + first + ">"), allocator(first) else {
        return name
      }
      return plain + "<" + inner(first) + ">"
    case "std::map", "std::multimap":
      guard arguments.count == 4, same(arguments[2], "std::less<" + first + ">"),
        allocator("std::pair<" + first + " const, " + arguments[1] + ">")
      else { return name }
      return plain + "<" + inner(first) + ", " + inner(arguments[1]) + ">"
    case "std::unordered_set", "std::unordered_multiset":
      guard arguments.count == 4, same(arguments[1], "std::hash<" + first + ">"),
        same(arguments[2], "std::equal_to<" + first + ">"), allocator(first)
      else { return name }
      return plain + "<" + inner(first) + ">"
    case "std::unordered_map", "std::unordered_multimap":
      guard arguments.count == 5, same(arguments[2], "std::hash<" + first + ">"),
        same(arguments[3], "std::equal_to<" + first + ">"),
        allocator("std::pair<" + first + " const, " + arguments[1] + ">")
      else { return name }
      return plain + "<" + inner(first) + ", " + inner(arguments[1]) + ">"
    case "std::unique_ptr":
      guard arguments.count == 2, same(arguments[1], "std::default_delete<" + first + ">") else {
        return name
      }
      return plain + "<" + inner(first) + ">"
    default: return name
    }
  }

  private static func same(_ one: String, _ two: String) -> Bool {
    one == two || one.filter { $0 != " " } == two.filter { $0 != " " }
  }

  /// The arguments between a template's brackets.
  package static func split(_ text: Substring) -> [String] {
    var result: [String] = []
    var depth = 0
    var current = ""
    for character in text {
      switch character {
      case "<", "(", "[": depth += 1
      case ">", ")", "]": depth -= 1
      case "," where depth == 0:
        result.append(trimmed(current))
        current = ""
        continue
      default: break
      }
      current.append(character)
    }
    result.append(trimmed(current))
    return result
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
