import Bytes
import CoreFiles
import Demangling
import Elfutils
import Expressions
import GDBFace
import Glibc
import LineTables
import ProcFiles
import ProcessModel

/// libFuzzer's door into the parsers: COREVIEW_FUZZ_TARGET says which. Built by `Tests/Fuzz/targets-run`, which sets COREVIEW_FUZZ.
@main struct Targets {
  static func main() {
    guard chosen != nil else {
      print("COREVIEW_FUZZ_TARGET: one of \(targets.keys.sorted())")
      exit(64)
    }
    var count = CommandLine.argc
    var arguments = unsafe CommandLine.unsafeArgv
    exit(unsafe runDriver(&count, &arguments, fuzzOneInput))
  }
}

/// The name that libFuzzer's own `main`, which is linked and not run, asks for.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  chosen?(unsafe Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ run: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

private let chosen = unsafe getenv("COREVIEW_FUZZ_TARGET").flatMap { targets[unsafe String(cString: $0)] }

private let targets: [String: @Sendable ([UInt8]) -> Void] = [
  "core": core, "cfi": callFrames, "expression": expression, "lines": lineTable, "names": names,
  "proc": procTexts, "commands": commands, "debug": debugInformation,
]

// MARK: Files

@Sendable private func core(_ bytes: [UInt8]) {
  guard let core = try? CoreFile(FileBytes(image: [bytes[...]], name: "core")) else { return }
  for thread in core.threads.prefix(16) {
    _ = core.extendedState(of: thread)
    _ = core.signalBytes(of: thread)
    if let pointer = thread.registers[core.architecture.stackPointer] {
      _ = core.memory.readAvailable(at: pointer, count: 4096)
    }
  }
  for mapping in core.fileMappings.prefix(16) {
    _ = core.memory.readAvailable(at: mapping.range.lowerBound, count: 64)
  }
}

/// A table of DWARF 4 or 5, as its bytes say.
@Sendable private func lineTable(_ bytes: [UInt8]) {
  let empty: [UInt8] = []
  let sections = unsafe LineSections(
    line: bytes.span.bytes, strings: bytes.span.bytes, lineStrings: empty.span.bytes, order: .little)
  let table = LineTable(
    sections,
    unit: LineUnit(
      programOffset: 0, name: Array("a.c".utf8), compilationDirectory: Array("/b".utf8), lowestPC: nil))
  for address in [0, 0x1000, 0x40_1000, UInt64.max] {
    guard let match = table.lookup(address) else { continue }
    _ = match
  }
  for number in 0..<8 {
    _ = table.name(ofFile: number)
    _ = table.spelling(ofFileNumber: UInt64(number))
    _ = table.candidates(ofFile: number)
  }
}

// MARK: Expressions

/// Operations of 11 bytes: code, two operands (eight bytes, one byte), what is nested.
@Sendable private func expression(_ bytes: [UInt8]) {
  var operations: [LocationOperation] = []
  for start in stride(from: 0, to: bytes.count - 10, by: 11) {
    let piece = Array(bytes[start..<start + 11])
    let first = piece.unsigned(at: 1, size: 8, order: .little)
    let second = UInt64(bitPattern: Int64(Int8(bitPattern: piece[9])))
    let nested: LocationOperation.Nested? =
      switch piece[10] >> 4 {
      case 1: .bytes(Array(piece[1..<9]))
      case 2: .type(nil)
      case 3: .typedBytes(nil, Array(piece[1..<9]))
      case 4: .entry(first)
      case 5: .expression(operations)
      default: nil
      }
    operations.append(
      LocationOperation(
        code: piece[0], first: first, second: second, offset: UInt64(operations.count), nested: nested))
  }
  _ = try? ExpressionMachine.location(operations, in: LiteralFrame())
  _ = try? ExpressionMachine.number(operations, initial: [1, 2], in: LiteralFrame())
}

// MARK: Text

@Sendable private func names(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  for name in [text, "_Z" + text, "_R" + text, "_D" + text] {
    _ = Demangler.symbol(name)
    _ = Demangler.readable(name)
  }
  _ = Demangler.ada(text)
}

@Sendable private func procTexts(_ bytes: [UInt8]) {
  let maps = ProcMaps(bytes)
  _ = maps.mapping(containing: 0x1000)
  _ = ProcStat(bytes)
  _ = ProcStatus(bytes)
  _ = ProcSystemCall(bytes)
  _ = ProcRing(descriptor: 3, bytes)
}

/// Commands without a core; those that could start a program or write a file are not among them.
@Sendable private func commands(_ bytes: [UInt8]) {
  let heads = [
    "print ", "ptype ", "whatis ", "x/", "printf ", "output ", "info ", "frame ", "thread ", "list ", "echo ",
    "show ",
    "print/", "bt ", "disassemble ", "info symbol ", "info line ",
  ]
  guard let first = bytes.first else { return }
  let text = String(decoding: bytes.dropFirst().filter { $0 != 0 && $0 != 0x0a }, as: UTF8.self)
  let command = heads[Int(first) % heads.count] + text
  // A count of a billion is answered with as many lines, by gdb too.
  guard !text.utf8.split(whereSeparator: { !(0x30...0x39).contains($0) }).contains(where: { $0.count > 4 })
  else {
    return
  }
  guard !["apply", "shell", "|", "!", "pipe"].contains(where: command.contains) else { return }
  _ = GDBFace.run(["-q", "-nx", "-batch-silent", "-ex", command])
}

extension String {
  fileprivate func contains(_ word: String) -> Bool {
    let (text, sought) = (Array(utf8), Array(word.utf8))
    guard text.count >= sought.count else { return false }
    return (0...text.count - sought.count).contains { Array(text[$0..<$0 + sought.count]) == sought }
  }
}
