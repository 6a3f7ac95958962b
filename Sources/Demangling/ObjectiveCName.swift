/// Methods in the GNU Objective-C runtime's mangling.
enum ObjectiveCName {
  /// `_i_Foo_Cat_bar_` → `-[Foo(Cat) bar:]`, `_c_Foo__alloc` → `+[Foo alloc]`.
  static func decode(_ symbol: String) -> String? {
    guard symbol.hasPrefix("_i_") || symbol.hasPrefix("_c_") else { return nil }
    let underscore = UInt8(ascii: "_")
    let text = symbol.utf8.dropFirst(3)
    // A class may begin with underscores itself.
    guard let initial = text.firstIndex(where: { $0 != underscore }),
      let classEnd = text[initial...].firstIndex(of: underscore)
    else { return nil }
    let rest = text[text.index(after: classEnd)...]
    guard let categoryEnd = rest.firstIndex(of: underscore) else { return nil }
    let category = rest[..<categoryEnd]
    let method = rest[rest.index(after: categoryEnd)...]
    let body = method.drop { $0 == underscore }
    let selector =
      String(repeating: "_", count: method.count - body.count)
      + String(decoding: body.map { $0 == underscore ? UInt8(ascii: ":") : $0 }, as: UTF8.self)
    let owner = String(decoding: text[..<classEnd], as: UTF8.self)
    let kind = symbol.hasPrefix("_i_") ? "-" : "+"
    let label = category.isEmpty ? "" : "(\(String(decoding: category, as: UTF8.self)))"
    return "\(kind)[\(owner)\(label) \(selector)]"
  }
}
