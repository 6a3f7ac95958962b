internal import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel

extension ValuePrinter {
  /// `{<Base> = {…}, member = value, …}`
  func printStructure(
    _ view: ValueView, _ plain: ValueType, level: Int, state: inout State,
    into output: inout TextBuffer
  ) throws(EvaluationError) {
    if plain.isIncomplete {
      output.append(language == .minimal ? "{<incomplete type>}" : "<incomplete type>" as StaticString)
      return
    }
    if language == .rust {
      return try printRust(view, plain, level: level, state: &state, into: &output)
    }
    if try printRuntimeObject(view, plain, level: level, state: &state, into: &output) { return }
    guard level < options.maximumLevel,
      plain.kind != .union || options.showsUnions || level <= options.firstLevel
    else {
      output.append("{...}" as StaticString)
      return
    }
    let isFortran = language == .fortran
    output.append(isFortran ? "( " : "{" as StaticString)
    try printFields(view, plain, level: level, state: &state, into: &output)
    output.append(isFortran ? " )" : "}" as StaticString)
  }

  /// A line of a `print pretty` value: two blanks a level.
  func newLine(_ level: Int, _ state: State, into output: inout TextBuffer) {
    output.append(byte: 0x0a)
    for _ in 0..<max(0, level + state.extraIndent) { output.append("  " as StaticString) }
  }

  private func printFields(
    _ view: ValueView, _ plain: ValueType, level: Int, state: inout State, into output: inout TextBuffer
  ) throws(EvaluationError) {
    let layout = plain.layout
    var isFirst = true
    for base in layout.bases {
      let target = base.type.stripped
      if base.isVirtual, !state.virtualBases.insert(ObjectIdentifier(target)).inserted { continue }
      if !isFirst { output.append(", " as StaticString) }
      isFirst = false
      if options.isPretty { newLine(level + 1, state, into: &output) }
      output.append(byte: 0x3c)
      output.append(namer.canonical(name(of: target)))
      output.append("> = " as StaticString)
      guard let part = try part(base, of: view) else {
        output.append("<invalid address>" as StaticString)
        continue
      }
      if usesLibraryPrinters, let object = libraryObject(part, base.type, into: &output) {
        try print(object, level: level + 1, state: &state, into: &output)
        continue
      }
      guard level + 1 < options.maximumLevel, state.budget > 0 else {
        output.append("{...}" as StaticString)
        continue
      }
      state.budget -= 1
      output.append(byte: 0x7b)
      try printFields(part, target, level: level + 1, state: &state, into: &output)
      output.append(byte: 0x7d)
    }
    if layout.members.isEmpty {
      if !isFirst { output.append(", " as StaticString) }
      output.append("<No data fields>" as StaticString)
      return
    }
    let hasBases = !layout.bases.isEmpty
    if hasBases, options.isPretty {
      if !isFirst { output.append(", " as StaticString) }
      newLine(level + 1, state, into: &output)
      output.append("members of " as StaticString)
      output.append(namer.canonical(name(of: plain)))
      output.append(byte: 0x3a)
      isFirst = true
    }
    for member in layout.members {
      guard state.budget > 0 else { return }
      if case .statically = member.place, !options.showsStaticMembers { continue }
      if !isFirst { output.append(options.isPretty ? "," : ", " as StaticString) }
      isFirst = false
      if options.isPretty { newLine(level + 1, state, into: &output) }
      if case .statically = member.place {
        try printStatic(member, level: level, state: &state, into: &output)
        continue
      }
      if let name = member.name, !name.isEmpty {
        output.append(name)
        output.append(" = " as StaticString)
        try printMember(member, of: view, level: level + 1, state: &state, into: &output)
      } else {
        // What has no name is no deeper, but stands further in.
        state.extraIndent += 1
        try printMember(member, of: view, level: level, state: &state, into: &output)
        state.extraIndent -= 1
      }
    }
    if options.isPretty { newLine(level, state, into: &output) }
  }

  private func name(of type: ValueType) -> String {
    type.entry.map { QualifiedName.text(of: $0) } ?? type.name ?? ""
  }

  func printMember(
    _ member: Layout.Member, of view: ValueView, level: Int, state: inout State,
    into output: inout TextBuffer
  ) throws(EvaluationError) {
    if options.format != 0 || !options.showsSymbols, member.name?.hasPrefix("_vptr") == true {
      var plainly = self
      plainly.options.format = 0
      plainly.options.showsSymbols = true
      return try plainly.printMember(member, of: view, level: level, state: &state, into: &output)
    }
    if let bits = member.bits {
      try printBitField(bits, member.type, of: view, into: &output)
    } else if let part = try part(member, of: view) {
      try print(part, member.type, level: level, state: &state, into: &output)
    } else {
      append(.optimizedOut, into: &output)
    }
  }

