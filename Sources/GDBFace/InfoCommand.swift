internal import CoreFiles
internal import Elfutils
internal import Backtraces
internal import Bytes
internal import ProcessModel
internal import Symbols
internal import Unwinding

/// `info SUBJECT`, with subjects cut short as long as they are gdb's only one of that beginning.
enum InfoCommand {
  /// The subjects that coreview knows, by their full names.
  private static let subjects: [String: Commands.Action] = [
    "threads": ThreadCommands.info, "stack": BacktraceCommand.run, "locals": locals, "args": arguments_,
    "registers": RegisterCommands.registers,
    "all-registers": RegisterCommands.all, "vector": RegisterCommands.vector, "sharedlibrary": sharedLibrary,
    "proc": ProcessCommands.proc,
    "auxv": ProcessCommands.auxv, "inferiors": ProcessCommands.inferiors,
    "program": ProcessCommands.program, "frame": FrameInfoCommand.run, "signals": SignalCommands.info,
  ]

  static func run(_ session: Session, _ arguments: String) throws(CommandError) {
    let word = String(arguments.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) || "-_.".contains($0) })
    guard !word.isEmpty else {
      throw CommandError("\"info\" must be followed by the name of an info command.")
    }
    let rest = arguments.dropFirst(word.count).description.trimmingBlanks
    switch CommandNames.match(word, in: CommandNames.info, shorthands: CommandNames.infoShorthands) {
    case .unknown: throw CommandError("Undefined info command: \"\(arguments)\".  Try \"help info\".")
    case .ambiguous(let names): throw CommandNames.ambiguity("info ", arguments, names)
    case .name(let name):
      guard let action = subjects[name] ?? SymbolCommands.subjects[name] ?? SourceCommands.subjects[name]
      else {
        throw CommandError("coreview gdb has no command \"info \(name)\".")
      }
      try action(session, rest)
    }
  }

  private static func selected(_ session: Session) throws(CommandError) -> Frame {
    try session.selectedFrame()
  }

  private static func locals(_ session: Session, _: String) throws(CommandError) {
    FrameWriter.localTable(try selected(session), into: &session.output)
  }

  private static func arguments_(_ session: Session, _: String) throws(CommandError) {
    FrameWriter.argumentTable(try selected(session), into: &session.output)
  }

  /// The libraries of the link map, with the range of their code.
  private static func sharedLibrary(_ session: Session, _ pattern: String) throws(CommandError) {
    let expression = pattern.isEmpty ? nil : try Texts.expression(pattern)
    guard let process = session.process, !process.modules.libraries.isEmpty else {
      session.output.append("No shared libraries loaded at this time.\n")
      return
    }
    let shown = process.modules.libraries.indices.filter { index in
      expression?.matches(Array(process.modules.libraries[index].name.utf8)) ?? true
    }
    guard !shown.isEmpty else {
      session.output.append("No shared libraries matched.\n")
      return
    }
    let width = process.core.architecture.addressDigits
    var text = TextBuffer()
    text.append("From")
    text.pad(from: 0, to: width + 4)
    text.append("To")
    text.pad(from: 0, to: 2 * (width + 4))
    text.append("Syms Read   Shared Object Library\n")
    session.output.append(text)
    var isMissingDebug = false
    for index in shown {
      let start = session.output.count
      let module = process.modules.library(at: index)
      if let module, let code = module.elf.section(named: ".text") {
        session.output.append(
          address: module.processAddress(FileAddress(code.range.lowerBound)), width: width)
        session.output.append("  ")
        session.output.append(
          address: module.processAddress(FileAddress(code.range.upperBound)), width: width)
        session.output.append("  ")
        let hasDebug = module.debugFile != nil
        isMissingDebug = isMissingDebug || !hasDebug
        session.output.append(hasDebug ? "Yes         " : "Yes (*)     ")
      } else {
        session.output.pad(from: start, to: 2 * (width + 4))
        session.output.append("No          ")
      }
      session.output.append(bytes: Escaping.inert(Array(process.modules.libraries[index].name.utf8)))
      session.output.append(byte: 0x0a)
    }
    if isMissingDebug {
      session.output.append("(*): Shared library is missing debugging information.\n")
    }
  }
}

/// How `info registers` orders and spells the general registers of x86.
enum RegisterOrder {
  static func names(of architecture: Architecture) -> [String] {
    architecture.wordSize == 8
      ? [
        "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
        "r15",
        "rip", "eflags", "cs", "ss", "ds", "es", "fs", "gs",
      ]
      : [
        "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip", "eflags", "cs", "ss", "ds", "es", "fs",
        "gs",
      ]
  }

  /// What gdb's `$pc`, `$sp` and `$fp` stand for.
  static func alias(_ name: String, of architecture: Architecture) -> String? {
    let is64 = architecture.wordSize == 8
    switch name {
    case "pc": return is64 ? "rip" : "eip"
    case "sp": return is64 ? "rsp" : "esp"
    case "fp": return is64 ? "rbp" : "ebp"
    default: return nil
    }
  }

  private static let flags: [(Int, String)] = [
    (0, "CF"), (1, ""), (2, "PF"), (4, "AF"), (6, "ZF"), (7, "SF"), (8, "TF"), (9, "IF"), (10, "DF"),
    (11, "OF"), (14, "NT"), (16, "RF"),
    (17, "VM"), (18, "AC"), (19, "VIF"), (20, "VIP"), (21, "ID"),
  ]

  static func append(_ value: UInt64, of name: String, _ frame: Frame, into text: inout TextBuffer) {
    switch name {
    case "rbp", "rsp", "rip", "ebp", "esp", "eip":
      // Pointers to data and to code: with the symbol that they lead to.
      text.append(hex: value)
      text.append(FrameWriter.symbolSuffix(of: value, in: frame.physical.thread.process))
    case "eflags":
      text.append("[ ")
      for (bit, flag) in flags where value & (1 << UInt64(bit)) != 0 && !flag.isEmpty {
        text.append(flag + " ")
      }
      text.append("]")
    default:
      let isWide =
        frame.physical.thread.process.architecture.wordSize == 8
        && !["cs", "ss", "ds", "es", "fs", "gs"].contains(name)
      text.append(decimal: isWide ? Int64(bitPattern: value) : Int64(Int32(truncatingIfNeeded: value)))
    }
  }
}
