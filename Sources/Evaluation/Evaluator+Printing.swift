internal import Backtraces
package import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel
package import Values

extension Evaluator {
  /// Appends a value as `print` shows it behind `$1 = `.
  ///
  /// What was appended stays when the rest fails, as gdb's does.
  package func append(
    _ original: Value, options: PrintOptions, into output: inout TextBuffer
  ) throws(EvaluationFailure) {
    var options = options
    var value = original
    if options.usesDynamicType { value = try dynamic(value, options, into: &output) }
    let plain = value.type.stripped
    if value.isUninitialized { output.append(" [uninitialized] ") }
    if value.isNotSaved {
      output.append("<not saved>")
      return
    }
    if let flags = value.flags, options.format == 0 {
      return appendFlags(try number(value), flags, into: &output)
    }
    switch plain.kind {
    case .void where value.content?.address == nil:
      output.append(plain.name?.hasPrefix("&virtual") == true ? plain.name ?? "" : "void")
      return
    case .nullPointer:
      output.append(decimal: try number(value))
      return
    case .function: return try appendFunction(value, options, into: &output)
    case .unknown where plain.name?.hasPrefix("<") == true:
      if options.format == 0 { throw unknownType(plain, value) }
      return try appendUnknown(value, options, into: &output)
    default: break
    }
    var content = try fetch(value)
    // Under a letter a pointer to what is nowhere is the number that gdb made of it.
    if options.format != 0, content.content == .syntheticPointer { content.content = .number(0) }
    if case .failed(let error) = content.content { throw EvaluationFailure(error) }
    if options.format != 0, content.isOptimizedOut {
      output.append("<optimized out>")
      return
    }
    if options.format != 0, plain.kind == .reference, !isShownByLibrary(value.type, options) {
      return try appendReference(value, plain, options, into: &output)
    }
    if plain.kind == .memberPointer, options.format != 0, options.format != UInt8(ascii: "s") {
      return try appendBits(value, options, into: &output)
    }
    if options.format == 0 || options.format == UInt8(ascii: "s"), content.content != .optimizedOut,
      needsPrefix(value.type, plain),
      !isShownByLibrary(value.type, options)
    {
      output.append("(")
      output.append(fullTypeText.text(value.type))
      output.append(") ")
    }
    if plain.kind == .memberPointer, plain.entry == nil, options.format == 0 {
      return try appendMemberPointer(value, plain, into: &output)
    }
    options.firstLevel = 0
    do throws(EvaluationError) {
      try print(content, value.type, options, into: &output)
    } catch {
      throw EvaluationFailure(error)
    }
  }

  /// Under a format letter a reference shows its place and the formatted value; one to an rvalue is a number.
  private func appendReference(
    _ value: Value, _ plain: ValueType, _ options: PrintOptions, into output: inout TextBuffer
  ) throws(EvaluationFailure) {
    let isRvalue = plain.tag == Tag.rvalueReferenceType
    if isRvalue, options.format != UInt8(ascii: "s") {
      return try append(
        Value(maker.named("unsigned long"), number: try number(value)), options: options, into: &output)
    }
    let target = try unreferenced(value)
    output.append("(\(fullTypeText.text(value.type))) ")
    do throws(EvaluationFailure) {
      _ = try fetch(target)
    } catch {
      output.append("<error reading variable: \(error.message)>")
      return
    }
    if options.showsAddresses {
      output.append("@")
      output.append(hex: try number(value))
      output.append(": ")
    }
    try append(target, options: options, into: &output)
  }

  /// A pointer to a member as the number that its bytes are.
  private func appendBits(
    _ value: Value, _ options: PrintOptions, into output: inout TextBuffer
  ) throws(EvaluationFailure) {
    let bytes = try bytes(value)
    let letter = options.format
    if bytes.count > 8, letter == UInt8(ascii: "c") || letter == UInt8(ascii: "a") {
      throw EvaluationFailure("Value can't be converted to integer.")
    }
    let type = maker.named(bytes.count > 8 ? "__int128" : "long")
    _ = FormatText.append(
      bytes[...], order: order, type: type, letter: letter, namer: NoSymbols(), into: &output)
  }

  private func print(
    _ content: FetchedValue, _ type: ValueType, _ options: PrintOptions, into output: inout TextBuffer
  ) throws(EvaluationError) {
    if let namer = workspace.process?.symbolTexts {
      try ValueText.append(
        content, type, options: options, language: language, filePC: scope.pc, in: context, namer: namer,
        into: &output)
    } else {
      try ValueText.append(
        content, type, options: options, language: language, filePC: scope.pc, in: context,
        namer: NoSymbols(), into: &output)
    }
  }

  /// Types as `print` writes them before a value: with all their template arguments.
  private var fullTypeText: TypeText {
    var text = typeText
    text.shortensLibraryNames = false
    return text
  }

  /// A reference to what a library's printer shows is shown as that.
  private func isShownByLibrary(_ type: ValueType, _ options: PrintOptions) -> Bool {
    guard let namer = workspace.process?.symbolTexts else { return false }
    return ValueText.isShownByLibrary(type, options: options, namer: namer)
  }

  /// Pointers and references say their type, except pointers to what is plainly `char`.
  private func needsPrefix(_ type: ValueType, _ plain: ValueType) -> Bool {
    switch plain.kind {
    case .reference: return true
    case .pointer:
      if language == .rust { return type.name?.hasPrefix("&str") != true }
      // A typedef of a pointer has a name of its own.
      guard unqualified(type).kind == .pointer, let target = plain.target else { return true }
      let name = unqualified(target).name ?? ""
      return !["char", "wchar_t", "char16_t", "char32_t"].contains(name)
    default: return false
    }
  }

