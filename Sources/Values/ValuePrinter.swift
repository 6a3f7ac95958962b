internal import Elfutils
internal import Bytes
internal import Expressions
internal import ProcessModel

/// Spells values as gdb 13.1 does by default: `print elements 200`, `print repeats 10`, `print max-depth 20`.
///
/// Total over hostile types: nesting ends at `maximumLevel`, and a value prints at most `State.budget` parts.
struct ValuePrinter<Context: ExpressionContext, Namer: SymbolNamer> {
  let context: Context
  let namer: Namer
  let language: Language
  /// The lookup address, in the file's terms: for what the locations of other variables tell.
  let filePC: UInt64
  var options = PrintOptions()
  /// Texts of library objects that are being made of this value.
  var enclosingTexts = 0

  /// What one value's parts share.
  struct State {
    /// Parts that may still be printed. Only types that contain themselves get there.
    var budget = 200_000
    /// How much further in lines of `print pretty` stand than their level says.
    var extraIndent = 0
    /// Virtual bases that this object has shown, by type.
    var virtualBases: Set<ObjectIdentifier> = []
    /// Static members that this object has shown: arrays by type, all else by address.
    var statics: Set<UInt64> = []
    var staticArrays: Set<ObjectIdentifier> = []
    /// In argument lists aggregates are `...`, also inside what a library's printer shows.
    var isSummary = false
    /// Where in the output exceptions are told, that of an argument is made apart; at its end for other values.
    var asides: Int?
  }

  var order: ByteOrder { context.byteOrder }

  /// A whole variable.
  func print(
    _ value: FetchedValue, _ type: ValueType, isSummary: Bool = false, into output: inout TextBuffer
  ) throws(EvaluationError) {
    switch value.content {
    case .number(let number):
      let plain = type.stripped
      switch plain.kind {
      // A constant of type nullptr_t; one in memory is an error instead.
      case .nullPointer where value.address == nil: output.append("<incomplete type>" as StaticString)
      case .structure, .union, .array, .string, .complex, .void, .unknown, .reference:
        let bytes = value.bytes(size: min(8, Int(clamping: plain.byteCount)), order: order) ?? []
        try print(ValueView(bytes: bytes, address: value.address), type, isSummary, into: &output)
      case .function: appendFunction(at: value.address ?? 0, plain, into: &output)
      default: try print(number: number, type, plain, into: &output)
      }
    case .bytes(let bytes):
      try print(ValueView(bytes: bytes, address: value.address), type, isSummary, into: &output)
    // A complex number's missing half reads as zero.
    case .partial(let bytes, _) where type.stripped.kind == .complex:
      try print(ValueView(bytes: bytes, address: value.address), type, isSummary, into: &output)
    case .partial(let bytes, let gaps):
      try print(ValueView(bytes: bytes, gaps: gaps), type, isSummary, into: &output)
    case .optimizedOut: append(.optimizedOut, into: &output)
    case .unavailable: append(.unavailable, into: &output)
    case .syntheticPointer
    where type.isRecord && (1...ValueFetcher.maximumSize).contains(type.stripped.byteCount):
      // Its members say so one by one.
      let view = ValueView(missing: .syntheticPointer, count: Int(type.stripped.byteCount))
      try print(view, type, isSummary, into: &output)
    case .syntheticPointer: append(.syntheticPointer, into: &output)
    case .failed(let error): throw error
    }
  }

  private func print(
    _ view: ValueView, _ type: ValueType, _ isSummary: Bool, into output: inout TextBuffer
  ) throws(EvaluationError) {
    var state = State()
    state.isSummary = isSummary
    if isSummary { state.asides = output.count }
    try print(view, type, level: options.firstLevel, isTop: true, state: &state, into: &output)
  }

  /// A function is where it is, not what is there; Go's variables of function types are taken for such.
  private func appendFunction(at address: UInt64, _ plain: ValueType, into output: inout TextBuffer) {
    output.append(byte: 0x7b)
    output.append(TypeName.text(of: plain))
    output.append("} " as StaticString)
    output.append(hex: address)
    PointerText.appendSymbol(address, namer, into: &output)
  }

