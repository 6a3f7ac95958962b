internal import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel

/// An object whose class has a printer, ready to be shown.
struct LibraryObject {
  let kind: LibraryKind
  let value: LibraryValue

  /// The name in front of the template arguments, as gdb's texts begin.
  var className: String {
    guard let entry = value.plain.entry else { return "" }
    return LibraryKind.withoutVersion(LibraryKind.withoutArguments(QualifiedName.text(of: entry)))
  }
}

/// What a printer says of the object itself.
enum LibraryText {
  case none
  case text(String)
  /// Characters in memory, quoted; the length is gdb's, cut to an `int`.
  case characters(at: UInt64, length: UInt64, ValueType)
  case value(LibraryValue)
  /// A value as text, between others.
  case enclosed(String, LibraryValue, String)
}

/// A part that a printer lists.
struct LibraryChild {
  enum Name {
    case index(Int)
    case name(String)
  }

  enum Value {
    case object(LibraryValue)
    case text(String)
  }

  var name: Name
  var value: Value

  init(_ name: String, _ value: LibraryValue) {
    self.name = .name(name)
    self.value = .object(value)
  }

  init(_ index: Int, _ value: LibraryValue) {
    name = .index(index)
    self.value = .object(value)
  }

  init(_ index: Int, text: String) {
    name = .index(index)
    value = .text(text)
  }
}

/// How parts are set out.
enum LibraryHint {
  case none
  case array
  case map
  case string
}

extension ValuePrinter {
  var usesLibraryPrinters: Bool { namer.hasLibraryPrinters && !options.isRaw }

  /// The library's object in a value, if its type is one: a reference stands for what it refers to.
  func libraryObject(_ view: ValueView, _ type: ValueType) -> LibraryObject? {
    let plain = type.stripped
    if plain.isLibraryReference, let target = plain.target, let kind = target.stripped.library {
      let size = Int(clamping: plain.byteCount)
      guard size <= 8, size <= view.available, view.gap(in: size) == .none else { return nil }
      let address = view.bytes.unsigned(at: view.offset, size: size, order: order)
      return made(kind, LibraryValue(target, at: address))
    }
    guard let kind = plain.library else { return nil }
    return made(kind, LibraryValue(type, .fetched(view)))
  }

  /// The same; a printer that refuses its object says why, where it is known.
  func libraryObject(_ view: ValueView, _ type: ValueType, into output: inout TextBuffer) -> LibraryObject? {
    if let object = libraryObject(view, type) { return object }
    if type.stripped.library == .path {
      var state = State()
      tell("<class 'gdb.error'>: There is no member named _M_impl.", &state, into: &output)
    }
    return nil
  }

  /// For a text that is made without regard to what is around it, and so counts no levels: such texts lead to one another,
  /// in types that only a damaged file describes without end.
  func apart() throws(LibraryFailure) -> Self {
    guard enclosingTexts < Self.maximumTexts else {
      throw .raised("<class 'RecursionError'>: maximum recursion depth exceeded")
    }
    var inner = self
    inner.enclosingTexts += 1
    return inner
  }

  private static var maximumTexts: Int { 32 }

  func libraryObject(_ value: LibraryValue) -> LibraryObject? {
    value.plain.library.flatMap { made($0, value) }
  }

  /// Some printers look at the object before they take it; what they cannot take is shown as it is.
  private func made(_ kind: LibraryKind, _ value: LibraryValue) -> LibraryObject? {
    let object = LibraryObject(kind: kind, value: value)
    switch kind {
    case .treeIterator: return nodeType(of: object) == nil ? nil : object
    case .any:
      do throws(LibraryFailure) {
        _ = try anyContent(object)
        return object
      } catch {
        return nil
      }
    case .path:
      // clang leaves the list of components a mere declaration.
      let list = value.plain.part(named: "_M_cmpts")
      return list?.type.stripped.part(named: "_M_impl") == nil ? nil : object
    default: return object
    }
  }

  /// The text and the parts of an object.
  func print(
    _ object: LibraryObject, level: Int, state: inout State, into output: inout TextBuffer
  ) throws(EvaluationError) {
    guard state.budget > 0 else {
      output.append("..." as StaticString)
      return
    }
    state.budget -= 1
    do throws(LibraryFailure) {
      if object.kind == .sharedPointer { try warnOfUnknownClass(object.value, &state, into: &output) }
      let isSilent = try printText(of: object, level: level, state: &state, into: &output)
      let hint = hint(of: object)
      if hint != .string {
        try printChildren(
          of: object, hint, isFirst: isSilent, level: level, state: &state, into: &output)
      }
    } catch {
      switch error {
      case .memory(let error): FailureText.appendUnreadable(error, into: &output)
      case .printing(let error): throw error
      case .raised(let message): tell(message, &state, into: &output)
      }
    }
  }

  /// Exceptions go to stderr, which only `thread apply` mixes with the text.
  private func tell(_ message: String?, _ state: inout State, into output: inout TextBuffer) {
    guard let message, namer.tellsExceptions else { return }
    tell(line: "Python Exception \(message)\n", &state, into: &output)
  }

  func tell(line: String, _ state: inout State, into output: inout TextBuffer) {
    // What failed may have been taken back since.
    let place = min(state.asides ?? .max, output.count)
    output.insert(line, at: place)
    if state.asides != nil { state.asides = place + line.utf8.count }
  }

