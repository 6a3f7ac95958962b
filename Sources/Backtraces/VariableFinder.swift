package import Elfutils
internal import Bytes
internal import Expressions
internal import ProcessModel
internal import Symbols
package import Unwinding
package import Values

/// The variables that a frame's functions can name, with where they are: for questions like "what is in rax?".
package struct VariableFinder {
  package struct Variable {
    package var name: String
    package var type: ValueType
    /// Where it is in memory, for variables that are.
    package var address: UInt64?
    /// DWARF's number of the register that it is in.
    package var register: Int?
    /// Its value, for one of at most eight bytes.
    package var value: UInt64?
    package var size: UInt64
  }

  /// Of all functions at the frame's address, those of the innermost first.
  package private(set) var variables: [Variable] = []
  package let language: Language
  private let frame: Frame
  private static let maximumCount = 4096
  /// Blocks nest at most this deep: a look at one's variables costs a pass over all blocks inside of it.
  private static let maximumDepth = 64
  /// Globals of one unit that are looked at.
  private static let maximumGlobals = 200_000

  package init(frame: Frame) {
    self.frame = frame
    language = frame.code.unit?.language ?? .c
    guard let module = frame.code.module, let unit = frame.code.unit else { return }
    let pc = module.fileAddress(frame.code.lookup).rawValue
    let types = PrintingSession.of(frame.physical.thread.process).types
    var inner: UInt?
    for (index, function) in frame.code.functions.enumerated() {
      let context = FrameContext(
        frame: frame.physical, inlineDepth: max(0, frame.code.functions.count - 1 - index))
      for scope in Self.scopes(of: function.entry, pc, until: inner) {
        for child in scope.children where child.tag == Tag.variable || child.tag == Tag.formalParameter {
          guard variables.count < Self.maximumCount else { return }
          let parameter = Parameter(entry: child, at: pc, language: unit.language, types: types)
          guard !parameter.name.isEmpty else { continue }
          variables.append(Self.variable(parameter, child, pc, context))
        }
      }
      inner = function.entry.identity
    }
  }

  private static func variable(
    _ parameter: Parameter, _ entry: DebugEntry, _ pc: UInt64, _ context: FrameContext
  ) -> Variable {
    let value = parameter.value(in: context)
    var result = Variable(
      name: String(decoding: parameter.name, as: UTF8.self), type: parameter.type, address: value.address,
      size: parameter.size)
    if case .number(let number) = value.content { result.value = number }
    if case .expression(let operations) = entry.location(Attribute.location, at: pc), operations.count == 1,
      (0x50...0x6f).contains(operations[0].code)
    {
      result.register = Int(operations[0].code) - 0x50
    }
    return result
  }

  /// A function and its blocks around an address, innermost first; not those of the function inlined there.
  private static func scopes(of entry: DebugEntry, _ pc: UInt64, until inner: UInt?) -> [DebugEntry] {
    var result = [entry]
    var scope = entry
    for _ in 0..<maximumDepth {
      guard let next = CodeInfo.block(in: scope, holding: pc), next.identity != inner else { break }
      result.append(next)
      scope = next
    }
    if result.count > maximumDepth { scope.file.cuts.meet(.variables, at: scope) }
    return result.reversed()
  }

  /// The variable of the frame's functions, or of its unit, that an address lies in.
  package func variable(at address: UInt64) -> Variable? {
    if let local = variables.first(where: { variable in
      variable.address.map { address &- $0 < max(variable.size, 1) } ?? false
    }) {
      return local
    }
    guard let module = frame.code.module, let unit = frame.code.unit else { return nil }
    var left = Self.maximumGlobals
    return global(
      at: module.fileAddress(address).rawValue, in: unit.root, language: unit.language, module: module,
      &left,
      depth: 0)
  }

  private func global(
    at address: UInt64, in scope: DebugEntry, language: Language, module: Module, _ left: inout Int,
    depth: Int
  ) -> Variable? {
    let types = PrintingSession.of(frame.physical.thread.process).types
    for child in scope.children {
      guard left > 0 else { return nil }
      left -= 1
      if child.tag == Tag.namespace, depth < 4,
        let found = global(
          at: address, in: child, language: language, module: module, &left, depth: depth + 1)
      {
        return found
      }
      guard child.tag == Tag.variable, let operations = child.expression(Attribute.location),
        operations.count == 1, operations[0].code == 0x03, operations[0].first <= address
      else { continue }
      let type = types.type(of: child)
      guard address - operations[0].first < max(type.byteCount, 1), let name = child.name else { continue }
      return Variable(
        name: name, type: type,
        address: module.processAddress(FileAddress(operations[0].first)), size: type.byteCount)
    }
    return nil
  }
}
