package import Bytes
package import Elfutils
package import Expressions
package import ProcessModel

/// A parameter or variable at one address of the program: made once, evaluated in as many frames as stop there.
///
/// The common locations (frame base, register, register plus offset, fixed address) are recognised when the
/// recipe is made, so that a frame costs one memory read.
package struct Parameter {
  /// DW_AT_name, as the file spells it; empty for an unnamed one, which gdb does not print.
  package let name: [UInt8]
  package let type: ValueType
  package let language: Language
  /// Bytes of a value.
  package let size: UInt64
  /// Printed as `...` in argument lists, whatever the value.
  package let isSummarized: Bool
  /// DW_AT_const_value of a string or block form. gdb prints such parameters, but `bt full` leaves such
  /// variables out: `const double d = 2.5` optimized by gcc is not among the locals.
  package let isConstantBlock: Bool
  /// `type` without typedefs and qualifiers.
  private let plain: ValueType
  private let recipe: Recipe
  /// Where the targets of implicit pointers are looked up.
  private let file: DebugFile
  let filePC: UInt64
  private let types: TypeReader

  /// A whole number at a place that needs no evaluation: most arguments of unoptimized code.
  ///
  /// Plain data, so that printing one costs neither a call through a protocol nor a reference count.
  package struct Simple: Sendable {
    package enum Place: Sendable {
      case frameBase(Int64)
      case register(Int)
      case registerPlus(Int, Int64)
    }

    package var place: Place
    /// 1, 2, 4 or 8 bytes.
    package var size: Int
    package var spelling: Spelling

    package enum Spelling: Sendable {
      /// A bare decimal number.
      case decimal(isSigned: Bool)
      /// Pointers and the like: by `append`.
      case text(TextKey)
    }

    /// A number of `size` bytes with its sign extended.
    package func extended(_ number: UInt64) -> UInt64 {
      guard case .decimal(isSigned: true) = spelling, size < 8 else { return number }
      let shift = UInt64(64 - 8 * size)
      return UInt64(bitPattern: Int64(bitPattern: number << shift) >> Int64(shift))
    }
  }

  /// `nil` where the value is no whole number or its place must be evaluated.
  package let simple: Simple?

  private static func simple(
    _ recipe: Recipe, _ type: ValueType, _ plain: ValueType, _ language: Language
  ) -> Simple? {
    let size = Int(clamping: plain.byteCount)
    guard size == 1 || size == 2 || size == 4 || size == 8 else { return nil }
    var sign: Bool?
    switch plain.kind {
    case .integer(let isSigned), .character(let isSigned):
      // Characters and odd widths are spelled by the printer.
      if type.text == nil, plain.declaredBits.map({ $0 == UInt64(8 * size) }) ?? true { sign = isSigned }
    case .pointer, .enumeration, .boolean: break
    default: return nil
    }
    let place: Simple.Place
    switch recipe {
    case .frameBase(let offset): place = .frameBase(offset)
    case .register(let number): place = .register(number)
    case .registerPlus(let number, let offset): place = .registerPlus(number, offset)
    default: return nil
    }
    let spelling: Simple.Spelling =
      sign.map { .decimal(isSigned: $0) } ?? .text(TextKey(type, plain, language))
    return Simple(place: place, size: size, spelling: spelling)
  }

  private enum Recipe {
    case constant(FetchedValue)
    case frameBase(Int64)
    case register(Int)
    case registerPlus(Int, Int64)
    case address(UInt64)
    case expression([LocationOperation])
  }

  /// `filePC` is the lookup address, in the file's own terms; `isEntry`, whether its function starts there.
  package init(
    entry: DebugEntry, at filePC: UInt64, isEntry: Bool = false, language: Language, types: TypeReader
  ) {
    name = Escaping.inert(Array((entry.name ?? "").utf8))
    type = types.type(ofVariable: entry)
    self.language = language
    plain = type.stripped
    file = entry.file
    self.filePC = filePC
    self.types = types
    size = plain.byteCount
    isSummarized = type.isAggregate
    isConstantBlock = !entry.has(Attribute.location) && Self.hasConstantBlock(entry)
    let recipe = Self.recipe(for: entry, at: filePC, isEntry: isEntry, size: size)
    if language == .rust, isSummarized, case .constant = recipe,
      let offset = Self.discriminant(in: plain, depth: 0), !entry.hasLocationList
    {
      // gdb asks which case of an enumeration it is before it sees that there is no value in memory: at address 0.
      self.recipe = .constant(FetchedValue(.failed(.memory(MemoryError(address: offset)))))
    } else {
      self.recipe = recipe
    }
    simple = isSummarized ? nil : Self.simple(self.recipe, type, plain, language)
  }

  private static func recipe(
    for entry: DebugEntry, at filePC: UInt64, isEntry: Bool, size: UInt64
  ) -> Recipe {
    switch entry.location(Attribute.location, at: filePC, isEntry: isEntry) {
    case .expression(let operations):
      guard operations.count == 1 else {
        return operations.isEmpty ? .constant(FetchedValue(.optimizedOut)) : .expression(operations)
      }
      let operation = operations[0]
      switch operation.code {
      case 0x91: return .frameBase(Int64(bitPattern: operation.first))
      case 0x03: return .address(operation.first)
      case 0x50...0x6f: return .register(Int(operation.code - 0x50))
      case 0x70...0x8f:
        return .registerPlus(Int(operation.code - 0x70), Int64(bitPattern: operation.first))
      default: return .expression(operations)
      }
    case .noEntry: return .constant(FetchedValue(.optimizedOut))
    case .absent: break
    }
    return .constant(constant(of: entry, size: size) ?? FetchedValue(.optimizedOut))
  }

  /// Where the first discriminant lies in a value of Rust, from its start.
  private static func discriminant(in type: ValueType, depth: Int) -> UInt64? {
    guard depth < 16, type.kind == .structure || type.kind == .union else { return nil }
    let layout = type.layout
    if case .offset(let offset)? = layout.discriminant?.place { return offset }
    for member in layout.members + (layout.variants.first?.members ?? []) {
      guard case .offset(let start) = member.place,
        let inner = discriminant(in: member.type.stripped, depth: depth + 1)
      else { continue }
      return start &+ inner
    }
    return nil
  }

  /// DW_AT_const_value: a number, a block, or the characters of a string.
  private static func constant(of entry: DebugEntry, size: UInt64) -> FetchedValue? {
    // DW_FORM_data1 to data4 are not extended by a sign: 65535 is not -1.
    if let unsigned = entry.unsigned(Attribute.constValue, .integrated) {
      let number = Int64(bitPattern: unsigned)
      let value = FetchedValue(number: unsigned, size: Int(clamping: size))
      guard size > 8, size <= ValueFetcher.maximumSize else { return value }
      let low = value.bytes(size: 8, order: .little) ?? []
      return FetchedValue(.bytes(low + [UInt8](repeating: number < 0 ? 0xff : 0, count: Int(size) - 8)))
    }
    if let block = entry.block(Attribute.constValue, .integrated) {
      return FetchedValue(.bytes(fitted(block, to: size)))
    }
    if let text = entry.string(Attribute.constValue, .integrated) {
      return FetchedValue(.bytes(fitted(Array(text.utf8), to: size)))
    }
    return nil
  }

  /// clang writes ten bytes for a `long double` of sixteen.
  private static func fitted(_ bytes: [UInt8], to size: UInt64) -> [UInt8] {
    let count = Int(min(size, ValueFetcher.maximumSize))
    return Array(bytes.prefix(count)) + [UInt8](repeating: 0, count: max(0, count - bytes.count))
  }

  private static func hasConstantBlock(_ entry: DebugEntry) -> Bool {
    guard entry.signed(Attribute.constValue, .integrated) == nil else { return false }
    return entry.block(Attribute.constValue, .integrated) != nil
      || entry.string(Attribute.constValue, .integrated) != nil
  }

  /// Whether no frame at the address has a value.
  package var isAlwaysOptimizedOut: Bool {
    guard case .constant(let value) = recipe else { return false }
    return value.isOptimizedOut
  }

  /// The value in a frame; reasons for its absence are part of it.
  package func value(in context: some ExpressionContext) -> FetchedValue {
    do throws(EvaluationError) {
      switch recipe {
      case .constant(let value): return value
      case .frameBase(let offset):
        let base = try context.frameBase() &+ UInt64(bitPattern: offset)
        return try ValueFetcher.load(at: base & context.addressMask, size: size, in: context.memory)
      case .registerPlus(let number, let offset):
        guard let base = context.register(number) else { return FetchedValue(.optimizedOut) }
        let address = (base &+ UInt64(bitPattern: offset)) & context.addressMask
        return try ValueFetcher.load(at: address, size: size, in: context.memory)
      case .register(let number):
        try ValueFetcher.checkSize(size)
        return try ValueFetcher.register(number, size: Int(size), in: context)
      case .address(let address):
        return try ValueFetcher.load(at: address &+ context.bias, size: size, in: context.memory)
      case .expression(let operations):
        return ValueFetcher.value(of: operations, size: size, in: context)
      }
    } catch {
      return ValueFetcher.failure(error)
    }
  }

  /// Appends the value as gdb's argument lists show it (`print frame-arguments scalars`).
  package func print(
    _ value: FetchedValue, in context: some ExpressionContext, namer: some SymbolNamer,
    options: PrintOptions = PrintOptions(), isSummary: Bool = true, into output: inout TextBuffer
  ) {
    if isSummarized, isSummary {
      if case .failed(let error) = value.content {
        FailureText.appendUnreadable(error, into: &output)
        return
      }
      if namer.hasLibraryPrinters, !options.isRaw,
        printLibrary(value, in: context, namer: namer, options, into: &output)
      {
        return
      }
      if language == .fortran, plain.kind == .array, plain.dimensions.contains(where: \.isDynamic) {
        // Whether it can be read at all depends on its descriptor.
        printWhole(value, in: context, namer: namer, options: options, isSummary: true, into: &output)
        return
      }
      // An aggregate says nothing of itself, but a reference that points nowhere says so.
      if plain.kind == .reference, value.content == .syntheticPointer {
        output.append("<synthetic pointer>" as StaticString)
      }
      output.append("..." as StaticString)
      return
    }
    switch value.content {
    case .number(let number)
    where append(
      number, language: language, memory: context.memory, namer: namer, options: options, into: &output):
      break
    case .optimizedOut: output.append("<optimized out>" as StaticString)
    default: printWhole(value, in: context, namer: namer, options: options, into: &output)
    }
  }

  /// Whatever needs a printer for nested values. Apart, since making its generic type costs more than printing a
  /// pointer does.
  @inline(never)
  private func printWhole(
    _ value: FetchedValue, in context: some ExpressionContext, namer: some SymbolNamer,
    options: PrintOptions, isSummary: Bool = false, into output: inout TextBuffer
  ) {
    let printer = ValuePrinter(
      context: context, namer: namer, language: language, filePC: filePC, options: options)
    do throws(EvaluationError) {
      if isSummary {
        try printer.print(value, type, isSummary: true, into: &output)
      } else {
        try print(value, by: printer, into: &output)
      }
    } catch {
      FailureText.appendUnreadable(error, into: &output)
    }
  }

  /// An object of the library is shown even among arguments, without its parts; `false` for others.
  private func printLibrary(
    _ value: FetchedValue, in context: some ExpressionContext, namer: some SymbolNamer,
    _ options: PrintOptions, into output: inout TextBuffer
  ) -> Bool {
    let target = plain.isLibraryReference ? plain.target?.stripped : plain
    guard target?.library != nil else { return false }
    switch value.content {
    case .number, .bytes, .partial: break
    default: return false
    }
    let printer = ValuePrinter(
      context: context, namer: namer, language: language, filePC: filePC, options: options)
    do throws(EvaluationError) {
      try printer.print(value, type, isSummary: true, into: &output)
    } catch {
      FailureText.appendUnreadable(error, into: &output)
    }
    return true
  }

  private func print<Context, Namer>(
    _ value: FetchedValue, by printer: ValuePrinter<Context, Namer>, into output: inout TextBuffer
  ) throws(EvaluationError) {
    guard plain.tag == Tag.referenceType, value.content == .syntheticPointer, let target = plain.target,
      let implicit = value.implicitTarget, let entry = file.entry(at: implicit.entry)
    else { return try printer.print(value, type, into: &output) }
    // The variable itself is known piecewise: a reference to it shows what is known.
    let variable = Parameter(entry: entry, at: filePC, language: language, types: types)
    let size = target.stripped.byteCount
    let whole = variable.value(in: printer.context)
    let part = whole.part(
      at: implicit.byteOffset, size: size, of: variable.size, order: printer.context.byteOrder)
    if let address = whole.address {
      // In memory after all.
      printer.appendReferenceHead(address &+ UInt64(bitPattern: implicit.byteOffset), into: &output)
      return try printer.print(part, target, into: &output)
    }
    output.append("<synthetic pointer>" as StaticString)
    let isAbsent = part.isOptimizedOut && target.isAggregate && (1...ValueFetcher.maximumSize).contains(size)
    let isLibrary = printer.usesLibraryPrinters && target.stripped.library != nil
    // A printer of the library fails where there is nothing.
    if isAbsent, isLibrary { return }
    guard isAbsent else {
      var text = TextBuffer()
      try printer.print(part, target, into: &text)
      let isFailed = isLibrary && (text.isEmpty || text.string.hasPrefix("Python Exception "))
      if !isFailed { output.append(": " as StaticString) }
      return output.append(text)
    }
    output.append(": " as StaticString)
    // Its members and elements say one by one that they are missing.
    var state = ValuePrinter<Context, Namer>.State()
    try printer.print(
      ValueView(missing: .optimizedOut, count: Int(size)), target, level: printer.options.firstLevel,
      state: &state, into: &output)
  }

  /// Appends a number of the common kinds, without the setting up that nested values need; `false`, with nothing
  /// written, for another kind.
  package func append(
    _ number: UInt64, language: Language? = nil, memory: ProcessMemory, namer: some SymbolNamer,
    options: PrintOptions = PrintOptions(), into output: inout TextBuffer
  ) -> Bool {
    let language = language ?? self.language
    switch plain.kind {
    case .pointer:
      PointerText.append(
        number, plain, language, memory: memory, namer: namer, options: options, into: &output)
    case .enumeration where plain.isIncomplete: output.append("<incomplete type>" as StaticString)
    case .enumeration: plain.enumeration.append(number, of: plain, namer: namer, into: &output)
    default: return ScalarText.append(number, type, plain, language, into: &output)
    }
    return true
  }

  /// What the text of `append` depends on beside the number and the settings: equal keys and numbers have equal texts.
  package struct TextKey: Equatable, Sendable {
    /// A kind of pointers, or a type, which lives as long as the parameter.
    package let kind: UInt
    /// With link-time optimization units of two languages share types.
    private let language: Language

    fileprivate init(_ type: ValueType, _ plain: ValueType, _ language: Language) {
      let pointers = plain.kind == .pointer ? PointerText.kind(of: plain, language) : nil
      kind = pointers ?? UInt(bitPattern: ObjectIdentifier(type))
      self.language = language
    }
  }

  /// Appends the value in full, as `bt full` shows a local: all but the indentation and `NAME = `.
  package func printInFull(
    _ value: FetchedValue, language: Language, in context: some ExpressionContext, namer: some SymbolNamer,
    options: PrintOptions = PrintOptions(), into output: inout TextBuffer
  ) {
    if case .number(let number) = value.content, options.format == 0,
      append(
        number, language: language, memory: context.memory, namer: namer, options: options, into: &output)
    {
      return
    }
    printNested(value, language: language, in: context, namer: namer, options: options, into: &output)
  }

  /// Apart for the reason that `printWhole` has.
  @inline(never)
  private func printNested(
    _ value: FetchedValue, language: Language, in context: some ExpressionContext, namer: some SymbolNamer,
    options: PrintOptions, into output: inout TextBuffer
  ) {
    let printer = ValuePrinter(
      context: context, namer: namer, language: language, filePC: filePC, options: options)
    do throws(EvaluationError) {
      try print(value, by: printer, into: &output)
    } catch {
      output.append("<error reading variable " as StaticString)
      output.append(bytes: name)
      output.append(" (" as StaticString)
      FailureText.append(error, into: &output)
      output.append(")>" as StaticString)
    }
  }
}
