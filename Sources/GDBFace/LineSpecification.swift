internal import Backtraces
internal import Bytes
internal import Elfutils
internal import Evaluation
internal import LineTables
internal import ProcessModel
internal import Symbols
internal import Unwinding

/// A place in a source file that `list` and `info line` were asked for.
struct SourcePlace {
  var file: SourceFile
  var line: Int
  /// The function that was asked for.
  var symbol: String?
  /// The address that was asked for, or at which the function begins.
  var address: UInt64?
}

/// gdb's way to name lines: `N`, `±N`, `FILE:N`, `FUNCTION`, `FILE:FUNCTION`, `*ADDRESS`.
struct LineSpecification {
  let session: Session
  /// What a number alone belongs to, and what `+N` is counted from.
  var file: SourceFile?
  var line: Int

  /// Every place that a text means; none for an address or a symbol without line numbers.
  func places(_ text: String) throws(CommandError) -> [SourcePlace] {
    if text.hasPrefix("*") {
      let address = try session.address(String(text.dropFirst()))
      return place(at: address, symbol: nil).map { [$0] } ?? []
    }
    if let first = text.utf8.first, (0x30...0x39).contains(first) || first == 0x2b || first == 0x2d {
      return [try numbered(text)]
    }
    if let (name, rest) = Self.splitFile(text) {
      guard let file = file(named: name) else { throw CommandError("No source file named \(name).") }
      guard !rest.isEmpty else { throw CommandError("malformed linespec error: unexpected end of input") }
      if let first = rest.utf8.first, (0x30...0x39).contains(first) {
        return [try LineSpecification(session: session, file: file, line: 1).numbered(rest)]
      }
      let found = try functions(rest, in: name).filter {
        $0.file.unit === file.unit || $0.file.name == file.name
      }
      guard !found.isEmpty else {
        throw CommandError("Function \"\(rest)\" not defined in \"\(name)\".")
      }
      return found
    }
    return try functions(text)
  }

  // MARK: Numbers

  private func numbered(_ text: String) throws(CommandError) -> SourcePlace {
    let sign = text.first.flatMap { $0 == "+" || $0 == "-" ? $0 : nil }
    let digits = text.drop { $0 == "+" || $0 == "-" }.prefix { $0.isASCII && $0.isNumber }
    let rest = String(text.dropFirst(digits.count + (sign == nil ? 0 : 1))).trimmingBlanks
    if let first = rest.first {
      guard first.isNumber else { throw CommandError("Junk at end of line specification.") }
      throw CommandError("malformed linespec error: unexpected number, \"\(rest)\"")
    }
    guard let number = Int(digits), let file else {
      throw CommandError("malformed linespec error: unexpected string, \"\(text)\"")
    }
    switch sign {
    case "+": return SourcePlace(file: file, line: line.addingReportingOverflow(number).partialValue)
    case "-":
      return SourcePlace(file: file, line: max(1, line.subtractingReportingOverflow(number).partialValue))
    default: return SourcePlace(file: file, line: number)
    }
  }

  // MARK: Files

  /// The file in front of a colon that is not part of `::`.
  private static func splitFile(_ text: String) -> (file: String, rest: String)? {
    var index = text.startIndex
    while let colon = text[index...].firstIndex(of: ":") {
      let next = text.index(after: colon)
      guard next < text.endIndex, text[next] == ":" else {
        let name = text[..<colon].drop { $0 == "'" || $0 == "\"" }
        let quoted = name.last == "'" || name.last == "\"" ? name.dropLast() : name
        return (String(quoted), String(text[next...]).trimmingBlanks)
      }
      index = text.index(after: next)
      if index >= text.endIndex { break }
    }
    return nil
  }

  /// The file of a name or of the end of a path: of the current unit, of units named so, of any other one.
  private func file(named name: String) -> SourceFile? {
    guard let modules = session.process?.modules else { return nil }
    let bytes = Array(name.utf8)
    func isNamed(_ path: [UInt8]) -> Bool {
      path == bytes
        || path.count > bytes.count && path.suffix(bytes.count) == bytes[...]
          && path[path.count - bytes.count - 1] == 0x2f
    }
    func file(in unit: CompileUnit, of module: Module) -> SourceFile? {
      guard let lines = unit.lines, let index = lines.file(where: isNamed) else { return nil }
      return SourceFile(name: lines.name(ofFile: index), unit: unit, module: module)
    }
    if let unit = self.file?.unit, let module = self.file?.module, let found = file(in: unit, of: module) {
      return found
    }
    var all = modules.executable.map { [$0] } ?? []
    all += modules.libraries.indices.compactMap { modules.library(at: $0) }
    for readsTables in [false, true] {
      for module in all {
        for unit in module.debugFile?.units ?? [] {
          let own = readsTables ? nil : unit.skeleton.string(Attribute.name)
          guard readsTables || own.map({ isNamed(Array($0.utf8)) }) == true else { continue }
          if let unit = module.compileUnit(unit), let found = file(in: unit, of: module) { return found }
        }
      }
    }
    return nil
  }

  // MARK: Functions

  private func functions(
    _ text: String, in fileName: String? = nil
  ) throws(CommandError) -> [SourcePlace] {
    let name = text.trimmingBlanks
    let (addresses, variable) = try session.evaluating { evaluator throws(EvaluationFailure) in
      let addresses = name.contains(" ") ? [] : try evaluator.codeAddresses(name)
      let isName = addresses.isEmpty && !name.isEmpty && !name.contains(" ")
      return (addresses, isName ? try evaluator.declaration(name) : nil)
    }
    if let variable, let line = variable.entry.unsigned(Attribute.declLine),
      let unit = unit(of: variable.entry, in: variable.module),
      let file = variable.entry.unsigned(Attribute.declFile)
        .flatMap({ unit.lines?.spelling(ofFileNumber: $0) })
    {
      let file = SourceFile(name: file, unit: unit, module: variable.module)
      return [SourcePlace(file: file, line: Int(clamping: line), symbol: name)]
    }
    guard !addresses.isEmpty else {
      if let fileName { throw CommandError("Function \"\(name)\" not defined in \"\(fileName)\".") }
      guard name.hasPrefix("$") else { throw CommandError("Function \"\(name)\" not defined.") }
      throw CommandError("Undefined convenience variable or function \"\(name)\" not defined.")
    }
    // One line of a file is one place, however often its function was put into others.
    var places: [SourcePlace] = []
    for place in addresses.compactMap({ place(at: $0, symbol: name) })
    where !places.contains(where: { $0.line == place.line && $0.file.name == place.file.name }) {
      places.append(place)
    }
    return places
  }

  private func unit(of entry: DebugEntry, in module: Module) -> CompileUnit? {
    guard let root = entry.unitRoot, let file = module.debugFile else { return nil }
    return file.units.first { module.root(of: $0).identity == root.identity }.flatMap(module.compileUnit)
  }

  private func place(at address: UInt64, symbol: String?) -> SourcePlace? {
    guard let code = session.process?.unwinder.resolver.code(at: .instruction(address)),
      let match = code.line, let lines = code.unit?.lines
    else { return nil }
    let file = SourceFile(name: lines.name(ofFile: match.file), unit: code.unit, module: code.module)
    return SourcePlace(file: file, line: Int(match.line), symbol: symbol, address: address)
  }
}
