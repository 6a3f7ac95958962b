package import Elfutils
package import LineTables
package import ProcessModel

/// A function as it is entered at an address: out of line, or inlined into another.
package final class FunctionInstance {
  /// The concrete entry: DW_TAG_subprogram or DW_TAG_inlined_subroutine.
  package let entry: DebugEntry
  package let unit: CompileUnit
  /// Where its first range starts, in the process: with the CFA the identity of its frames.
  package let entryPC: UInt64
  package let isInlined: Bool
  /// DW_AT_main_subprogram.
  package let isMainSubprogram: Bool
  /// What FUNC prints; `nil` for a function that DWARF does not name.
  package let name: [UInt8]?
  /// The name with its parameters, where the language has them: what pointers to the function show.
  package let wholeName: String?
  /// DW_AT_call_line, 0 where it is missing.
  package let callLine: Int
  /// The file of DW_AT_call_line in gdb's spelling.
  package let callFile: [UInt8]?

  /// A namespace of the same qualified name, which hides the function from look-ups by name.
  package private(set) lazy var hasNamespaceTwin: Bool = FunctionName.hasNamespaceTwin(entry)

  init(entry: DebugEntry, unit: CompileUnit, module: Module, isInlined: Bool, spelling: TypeSpelling?) {
    self.entry = entry
    self.unit = unit
    self.isInlined = isInlined
    self.isMainSubprogram =
      (unit.language == .rust || unit.language == .fortran)
      && entry.flag(Attribute.mainSubprogram, .integrated)
    self.entryPC = module.processAddress(FileAddress(entry.ranges.first?.lowerBound ?? entry.lowPC ?? 0))
    let names = FunctionName.names(of: entry, language: unit.language, spelling: spelling)
    self.name = names.map { Array($0.cut.utf8) }
    self.wholeName = names?.whole
    self.callLine = Int(clamping: entry.unsigned(Attribute.callLine) ?? 0)
    self.callFile = entry.unsigned(Attribute.callFile).flatMap { unit.lines?.spelling(ofFileNumber: $0) }
  }
}

/// All that is known about an address of code, found once however many frames stand there.
package final class CodeInfo {
  package let lookup: UInt64
  package let module: Module?
  package let unit: CompileUnit?
  /// The functions at the address, innermost first; the last one is not inlined. Empty without DWARF.
  package let functions: [FunctionInstance]
  /// The line of the address, for the innermost function.
  package let line: LineTable.Match?
  /// The ELF symbol, found when DWARF names no function.
  package let symbol: MinimalSymbol?
  /// Where the function starts in the process, by DWARF or else by symbol; 0 where neither knows.
  package let functionStart: UInt64

  init(lookup: UInt64, module: Module?, spelling: TypeSpelling?) {
    self.lookup = lookup
    self.module = module
    guard let module else {
      (unit, functions, line, symbol, functionStart) = (nil, [], nil, nil, 0)
      return
    }
    let address = module.fileAddress(lookup)
    let unit = module.unit(containing: address)
    self.unit = unit
    self.functions = unit.map { Self.functions(at: address, in: $0, of: module, spelling) } ?? []
    self.line = unit?.lines?.lookup(address.rawValue)
    if let outermost = functions.last {
      symbol = nil
      functionStart = outermost.entryPC
    } else {
      let found = module.symbol(at: address)
      symbol = found
      functionStart = found.map { module.processAddress(FileAddress($0.address)) } ?? 0
    }
  }

  /// The function that is not inlined.
  package var function: FunctionInstance? { functions.last }

  /// Where the row of `line` starts, in the process.
  package var lineStart: UInt64? {
    guard let module, let line else { return nil }
    return module.processAddress(FileAddress(line.start))
  }

  /// Blocks nest at most this deep.
  private static let maximumDepth = 512

  private static func functions(
    at address: FileAddress, in unit: CompileUnit, of module: Module, _ spelling: TypeSpelling?
  ) -> [FunctionInstance] {
    guard let function = unit.function(containing: address.rawValue) else { return [] }
    var result = [
      FunctionInstance(entry: function, unit: unit, module: module, isInlined: false, spelling: spelling)
    ]
    var scope = function
    var depth = 0
    while depth < maximumDepth, let inner = block(in: scope, holding: address.rawValue) {
      // Without a call site it is a block of its parent, not a frame (rule F-5).
      if inner.tag == Tag.inlinedSubroutine, inner.has(Attribute.callLine), inner.has(Attribute.callFile) {
        result.append(
          FunctionInstance(entry: inner, unit: unit, module: module, isInlined: true, spelling: spelling))
      }
      scope = inner
      depth += 1
    }
    if depth == maximumDepth { scope.file.cuts.meet(.blocks, at: scope) }
    return result.reversed()
  }

  /// The block directly in a scope that holds an address; one without addresses belongs to its parent.
  package static func block(in scope: DebugEntry, holding address: UInt64) -> DebugEntry? {
    var isTooDeep = false
    return block(in: scope, holding: address, depth: 0, &isTooDeep)
  }

  /// Where blocks nest too deeply the search ends for good: each sibling on the way back up would cost what is
  /// inside of the one before it.
  private static func block(
    in scope: DebugEntry, holding address: UInt64, depth: Int, _ isTooDeep: inout Bool
  ) -> DebugEntry? {
    guard depth < maximumDepth else {
      isTooDeep = true
      scope.file.cuts.meet(.blocks, at: scope)
      return nil
    }
    for child in scope.children {
      switch child.tag {
      case Tag.inlinedSubroutine, Tag.lexicalBlock, Tag.tryBlock, Tag.catchBlock:
        if child.contains(address) { return child }
        guard child.tag == Tag.lexicalBlock, !child.has(Attribute.lowPC), !child.has(Attribute.ranges) else {
          continue
        }
        let inner = block(in: child, holding: address, depth: depth + 1, &isTooDeep)
        if inner != nil || isTooDeep { return inner }
      default: break
      }
    }
    return nil
  }
}

/// Finds and remembers what is known about addresses of code.
package final class CodeResolver {
  package let modules: ModuleList
  /// A function that DWARF calls the program's main one (Rust, Fortran), once an address of it was seen.
  package private(set) var mainSubprogram: FunctionInstance?
  private var known: [UInt64: CodeInfo] = [:]

  /// More distinct addresses than any sound program's stacks show; beyond it the memory starts anew.
  private static let maximumKnown = 100_000

  private let spelling: TypeSpelling?

  package init(modules: ModuleList, spelling: TypeSpelling? = nil) {
    self.modules = modules
    self.spelling = spelling
  }

  package func code(at location: CodeLocation) -> CodeInfo {
    let lookup = location.lookup
    if let found = known[lookup] { return found }
    if known.count >= Self.maximumKnown { known.removeAll() }
    let made = CodeInfo(lookup: lookup, module: modules.module(containing: lookup), spelling: spelling)
    known[lookup] = made
    if mainSubprogram == nil { mainSubprogram = made.functions.first { $0.isMainSubprogram } }
    return made
  }
}
