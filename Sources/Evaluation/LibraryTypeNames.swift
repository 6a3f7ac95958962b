internal import Values

/// The names that libstdc++'s scripts give to types (`whatis` says `std::vector<int>`), by experiment.
///
/// A type of the library is shown without the arguments that it has by default (`LibraryTypeName`). In the name of any
/// other type the arguments are looked at, each in this way.
struct LibraryTypeNames {
  /// Whether a `std::` typedef of a name is in the debug information: without `std::string` nothing is called so.
  let hasTypedef: (String) -> Bool

  private static let maximumDepth = 32
  private static let maximumLength = 65536

  /// The name as `whatis` shows it.
  func shortened(_ name: String) -> String {
    guard name.contains("std::"), name.utf8.count < Self.maximumLength else { return name }
    return rewritten(name, 0)
  }

  /// Whether the scripts have another name for the type.
  func isRecognized(_ name: String) -> Bool {
    name.hasPrefix("std::") && name.utf8.count < Self.maximumLength
      && LibraryTypeName.shortened(name, hasTypedef) != name
  }

  private func rewritten(_ name: String, _ depth: Int) -> String {
    let known = LibraryTypeName.shortened(name, hasTypedef)
    guard known == name, depth < Self.maximumDepth else { return known }
    return TemplateArguments.replaced(in: name) { rewritten($0, depth + 1) }
  }
}
