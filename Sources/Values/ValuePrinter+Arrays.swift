internal import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel

extension ValuePrinter {
  /// `{e0, e1 <repeats 20 times>, …}`, or a string.
  func printArray(
    _ view: ValueView, _ plain: ValueType, level: Int, state: inout State, into output: inout TextBuffer
  ) throws(EvaluationError) {
    guard let element = plain.target else {
      output.append("<error type>" as StaticString)
      return
    }
    var counts: [UInt64] = []
    for dimension in plain.dimensions {
      counts.append(
        try DynamicBounds.count(of: dimension, in: context, filePC: filePC, types: plain.reader))
    }
    var view = view
    if plain.dimensions.contains(where: { $0.constant == nil }), let address = view.address {
      // Only the frame knows how long the array is, so that nothing has been read yet.
      let size = counts.reduce(element.stripped.byteCount) { size, count in
        let (product, overflow) = size.multipliedReportingOverflow(by: count)
        return overflow ? .max : product
      }
      let value = try ValueFetcher.load(at: address, size: size, in: context.memory)
      view = ValueView(bytes: value.bytes(size: Int(clamping: size), order: order) ?? [], address: address)
    }
    guard level < options.maximumLevel || element.text != nil else {
      output.append(language == .rust ? "[...]" : "{...}" as StaticString)
      return
    }
    // Arrays without bytes print as where they would be; Rust's without elements are `[]`.
    let isEmpty = counts.contains(0)
    if language == .rust
      ? !isEmpty && element.stripped.byteCount == 0 : isEmpty || element.stripped.byteCount == 0
    {
      guard let address = view.address else {
        output.append(language == .rust ? "{}" : "0x0" as StaticString)
        return
      }
      output.append(hex: address)
      if let text = element.text, counts.count == 1 {
        output.append(byte: 0x20)
        // As if it were a pointer: what lies there is what a flexible array member is for.
        PointerText.appendString(at: address, text, context.memory, options, into: &output)
      }
      return
    }
    var printer = self
    if plain.isVector, element.text != nil, options.format == 0 {
      // What a register holds is numbers.
      printer.options.format = FormatText.isSigned(element.stripped) ? UInt8(ascii: "d") : UInt8(ascii: "u")
    }
    try printer.printElements(
      view, element, counts[...], from: plain.dimensions.first?.lower ?? 0, isText: !plain.isVector,
      level: level, state: &state, into: &output)
  }

  /// One dimension: `counts` are its own length and those of the dimensions inside.
  func printElements(
    _ view: ValueView, _ element: ValueType, _ counts: ArraySlice<UInt64>, from lowest: Int64 = 0,
    isText: Bool = true, level: Int, state: inout State, into output: inout TextBuffer
  ) throws(EvaluationError) {
    guard let count = counts.first else {
      return try print(view, element, level: level, state: &state, into: &output)
    }
    let inner = counts.dropFirst()
    let elementSize = element.stripped.byteCount
    if inner.isEmpty, isText, let text = element.text, language != .rust, options.showsText,
      language != .d || text == .narrow
    {
      let (size, overflow) = elementSize.multipliedReportingOverflow(by: count)
      if !overflow, size <= UInt64(view.available), view.gap(in: Int(size)) == .none {
        StringText.append(
          array: view.slice(Int(size)), text, order: order, options: options, into: &output)
        return
      }
    }
    let (open, close): (StaticString, StaticString) = language == .rust ? ("[", "]") : ("{", "}")
    output.append(open)
    guard level < options.maximumLevel else {
      output.append("..." as StaticString)
      output.append(close)
      return
    }
    let separator: StaticString = options.isPrettyArray ? "," : ", "
    let stride = inner.reduce(elementSize) { size, count in
      let (product, overflow) = size.multipliedReportingOverflow(by: count)
      return overflow ? .max : product
    }
    var index: UInt64 = 0
    var shown = 0
    while index < count, shown < options.maximumElements, state.budget > 0 {
      // `stride` is at most what is left, or `advanced` ends the loop.
      let (start, overflow) = index.multipliedReportingOverflow(by: stride)
      guard !overflow, let part = view.advanced(by: start), stride <= UInt64(part.available) else {
        output.append(index == 0 ? "" : separator)
        if options.isPrettyArray { newLine(level + 1, state, into: &output) }
        append(.optimizedOut, into: &output)
        if options.isPrettyArray { newLine(level, state, into: &output) }
        output.append(close)
        return
      }
      let run = run(of: part, stride: Int(stride), atMost: count - index)
      if index > 0 { output.append(separator) }
      if options.isPrettyArray { newLine(level + 1, state, into: &output) }
      if options.showsArrayIndexes {
        output.append(byte: 0x5b)
        output.append(decimal: lowest &+ Int64(clamping: index))
        output.append("] = " as StaticString)
      }
      try printElements(
        part, element, inner, isText: isText, level: level + 1, state: &state, into: &output)
      if run > UInt64(options.repeatThreshold) {
        output.append(" <repeats " as StaticString)
        output.append(decimal: run)
        output.append(" times>" as StaticString)
        shown =
          shown.addingReportingOverflow(options.repeatThreshold).overflow
          ? .max : shown + options.repeatThreshold
        index += run
      } else {
        shown += 1
        index += 1
      }
    }
    if index < count { output.append("..." as StaticString) }
    if options.isPrettyArray { newLine(level, state, into: &output) }
    output.append(close)
  }

  /// How many elements from here on are equal to the first.
  private func run(of first: ValueView, stride: Int, atMost limit: UInt64) -> UInt64 {
    guard stride > 0 else { return limit }
    var count: UInt64 = 1
    while count < limit, let next = first.advanced(by: count * UInt64(stride)),
      first.isEqual(to: next, size: stride)
    {
      count += 1
    }
    return count
  }
}
