package import Elfutils
internal import Bytes
package import LineTables

/// One compilation unit of a module: its functions by address and its line table, read when first asked for.
package final class CompileUnit {
  package let unit: DebugUnit
  /// The entry with children: of this file, or of the split unit's.
  package let root: DebugEntry
  package let language: Language
  package let name: String?
  package let compilationDirectory: String?
  /// DW_AT_producer: which compiler, and so which of its habits gdb allows for.
  package let producer: String?

  private struct FunctionRange {
    var range: Range<UInt64>
    var entry: DebugEntry
  }

  private let file: DebugFile
  private lazy var functions = collect(isDeep: false)
  private lazy var nestedFunctions = collect(isDeep: true)
  package private(set) lazy var lines: LineTable? = readLines()

  /// Namespaces and types nest at most this deep when functions are looked for.
  private static let maximumDepth = 64
  /// Where they nest deeper, what follows them is looked for in the outermost scopes only: each sibling on the way back
  /// up costs a pass over all that is inside of the one before it.
  private static let searchedDepth = 6

  /// `root` is the entry of the split unit, where there is one.
  init(unit: DebugUnit, root: DebugEntry?, file: DebugFile) {
    self.unit = unit
    self.root = root ?? unit.skeleton
    self.file = file
    self.language = Language(code: self.root.unsigned(Attribute.language))
    self.name = self.root.string(Attribute.name) ?? unit.skeleton.string(Attribute.name)
    self.compilationDirectory =
      unit.skeleton.string(Attribute.compDir) ?? self.root.string(Attribute.compDir)
    self.producer = self.root.string(Attribute.producer)
  }

  /// The function entry (never an inlined one) that holds an address of the file.
  ///
  /// First among the functions of file and namespace scope; a second, deeper pass (methods defined within
  /// their class, functions nested in functions) is made only for an address that the first did not find.
  package func function(containing address: UInt64) -> DebugEntry? {
    Self.find(address, in: functions) ?? Self.find(address, in: nestedFunctions)
  }

  private static func find(_ address: UInt64, in functions: [FunctionRange]) -> DebugEntry? {
    let low = functions.leadingCount { $0.range.lowerBound <= address }
    guard low > 0, functions[low - 1].range.contains(address) else { return nil }
    return functions[low - 1].entry
  }

  private func collect(isDeep: Bool) -> [FunctionRange] {
    var result: [FunctionRange] = []
    _ = collect(root, isDeep: isDeep, depth: 0, into: &result)
    result.sort { $0.range.lowerBound < $1.range.lowerBound }
    return result
  }

  /// Adds what is in a scope; `false` where something in it nests too deeply.
  private func collect(_ scope: DebugEntry, isDeep: Bool, depth: Int, into result: inout [FunctionRange])
    -> Bool
  {
    guard depth < Self.maximumDepth else { return false }
    var isWhole = true
    for child in scope.children {
      switch child.tag {
      case Tag.subprogram:
        if !isDeep || depth > 0 {
          for range in child.ranges { result.append(FunctionRange(range: range, entry: child)) }
        }
        // A declaration has parameters, but no functions in it.
        guard isDeep, !child.flag(Attribute.declaration) else { continue }
      case Tag.namespace, Tag.module: break
      case Tag.structureType, Tag.classType, Tag.unionType, Tag.enumerationType, Tag.lexicalBlock,
        Tag.inlinedSubroutine:
        guard isDeep else { continue }
      default: continue
      }
      isWhole = collect(child, isDeep: isDeep, depth: depth + 1, into: &result) && isWhole
      if !isWhole, depth >= Self.searchedDepth { return false }
    }
    return isWhole
  }

  private func readLines() -> LineTable? {
    guard let offset = unit.skeleton.unsigned(Attribute.stmtList) else { return nil }
    let description = LineUnit(
      programOffset: Int(clamping: offset), name: name.map { Array($0.utf8) },
      compilationDirectory: compilationDirectory.map { Array($0.utf8) },
      lowestPC: unit.skeleton.ranges.map(\.lowerBound).min(), addressSize: unit.skeleton.addressSize)
    let order = file.elf.header.byteOrder
    // dwz moves strings to its own file: either section may be missing.
    return file.withSection(".debug_line") { line in
      file.withOptionalSection(".debug_str") { strings in
        file.withOptionalSection(".debug_line_str") { lineStrings in
          LineTable(
            LineSections(line: line, strings: strings, lineStrings: lineStrings, order: order),
            unit: description)
        }
      }
    }
  }
}
