internal import Backtraces
internal import Bytes
internal import CoreFiles
internal import Elfutils
internal import ProcessModel
internal import Symbols

/// What the notes of the core say of the process: `info proc`, `info auxv`, `info inferiors`, `info program`.
enum ProcessCommands {
  /// `info proc [SUBJECT]`: of a dead process gdb knows the arguments and the mapped files.
  static func proc(_ session: Session, _ text: String) throws(CommandError) {
    let subjects = ["all", "cmdline", "cwd", "exe", "files", "mappings", "stat", "status"]
    let word = String(text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) || "-_.".contains($0) })
    var subject = ""
    if !word.isEmpty, !["s", "st", "sta"].contains(word) || word == "stat" {
      if case .name(let name) = CommandNames.match(word, in: subjects, shorthands: ["c": "", "f": "files"]) {
        subject = name
      }
      if word == "c" { throw CommandNames.ambiguity("info proc ", text, ["cmdline", "cwd"]) }
    } else if !word.isEmpty {
      throw CommandNames.ambiguity("info proc ", text, ["stat", "status"])
    }
    guard let core = session.process?.core else {
      throw CommandError("No current process: you must name one.")
    }
    switch subject {
    case "cmdline", "cwd", "files", "stat", "status": throw CommandError("unable to handle request")
    case "mappings": mappings(core, into: &session.output)
    default:
      if let info = core.info {
        session.output.append("exe = '")
        session.output.append(bytes: Escaping.inert(Array(info.arguments.utf8), allowsTab: true))
        session.output.append("'\n")
      }
      if subject == "all" { mappings(core, into: &session.output) }
    }
  }

  private static func mappings(_ core: CoreFile, into text: inout TextBuffer) {
    guard !core.fileMappings.isEmpty else { return }
    let isWide = core.architecture.wordSize == 8
    let width = isWide ? 18 : 10
    text.append("Mapped address spaces:\n\n")
    let indentation = isWide ? "  " : "\t"
    text.append(indentation)
    right("Start Addr", width, into: &text)
    right("End Addr", width + 1, into: &text)
    text.append("       Size     Offset objfile\n")
    for mapping in core.fileMappings {
      text.append(indentation)
      right(mapping.range.lowerBound.hexadecimal, width, into: &text)
      right(mapping.range.upperBound.hexadecimal, width + 1, into: &text)
      right((mapping.range.upperBound - mapping.range.lowerBound).hexadecimal, 11, into: &text)
      right(mapping.fileOffset.hexadecimal, 11, into: &text)
      text.append(" ")
      text.append(bytes: Escaping.inert(Array(mapping.path.utf8)))
      text.append("\n")
    }
  }

  private static func right(_ value: String, _ width: Int, into text: inout TextBuffer) {
    text.append(String(repeating: " ", count: max(0, width - value.utf8.count)) + value)
  }

  // MARK: The auxiliary vector

  private enum Form {
    case decimal
    case hex
    case string
  }

  /// Names and descriptions of the entries, as gdb has them.
  private static let entries: [UInt64: (name: String, text: String, form: Form)] = [
    0: ("AT_NULL", "End of vector", .hex), 1: ("AT_IGNORE", "Entry should be ignored", .hex),
    2: ("AT_EXECFD", "File descriptor of program", .decimal),
    3: ("AT_PHDR", "Program headers for program", .hex),
    4: ("AT_PHENT", "Size of program header entry", .decimal),
    5: ("AT_PHNUM", "Number of program headers", .decimal), 6: ("AT_PAGESZ", "System page size", .decimal),
    7: ("AT_BASE", "Base address of interpreter", .hex), 8: ("AT_FLAGS", "Flags", .hex),
    9: ("AT_ENTRY", "Entry point of program", .hex), 10: ("AT_NOTELF", "Program is not ELF", .decimal),
    11: ("AT_UID", "Real user ID", .decimal), 12: ("AT_EUID", "Effective user ID", .decimal),
    13: ("AT_GID", "Real group ID", .decimal), 14: ("AT_EGID", "Effective group ID", .decimal),
    15: ("AT_PLATFORM", "String identifying platform", .string),
    16: ("AT_HWCAP", "Machine-dependent CPU capability hints", .hex),
    17: ("AT_CLKTCK", "Frequency of times()", .decimal), 18: ("AT_FPUCW", "Used FPU control word", .decimal),
    19: ("AT_DCACHEBSIZE", "Data cache block size", .decimal),
    20: ("AT_ICACHEBSIZE", "Instruction cache block size", .decimal),
    21: ("AT_UCACHEBSIZE", "Unified cache block size", .decimal),
    22: ("AT_IGNOREPPC", "Entry should be ignored", .decimal),
    23: ("AT_SECURE", "Boolean, was exec setuid-like?", .decimal),
    24: ("AT_BASE_PLATFORM", "String identifying base platform", .string),
    25: ("AT_RANDOM", "Address of 16 random bytes", .hex),
    26: ("AT_HWCAP2", "Extension of AT_HWCAP", .hex), 31: ("AT_EXECFN", "File name of executable", .string),
    32: ("AT_SYSINFO", "Special system info/entry points", .hex),
    33: ("AT_SYSINFO_EHDR", "System-supplied DSO's ELF header", .hex),
    34: ("AT_L1I_CACHESHAPE", "L1 Instruction cache information", .hex),
    35: ("AT_L1D_CACHESHAPE", "L1 Data cache information", .hex),
    36: ("AT_L2_CACHESHAPE", "L2 cache information", .hex),
    37: ("AT_L3_CACHESHAPE", "L3 cache information", .hex),
    40: ("AT_L1I_CACHESIZE", "L1 Instruction cache size", .hex),
    41: ("AT_L1I_CACHEGEOMETRY", "L1 Instruction cache geometry", .hex),
    42: ("AT_L1D_CACHESIZE", "L1 Data cache size", .hex),
    43: ("AT_L1D_CACHEGEOMETRY", "L1 Data cache geometry", .hex),
    44: ("AT_L2_CACHESIZE", "L2 cache size", .hex), 45: ("AT_L2_CACHEGEOMETRY", "L2 cache geometry", .hex),
    46: ("AT_L3_CACHESIZE", "L3 cache size", .hex), 47: ("AT_L3_CACHEGEOMETRY", "L3 cache geometry", .hex),
    51: ("AT_MINSIGSTKSZ", "Minimum stack size for signal delivery", .hex),
  ]

  static func auxv(_ session: Session, _: String) throws(CommandError) {
    guard let core = session.process?.core, !core.auxiliaryVector.inOrder.isEmpty else {
      throw CommandError("The program has no auxiliary information now.")
    }
    for (key, value) in core.auxiliaryVector.inOrder {
      let known = entries[key] ?? ("???", "", .hex)
      var line = TextBuffer()
      line.append(decimal: key)
      line.pad(from: 0, to: 4)
      line.append(" ")
      var start = line.count
      line.append(known.name)
      line.pad(from: start, to: 20)
      line.append(" ")
      start = line.count
      line.append(known.text)
      line.pad(from: start, to: 30)
      line.append(" ")
      switch known.form {
      case .decimal: line.append(decimal: value)
      case .hex: line.append(hex: value)
      case .string:
        line.append(hex: value)
        line.append(" ")
        line.append(bytes: Texts.quoted(at: value, in: core.memory))
      }
      line.append("\n")
      session.output.append(line)
    }
  }

  // MARK: Inferiors

  static func inferiors(_ session: Session, _ text: String) throws(CommandError) {
    if !text.isEmpty, !text.split(separator: " ").contains(where: { $0 == "1" || $0 == "*" }) {
      session.output.append("No inferiors.\n")
      return
    }
    let core = session.process?.core
    let description = core.map { "process \($0.info?.processID ?? $0.threads.first?.id ?? 0)" } ?? "<null>"
    let connection = core == nil ? "" : "1 (core)"
    let executable = Texts.realPath(session.executablePath ?? session.process?.executable?.path ?? "")
    func row(_ mark: String, _ number: String, _ cells: [(String, Int)]) {
      var line = TextBuffer()
      line.append(mark + " " + number)
      line.pad(from: 0, to: 7)
      for (cell, width) in cells {
        let start = line.count
        line.append(bytes: Escaping.inert(Array(cell.utf8)))
        line.pad(from: start, to: width)
        line.append(" ")
      }
      line.append("\n")
      session.output.append(line)
    }
    let wide = max(17, description.utf8.count)
    row(" ", "Num", [("Description", wide), ("Connection", 20), ("Executable", 17)])
    row("*", "1", [(description, wide), (connection, 20), (executable, 17)])
  }

  static func program(_ session: Session, _: String) throws(CommandError) {
    session.output.append("The program being debugged is not being run.\n")
  }
}
