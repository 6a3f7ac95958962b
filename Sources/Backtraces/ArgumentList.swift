internal import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel
internal import Symbols
internal import Unwinding
internal import Values

/// What the printers of all frames of a process share.
final class PrintingSession {
  let types: TypeReader
  let names: SymbolTexts
  /// What was printed under other settings is forgotten.
  var settings = PrintSettings() {
    didSet {
      guard settings != oldValue else { return }
      templates.removeAll()
      numbers = NumberTexts()
    }
  }
  /// Templates by the number of their plan.
  private var templates: [FrameTemplates?] = []
  var numbers = NumberTexts()
  /// Argument lists that hold at every address of their function, by its entry and where it starts.
  private var wholeLists: [WholeFunction: ArgumentList] = [:]

  private struct WholeFunction: Hashable {
    var entry: UInt
    var start: UInt64
  }

  func arguments(of function: FunctionInstance, at code: CodeInfo) -> ArgumentList {
    let whole = WholeFunction(entry: function.entry.identity, start: code.functionStart)
    if let known = wholeLists[whole] { return known }
    let made = ArgumentList(function: function, code: code, session: self)
    if made.isSameThroughout { wholeLists[whole] = made }
    return made
  }

  func templates(of plan: UnwindPlan) -> FrameTemplates {
    if plan.number < templates.count, let known = templates[plan.number] { return known }
    while templates.count <= plan.number { templates.append(nil) }
    let made = FrameTemplates(count: max(1, plan.code.functions.count))
    templates[plan.number] = made
    return made
  }

  init(resolver: CodeResolver, types: TypeReader) {
    self.types = types
    names = SymbolTexts(resolver: resolver)
  }

  /// The session of a process, made when its first frame is printed.
  static func of(_ process: ProcessUnwinder) -> PrintingSession {
    if let known = process.annotation as? PrintingSession { return known }
    let made = PrintingSession(resolver: process.resolver, types: TypeReader())
    process.annotation = made
    return made
  }
}

/// The arguments of a function at one address, or at all of its addresses: found once, printed for every frame there.
final class ArgumentList {
  private final class Argument {
    /// `NAME=`, from the second argument on with `, ` before it.
    let label: [UInt8]
    /// `NAME@entry=`.
    let entryLabel: [UInt8]
    let parameter: Parameter
    let simple: Parameter.Simple?
    /// Where the parameter was when the function was entered, if that is a place that callers describe.
    let entryPlace: EntryPlace?
    /// Of a reference, the type that it refers to.
    let referentType: ValueType?

    init(label: [UInt8], entryLabel: [UInt8], parameter: Parameter, entryPlace: EntryPlace?) {
      self.label = label
      self.entryLabel = entryLabel
      self.parameter = parameter
      self.simple = parameter.simple
      self.referentType = parameter.referentType
      self.entryPlace = entryPlace
    }
  }

  /// What every frame reads of an argument: plain numbers, so that an integer costs no reference count.
  private struct Slot {
    /// The label's place in `labels`.
    var label: Range<Int>
    var simple: Parameter.Simple?
    var hasEntryPlace: Bool
  }

  private var arguments: [Argument] = []
  private var slots: [Slot] = []
  private var labels: [UInt8] = []
  private let hasEntryPlaces: Bool
  /// Simple values in places that hold for the whole function, as in the code of no optimizer.
  let isSameThroughout: Bool
  private unowned let session: PrintingSession

  /// Blocks without addresses are followed so far into one another.
  private static let maximumDepth = 16

