package import Bytes
package import Expressions
internal import ProcessModel

/// What a reference refers to is told apart from its address: call sites describe both.
extension Parameter {
  /// The type that a reference refers to; `nil` for other types.
  package var referentType: ValueType? {
    let plain = type.stripped
    return plain.kind == .reference ? plain.target : nil
  }

  /// What is where a reference refers to; reasons for its absence are part of it.
  package func referent(
    of value: FetchedValue, _ target: ValueType, in context: some ExpressionContext
  ) -> FetchedValue {
    guard case .number(let address) = value.content else { return FetchedValue(.optimizedOut) }
    do throws(EvaluationError) {
      return try ValueFetcher.load(at: address, size: target.stripped.byteCount, in: context.memory)
    } catch {
      return ValueFetcher.failure(error)
    }
  }

  /// `@0x…: VALUE`, with a value that is not read from there.
  package func printReference(
    _ address: UInt64, to referent: FetchedValue, _ target: ValueType, in context: some ExpressionContext,
    namer: some SymbolNamer, options: PrintOptions, into output: inout TextBuffer
  ) {
    let printer = ValuePrinter(
      context: context, namer: namer, language: language, filePC: filePC, options: options)
    printer.appendReferenceHead(address, into: &output)
    do throws(EvaluationError) {
      try printer.print(referent, target, into: &output)
    } catch {
      FailureText.appendUnreadable(error, into: &output)
    }
  }
}
