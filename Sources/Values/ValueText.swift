package import Bytes
package import Elfutils
package import Expressions

/// Values of expressions as text: what `print` shows behind `$1 = `, without the type in front.
package enum ValueText {
  /// `filePC` is the lookup address, in the terms of the file whose types are printed.
  package static func append(
    _ value: FetchedValue, _ type: ValueType, options: PrintOptions, language: Language, filePC: UInt64,
    in context: some ExpressionContext, namer: some SymbolNamer, into output: inout TextBuffer
  ) throws(EvaluationError) {
    let printer = ValuePrinter(
      context: context, namer: namer, language: language, filePC: filePC, options: options)
    try printer.print(value, type, into: &output)
  }

  /// Whether a reference's value is left to a printer of libstdc++.
  package static func isShownByLibrary(
    _ type: ValueType, options: PrintOptions, namer: some SymbolNamer
  ) -> Bool {
    let plain = type.stripped
    return namer.hasLibraryPrinters && !options.isRaw && plain.isLibraryReference
      && plain.target?.stripped.library != nil
  }

  /// ` <name+offset>`, where a symbol is near.
  package static func appendSymbol(
    _ address: UInt64, namer: some SymbolNamer, separator: Bool = true, into output: inout TextBuffer
  ) {
    PointerText.appendSymbol(address, namer, separator: separator, into: &output)
  }
}
