internal import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel

extension ValuePrinter {
  /// Structs, tuples, enums with data, string and slice references as Rust writes them.
  func printRust(
    _ view: ValueView, _ plain: ValueType, level: Int, state: inout State, into output: inout TextBuffer
  ) throws(EvaluationError) {
    let layout = plain.layout
    if !layout.variants.isEmpty {
      return try printVariant(view, plain, level: level, state: &state, into: &output)
    }
    let name = plain.name ?? ""
    if let slice = sliceParts(layout) {
      let isText = name == "&str"
      // gdb reads the length before it writes the type's name.
      guard let length = number(slice.length, of: view, into: &output) else { return }
      if !isText {
        if let entry = plain.entry { output.append(QualifiedName.text(of: entry)) }
        output.append(byte: 0x20)
      }
      guard let data = number(slice.data, of: view, into: &output) else { return }
      if isText {
        PointerText.append(text: data, length: length, memory: context.memory, options, into: &output)
      } else {
        try printSlice(of: slice.data.type, at: data, length, level: level, state: &state, into: &output)
      }
      return
    }
    let isTuple = name.hasPrefix("(")
    if !isTuple, let entry = plain.entry {
      output.append(QualifiedName.text(of: entry))
    }
    try printRustFields(
      view, layout.members, isTuple: isTuple, gap: !isTuple, level: level, state: &state, into: &output)
  }

  /// `(1, 2)`, `{x: 1, y: 2}`, or nothing for a unit.
  private func printRustFields(
    _ view: ValueView, _ members: [Layout.Member], isTuple: Bool, gap: Bool, level: Int, state: inout State,
    into output: inout TextBuffer
  ) throws(EvaluationError) {
    let fields = members.filter { if case .statically = $0.place { false } else { true } }
    guard !fields.isEmpty || isTuple else { return }
    let isPositional = isTuple || fields.first?.name == "__0"
    if gap { output.append(byte: 0x20) }
    output.append(byte: isPositional ? 0x28 : 0x7b)
    if level >= options.maximumLevel {
      output.append("..." as StaticString)
    } else {
      var isFirst = true
      for field in fields {
        guard state.budget > 0 else { break }
        if !isFirst { output.append(options.isPretty ? "," : ", " as StaticString) }
        isFirst = false
        if options.isPretty { newLine(level + 1, state, into: &output) }
        if !isPositional {
          output.append(field.name ?? "")
          output.append(": " as StaticString)
        }
        try printMember(field, of: view, level: level + 1, state: &state, into: &output)
      }
      if options.isPretty, !isFirst { newLine(level, state, into: &output) }
    }
    output.append(byte: isPositional ? 0x29 : 0x7d)
  }

  // MARK: Enums

  private func printVariant(
    _ view: ValueView, _ plain: ValueType, level: Int, state: inout State, into output: inout TextBuffer
  ) throws(EvaluationError) {
    guard let variant = activeVariant(of: view, plain.layout) else {
      return FailureText.appendUnreadable(
        .unsupported("Could not find active enum variant"), into: &output)
    }
    guard let member = variant.members.first,
      case .offset(let offset) = member.place, let part = view.advanced(by: offset)
    else {
      output.append("<error type>" as StaticString)
      return
    }
    let target = member.type.stripped
    if let entry = target.entry { output.append(QualifiedName.text(of: entry)) }
    try printRustFields(
      part, target.layout.members, isTuple: false, gap: false, level: level, state: &state, into: &output)
  }

  /// A discriminant that is not there counts as 0.
  private func activeVariant(of view: ValueView, _ layout: Layout) -> Layout.Variant? {
    let fallback = layout.variants.first { $0.values.isEmpty }
    guard let discriminant = layout.discriminant, case .offset(let offset) = discriminant.place,
      let part = view.advanced(by: offset)
    else { return fallback ?? layout.variants.first }
    let size = Int(clamping: discriminant.type.stripped.byteCount)
    guard size >= 1, size <= 16, size <= part.available else { return fallback }
    let number = UInt64(truncatingIfNeeded: part.wide(size, order: order))
    let mask = size >= 8 ? UInt64.max : (1 << UInt64(size * 8)) - 1
    return layout.variants.first { $0.values.contains { $0 & mask == number } } ?? fallback
  }

  // MARK: Slices

  private func sliceParts(_ layout: Layout) -> (data: Layout.Member, length: Layout.Member)? {
    guard layout.members.count == 2, let data = layout.members.first(where: { $0.name == "data_ptr" }),
      let length = layout.members.first(where: { $0.name == "length" })
    else { return nil }
    return (data, length)
  }

  /// A slice's pointer or length; `nil` after the error that stands in the value's place. What no piece describes is 0.
  private func number(
    _ member: Layout.Member, of view: ValueView, into output: inout TextBuffer
  ) -> UInt64? {
    let size = context.wordSize
    guard case .offset(let offset) = member.place, let part = view.advanced(by: offset) else {
      append(.optimizedOut, into: &output)
      return nil
    }
    switch part.gap(in: size) {
    case .none, .syntheticPointer: return UInt64(truncatingIfNeeded: part.wide(size, order: order))
    case .optimizedOut: FailureText.appendUnreadable(.optimizedOut, into: &output)
    case .unavailable: FailureText.appendUnreadable(.unavailable, into: &output)
    }
    return nil
  }

  /// The elements of a slice, or the error that stands in their place.
  private func printSlice(
    of pointer: ValueType, at data: UInt64, _ length: UInt64, level: Int, state: inout State,
    into output: inout TextBuffer
  ) throws(EvaluationError) {
    guard let element = pointer.stripped.target else {
      append(.optimizedOut, into: &output)
      return
    }
    // Elements without a size of their own: `&Path`.
    guard element.stripped.byteCount > 0 || length == 0 else {
      output.append(hex: data)
      return
    }
    let (size, overflow) = element.stripped.byteCount.multipliedReportingOverflow(by: length)
    let value: FetchedValue
    do throws(EvaluationError) {
      value = try ValueFetcher.load(at: data, size: overflow ? .max : size, in: context.memory)
    } catch {
      return FailureText.appendUnreadable(error, into: &output)
    }
    let bytes = value.bytes(size: Int(clamping: size), order: order) ?? []
    try printElements(
      ValueView(bytes: bytes, address: data), element, [length], level: level, state: &state, into: &output)
  }
}
