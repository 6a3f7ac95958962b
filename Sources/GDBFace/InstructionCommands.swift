internal import Backtraces
internal import Bytes
internal import Disassembly
internal import ProcessModel
internal import Symbols
internal import Unwinding
internal import Values

/// `disassemble` and `x/i`.
enum InstructionCommands {
  static let commands: [String: Commands.Action] = ["disassemble": disassemble]

  /// More than any function has: ranges come from debug information.
  private static let longestRange: UInt64 = 64 << 20

  /// How one instruction is shown.
  private struct Style {
    var showsBytes = false
    /// `disassemble` pads addresses; `x/i` does not.
    var isPadded = true
    /// In the dump of one function only distances are told.
    var omitsName = false
    var isDemangled = false
    /// Where the selected frame stands.
    var programCounter: UInt64?
    var syntax = Disassembler.Syntax.att
  }

  /// Instructions one after the other, at addresses of the process.
  private struct Reader: ~Copyable {
    let process: ProcessUnwinder
    var disassembler: Disassembler

    init(_ process: ProcessUnwinder) throws(CommandError) {
      self.process = process
      do throws(DisassemblyError) {
        disassembler = try Disassembler(process.architecture)
      } catch {
        throw CommandError(error.description)
      }
    }

    /// Writes a line and returns the length of the instruction.
    mutating func line(
      at address: UInt64, _ style: Style, into text: inout TextBuffer
    ) throws(CommandError) -> UInt64 {
      let isCurrent = address == style.programCounter
      text.append(isCurrent ? "=> " : "   ")
      if style.isPadded {
        text.append(address: address, width: process.architecture.addressDigits)
      } else {
        text.append(hex: address)
      }
      if let found = AssemblerNames.name(at: address, in: process, isDemangled: style.isDemangled) {
        text.append(" <")
        if !style.omitsName { text.append(bytes: Escaping.inert(Array(found.name.utf8))) }
        if style.isPadded || found.offset != 0 { text.append(distance: found.offset) }
        text.append(">")
      }
      text.append(":\t")
      let bytes = process.memory.readAvailable(at: address, count: Disassembler.longestInstruction)
      guard !bytes.isEmpty else {
        if style.isPadded { text.append("\n") }
        throw CommandError("Cannot access memory at address 0x" + String(address, radix: 16))
      }
      guard let found = disassembler.instruction(at: address, bytes: bytes, syntax: style.syntax) else {
        append(bytes: bytes.prefix(1), style, into: &text)
        text.append("(bad)\n")
        return 1
      }
      append(bytes: found.bytes[...], style, into: &text)
      append(found, style, into: &text)
      text.append("\n")
      return UInt64(max(1, found.bytes.count))
    }

    private func append(bytes: ArraySlice<UInt8>, _ style: Style, into text: inout TextBuffer) {
      guard style.showsBytes else { return }
      let start = text.count
      for (index, byte) in bytes.enumerated() {
        if index > 0 { text.append(" ") }
        text.append(hexDigits: UInt64(byte), width: 2)
      }
      text.pad(from: start, to: 19)
      text.append("\t")
    }

    private func append(_ found: Instruction, _ style: Style, into text: inout TextBuffer) {
      guard process.architecture.machine == 62 || process.architecture.machine == 3 else {
        text.append(found.mnemonic + (found.operandText.isEmpty ? "" : "\t" + found.operandText))
        return
      }
      let made = AssemblyText(found, syntax: style.syntax, is64: process.architecture.wordSize == 8)
      text.append(made.text)
      guard let target = made.target else { return }
      if made.isMemoryTarget {
        text.append("        # ")
        text.append(hex: target)
      }
      guard let symbol = AssemblerNames.name(at: target, in: process, isDemangled: style.isDemangled) else {
        return
      }
      text.append(" <")
      text.append(bytes: Escaping.inert(Array(symbol.name.utf8)))
      if symbol.offset != 0 { text.append(distance: symbol.offset) }
      text.append(">")
    }
  }

  private static func style(_ session: Session) -> Style {
    var style = Style()
    style.syntax = session.parameters["disassembly-flavor"] == "intel" ? .intel : .att
    style.isDemangled = session.settings.options.demanglesAssembler
    if let frame = try? session.selectedFrame() {
      style.programCounter = frame.programCounter
    }
    return style
  }

  // MARK: x/i

  /// `x/COUNTi`: instructions from an address on; the address behind them is what `x` goes on with.
  static func examine(count: Int, at address: UInt64, in session: Session) throws(CommandError) -> UInt64 {
    guard let process = session.process?.unwinder else {
      throw CommandError("Cannot access memory at address 0x" + String(address, radix: 16))
    }
    var style = style(session)
    style.isPadded = false
    var reader = try Reader(process)
    var at = address
    for _ in 0..<max(0, count) {
      at = at &+ (try reader.line(at: at, style, into: &session.output))
      session.flushWhereLong()
    }
    return at
  }

