internal import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel

extension ValuePrinter {
  /// Bases of bases are followed so far.
  private static var maximumBaseDepth: Int { 20 }

  // MARK: References

  func appendReference(_ address: UInt64, into output: inout TextBuffer) {
    guard options.showsAddresses else { return }
    output.append(byte: 0x40)
    output.append(hex: address)
  }

  /// `@0x…: `, what stands before a reference's target.
  func appendReferenceHead(_ address: UInt64, into output: inout TextBuffer) {
    guard options.showsAddresses else { return }
    appendReference(address, into: &output)
    output.append(": " as StaticString)
  }

  /// `@0x…: VALUE`; a target that cannot be read leaves only the error.
  func printReference(
    _ address: UInt64, _ plain: ValueType, level: Int, state: inout State, into output: inout TextBuffer
  ) throws(EvaluationError) {
    guard let target = plain.target else {
      appendReference(address, into: &output)
      return
    }
    if target.stripped.kind == .function {
      appendReference(address, into: &output)
      output.append(": {" as StaticString)
      output.append(TypeDeclaration(namer: namer).text(of: target.stripped))
      output.append("} " as StaticString)
      output.append(hex: address)
      PointerText.appendSymbol(address, namer, into: &output)
      return
    }
    let start = output.count
    do throws(EvaluationError) {
      let view = try load(target.stripped, at: address)
      appendReferenceHead(address, into: &output)
      // A reference to a reference does not exist; a hostile one is shown as an address.
      try print(view, target, level: level, state: &state, into: &output)
    } catch {
      output.truncate(to: start)
      FailureText.appendUnreadable(error, into: &output)
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
    if let owner = containingType(plain), let name = owner.memberName(at: number) {
      output.append(byte: 0x26)
      output.append(namer.canonical(name))
      return
    }
    output.append(decimal: offset)
  }

  private func containingType(_ plain: ValueType) -> ValueType? {
    plain.entry?.reference(Attribute.containingType).map { plain.reader.type($0).stripped }
  }

  /// Itanium C++ ABI 2.3: an address, or 1 plus the offset in the vtable; then the adjustment of `this`.
  func printMemberFunction(
    _ view: ValueView, _ plain: ValueType, into output: inout TextBuffer
  ) throws(EvaluationError) {
    let word = context.wordSize
    let pointer = UInt64(truncatingIfNeeded: view.wide(word, order: order))
    let adjustment =
      view.advanced(by: UInt64(word)).map { UInt64(truncatingIfNeeded: $0.wide(word, order: order)) } ?? 0
    if pointer == 0 {
      output.append("NULL" as StaticString)
      return
    }
    if pointer & 1 == 1 {
      output.append("&virtual " as StaticString)
      let owner = containingType(plain)
      if let name = owner.flatMap({
        virtualFunction(slot: pointer / UInt64(word), of: $0, adjustment, depth: 0)
      }) {
        output.append(name)
      } else {
        output.append("table offset " as StaticString)
        output.append(decimal: Int64(bitPattern: pointer & ~1))
      }
    } else {
      output.append(byte: 0x28)
      output.append(TypeDeclaration(namer: namer).text(of: plain))
      output.append(") " as StaticString)
      if options.showsAddresses { output.append(hex: pointer) }
      PointerText.appendSymbol(pointer, namer, separator: options.showsAddresses, into: &output)
    }
    if adjustment != 0 {
      output.append(", this adjustment " as StaticString)
      output.append(decimal: Int64(bitPattern: adjustment))
    }
  }

  /// The function at a place of a class's vtable; of the base that the adjustment leads to, if there is one.
  private func virtualFunction(slot: UInt64, of owner: ValueType, _ adjustment: UInt64, depth: Int) -> String?
  {
    guard depth < Self.maximumBaseDepth else { return nil }
    if adjustment == 0, let name = virtualFunction(slot: slot, of: owner) { return name }
    for base in owner.layout.bases {
      let target = base.type.stripped
      guard case .offset(let start) = base.place, start <= adjustment, adjustment - start < target.byteCount
      else { continue }
      if let found = virtualFunction(slot: slot, of: target, adjustment - start, depth: depth + 1) {
        return found
      }
    }
    return nil
  }

  private func virtualFunction(slot: UInt64, of owner: ValueType) -> String? {
    guard let owner = owner.entry else { return nil }
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

extension ValueType {
  /// The qualified name of the member at an offset of a class, also of a base's; `nil` where none begins there.
  package func memberName(at offset: UInt64) -> String? { memberName(at: offset, depth: 0) }

  private func memberName(at offset: UInt64, depth: Int) -> String? {
    // Bases that contain themselves are damage.
    guard depth < 20 else { return nil }
    for member in layout.members {
      guard case .offset(offset) = member.place, let name = member.name else { continue }
      return (entry.map { QualifiedName.text(of: $0) + "::" } ?? "") + name
    }
    for base in layout.bases {
      let target = base.type.stripped
      guard case .offset(let start) = base.place, start <= offset, offset - start < target.byteCount else {
        continue
      }
      if let found = target.memberName(at: offset - start, depth: depth + 1) { return found }
    }
    return nil
  }
}