  func append(_ gap: FetchedValue.Gap, into output: inout TextBuffer) {
    switch gap {
    case .none: break
    case .optimizedOut: output.append("<optimized out>" as StaticString)
    case .unavailable: output.append("<unavailable>" as StaticString)
    case .syntheticPointer: output.append("<synthetic pointer>" as StaticString)
    }
  }

  /// A value or a part of one. References show their target only at the top.
  func print(
    _ view: ValueView, _ type: ValueType, level: Int, isTop: Bool = false, state: inout State,
    into output: inout TextBuffer
  ) throws(EvaluationError) {
    guard state.budget > 0 else {
      output.append("..." as StaticString)
      return
    }
    state.budget -= 1
    let plain = type.stripped
    switch plain.kind {
    case .structure, .union:
      // Members that are synthetic say so one by one.
      if view.wholeGap(in: Int(clamping: plain.byteCount)) != .syntheticPointer {
        guard !appendGap(of: view, plain, isTop, into: &output) else { return }
      }
      if usesLibraryPrinters, let object = libraryObject(view, type, into: &output) {
        return try print(object, level: level, state: &state, into: &output)
      }
      guard !state.isSummary else {
        output.append("..." as StaticString)
        return
      }
      let outer = state
      try printStructure(view, plain, level: level, state: &state, into: &output)
      // What was shown inside counts for this object alone.
      state.virtualBases = outer.virtualBases
      state.statics = outer.statics
      state.staticArrays = outer.staticArrays
      return
    case .array
    where !isTop && plain.target?.text != nil && plain.dimensions.count == 1 && language != .rust
      && view.wholeGap(in: Int(clamping: plain.byteCount)) == .syntheticPointer:
      // Characters of which nothing is known read as zeros.
      let zeros = ValueView(bytes: [UInt8](repeating: 0, count: Int(plain.byteCount)))
      return try print(zeros, type, level: level, state: &state, into: &output)
    case .array:
      guard !appendGap(of: view, plain, isTop, into: &output) else { return }
      if language == .fortran {
        return try printFortranArray(view, plain, level: level, state: &state, into: &output)
      }
      guard !state.isSummary else {
        output.append("..." as StaticString)
        return
      }
      try printArray(view, plain, level: level, state: &state, into: &output)
      return
    case .string:
      guard !appendGap(of: view, plain, isTop, into: &output) else { return }
      guard !state.isSummary else {
        output.append("..." as StaticString)
        return
      }
      return try printString(view, plain, into: &output)
    default: break
    }
    if plain.kind == .function { return appendFunction(at: view.address ?? 0, plain, into: &output) }
    let size = Int(clamping: plain.byteCount)
    let gap = view.gap(in: size)
    guard gap == .none else {
      append(gap, into: &output)
      return
    }
    if plain.kind == .reference {
      if usesLibraryPrinters, let object = libraryObject(view, type, into: &output) {
        return try print(object, level: level, state: &state, into: &output)
      }
      let address = UInt64(truncatingIfNeeded: view.wide(size, order: order))
      guard isTop else { return appendReference(address, into: &output) }
      try printReference(address, plain, level: level, state: &state, into: &output)
    } else if plain.kind == .nullPointer, view.address == nil || !isTop && type.kind == .nullPointer {
      // A variable in memory is an error instead.
      output.append("<incomplete type>" as StaticString)
    } else if plain.kind == .complex, isTop, options.format != 0, options.format != UInt8(ascii: "s") {
      // By itself, and under a letter, both halves are one number.
      if options.format == UInt8(ascii: "c") || options.format == UInt8(ascii: "a") {
        throw .unsupported("Value can't be converted to integer.")
      }
      let kind: ValueType.Kind = options.format == UInt8(ascii: "f") ? .float : .integer(isSigned: true)
      let number = ValueType(kind: kind, name: nil, size: UInt64(size), reader: plain.reader)
      try print(view, number, level: level, state: &state, into: &output)
    } else if size >= 1, size <= 8, plain.kind != .complex {
      try print(
        number: view.bytes.unsigned(at: view.offset, size: size, order: order), type, plain, into: &output)
    } else {
      try printWide(view, plain, size, into: &output)
    }
  }

