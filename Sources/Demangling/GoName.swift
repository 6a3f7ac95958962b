/// Symbols of the gccgo compiler as gdb reads them.
enum GoName {
  /// `go.PACKAGE.NAME` → `PACKAGE.NAME` (the last two components), likewise behind `libgo_`. `main.main` is a
  /// Go name as it stands. Nil for all others, among them every symbol of the gc compiler: `runtime.goexit`
  /// falls to `AdaName`.
  static func decode(_ symbol: String) -> String? {
    if symbol == "main.main" { return symbol }
    guard symbol.hasPrefix("go.") || symbol.hasPrefix("libgo_") else { return nil }
    let parts = symbol.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 3, let name = parts.last, !name.isEmpty else { return nil }
    let package = parts[parts.count - 2]
    return package.isEmpty ? nil : "\(package).\(name)"
  }
}
