internal import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel

/// Text and arrays that a language's runtime holds as pointer and length.
extension ValuePrinter {
  /// Prints a structure that the language has a spelling of its own for; `false`, with nothing written, for others.
  func printRuntimeObject(
    _ view: ValueView, _ plain: ValueType, level: Int, state: inout State, into output: inout TextBuffer
  ) throws(EvaluationError) -> Bool {
    switch language {
    case .go: return printGoString(view, plain, into: &output)
    case .d: return try printDynamicArray(view, plain, level: level, state: &state, into: &output)
    default: return false
    }
  }

  /// Go's `string`: `0xADDRESS "TEXT"`, whatever the format letter. gdb takes the length for an int, and where that
  /// is negative says so with the address in the length's place.
  private func printGoString(_ view: ValueView, _ plain: ValueType, into output: inout TextBuffer) -> Bool {
    guard plain.name == "string", let (text, length) = parts(of: plain, "str", "len", view) else {
      return false
    }
    let count = Int32(truncatingIfNeeded: length)
    if options.showsAddresses {
      output.append(hex: text)
      output.append(byte: 0x20)
    }
    if count < 0 {
      output.append("<invalid length: " as StaticString)
      output.append(decimal: text)
      output.append(byte: 0x3e)
      return true
    }
    PointerText.append(text: text, length: UInt64(count), memory: context.memory, options, into: &output)
    return true
  }

  /// D's `T[]`: `{e0, e1}` or text, `0x0` where there is no array.
  private func printDynamicArray(
    _ view: ValueView, _ plain: ValueType, level: Int, state: inout State, into output: inout TextBuffer
  ) throws(EvaluationError) -> Bool {
    guard let (address, length) = parts(of: plain, "ptr", "length", view),
      let element = plain.layout.members.first(where: { $0.name == "ptr" })?.type.stripped.target
    else { return false }
    let array = ValueType(
      kind: .array, name: nil, size: 0, target: element, count: length, reader: plain.reader)
    do throws(EvaluationError) {
      try print(try load(array, at: address), array, level: level, state: &state, into: &output)
    } catch {
      FailureText.appendUnreadable(error, into: &output)
    }
    return true
  }

  /// The two words of a structure that has no other members; what gdb reads of a synthetic pointer is 0.
  private func parts(
    of plain: ValueType, _ pointer: String, _ length: String, _ view: ValueView
  ) -> (pointer: UInt64, length: UInt64)? {
    let members = plain.layout.members
    guard members.count == 2, plain.layout.bases.isEmpty,
      let first = members.first(where: { $0.name == pointer }), first.type.stripped.kind == .pointer,
      let second = members.first(where: { $0.name == length }), case .integer = second.type.stripped.kind,
      let count = word(second, of: view)
    else { return nil }
    if let address = word(first, of: view) { return (address, count) }
    guard case .offset(let offset) = first.place,
      view.advanced(by: offset)?.gap(in: context.wordSize) == .syntheticPointer
    else { return nil }
    return (0, count)
  }

  /// A member of the size of a pointer as a number; `nil` where it is not there.
  func word(_ member: Layout.Member, of view: ValueView) -> UInt64? {
    let size = context.wordSize
    guard case .offset(let offset) = member.place, let part = view.advanced(by: offset),
      part.gap(in: size) == .none
    else { return nil }
    return UInt64(truncatingIfNeeded: part.wide(size, order: order))
  }
}
