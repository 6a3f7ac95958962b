internal import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel

extension ValuePrinter {
  /// gdb's `print elements`: characters fetched behind a pointer.
  static var maximumCharacters: Int { 200 }

  /// `0x…`, ` <SYM+OFF>` where a symbol is near, and the text behind a pointer to characters.
  func printPointer(_ address: UInt64, _ plain: ValueType, into output: inout TextBuffer) {
    output.append(hex: address)
    guard address != 0 else { return }
    appendSymbol(address, into: &output)
    guard let target = plain.target else { return }
    if language == .rust {
      appendByteString(address, target.stripped, into: &output)
    } else if let text = target.text {
      output.append(byte: 0x20)
      appendString(at: address, text, into: &output)
    }
  }

  /// ` <name+offset>`
  func appendSymbol(_ address: UInt64, into output: inout TextBuffer) {
    guard let symbol = namer.name(at: address) else { return }
    output.append(" <" as StaticString)
    output.append(symbol.name)
    if symbol.offset != 0 {
      output.append(byte: 0x2b)
      output.append(decimal: symbol.offset)
    }
    output.append(byte: 0x3e)
  }

  /// The characters at an address up to the first NUL, quoted, and the error that ended them.
  private func appendString(at address: UInt64, _ text: ValueType.Text, into output: inout TextBuffer) {
    let width = StringText.width(text)
    let wanted = Self.maximumCharacters * width
    let found = context.memory.readAvailable(at: address, count: wanted)
    var end = 0
    var isEnded = false
    while end + width <= found.count {
      if found[end..<(end + width)].allSatisfy({ $0 == 0 }) {
        isEnded = true
        break
      }
      end += width
    }
    let failsAt = address &+ UInt64(found.count)
    if end > 0 || isEnded {
      var hasMore = false
      if !isEnded, end == wanted {
        let next = context.memory.readAvailable(at: failsAt, count: width)
        hasMore = next.count == width && next.contains { $0 != 0 }
      }
      StringText.append(string: found[0..<end], text, order: order, hasMore: hasMore, into: &output)
    }
    if !isEnded, found.count < wanted {
      output.append("<error: Cannot access memory at address " as StaticString)
      output.append(hex: failsAt)
      output.append(byte: 0x3e)
    }
  }

  /// Rust's byte strings are pointers to arrays of u8: `0x… b"bytes"`.
  private func appendByteString(_ address: UInt64, _ array: ValueType, into output: inout TextBuffer) {
    guard array.kind == .array, let element = array.target?.stripped, element.name == "u8",
      array.dimensions.count == 1, let count = array.dimensions[0].constant,
      count <= ValueFetcher.maximumSize
    else { return }
    let found = context.memory.readAvailable(at: address, count: Int(count))
    guard found.count == Int(count) else { return }
    output.append(" b" as StaticString)
    StringText.append(array: found[...], .narrow, order: order, dropsNUL: false, into: &output)
  }

  // MARK: References

  func appendReference(_ address: UInt64, into output: inout TextBuffer) {
    output.append(byte: 0x40)
    output.append(hex: address)
  }

  /// `@0x…: VALUE`; a target that cannot be read leaves only the error.
  func printReference(_ address: UInt64, _ plain: ValueType, into output: inout TextBuffer)
    throws(EvaluationError)
  {
    guard let target = plain.target else {
      appendReference(address, into: &output)
      return
    }
    if target.stripped.kind == .function {
      appendReference(address, into: &output)
      output.append(": {" as StaticString)
      output.append(namer.canonical(TypeName.text(of: target.stripped)))
      output.append("} " as StaticString)
      output.append(hex: address)
      appendSymbol(address, into: &output)
      return
    }
    let start = output.count
    do throws(EvaluationError) {
      let value = try ValueFetcher.load(at: address, size: target.stripped.byteCount, in: context)
      appendReference(address, into: &output)
      output.append(": " as StaticString)
      // A reference to a reference does not exist; a hostile one is shown as an address.
      if target.stripped.kind == .reference, case .number(let number) = value.content {
        appendReference(number, into: &output)
      } else {
        try print(value, target, into: &output)
      }
    } catch {
      output.truncate(to: start)
      output.append("<error reading variable: " as StaticString)
      FailureText.append(error, into: &output)
      output.append(byte: 0x3e)
    }
  }

  // MARK: Pointers to members

  /// `&Class::member` by its offset; −1 is null.
  func printMemberPointer(_ number: UInt64, _ plain: ValueType, into output: inout TextBuffer) {
    let offset = Int64(bitPattern: number)
    if offset == -1 {
      output.append("NULL" as StaticString)
      return
    }
    if let owner = containingType(plain), let name = member(at: number, of: owner, depth: 0) {
      output.append(byte: 0x26)
      output.append(namer.canonical(name))
      return
    }
    output.append(decimal: offset)
  }

  /// The qualified name of the member at an offset, also of a base.
  private func member(at offset: UInt64, of owner: ValueType, depth: Int) -> String? {
    guard depth < Self.maximumLevel else { return nil }
    for member in owner.layout.members {
      guard case .offset(offset) = member.place, let name = member.name else { continue }
      return (owner.entry.map { QualifiedName.text(of: $0) + "::" } ?? "") + name
    }
    for base in owner.layout.bases {
      let target = base.type.stripped
      guard case .offset(let start) = base.place, start <= offset, offset - start < target.byteCount else {
        continue
      }
      if let found = member(at: offset - start, of: target, depth: depth + 1) { return found }
    }
    return nil
  }

  private func containingType(_ plain: ValueType) -> ValueType? {
    plain.entry?.reference(Attribute.containingType).map { plain.reader.type($0).stripped }
  }

  /// Itanium C++ ABI 2.3: an address, or 1 plus the offset in the vtable; then the adjustment of `this`.
  func printMemberFunction(
    _ view: ValueView, _ plain: ValueType, into output: inout TextBuffer
  ) throws(EvaluationError) {
    let word = context.architecture.wordSize
    let pointer = UInt64(truncatingIfNeeded: view.wide(word, order: order))
    let adjustment =
      view.advanced(by: UInt64(word)).map { UInt64(truncatingIfNeeded: $0.wide(word, order: order)) } ?? 0
    if pointer == 0 {
      output.append("NULL" as StaticString)
      return
    }
    if pointer & 1 == 1, let name = virtualFunction(slot: pointer / UInt64(word), of: plain) {
      output.append("&virtual " as StaticString)
      output.append(name)
    } else {
      output.append(byte: 0x28)
      output.append(namer.canonical(TypeName.text(of: plain)))
      output.append(") " as StaticString)
      output.append(hex: pointer)
      appendSymbol(pointer, into: &output)
    }
    if adjustment != 0 {
      output.append(", this adjustment " as StaticString)
      output.append(decimal: Int64(bitPattern: adjustment))
    }
  }

  private func virtualFunction(slot: UInt64, of plain: ValueType) -> String? {
    guard let owner = containingType(plain)?.entry else { return nil }
    for child in owner.children where child.tag == Tag.subprogram {
      guard let place = child.expression(Attribute.vtableElementLocation), place.count == 1,
        let linkage = child.linkageName
      else { continue }
      let number = place[0].code == 0x10 ? place[0].first : UInt64(place[0].code) &- 0x30
      if number == slot { return namer.demangled(linkage) ?? linkage }
    }
    return nil
  }
}
