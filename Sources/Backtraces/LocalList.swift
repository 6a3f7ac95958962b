internal import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel
internal import Symbols
internal import Unwinding
internal import Values

/// The local variables of a function at one address, in gdb's order: inner scopes first.
final class LocalList {
  private enum Local {
    /// A variable and its `NAME = `.
    case variable(Parameter, label: [UInt8])
    /// A line that is the same in every frame: what was optimized out, and an enumerator of an enum that was
    /// declared in the block, `NAME = NAME`.
    case fixed([UInt8])
  }

  /// Whether a block holds the address at all; without one there is "no symbol table info".
  let hasBlock: Bool
  let language: Language?
  private var locals: [Local] = []
  private unowned let session: PrintingSession
  private static let equals = Array(" = ".utf8)

  init(frame: Frame, session: PrintingSession) {
    self.session = session
    let code = frame.code
    language = code.unit?.language
    guard let module = code.module, let unit = code.unit else {
      hasBlock = false
      return
    }
    let pc = module.fileAddress(code.lookup).rawValue
    let isEntry = code.lookup == code.functionStart
    let scopes = Self.scopes(of: frame, pc)
    hasBlock = !scopes.isEmpty || unit.covers(pc)
    var made: [Local] = []
    for scope in scopes {
      let symbols = BlockSymbols(of: scope)
      let ordered =
        scope.tag == Tag.lexicalBlock
        ? SymbolOrder.sorted(symbols.locals, count: symbols.count, language: unit.language) { $0.name ?? "" }
        : symbols.locals
      for entry in ordered {
        if entry.tag == Tag.enumerator {
          let name = Escaping.inert(Array((entry.name ?? "").utf8))
          made.append(.fixed(name + Self.equals + name))
          continue
        }
        let variable = Parameter(
          entry: entry, at: pc, isEntry: isEntry, language: unit.language, types: session.types)
        guard !variable.name.isEmpty, !variable.isConstantBlock else { continue }
        let label = Escaping.inert(variable.name) + Self.equals
        made.append(
          variable.isAlwaysOptimizedOut
            ? .fixed(label + Array("<optimized out>".utf8)) : .variable(variable, label: label))
      }
    }
    locals = made
  }

  /// The blocks of a frame's function around the address, innermost first; for an inlined function up to
  /// the place where it was inlined, for its caller from there on.
  private static func scopes(of frame: Frame, _ pc: UInt64) -> [DebugEntry] {
    guard let function = frame.function else { return [] }
    let inner = frame.inlinedCallee?.entry.identity
    var result = [function.entry]
    var scope = function.entry
    for _ in 0..<256 {
      guard let next = CodeInfo.block(in: scope, holding: pc), next.identity != inner else { break }
      result.append(next)
      scope = next
    }
    return result.reversed()
  }

  func print(
    _ frame: Frame, currentLanguage: Language, indentation: StaticString = "        ",
    into text: inout TextBuffer
  ) {
    guard hasBlock else {
      text.append("No symbol table info available.\n")
      return
    }
    guard !locals.isEmpty else {
      text.append("No locals.\n")
      return
    }
    let context = FrameContext(frame: frame.physical, inlineDepth: frame.inlineDepth)
    let options =
      indentation.utf8CodeUnitCount > 0 ? session.settings.options.forLocals : session.settings.options
    for local in locals {
      text.append(indentation)
      switch local {
      case .fixed(let line): text.append(bytes: line)
      case .variable(let variable, let label):
        text.append(bytes: label)
        variable.printInFull(
          variable.value(in: context), language: currentLanguage, in: context, namer: session.names,
          options: options, into: &text)
      }
      text.append(byte: 0x0a)
    }
  }
}

/// What a block declares, as gdb enters it into the block's symbols.
private struct BlockSymbols {
  /// Variables and enumerators, in the order of the file.
  private(set) var locals: [DebugEntry] = []
  /// All symbols, also those that are not listed: types, functions, labels.
  private(set) var count = 0

  private static let maximumDepth = 512

  init(of scope: DebugEntry) {
    readNested(scope)
    addInherited(scope)
  }

  private mutating func readNested(_ scope: DebugEntry) {
    scope.visitNested(depth: Self.maximumDepth, limit: .blocks) { add($0) }
  }

  /// Whether what is inside belongs to the block too.
  private mutating func add(_ child: DebugEntry) -> Bool {
    switch child.tag {
    // Fortran's variables that share storage are the function's all the same.
    case Tag.commonBlock: return true
    case Tag.variable:
      count += 1
      // A declaration of something that lives elsewhere is no local.
      if !child.flag(Attribute.declaration, .integrated) || child.has(Attribute.location) {
        locals.append(child)
      }
    case Tag.enumerationType:
      if child.name != nil { count += 1 }
      for enumerator in child.children where enumerator.tag == Tag.enumerator {
        count += 1
        locals.append(enumerator)
      }
    case Tag.label:
      count += 1
      // A label without an address is entered like a variable that was optimized out.
      if !child.has(Attribute.lowPC) { locals.append(child) }
    case Tag.structureType, Tag.classType, Tag.unionType, Tag.typedef, Tag.baseType:
      if child.name != nil { count += 1 }
    case Tag.lexicalBlock where !child.has(Attribute.lowPC) && !child.has(Attribute.ranges):
      // A block without addresses belongs to its parent.
      return true
    default: break
    }
    return false
  }

  /// Children of the abstract function that no direct child of the concrete one refers to: they are
  /// entered once more, without a location (contract, V-33).
  private mutating func addInherited(_ scope: DebugEntry) {
    for child in scope.inheritedChildren where child.tag != Tag.formalParameter {
      if add(child) { readNested(child) }
    }
  }
}

extension CompileUnit {
  /// Whether the unit's own ranges hold an address.
  func covers(_ pc: UInt64) -> Bool {
    unit.skeleton.ranges.contains { $0.contains(pc) }
  }
}
