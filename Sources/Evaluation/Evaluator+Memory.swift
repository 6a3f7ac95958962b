internal import Backtraces
package import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel
internal import Symbols
package import Values

extension Evaluator {
  /// The address that `x` starts at: where a value in memory is, or what a number or pointer says.
  package func examinedAddress(_ text: String) throws(EvaluationFailure) -> UInt64 {
    let value = try unreferenced(try evaluate(text))
    return try number(ofAddress: value)
  }

  /// `0x… <symbol+offset>:`
  package func appendLabel(_ address: UInt64, into output: inout TextBuffer) {
    appendAddress(address, into: &output)
    output.append(":")
  }

  /// `0x… <symbol+offset>`, with the symbol as the file spells it.
  package func appendAddress(_ address: UInt64, into output: inout TextBuffer) {
    output.append(hex: address)
    guard let found = rawSymbol(at: address) else { return }
    output.append(" <")
    output.append(bytes: Escaping.inert(Array(found.name.utf8)))
    if found.offset != 0 { output.append(distance: Int64(bitPattern: found.offset)) }
    output.append(">")
  }

  /// The symbol for an address, mangled unless `print asm-demangle` is on.
  package func rawSymbol(at address: UInt64) -> (name: String, offset: UInt64)? {
    guard let names = workspace.process?.symbolTexts else { return nil }
    if workspace.process?.settings.options.demanglesAssembler == true { return names.name(at: address) }
    return names.linkageName(at: address)
  }

  /// One item of `x`.
  package func appendItem(
    at address: UInt64, size: Int, letter: UInt8, into output: inout TextBuffer
  ) throws(EvaluationFailure) {
    let bytes: [UInt8]
    do throws(MemoryError) {
      bytes = try memory.read(at: address & context.addressMask, count: size)
    } catch {
      throw EvaluationFailure(.memory(error))
    }
    if letter == UInt8(ascii: "a") {
      return appendAddress(UInt64(truncatingIfNeeded: FormatText.wide(bytes[...], order)), into: &output)
    }
    let isFloat = letter == UInt8(ascii: "f")
    let type =
      isFloat && size == 4
      ? maker.named("float") : isFloat && size == 8 ? maker.named("double") : integer(size)
    _ = FormatText.append(
      bytes[...], order: order, type: type, letter: letter,
      padding: letter == UInt8(ascii: "o") ? .none : .full, namer: NoSymbols(), into: &output)
  }

  private func integer(_ size: Int) -> ValueType {
    maker.named(size == 1 ? "int8_t" : size == 2 ? "int16_t" : size == 4 ? "int32_t" : "int64_t")
  }

  private func character(_ unit: Int) -> ValueType {
    maker.named(unit == 2 ? "char16_t" : unit == 4 ? "char32_t" : "char")
  }

  /// A string of `x/s`; the result is how many bytes it takes, with its NUL.
  package func appendString(
    at address: UInt64, unit: Int, options: PrintOptions, into output: inout TextBuffer
  ) throws(EvaluationFailure) -> UInt64 {
    let pointer = maker.pointer(to: character(unit))
    var plain = options
    plain.format = 0
    plain.showsAddresses = false
    plain.showsSymbols = false
    var text = TextBuffer()
    do throws(EvaluationError) {
      try ValueText.append(
        FetchedValue(.number(address)), pointer, options: plain, language: .c, filePC: 0, in: context,
        namer: NoSymbols(), into: &text)
    } catch {
      throw EvaluationFailure(error)
    }
    if address == 0 {
      output.append("<error: Cannot access memory at address 0x0>")
      return UInt64(unit)
    }
    output.append(text)
    // What was shown, and the NUL behind it unless the limit came first.
    let limit = min(options.elements ?? 1 << 24, 1 << 24)
    var length = 0
    while length < limit {
      let next = memory.readAvailable(at: address &+ UInt64(length * unit), count: unit)
      guard next.count == unit else { return UInt64(max(1, length) * unit) }
      if next.allSatisfy({ $0 == 0 }) { return UInt64((length + 1) * unit) }
      length += 1
    }
    return UInt64(length * unit)
  }

  /// `$_` and `$__`: the address that `x` showed last, and what is there.
  package func remember(_ address: UInt64, size: Int, letter: UInt8, unit: Int) {
    let type: ValueType
    if letter == UInt8(ascii: "s") {
      type = character(unit)
    } else if letter == UInt8(ascii: "f"), size >= 4 {
      type = maker.named(size == 4 ? "float" : "double")
    } else if letter == UInt8(ascii: "a") {
      type = maker.long
    } else {
      type = integer(size)
    }
    workspace.convenience["_"] = Value(maker.pointer(to: type), number: address)
    workspace.convenience["__"] = letter == UInt8(ascii: "s") ? nil : Value(type, at: address)
  }
}
