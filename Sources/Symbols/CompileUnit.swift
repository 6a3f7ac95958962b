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

  private let file: DebugFile
  private lazy var functions = sortedFunctions(isDeep: false)
  private lazy var nestedFunctions = sortedFunctions(isDeep: true)
  package private(set) lazy var lines: LineTable? = readLines()

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
    find(address, in: functions) ?? find(address, in: nestedFunctions)
  }

  private func find(_ address: UInt64, in functions: [FunctionRange]) -> DebugEntry? {
    let low = functions.leadingCount { $0.range.lowerBound <= address }
    guard low > 0, functions[low - 1].range.contains(address) else { return nil }
    return root.file.entry(at: functions[low - 1].offset)
  }

  private func sortedFunctions(isDeep: Bool) -> [FunctionRange] {
    root.file.functions(of: root, isDeep: isDeep).sorted { $0.range.lowerBound < $1.range.lowerBound }
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