  init(function: FunctionInstance, code: CodeInfo, session: PrintingSession) {
    self.session = session
    guard let module = code.module else {
      hasEntryPlaces = false
      isSameThroughout = false
      return
    }
    var arguments: [Argument] = []
    defer { self.arguments = arguments }
    let pc = module.fileAddress(code.lookup).rawValue
    let entryPC = module.fileAddress(code.functionStart).rawValue
    let language = function.unit.language
    let parameters = Self.parameters(of: function.entry)
    let stand = Self.standIns(for: parameters, in: function.entry)
    let children = parameters.map { stand[$0.name ?? ""] ?? $0 }
    for child in children {
      let parameter = Parameter(
        entry: child, at: pc, isEntry: pc == entryPC, language: language, types: session.types)
      guard !parameter.name.isEmpty else { continue }
      let name = Escaping.inert(parameter.name)
      arguments.append(
        Argument(
          label: (arguments.isEmpty ? [] : [0x2c, 0x20]) + name + [0x3d],
          entryLabel: name + Array("@entry=".utf8), parameter: parameter,
          entryPlace: Self.entryPlace(child, at: entryPC)))
    }
    hasEntryPlaces = arguments.contains { $0.entryPlace != nil }
    isSameThroughout =
      arguments.allSatisfy { $0.simple != nil } && !children.contains { $0.hasLocationList }
    for argument in arguments {
      let start = labels.count
      labels += argument.label
      slots.append(
        Slot(
          label: start..<labels.count, simple: argument.simple, hasEntryPlace: argument.entryPlace != nil))
    }
  }

  var isEmpty: Bool { arguments.isEmpty }

  /// The parameters in the order of the concrete entry, then those of the abstract one that it left out.
  private static func parameters(of function: DebugEntry) -> [DebugEntry] {
    let own = function.children.filter { $0.tag == Tag.formalParameter }
    guard let origin = function.reference(Attribute.abstractOrigin) else { return own }
    var referred: Set<UInt> = []
    for parameter in own { referred.formUnion(parameter.abstractOrigins.map(\.identity)) }
    return own + origin.children.filter { $0.tag == Tag.formalParameter && !referred.contains($0.identity) }
  }

  /// gdb looks parameters up by name: of several with one name it prints the last, and a variable of the
  /// function's own scope before any parameter.
  private static func standIns(for parameters: [DebugEntry], in function: DebugEntry) -> [String: DebugEntry]
  {
    var result: [String: DebugEntry] = [:]
    var names: Set<String> = []
    for parameter in parameters {
      guard let name = parameter.name else { continue }
      if !names.insert(name).inserted { result[name] = parameter }
    }
    guard !names.isEmpty else { return result }
    for child in variables(ofScope: function) {
      if let name = child.name, names.contains(name), result[name]?.tag != Tag.variable {
        result[name] = child
      }
    }
    // The last of several parameters stands for all of them.
    for parameter in parameters {
      if let name = parameter.name, let other = result[name], other.tag != Tag.variable {
        result[name] = parameter
      }
    }
    return result
  }

  /// The variables of a function's own scope: also those in blocks without addresses, and what the abstract
  /// function declares and no child of this one takes up. glibc's `internal_utf8_loop_single` has a parameter
  /// `step` and, in a block, a variable of that name: gdb prints the variable, which is optimized out.
  private static func variables(ofScope function: DebugEntry) -> [DebugEntry] {
    var result: [DebugEntry] = []
    for child in function.children { collectVariables(child, into: &result, depth: 0) }
    for child in function.inheritedChildren {
      collectVariables(child, into: &result, depth: 0)
    }
    return result
  }

  private static func collectVariables(_ entry: DebugEntry, into result: inout [DebugEntry], depth: Int) {
    if entry.tag == Tag.variable { result.append(entry) }
    guard entry.tag == Tag.lexicalBlock, depth < maximumDepth, !entry.has(Attribute.lowPC),
      !entry.has(Attribute.ranges)
    else { return }
    for child in entry.children { collectVariables(child, into: &result, depth: depth + 1) }
  }

  private static func entryPlace(_ parameter: DebugEntry, at entryPC: UInt64) -> EntryPlace? {
    guard
      case .expression(let operations) = parameter.location(Attribute.location, at: entryPC, isEntry: true)
    else { return nil }
    return EntryPlace(operations)
  }