  /// A type without qualifiers, typedefs kept.
  func unqualified(_ type: ValueType) -> ValueType {
    var current = type
    var left = 16
    while left > 0, current.kind == .alias, current.tag != Tag.typedef, current.tag != Tag.subrangeType,
      let next = current.target
    {
      current = next
      left -= 1
    }
    return current
  }

  private func appendFunction(
    _ value: Value, _ options: PrintOptions, into output: inout TextBuffer
  ) throws(EvaluationFailure) {
    guard let address = value.address else { throw EvaluationFailure("value has been optimized out") }
    switch options.format {
    case 0, UInt8(ascii: "s"): break
    case UInt8(ascii: "a"), UInt8(ascii: "c"): throw EvaluationFailure("Value can't be converted to integer.")
    default:
      // A function is one byte long.
      let byte = try? memory.readByte(at: address)
      let type = maker.named("unsigned char")
      guard let byte else { throw EvaluationFailure(.memory(MemoryError(address: address))) }
      var text = TextBuffer()
      if FormatText.append(
        [byte], order: order, type: type, letter: options.format, namer: NoSymbols(), into: &text)
      {
        output.append(text)
        return
      }
    }
    output.append("{")
    output.append(
      value.type.stripped.entry == nil && value.type.name != nil
        ? value.type.name ?? "" : typeText.text(value.type.stripped))
    output.append("} ")
    if options.showsAddresses { output.append(hex: address) }
    if let namer = workspace.process?.symbolTexts {
      ValueText.appendSymbol(address, namer: namer, separator: options.showsAddresses, into: &output)
    }
  }

  /// Under a format letter gdb takes what it knows nothing of for an int.
  private func appendUnknown(
    _ value: Value, _ options: PrintOptions, into output: inout TextBuffer
  ) throws(EvaluationFailure) {
    var known = value
    known.type = maker.int
    try append(known, options: options, into: &output)
  }

  private func appendFlags(
    _ number: UInt64, _ flags: [(bit: Int, name: String)], into output: inout TextBuffer
  ) {
    output.append("[")
    for flag in flags where number >> UInt64(flag.bit) & 1 == 1 && !flag.name.isEmpty {
      output.append(" ")
      output.append(flag.name)
    }
    output.append(" ]")
  }

  private func appendMemberPointer(
    _ value: Value, _ plain: ValueType, into output: inout TextBuffer
  ) throws(EvaluationFailure) {
    let offset = try number(value)
    guard let owner = maker.owner(of: plain), let name = owner.memberName(at: offset) else {
      output.append(decimal: Int64(bitPattern: offset))
      return
    }
    output.append("&")
    output.append(canonical(name))
  }

  /// `print object`: what a pointer, reference or object is in truth.
  private func dynamic(
    _ value: Value, _ options: PrintOptions, into output: inout TextBuffer
  ) throws(EvaluationFailure) -> Value {
    let plain = value.type.stripped
    switch plain.kind {
    case .pointer:
      guard let target = plain.target?.stripped, target.kind == .structure, let address = try? number(value),
        address != 0, let type = try DynamicType.type(at: address, in: self),
        let whole = try DynamicType.wholeObject(at: address, of: target, in: self),
        !MemberSearch.same(type.stripped, target)
      else { return value }
      return Value(maker.pointer(to: type), number: whole)
    case .structure:
      guard let address = value.address, let type = try DynamicType.type(at: address, in: self),
        let whole = try DynamicType.wholeObject(at: address, of: plain, in: self)
      else { return value }
      output.append("(\(typeText.text(type))) ")
      return Value(type, at: whole)
    default: return value
    }
  }

  /// Evaluates, and reads what is to be kept.
  package func evaluateFully(_ text: String) throws(EvaluationFailure) -> Value {
    let value = try evaluate(text)
    switch value.type.stripped.kind {
    case .function, .void: return value
    case .unknown where value.type.stripped.name?.hasPrefix("<") == true: return value
    default: return try fetched(value)
    }
  }

  package func isVoid(_ value: Value) -> Bool { value.type.stripped.kind == .void }

  /// What `print` without an expression shows again.
  package func lastValue() throws(EvaluationFailure) -> Value {
    workspace.past(workspace.historyCount) ?? Value(maker.void, FetchedValue(.bytes([])))
  }

  package func typeOfLastValue() throws(EvaluationFailure) -> String {
    typeText.text(try lastValue().type)
  }

  /// A value of the history.
  package func past(_ number: Int) -> Value? { workspace.past(number) }

  /// Whether an expression stores something.
  package func isAssignment(_ text: String) throws(EvaluationFailure) -> Bool {
    var node = try parse(text)
    if case .binary(",", _, let last) = node { node = last }
    switch node {
    case .assign, .step: return true
    default: return false
    }
  }

  package func record(_ value: Value) -> Int { workspace.record(value) }

  /// The number that an expression is, for commands that want an address.
  package func address(_ text: String) throws(EvaluationFailure) -> UInt64 {
    try number(ofAddress: try evaluate(text))
  }

  package func number(ofAddress value: Value) throws(EvaluationFailure) -> UInt64 {
    let value = try unreferenced(value)
    let plain = value.type.stripped
    switch plain.kind {
    case .array, .function:
      if let address = value.address { return address }
      throw EvaluationFailure("Attempt to take address of value not located in memory.")
    case .structure, .union: throw EvaluationFailure("Value can't be converted to integer.")
    case .unknown:
      if let address = value.address { return address }
      throw EvaluationFailure("Value can't be converted to integer.")
    case .float:
      return UInt64(bitPattern: FloatBits.integer(try float(value)))
    default: return try number(value)
    }
  }
}
