internal import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel

extension ValuePrinter {
  /// What gdb says where it looks for the real class of a shared pointer's counts, once for each of the two, and
  /// debug information has no class by the name that the symbol of the object's table tells: clang's has another
  /// spelling of its template arguments.
  ///
  /// Warnings go to stderr, which only `thread apply` mixes with the text.
  func warnOfUnknownClass(
    _ value: LibraryValue, _ state: inout State, into output: inout TextBuffer
  ) throws(LibraryFailure) {
    guard namer.tellsExceptions else { return }
    let block = try number(value, "_M_refcount", "_M_pi")
    guard block != 0, let table = try? context.memory.readWord(at: block),
      let symbol = namer.name(at: table), symbol.name.hasPrefix(Self.tablePrefix)
    else { return }
    let name = String(symbol.name.dropFirst(Self.tablePrefix.count))
    guard let entry = value.plain.entry, !value.plain.reader.knowsClass(name, near: entry) else { return }
    for _ in 0..<2 {
      tell(line: "warning: RTTI symbol not found for class '\(name)'\n", &state, into: &output)
    }
  }

  private static var tablePrefix: String { "vtable for " }
}
