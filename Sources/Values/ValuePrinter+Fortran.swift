internal import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel

/// Fortran's strings, and its arrays: columns first, with bounds, strides and places that a descriptor tells.
extension ValuePrinter {
  /// DW_TAG_string_type: `'text'`. Its length is its size, or what DW_AT_string_length leads to.
  func printString(
    _ view: ValueView, _ plain: ValueType, into output: inout TextBuffer
  ) throws(EvaluationError) {
    var options = options
    if language == .fortran { options.quote = 0x27 }
    var view = view
    var count = min(plain.declaredSize, UInt64(view.available))
    if let entry = plain.entry, let length = Dimension.bound(Attribute.stringLength, of: entry) {
      let number = try DynamicBounds.number(
        length, in: context, filePC: filePC, types: plain.reader, object: view.address)
      count = UInt64(max(0, number))
      if let address = view.address {
        let value = try ValueFetcher.load(at: address, size: count, in: context.memory)
        view = ValueView(
          bytes: value.bytes(size: Int(clamping: count), order: order) ?? [], address: address)
      }
    }
    StringText.append(
      array: view.slice(Int(clamping: count)), .narrow, order: order, dropsNUL: false, options: options,
      into: &output)
  }

  /// `((1, 2) (3, 4))`: the first index runs fastest.
  func printFortranArray(
    _ view: ValueView, _ plain: ValueType, level: Int, state: inout State, into output: inout TextBuffer
  ) throws(EvaluationError) {
    guard let element = plain.target, let entry = plain.entry else {
      output.append("<error type>" as StaticString)
      return
    }
    if let missing = try absence(of: entry, at: view.address) {
      output.append(missing)
      return
    }
    let size = element.stripped.byteCount
    var axes: [FortranArray.Axis] = []
    var stride = size
    for dimension in plain.dimensions {
      let count = try DynamicBounds.count(
        of: dimension, in: context, filePC: filePC, types: plain.reader, object: view.address)
      if let bound = dimension.stride {
        stride = UInt64(
          bitPattern: try DynamicBounds.number(
            bound, in: context, filePC: filePC, types: plain.reader, object: view.address))
      }
      axes.append(FortranArray.Axis(count: count, stride: stride))
      stride = stride.multipliedReportingOverflow(by: count).partialValue
    }
    try ValueFetcher.checkSize(
      axes.reduce(size) { size, axis in
        let (product, overflow) = size.multipliedReportingOverflow(by: axis.count)
        return overflow ? .max : product
      })
    guard !state.isSummary else {
      output.append("..." as StaticString)
      return
    }
    guard level < options.maximumLevel else {
      output.append("(...)" as StaticString)
      return
    }
    let array = FortranArray(
      element: element, size: size, axes: axes, base: try start(of: entry, at: view.address), view: view)
    try print(array, axis: axes.count - 1, distance: 0, level: level, state: &state, into: &output)
  }

  /// `<not allocated>` or `<not associated>`.
  private func absence(
    of entry: DebugEntry, at object: UInt64?
  ) throws(EvaluationError) -> StaticString? {
    for (attribute, text) in [
      (Attribute.allocated, "<not allocated>"), (Attribute.associated, "<not associated>"),
    ] as [(Int, StaticString)] {
      guard let operations = entry.expression(attribute) else { continue }
      if try ExpressionMachine.number(operations, in: context, object: object) == 0 { return text }
    }
    return nil
  }

  /// Where the elements of an array with a descriptor are; `nil` for one that has none.
  private func start(of entry: DebugEntry, at object: UInt64?) throws(EvaluationError) -> UInt64? {
    if let operations = entry.expression(Attribute.dataLocation) {
      return try ExpressionMachine.number(operations, in: context, object: object)
    }
    return object
  }

  private func print(
    _ array: FortranArray, axis: Int, distance: UInt64, level: Int, state: inout State,
    into output: inout TextBuffer
  ) throws(EvaluationError) {
    guard axis >= 0 else {
      let part = try part(of: array, at: distance)
      guard let part else { return append(.optimizedOut, into: &output) }
      return try print(part, array.element, level: level, state: &state, into: &output)
    }
    let (count, stride) = (array.axes[axis].count, array.axes[axis].stride)
    output.append(byte: 0x28)
    var index: UInt64 = 0
    var shown = 0
    while index < count, shown < options.maximumElements, state.budget > 0 {
      if index > 0 { output.append(axis == 0 ? ", " : " " as StaticString) }
      let at = distance &+ index &* stride
      let run = try self.run(of: array, axis: axis, at: at, left: count - index)
      try print(array, axis: axis - 1, distance: at, level: level + 1, state: &state, into: &output)
      if run > UInt64(options.repeatThreshold) {
        output.append(axis == 0 ? ", <repeats " : " <repeats " as StaticString)
        output.append(decimal: run)
        output.append(" times>" as StaticString)
        shown += min(options.repeatThreshold, 1 << 32)
        index += run
      } else {
        shown += 1
        index += 1
      }
    }
    if index < count { output.append("..." as StaticString) }
    output.append(byte: 0x29)
  }

  /// One element; `nil` where nothing says what it is.
  private func part(of array: FortranArray, at distance: UInt64) throws(EvaluationError) -> ValueView? {
    if distance <= UInt64(array.view.available), array.size <= UInt64(array.view.available) &- distance,
      array.base == array.view.address
    {
      return array.view.advanced(by: distance)
    }
    guard let base = array.base else { return nil }
    let address = base &+ distance
    let value = try ValueFetcher.load(at: address, size: array.size, in: context.memory)
    return ValueView(
      bytes: value.bytes(size: Int(clamping: array.size), order: order) ?? [], address: address)
  }

  /// How many neighbours of the innermost axis are equal, the first included.
  private func run(
    of array: FortranArray, axis: Int, at distance: UInt64, left: UInt64
  ) throws(EvaluationError) -> UInt64 {
    guard axis == 0, array.size <= ValueFetcher.maximumSize, let first = try part(of: array, at: distance)
    else { return 1 }
    var count: UInt64 = 1
    while count < min(left, ValueFetcher.maximumSize),
      let next = try part(of: array, at: distance &+ count &* array.axes[0].stride),
      first.isEqual(to: next, size: Int(array.size))
    {
      count += 1
    }
    return count
  }
}

/// An array of Fortran as it lies in memory.
private struct FortranArray {
  struct Axis {
    var count: UInt64
    /// Bytes from an element to the next, as a signed number.
    var stride: UInt64
  }

  let element: ValueType
  /// Bytes of an element.
  let size: UInt64
  /// The one that runs fastest first.
  let axes: [Axis]
  /// Where the first element is in memory, if it is there.
  let base: UInt64?
  let view: ValueView
}