  /// An aggregate of which nothing is there is one word; as a part of another, gdb says so member by member.
  private func appendGap(
    of view: ValueView, _ plain: ValueType, _ isTop: Bool, into output: inout TextBuffer
  ) -> Bool {
    let gap = view.wholeGap(in: Int(clamping: plain.byteCount))
    // An array of Rust says it for each element, however it is missing.
    let isTold = gap != .optimizedOut && !(language == .rust && plain.kind == .array)
    guard isTop || isTold else { return false }
    append(gap, into: &output)
    return gap != .none
  }
}

// MARK: Scalars

extension ValuePrinter {
  /// A scalar of at most eight bytes; `plain` is the type without typedefs.
  func print(
    number: UInt64, _ type: ValueType, _ plain: ValueType, into output: inout TextBuffer
  ) throws(EvaluationError) {
    if options.format != 0 {
      let bytes = FetchedValue(.number(number)).bytes(
        size: Int(clamping: min(plain.byteCount, 8)), order: order)
      if FormatText.append(
        (bytes ?? [])[...], order: order, type: plain, letter: options.format, namer: namer, into: &output)
      {
        return
      }
    }
    if ScalarText.append(number, type, plain, language, into: &output) { return }
    switch plain.kind {
    case .pointer:
      PointerText.append(
        number, plain, language, memory: context.memory, namer: namer, options: options, into: &output)
    case .enumeration where plain.isIncomplete: output.append("<incomplete type>" as StaticString)
    case .enumeration: plain.enumeration.append(number, of: plain, namer: namer, into: &output)
    case .reference: appendReference(number, into: &output)
    case .memberPointer: printMemberPointer(number, plain, into: &output)
    case .nullPointer: throw .unsupported("Attempt to dereference a generic pointer.")
    default: output.append("<error type>" as StaticString)
    }
  }

  /// Numbers of more than eight bytes, or of none.
  private func printWide(
    _ view: ValueView, _ plain: ValueType, _ size: Int, into output: inout TextBuffer
  ) throws(EvaluationError) {
    if options.format == UInt8(ascii: "c"), size > 8, plain.kind != .complex, plain.kind != .float {
      throw .unsupported("That operation is not available on integers of more than 8 bytes.")
    }
    if options.format != 0,
      FormatText.append(
        view.slice(size), order: order, type: plain, letter: options.format, namer: namer, into: &output)
    {
      return
    }
    switch plain.kind {
    // Rust's unit type is an integer without bytes.
    case .integer where language == .rust && size == 0: output.append(plain.name ?? "()")
    case .integer(let isSigned), .character(let isSigned):
      if let bits = plain.declaredBits, size > 8, bits < UInt64(size) * 8 {
        let reason = "That operation is not available on integers of more than 8 bytes."
        return FailureText.appendUnreadable(.unsupported(reason), into: &output)
      }
      DecimalText.append(bytes: view.slice(size), isSigned: isSigned, order: order, into: &output)
    case .boolean, .enumeration:
      DecimalText.append(bytes: view.slice(size), isSigned: false, order: order, into: &output)
    case .float:
      guard let format = plain.floatFormat else { fallthrough }
      format.append(view.wide(size, order: order), into: &output)
    case .complex:
      if options.format != 0, options.format != UInt8(ascii: "s"),
        let imaginary = view.advanced(by: UInt64(size / 2))
      {
        let part = ValueType(kind: .float, name: nil, size: UInt64(size / 2), reader: plain.reader)
        try printWide(view, part, size / 2, into: &output)
        output.append(" + " as StaticString)
        try printWide(imaginary, part, size / 2, into: &output)
        output.append(byte: 0x69)
        return
      }
      guard let format = plain.floatFormat, let imaginary = view.advanced(by: UInt64(size / 2)) else {
        output.append("<error type>" as StaticString)
        return
      }
      let isPair = language == .fortran
      if isPair { output.append(byte: 0x28) }
      format.append(view.wide(size / 2, order: order), into: &output)
      output.append(isPair ? "," : " + " as StaticString)
      format.append(imaginary.wide(size / 2, order: order), into: &output)
      output.append(isPair ? ")" : "i" as StaticString)
    case .decimalFloat where size <= 16:
      guard DecimalFloatText.append(view.wide(size, order: order), size: size, into: &output) else {
        output.append("<error type>" as StaticString)
        return
      }
    case .memberPointer: try printMemberFunction(view, plain, into: &output)
    case .void: output.append("void" as StaticString)
    default: output.append("<error type>" as StaticString)
    }
  }
}