  func print(_ frame: Frame, into text: inout TextBuffer) {
    let physical = frame.physical
    // Once: each use of an unowned reference counts it.
    let session = session
    switch session.settings.frameArguments {
    case .presence:
      if !arguments.isEmpty { text.append("...") }
      return
    case .none:
      for argument in arguments {
        text.append(bytes: argument.label)
        text.append("...")
      }
      return
    case .all, .scalars: break
    }
    let entryValues = session.settings.entryValues
    guard entryValues == .byDefault else { return printEntries(frame, entryValues, into: &text) }
    // Looked for once a frame: code of no optimizer describes no calls.
    let hasEntryValues =
      hasEntryPlaces && frame.callerLevel < physical.thread.process.maximumFrames
      && physical.mayHaveEntryValues
    let context = FrameContext(frame: physical, inlineDepth: frame.inlineDepth)
    for index in slots.indices {
      let slot = slots[index]
      text.append(bytes: labels, slot.label)
      if hasEntryValues, slot.hasEntryPlace, let place = arguments[index].entryPlace {
        let argument = arguments[index]
        if let entry = Self.entry(of: argument, at: place, in: context) {
          print(argument, entry, context, into: &text)
          continue
        }
      }
      if let simple = slot.simple, let number = physical.number(of: simple) {
        switch simple.spelling {
        case .decimal(isSigned: true):
          text.append(decimal: Int64(bitPattern: simple.extended(number)))
        case .decimal(isSigned: false): text.append(decimal: number)
        case .text(let key) where session.numbers.append(number, key, into: &text): break
        case .text(let key): print(arguments[index], number, key, context, into: &text)
        }
      } else {
        let argument = arguments[index]
        print(argument.parameter, argument.parameter.value(in: context), context, into: &text)
      }
    }
  }

  /// A value by the session's settings.
  private func print(
    _ parameter: Parameter, _ value: FetchedValue, _ context: FrameContext, into text: inout TextBuffer
  ) {
    parameter.print(
      value, in: context, namer: session.names, options: session.settings.argumentOptions,
      isSummary: session.settings.frameArguments == .scalars, into: &text)
  }

  /// The arguments under a setting of `print entry-values` that is not the default.
  private func printEntries(
    _ frame: Frame, _ setting: PrintSettings.EntryValues, into text: inout TextBuffer
  ) {
    let context = FrameContext(frame: frame.physical, inlineDepth: frame.inlineDepth)
    let hasEntryValues = setting != .no && hasEntryPlaces && frame.physical.mayHaveEntryValues
    for argument in arguments {
      let value = argument.parameter.value(in: context)
      var entry: Entry?
      if hasEntryValues, let place = argument.entryPlace {
        entry = Self.entry(of: argument, at: place, in: context)
      }
      let isKnown = value.isKnown
      let (showsValue, showsEntry): (Bool, Bool)
      switch setting {
      case .no, .byDefault: (showsValue, showsEntry) = (true, false)
      case .both: (showsValue, showsEntry) = (true, true)
      case .only: (showsValue, showsEntry) = (false, true)
      case .preferred:
        showsValue = isKnown && entry == nil
        showsEntry = !showsValue
      case .ifNeeded: (showsValue, showsEntry) = (isKnown || entry == nil, !isKnown && entry != nil)
      case .compact: (showsValue, showsEntry) = (isKnown || entry == nil, entry != nil)
      }
      let separator = argument.label.prefix { $0 == 0x2c || $0 == 0x20 }
      if setting == .compact, let entry, Self.isSame(value, entry, of: argument, in: context) {
        text.append(bytes: argument.label)
        text.append(bytes: argument.entryLabel)
        print(argument.parameter, value, context, into: &text)
        continue
      }
      if showsValue {
        text.append(bytes: argument.label)
        print(argument.parameter, value, context, into: &text)
      }
      if showsEntry {
        text.append(bytes: showsValue ? [0x2c, 0x20] : separator)
        text.append(bytes: argument.entryLabel)
        printEntry(argument, entry ?? Entry(value: FetchedValue(.optimizedOut)), context, into: &text)
      }
    }
  }

  /// A pointer, enumerator or the like, whose text depends on the number alone.
  private func print(
    _ argument: Argument, _ number: UInt64, _ key: Parameter.TextKey, _ context: FrameContext,
    into text: inout TextBuffer
  ) {
    let start = text.count
    let parameter = argument.parameter
    let options = session.settings.argumentOptions
    if parameter.append(number, memory: context.memory, namer: session.names, options: options, into: &text) {
      session.numbers.keep(number, key, endOf: text, from: start)
    } else {
      print(parameter, FetchedValue(.number(number)), context, into: &text)
    }
  }