  /// The bytes of a member or base; virtual bases are found by their expression and read anew.
  private func part(_ member: Layout.Member, of view: ValueView) throws(EvaluationError) -> ValueView? {
    switch member.place {
    case .offset(let offset): return view.advanced(by: offset)
    case .statically: return nil
    case .expression(let operations):
      guard let object = view.address else { return nil }
      let address: UInt64
      do throws(EvaluationError) {
        address = try ExpressionMachine.number(operations, initial: [object], in: context, object: object)
      } catch {
        return nil
      }
      let inside = address &- object
      if inside <= UInt64(view.available), let part = view.advanced(by: inside),
        member.type.stripped.byteCount <= UInt64(part.available)
      {
        return part
      }
      let size = member.type.stripped.byteCount
      let value = try ValueFetcher.load(at: address, size: size, in: context.memory)
      return ValueView(bytes: value.bytes(size: Int(clamping: size), order: order) ?? [], address: address)
    }
  }

  private func printBitField(
    _ bits: (size: UInt64, offset: UInt64), _ type: ValueType, of view: ValueView,
    into output: inout TextBuffer
  ) throws(EvaluationError) {
    let plain = type.stripped
    guard bits.size <= 64, bits.size > 0, let part = view.advanced(by: bits.offset / 8) else {
      append(.optimizedOut, into: &output)
      return
    }
    let shift = bits.offset % 8
    let bytes = Int((shift + bits.size + 7) / 8)
    guard bytes <= part.available else {
      append(.optimizedOut, into: &output)
      return
    }
    let gap = part.gap(bits: Int(shift)..<Int(shift + bits.size))
    guard gap == .none else {
      append(gap, into: &output)
      return
    }
    let field = UInt64(truncatingIfNeeded: part.wide(bytes, order: order) >> UInt128(shift))
    let unused = 64 - bits.size
    var number = (field << unused) >> unused
    switch plain.kind {
    case .integer(isSigned: true), .character(isSigned: true):
      number = UInt64(bitPattern: (Int64(bitPattern: number) << Int64(unused)) >> Int64(unused))
    case .enumeration where plain.enumeration.isSigned:
      number = UInt64(bitPattern: (Int64(bitPattern: number) << Int64(unused)) >> Int64(unused))
    default: break
    }
    try print(number: number, type, plain, into: &output)
  }

  /// `static NAME = VALUE`: by the member's own constant, or by the symbol that defines it.
  private func printStatic(
    _ member: Layout.Member, level: Int, state: inout State, into output: inout TextBuffer
  ) throws(EvaluationError) {
    output.append("static " as StaticString)
    output.append(member.name ?? "")
    output.append(" = " as StaticString)
    let size = member.type.stripped.byteCount
    guard let entry = member.entry else {
      append(.optimizedOut, into: &output)
      return
    }
    if let constant = entry.signed(Attribute.constValue) {
      let value = FetchedValue(number: UInt64(bitPattern: constant), size: Int(clamping: size))
      return try print(value, member.type, into: &output)
    }
    if let bytes = entry.block(Attribute.constValue), UInt64(bytes.count) == size {
      return try print(FetchedValue(.bytes(bytes)), member.type, into: &output)
    }
    // clang's artificial `_vtable$` has an offset in place of an address; gdb does not find it.
    guard !member.isArtificial, let address = staticAddress(entry, member.type.reader) else {
      append(.optimizedOut, into: &output)
      return
    }
    let plain = member.type.stripped
    let isNew =
      switch plain.kind {
      case .array: state.staticArrays.insert(ObjectIdentifier(plain)).inserted
      case .structure, .union: state.statics.insert(address).inserted
      default: true
      }
    guard isNew else {
      output.append("<same as static member of an already seen type>" as StaticString)
      return
    }
    let value = try ValueFetcher.load(at: address, size: size, in: context.memory)
    let view = ValueView(bytes: value.bytes(size: Int(clamping: size), order: order) ?? [], address: address)
    if plain.kind == .structure || plain.kind == .union {
      // Not a new object for the purpose of what has been shown: `print` would forget it.
      try printStructure(view, plain, level: level + 1, state: &state, into: &output)
    } else {
      try print(view, member.type, level: level + 1, state: &state, into: &output)
    }
  }

  /// Where a static member is: by the entry that defines it in the same unit, else by its symbol.
  private func staticAddress(_ member: DebugEntry, _ reader: TypeReader) -> UInt64? {
    if let definition = reader.definition(ofStatic: member),
      case .expression(let operations) = definition.location(Attribute.location, at: filePC),
      let location = try? ExpressionMachine.location(operations, in: context),
      case .memory(let address) = location
    {
      return address
    }
    return namer.address(ofVariable: member.linkageName ?? QualifiedName.text(of: member))
  }
}
