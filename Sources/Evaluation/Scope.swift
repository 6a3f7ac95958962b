package import Elfutils
internal import Expressions
internal import ProcessModel
internal import Symbols
package import Unwinding
package import Values

/// A variable that a name stands for: its entry, and whose addresses it writes.
struct Variable {
  var entry: DebugEntry
  var module: Module
  /// Whether its place depends on the frame.
  var isLocal: Bool
  /// The address in the file at which its location holds.
  var pc: UInt64
}

/// A function that a name stands for.
struct FunctionSymbol {
  var entry: DebugEntry
  var module: Module

  var address: UInt64? {
    entry.ranges.first.map { module.processAddress(FileAddress($0.lowerBound)) }
      ?? entry.lowPC.map { module.processAddress(FileAddress($0)) }
  }
}

struct MinimalThing {
  var symbol: MinimalSymbol
  var module: Module
  /// Whether each thread has its own; the symbol's address is then an offset.
  var isThreadLocal = false
  var address: UInt64 { module.processAddress(FileAddress(symbol.address)) }
}

/// Where an expression stands: the frame with its blocks, unit and language.
package struct Scope {
  package let frame: Frame?
  package let language: Language
  let unit: CompileUnit?
  let module: Module?
  /// The look-up address in the module's file.
  let pc: UInt64
  /// The blocks around the address, innermost first; the last is the function's own entry.
  let blocks: [DebugEntry]

  let types: TypeReader

  package init(frame: Frame?, fallback: Language, types: TypeReader) {
    self.frame = frame
    self.types = types
    guard let frame, let module = frame.code.module else {
      (language, unit, module, pc, blocks) = (fallback, nil, nil, 0, [])
      return
    }
    self.module = module
    unit = frame.code.unit
    pc = module.fileAddress(frame.code.lookup).rawValue
    language = frame.code.unit?.language ?? fallback
    var found: [DebugEntry] = []
    if let function = frame.function {
      let inner = frame.inlinedCallee?.entry.identity
      var scope = function.entry
      found = [scope]
      while found.count < 256, let next = CodeInfo.block(in: scope, holding: pc), next.identity != inner {
        found.append(next)
        scope = next
      }
    }
    blocks = found.reversed()
  }

  /// The names of the scopes around the function: `ns::Der` and then `ns`, most special first.
  var prefixes: [String] {
    guard let function = blocks.last else { return [] }
    var home = function
    for _ in 0..<16 {
      guard let next = home.reference(Attribute.abstractOrigin) ?? home.reference(Attribute.specification)
      else { break }
      home = next
    }
    guard let text = QualifiedName.scope(of: home) else { return [] }
    let parts = NameSearch.parts(of: text)
    return parts.indices.reversed().map { parts[...$0].joined(separator: "::") }
  }

  /// A parameter or variable of the blocks, or a type that they declare.
  func local(_ name: String, _ kind: NameSearch.Kind) -> NamedThing? {
    guard let module else { return nil }
    let wanted = DebugEntry.SearchName(name)
    for block in blocks {
      var found: NamedThing?
      collect(block, name, wanted, kind, module, depth: 0, into: &found)
      if let found { return found }
    }
    return nil
  }

  /// The last of several with one name, as gdb's look-up has it; what has no addresses belongs to its parent.
  private func collect(
    _ block: DebugEntry, _ name: String, _ wanted: DebugEntry.SearchName, _ kind: NameSearch.Kind,
    _ module: Module, depth: Int, into found: inout NamedThing?
  ) {
    guard depth < 64 else { return }
    for child in block.children + block.inheritedChildren {
      switch child.tag {
      case Tag.variable, Tag.formalParameter:
        guard kind == .ordinary, child.isNamed(wanted) || child.isNameless && child.name == name else {
          continue
        }
        if child.flag(Attribute.declaration, .integrated), !child.has(Attribute.location) { continue }
        if child.tag == Tag.formalParameter, found != nil { continue }
        found = .variable(Variable(entry: child, module: module, isLocal: true, pc: pc))
      case Tag.lexicalBlock where !child.has(Attribute.lowPC) && !child.has(Attribute.ranges):
        collect(child, name, wanted, kind, module, depth: depth + 1, into: &found)
      case Tag.typedef:
        if kind == .ordinary, child.isNamed(wanted) { found = .type(types.type(child)) }
      case Tag.structureType, Tag.classType, Tag.unionType, Tag.enumerationType:
        if kind == .tagged || language != .c, child.isNamed(wanted) { found = .type(types.type(child)) }
        if kind == .ordinary, child.tag == Tag.enumerationType {
          for each in child.children where each.tag == Tag.enumerator && each.isNamed(wanted) {
            found = .enumerator(
              Int64(bitPattern: each.unsigned(Attribute.constValue) ?? 0), types.type(child), name)
          }
        }
      default: continue
      }
    }
  }
}