  /// One argument a line, with its whole value.
  func printTable(_ frame: Frame, into text: inout TextBuffer) {
    let context = FrameContext(frame: frame.physical, inlineDepth: frame.inlineDepth)
    for argument in arguments {
      let parameter = argument.parameter
      text.append(bytes: Escaping.inert(parameter.name))
      text.append(" = ")
      parameter.printInFull(
        parameter.value(in: context), language: parameter.language, in: context, namer: session.names,
        options: session.settings.options, into: &text)
      text.append(byte: 0x0a)
    }
  }

  /// The value now and the value at entry: `x=x@entry=5`, or both where they differ (contract, A-6).
  private func print(
    _ argument: Argument, _ entry: Entry, _ context: FrameContext, into text: inout TextBuffer
  ) {
    let parameter = argument.parameter
    let value = parameter.value(in: context)
    if Self.isSame(value, entry, of: argument, in: context) {
      text.append(bytes: argument.entryLabel)
      print(parameter, value, context, into: &text)
      return
    }
    print(parameter, value, context, into: &text)
    // One error is not told twice.
    if case .failed(let error) = value.content, case .failed(error) = entry.value.content { return }
    text.append(", ")
    text.append(bytes: argument.entryLabel)
    printEntry(argument, entry, context, into: &text)
  }

  private func printEntry(
    _ argument: Argument, _ entry: Entry, _ context: FrameContext, into text: inout TextBuffer
  ) {
    guard let referent = entry.referent, let target = argument.referentType,
      case .number(let address) = entry.value.content
    else { return print(argument.parameter, entry.value, context, into: &text) }
    argument.parameter.printReference(
      address, to: referent, target, in: context, namer: session.names,
      options: session.settings.argumentOptions, into: &text)
  }

  /// A value at entry; of a reference also what it referred to then.
  private struct Entry {
    var value: FetchedValue
    var referent: FetchedValue?
  }

  /// Whether the value is that at entry, and refers to what it referred to then.
  private static func isSame(
    _ value: FetchedValue, _ entry: Entry, of argument: Argument, in context: FrameContext
  ) -> Bool {
    guard value.isKnown, value.hasSameBytes(as: entry.value, order: context.byteOrder) else { return false }
    guard let before = entry.referent, let target = argument.referentType else { return true }
    let now = argument.parameter.referent(of: value, target, in: context)
    return now.isKnown && now.hasSameBytes(as: before, order: context.byteOrder)
  }

  /// The value at entry, where the caller's call site still tells it (contract, A-8).
  private static func entry(
    of argument: Argument, at place: EntryPlace, in context: FrameContext
  ) -> Entry? {
    do throws(EvaluationError) {
      guard let found = try EntryValue.find(place, in: context) else { return nil }
      var referent: FetchedValue?
      if let target = argument.referentType {
        // Without DW_AT_call_data_value there is no entry value of a reference at all.
        guard let data = try EntryValue.find(place, isData: true, in: context) else { return nil }
        referent = ValueFetcher.number(data.value, size: target.stripped.byteCount, in: data.context)
      }
      let value = ValueFetcher.number(found.value, size: argument.parameter.size, in: found.context)
      if case .failed = value.content { return Entry(value: value) }
      return value.isKnown ? Entry(value: value, referent: referent) : nil
    } catch {
      return Entry(value: FetchedValue(.failed(error)))
    }
  }
}

extension PhysicalFrame {
  /// Whether its caller describes the call at all: a cheap answer for the code of no optimizer.
  var mayHaveEntryValues: Bool {
    guard plan.functionStart != 0, !endsStack, case .success(let caller) = caller else { return false }
    return caller.callSite != nil
  }

  /// A simple value's bits; `nil` where anything about it is out of the ordinary.
  func number(of simple: Parameter.Simple) -> UInt64? {
    let address: UInt64
    switch simple.place {
    case .register(let number):
      guard let value = registers[number] else { return nil }
      return simple.size == 8 ? value : value & ((1 << UInt64(8 * simple.size)) - 1)
    case .registerPlus(let number, let offset):
      guard let value = registers[number] else { return nil }
      address = value &+ UInt64(bitPattern: offset)
    case .frameBase(let offset):
      guard let base = simpleFrameBase else { return nil }
      address = base &+ UInt64(bitPattern: offset)
    }
    return try? thread.process.memory.readUnsigned(
      at: address & thread.process.addressMask, size: simple.size)
  }
}
