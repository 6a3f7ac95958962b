internal import Bytes
internal import Backtraces
internal import CoreFiles
internal import Disassembly
internal import ProcessModel
internal import Reporting
internal import Symbols
internal import Triage
internal import Unwinding

/// The text of a Rust panic that is a literal: it stands in the program, and the call of the panic names it.
///
/// `panic!("…")`, `unwrap`, `expect` and the checks of the compiler hand pointer and length to a function of core; that is
/// followed from the start of the caller to the call (x86-64, System V ABI: rdi and rsi).
struct RustPanicCall {
  private let reader: MessageReader

  init(_ reader: MessageReader) { self.reader = reader }

  /// Functions that take `&'static str`, and those that take `fmt::Arguments`: since Rust 1.93 a literal's pointer, and
  /// twice its length and one; a pointer to the stack before, which is no text.
  private static let plain = [
    "core::panicking::panic", "core::panicking::panic_nounwind", "core::option::expect_failed",
    "std::panicking::begin_panic",
  ]
  private static let formatted = ["core::panicking::panic_fmt", "core::panicking::panic_nounwind_fmt"]

  /// Bytes of a caller that are followed.
  private static let longestCode: UInt64 = 65536
  private static let longest: UInt64 = 65536

  func read() -> MessageReader.Found? {
    guard reader.architecture.name == "x86-64",
      var disassembler = try? Disassembler(reader.architecture)
    else { return nil }
    let frames = reader.scene.frames
    for (callee, caller) in zip(frames, frames.dropFirst()).reversed() where callee.kind == .normal {
      guard let function = callee.function else { continue }
      let name = String(function.prefix { $0 != "<" })
      let isPlain = Self.plain.contains(name)
      guard isPlain || Self.formatted.contains(name) else { continue }
      if let found = found(name, isPlain: isPlain, calledBefore: caller.pc, &disassembler) { return found }
    }
    return nil
  }

  private func found(
    _ name: String, isPlain: Bool, calledBefore pc: UInt64, _ disassembler: inout Disassembler
  ) -> MessageReader.Found? {
    let process = reader.process
    let start = process.unwinder.resolver.code(at: .returnAddress(pc)).functionStart
    // The call has forgotten its arguments: the code ends before it.
    guard start != 0, start < pc, pc - start <= Self.longestCode,
      let call = SceneMaker.call(before: pc, process.core.memory, &disassembler), call.address >= start,
      let tracer = RegisterTracer.following(
        process.core, from: start, until: call.address, &disassembler),
      case .constant(let pointer) = tracer.origin(of: "rdi"),
      case .constant(let second) = tracer.origin(of: "rsi"), isPlain || second & 1 == 1
    else { return nil }
    let length = isPlain ? second : second >> 1
    guard length > 0, length <= Self.longest, let region = reader.scene.map.region(containing: pointer),
      !region.isWritable,
      let bytes = try? reader.memory.read(at: pointer, count: Int(length)), MessageReader.isText(bytes)
    else { return nil }
    let text = String(decoding: bytes.prefix(MessageReader.longest), as: UTF8.self)
    return MessageReader.Found(
      message: Report.Diagnosis.Message(source: .rustPanic, text: text),
      evidence: [
        "the call at \(call.address.hexadecimal) hands \(name) the text at \(pointer.hexadecimal),"
          + " \(length) bytes"
      ])
  }
}
