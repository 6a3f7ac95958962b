internal import Elfutils
internal import Values

/// Rust's types in full, as `ptype` shows them: structs, tuples, and enums with what their cases hold.
struct RustTypeText {
  let names: TypeText

  func text(_ type: ValueType) -> String {
    guard type.kind == .structure || type.kind == .union else {
      return type.kind == .enumeration ? enumeration(type) : names.text(type)
    }
    let name = names.text(type)
    if name.hasPrefix("(") { return name }
    let layout = type.layout
    if !layout.variants.isEmpty { return "enum " + name + " {\n" + variants(layout) + "}" }
    let keyword = type.kind == .union ? "union " : "struct "
    let members = layout.members
    if members.isEmpty { return keyword + name }
    let isTuple = members[0].name == "__0"
    var text = keyword + name + (isTuple ? " (\n" : " {\n")
    for member in members {
      text += "  " + (isTuple ? "" : (member.name ?? "") + ": ") + names.text(member.type) + ",\n"
    }
    return text + (isTuple ? ")" : "}")
  }

  /// One line a case: `Circle(f64),`, `Rect{w: i32, h: i32},`, `Unit,`.
  private func variants(_ layout: Layout) -> String {
    var text = ""
    for variant in layout.variants {
      guard let holder = variant.members.first else { continue }
      let members = holder.type.stripped.layout.members
      text += "  " + (holder.name ?? "")
      if let first = members.first {
        let isTuple = first.name == "__0"
        let list = members.map { (isTuple ? "" : ($0.name ?? "") + ": ") + names.text($0.type) }
        text += (isTuple ? "(" : "{") + list.joined(separator: ", ") + (isTuple ? ")" : "}")
      }
      text += ",\n"
    }
    return text
  }

  private func enumeration(_ type: ValueType) -> String {
    var text = "enum " + names.text(type) + " {\n"
    for enumerator in type.enumeration.enumerators {
      let name = NameSearch.parts(of: enumerator.name).last ?? enumerator.name
      text += "  " + name + ",\n"
    }
    return text + "}"
  }
}