  /// Whether nothing was written.
  private func printText(
    of object: LibraryObject, level: Int, state: inout State, into output: inout TextBuffer
  ) throws(LibraryFailure) -> Bool {
    switch try text(of: object) {
    case .none: return true
    case .text(let text): output.append(bytes: Escaping.inert(Array(text.utf8)))
    case .characters(let address, let length, let element):
      try printCharacters(at: address, length, element, into: &output)
    case .value(let value):
      // Made a string apart, so that it counts levels and indents its lines by itself.
      var own = State()
      own.isSummary = state.isSummary
      own.asides = state.asides ?? output.count
      try apart().print(value, level: 0, state: &own, into: &output)
    case .enclosed(let head, let value, let tail):
      let text = try quoted(value, isSummary: state.isSummary)
      output.append(bytes: Escaping.inert(Array(head.utf8)))
      output.append(text)
      output.append(tail)
    }
    return false
  }

  private func printChildren(
    of object: LibraryObject, _ hint: LibraryHint, isFirst: Bool, level: Int, state: inout State,
    into output: inout TextBuffer
  ) throws(LibraryFailure) {
    var shown = 0
    var isAbridged = false
    let isPretty = hint == .array ? options.isPrettyArray : options.isPretty
    var hasFailed = false
    do throws(LibraryFailure) {
      try children(of: object) { (child) throws(LibraryFailure) -> Bool in
        guard shown < options.maximumElements else { return false }
        if shown == 0 {
          if !isFirst { output.append(" = " as StaticString) }
          if level >= options.maximumLevel || state.isSummary {
            output.append("{...}" as StaticString)
            isAbridged = true
            return false
          }
          output.append(byte: 0x7b)
          if isPretty { newLine(level + 1, state, into: &output) }
        } else if hint != .map || shown % 2 == 0 {
          output.append(isPretty ? "," : ", " as StaticString)
          if isPretty { newLine(level + 1, state, into: &output) }
        }
        if hint == .map {
          output.append(shown % 2 == 0 ? "[" : " = " as StaticString)
        } else if hint == .none {
          append(child.name, into: &output)
          output.append(" = " as StaticString)
        }
        switch child.value {
        case .text(let value): output.append(value)
        case .object(let value): try print(value, level: level + 1, state: &state, into: &output)
        }
        if hint == .map, shown % 2 == 0 { output.append(byte: 0x5d) }
        shown += 1
        return shown < options.maximumElements
      }
    } catch {
      switch error {
      case .printing: throw error
      case .memory(let error): FailureText.appendUnreadable(error, into: &output)
      case .raised(let message): tell(message, &state, into: &output)
      }
      hasFailed = true
    }
    guard shown > 0, !isAbridged else { return }
    if shown >= options.maximumElements || hasFailed { output.append("..." as StaticString) }
    if isPretty { newLine(level, state, into: &output) }
    output.append(byte: 0x7d)
  }

  private func append(_ name: LibraryChild.Name, into output: inout TextBuffer) {
    switch name {
    case .name(let name): output.append(name)
    case .index(let index):
      output.append(byte: 0x5b)
      output.append(decimal: Int64(index))
      output.append(byte: 0x5d)
    }
  }

  /// A part, or what a printer gave in an object's place.
  private func print(
    _ value: LibraryValue, level: Int, state: inout State, into output: inout TextBuffer
  ) throws(LibraryFailure) {
    do throws(EvaluationError) {
      let view: ValueView =
        switch value.content {
        case .fetched(let view): view
        case .lazy(let address): try load(value.plain, at: address)
        }
      try print(view, value.type, level: level, isTop: true, state: &state, into: &output)
    } catch {
      throw .printing(error)
    }
  }

  /// What `print elements unlimited` still is cut to.
  private static var maximumCharacters: Int { 1 << 20 }

  /// A string whose length the object tells: at most 200 characters of it, and the error that ended them.
  private func printCharacters(
    at address: UInt64, _ length: UInt64, _ element: ValueType, into output: inout TextBuffer
  ) throws(LibraryFailure) {
    guard length <= UInt64(Int64.max) else {
      throw .raised("<class 'OverflowError'>: int too big to convert")
    }
    if address == 0, length != 0 {
      throw .memory(
        .unsupported("Cannot create a lazy string with address 0x0, and a non-zero length."))
    }
    guard let text = element.text ?? element.stripped.text else { throw .raised(nil) }
    let count = Int32(truncatingIfNeeded: length)
    if count == -1 {
      PointerText.appendString(at: address, text, context.memory, options, into: &output)
      return
    }
    let width = StringText.width(text)
    let limit = min(options.maximumElements, Self.maximumCharacters)
    let wanted = min(Int(max(0, count)), limit) * width
    let found = context.memory.readAvailable(at: address, count: wanted)
    let isCut = found.count < wanted
    if !isCut || found.count >= width {
      StringText.append(
        array: found[...], text, order: order, hasMore: isCut || Int(count) > limit, options: options,
        into: &output)
    }
    if isCut {
      FailureText.appendAbsentText(at: address &+ UInt64(found.count), into: &output)
    }
  }
}

extension ValueType {
  /// A reference of the kind that printers look through: not an rvalue reference.
  var isLibraryReference: Bool { kind == .reference && tag == Tag.referenceType }
}
