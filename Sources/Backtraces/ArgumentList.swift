internal import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel
internal import Symbols
internal import Unwinding
internal import Values

/// What the printers of all frames of a process share.
final class PrintingSession {
  let types = TypeReader()
  let names: SymbolTexts

  init(resolver: CodeResolver) {
    names = SymbolTexts(resolver: resolver)
  }

  /// The session of a process, made when its first frame is printed.
  static func of(_ process: ProcessUnwinder) -> PrintingSession {
    if let known = process.annotation as? PrintingSession { return known }
    let made = PrintingSession(resolver: process.resolver)
    process.annotation = made
    return made
  }
}

/// The arguments of a function at one address: found once, printed for every frame there.
final class ArgumentList {
  private struct Argument {
    /// `NAME=`.
    var label: [UInt8]
    /// `NAME@entry=`.
    var entryLabel: [UInt8]
    var parameter: Parameter
    /// Where the parameter was when the function was entered, if that is a place that callers describe.
    var entryPlace: EntryPlace?
  }

  private var arguments: [Argument] = []
  private let session: PrintingSession

  /// Origins chain at most this long.
  private static let maximumChain = 16

  init(function: FunctionInstance, code: CodeInfo, session: PrintingSession) {
    self.session = session
    guard let module = code.module else { return }
    let pc = module.fileAddress(code.lookup).rawValue
    let entryPC = module.fileAddress(code.functionStart).rawValue
    let language = function.unit.language
    let parameters = Self.parameters(of: function.entry)
    let stand = Self.standIns(for: parameters, in: function.entry)
    for child in parameters.map({ stand[$0.name ?? ""] ?? $0 }) {
      let parameter = Parameter(entry: child, at: pc, language: language, types: session.types)
      guard !parameter.name.isEmpty else { continue }
      let name = Escaping.inert(parameter.name)
      arguments.append(
        Argument(
          label: name + [0x3d], entryLabel: name + Array("@entry=".utf8), parameter: parameter,
          entryPlace: Self.entryPlace(child, at: entryPC)))
    }
  }

  var isEmpty: Bool { arguments.isEmpty }

  /// The parameters in the order of the concrete entry, then those of the abstract one that it left out.
  private static func parameters(of function: DebugEntry) -> [DebugEntry] {
    let own = function.children.filter { $0.tag == Tag.formalParameter }
    guard let origin = function.reference(Attribute.abstractOrigin) else { return own }
    var referred: Set<UInt> = []
    for parameter in own {
      var at = parameter
      for _ in 0..<maximumChain {
        guard let next = at.reference(Attribute.abstractOrigin) else { break }
        referred.insert(next.identity)
        at = next
      }
    }
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
    guard let origin = function.reference(Attribute.abstractOrigin) else { return result }
    let own = function.children.filter { $0.tag != Tag.callSite && $0.tag != Tag.gnuCallSite }
    let declared = Array(origin.children)
    let isParallel = own.map(\.tag) == declared.map(\.tag)
    var referred: Set<UInt> = []
    for (index, child) in own.enumerated() {
      if isParallel, child.tag == Tag.lexicalBlock, !child.has(Attribute.abstractOrigin) {
        referred.insert(declared[index].identity)
      }
      var at = child
      for _ in 0..<maximumChain {
        guard let next = at.reference(Attribute.abstractOrigin) else { break }
        referred.insert(next.identity)
        at = next
      }
    }
    for child in declared where !referred.contains(child.identity) {
      collectVariables(child, into: &result, depth: 0)
    }
    return result
  }

  private static func collectVariables(_ entry: DebugEntry, into result: inout [DebugEntry], depth: Int) {
    if entry.tag == Tag.variable { result.append(entry) }
    guard entry.tag == Tag.lexicalBlock, depth < maximumChain, !entry.has(Attribute.lowPC),
      !entry.has(Attribute.ranges)
    else { return }
    for child in entry.children { collectVariables(child, into: &result, depth: depth + 1) }
  }

  private static func entryPlace(_ parameter: DebugEntry, at entryPC: UInt64) -> EntryPlace? {
    guard case .expression(let operations) = parameter.location(Attribute.location, at: entryPC) else {
      return nil
    }
    return EntryPlace(operations)
  }

  func print(_ frame: Frame, into text: inout TextBuffer) {
    let context = FrameContext(frame: frame.physical, inlineDepth: frame.inlineDepth)
    var isFirst = true
    for argument in arguments {
      if !isFirst { text.append(", ") }
      isFirst = false
      let parameter = argument.parameter
      let value = parameter.value(in: context)
      guard let place = argument.entryPlace, let entry = entryValue(of: parameter, at: place, in: context)
      else {
        text.append(bytes: argument.label)
        parameter.print(value, in: context, namer: session.names, into: &text)
        continue
      }
      if value.isKnown, value.hasSameBytes(as: entry, order: context.architecture.byteOrder) {
        text.append(bytes: argument.label)
        text.append(bytes: argument.entryLabel)
        parameter.print(value, in: context, namer: session.names, into: &text)
      } else {
        text.append(bytes: argument.label)
        parameter.print(value, in: context, namer: session.names, into: &text)
        // One error is not told twice.
        if case .failed(let error) = value.content, case .failed(error) = entry.content { continue }
        text.append(", ")
        text.append(bytes: argument.entryLabel)
        parameter.print(entry, in: context, namer: session.names, into: &text)
      }
    }
  }

  /// The value at entry, where the caller's call site still tells it (contract, A-8).
  private func entryValue(of parameter: Parameter, at place: EntryPlace, in context: FrameContext)
    -> FetchedValue?
  {
    guard context.frame.mayHaveEntryValues, !parameter.isReference else { return nil }
    do throws(EvaluationError) {
      guard let found = try EntryValue.find(place, in: context) else { return nil }
      let stackValue = LocationOperation(code: 0x9f)
      let value = ValueFetcher.value(of: found.value + [stackValue], size: parameter.size, in: found.context)
      if case .failed = value.content { return value }
      return value.isKnown ? value : nil
    } catch {
      return FetchedValue(.failed(error))
    }
  }
}

extension PhysicalFrame {
  /// Whether its caller describes the call at all: a cheap answer for the code of no optimizer.
  var mayHaveEntryValues: Bool {
    guard plan.code.functionStart != 0, !endsStack, case .success(let caller) = caller else { return false }
    return caller.callSite != nil
  }
}

extension Parameter {
  var isReference: Bool {
    type.stripped.tag == Tag.referenceType || type.stripped.tag == Tag.rvalueReferenceType
  }
}
