internal import Backtraces
internal import Bytes
internal import CoreFiles
internal import Disassembly
internal import Elfutils
internal import LineTables
internal import ProcessModel
internal import Reporting
internal import Symbols
internal import Triage
internal import Unwinding

/// The parts of a report that are asked for: registers, instructions and source around the crash.
struct DetailReader {
  let process: CoreProcess
  let thread: ListedThread
  let scene: Scene

  private var architecture: Architecture { process.core.architecture }
  private var memory: ProcessMemory { process.core.memory }

  // MARK: Registers

  /// The crashed thread's, each with what it points at.
  func registers() -> [Report.Register] {
    let owners = stackOwners()
    return architecture.registers.filter { $0.name != "reserved" }.compactMap { register in
      guard let value = thread.snapshot.register(named: register.name, of: architecture) else { return nil }
      var result = Report.Register()
      result.name = register.name
      result.value = value
      if register.size == architecture.wordSize { result.target = target(of: value, owners) }
      return result
    }
  }

  /// The regions of all threads' stacks, by their stack pointers.
  private func stackOwners() -> [(range: Range<UInt64>, lwp: Int32)] {
    process.threads.prefix(10_000).compactMap { other in
      guard let pointer = other.snapshot.registers[architecture.stackPointer],
        let region = scene.map.region(containing: pointer), region.isWritable
      else { return nil }
      return (region.range, other.snapshot.id)
    }
  }

  private func target(of value: UInt64, _ owners: [(range: Range<UInt64>, lwp: Int32)]) -> Report.Target? {
    guard value >= Scene.nearNull, let region = scene.map.region(containing: value) else { return nil }
    var result = Report.Target()
    result.mapping = region.name ?? "[anonymous]"
    if let owner = owners.first(where: { $0.range.contains(value) }) {
      result.kind = .stack
      result.lwp = owner.lwp
    } else if region.name == "[stack]" {
      result.kind = .stack
    } else if region.isExecutable {
      result.kind = .code
    } else if region.name?.hasPrefix("/") ?? false {
      result.kind = .data
    } else if region.name == "[heap]" {
      result.kind = .heap
    }
    let suffix = FrameWriter.symbolSuffix(of: value, in: process.unwinder)
    if !suffix.isEmpty {
      result.symbol = String(suffix.dropFirst(2).dropLast())
      if result.kind == .mapping { result.kind = .data }
    }
    result.string = text(at: value)
    return result
  }

  private static let longestText = 48

  /// The start of a printable text of at least four bytes.
  private func text(at address: UInt64) -> String? {
    let bytes = memory.readAvailable(at: address, count: Self.longestText)
    let text = bytes.prefix { $0 >= 0x20 && $0 < 0x7f }
    guard text.count >= 4, text.count == bytes.count || bytes[text.count] == 0 || bytes[text.count] == 0x0a
    else {
      return nil
    }
    return String(decoding: text, as: UTF8.self) + (text.count == bytes.count ? "…" : "")
  }

  // MARK: Instructions

  private static let before = 8
  private static let after = 7

  /// Some instructions before the pc, and some after it.
  func disassembly() -> [Report.Instruction] {
    let isThumb = architecture.name == "arm" && (scene.registers["cpsr"] ?? 0) & 0x20 != 0
    guard var disassembler = try? Disassembler(architecture, isThumb: isThumb) else { return [] }
    let pc = scene.programCounter
    var result: [Instruction] = []
    if let start = start(before: pc) {
      let bytes = memory.readAvailable(at: start, count: Int(pc - start))
      var at = 0
      while at < bytes.count {
        let rest = Array(bytes[at..<min(at + Disassembler.longestInstruction, bytes.count)])
        guard let next = disassembler.instruction(at: start &+ UInt64(at), bytes: rest) else { break }
        result.append(next)
        at += next.size
      }
      // What does not end at the pc was decoded out of step.
      result = at == bytes.count ? Array(result.suffix(Self.before)) : []
    }
    var at = pc
    for _ in 0...Self.after {
      let bytes = memory.readAvailable(at: at, count: Disassembler.longestInstruction)
      guard !bytes.isEmpty, let next = disassembler.instruction(at: at, bytes: bytes) else { break }
      result.append(next)
      at = next.end
    }
    return result.map { Report.Instruction($0, in: process) }
  }

  /// The start of the pc's function, or of a line near before it.
  private func start(before pc: UInt64) -> UInt64? {
    let code = process.unwinder.resolver.code(at: .instruction(pc))
    let start = code.functionStart
    guard start != 0, start <= pc else { return nil }
    if pc - start <= 4096 { return start }
    guard let module = code.module, let lines = code.unit?.lines,
      let row = lines.lookup(module.fileAddress(pc - 256).rawValue)
    else { return nil }
    let line = module.processAddress(FileAddress(row.start))
    return line <= pc && pc - line <= 4096 ? line : nil
  }

  // MARK: Source

  private static let contextLines = 3
  private static let largestSource: UInt64 = 16 << 20

  /// The lines around the innermost of some frames whose source is there.
  func source() -> Report.Source? {
    var walker = StackWalker(thread: process.unwinder(of: thread))
    for _ in 0..<16 {
      guard let frame = walker.next() else { return nil }
      guard frame.kind != .signalTrampoline else { continue }
      let template = FrameTemplates.template(for: frame)
      guard let name = template.file, template.line > 0 else { continue }
      if let found = source(name, template.line, frame) { return found }
    }
    return nil
  }

  private func source(_ name: [UInt8], _ line: Int, _ frame: Frame) -> Report.Source? {
    var paths: [[UInt8]] = []
    if name.first != 0x2f, let directory = frame.code.unit?.compilationDirectory {
      paths.append(Array(directory.utf8) + [0x2f] + name)
    }
    paths.append(name)
    for path in paths {
      let path = String(decoding: path, as: UTF8.self)
      guard let file = try? FileBytes(path: path), file.size <= Self.largestSource else { continue }
      let bytes = file.read(at: 0, count: Int(file.size))
      var result = Report.Source()
      result.path = path
      result.line = line
      result.firstLine = max(1, line - Self.contextLines)
      let all = bytes.split(
        separator: 0x0a, maxSplits: line + Self.contextLines, omittingEmptySubsequences: false)
      let end = min(line + Self.contextLines, all.count)
      guard line <= all.count, result.firstLine <= end else { return nil }
      result.lines = all[(result.firstLine - 1)..<end].map { text in
        String(decoding: text.last == 0x0d ? text.dropLast() : text, as: UTF8.self)
      }
      if let executable = frame.code.module?.elf.path, let built = try? FileBytes(path: executable) {
        result.isNewer = file.modified > built.modified
      }
      return result
    }
    return nil
  }
}