  // MARK: disassemble

  /// `disassemble [/MODIFIERS] [ADDRESS | START,END | START,+LENGTH]`.
  private static func disassemble(_ session: Session, _ text: String) throws(CommandError) {
    var style = style(session)
    var rest = text[...]
    var hasSource = false
    var isSourceCentric = false
    if rest.first == "/" {
      rest = rest.dropFirst()
      guard let first = rest.first, first != " " else { throw CommandError("Missing modifier.") }
      while let letter = rest.first, letter != " ", letter != "\t" {
        switch letter {
        case "r", "b": style.showsBytes = true
        case "s": hasSource = true
        case "m": (hasSource, isSourceCentric) = (true, true)
        default: throw CommandError("Invalid disassembly modifier.")
        }
        rest = rest.dropFirst()
      }
      if hasSource, isSourceCentric, text.dropFirst().prefix(while: { $0 != " " }).contains("s") {
        throw CommandError("Cannot specify both /m and /s.")
      }
    }
    let arguments = String(rest).trimmingBlanks
    guard session.process != nil else {
      throw CommandError(
        arguments.isEmpty ? "No frame selected." : "No symbol table is loaded.  Use the \"file\" command.")
    }
    let sources: SourceDump.Order? = hasSource ? (isSourceCentric ? .bySource : .byAddress) : nil
    if let comma = topLevelComma(arguments) {
      return try range(arguments, comma, style, in: session, sources: sources)
    }
    let address: UInt64
    if arguments.isEmpty {
      // A call that never returns may be the last instruction of its function.
      address = try session.selectedFrame().code.lookup
    } else {
      address = try session.address(arguments)
    }
    try function(
      at: address, isSelected: arguments.isEmpty, style, in: session, sources: sources)
  }

  /// The comma between start and end, outside of parentheses and quotes.
  private static func topLevelComma(_ text: String) -> String.Index? {
    var depth = 0
    for index in text.indices {
      switch text[index] {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "," where depth == 0: return index
      default: break
      }
    }
    return nil
  }

  private static func range(
    _ text: String, _ comma: String.Index, _ style: Style, in session: Session, sources: SourceDump.Order?
  ) throws(CommandError) {
    let low = try session.address(String(text[..<comma]).trimmingBlanks)
    var last = String(text[text.index(after: comma)...]).trimmingBlanks
    let isLength = last.hasPrefix("+")
    if isLength { last = String(last.dropFirst()) }
    guard !last.isEmpty else { throw CommandError("Argument required (expression to compute).") }
    let value = try session.address(last)
    let high = isLength ? low &+ value : value
    guard let process = session.process?.unwinder else { return }
    session.output.append("Dump of assembler code from ")
    session.output.append(hex: low)
    session.output.append(" to ")
    session.output.append(hex: high)
    session.output.append(":\n")
    try dump(low, high, style, process, in: session, sources: sources)
    session.output.append("End of assembler dump.\n")
  }

  private static func dump(
    _ low: UInt64, _ high: UInt64, _ style: Style, _ process: ProcessUnwinder, in session: Session,
    sources: SourceDump.Order? = nil
  ) throws(CommandError) {
    if let sources, low < high {
      let mixed = SourceDump(at: low, in: session) { range throws(CommandError) in
        try dump(range.lowerBound, range.upperBound, style, process, in: session)
      }
      if let mixed { return try mixed.run(low..<high, sources) }
    }
    var reader = try Reader(process)
    var at = low
    while at < high {
      let (next, overflow) = at.addingReportingOverflow(try reader.line(at: at, style, into: &session.output))
      session.flushWhereLong()
      if overflow { break }
      at = next
    }
  }

  private static func function(
    at address: UInt64, isSelected: Bool, _ style: Style, in session: Session, sources: SourceDump.Order?
  ) throws(CommandError) {
    guard let process = session.process?.unwinder,
      let found = AssemblerNames.function(at: address, in: process, isDemangled: style.isDemangled)
    else {
      throw CommandError(
        isSelected
          ? "No function contains program counter for selected frame."
          : "No function contains specified address.")
    }
    var style = style
    style.omitsName = true
    session.output.append("Dump of assembler code for function ")
    session.output.append(bytes: Escaping.inert(Array(found.name.utf8)))
    session.output.append(":\n")
    for range in found.ranges {
      guard range.upperBound - range.lowerBound <= longestRange else { continue }
      if found.ranges.count > 1 {
        session.output.append("Address range ")
        session.output.append(hex: range.lowerBound)
        session.output.append(" to ")
        session.output.append(hex: range.upperBound)
        session.output.append(":\n")
      }
      try dump(range.lowerBound, range.upperBound, style, process, in: session, sources: sources)
    }
    session.output.append("End of assembler dump.\n")
  }
}
