internal import Bytes
internal import Reporting

/// A program that gave up: abort(3) and what stands in front of it, with the text that it left.
struct AbortDiagnosis {
  private let scene: Scene
  private let functions: [String]

  init(_ scene: Scene) {
    self.scene = scene
    functions = scene.frames.prefix(40).compactMap(\.function)
  }

  /// Functions that end in abort(3), by class; the names are those of public interfaces and stable internals.
  private static let marks: [(Report.Diagnosis.Class, [String])] = [
    (.stackSmashed, ["__stack_chk_fail", "__stack_chk_fail_local"]),
    (.fortify, ["__fortify_fail", "__chk_fail"]),
    (
      .assertion,
      [
        "__assert_fail", "__assert_perror_fail", "__assert", "g_assertion_message",
        "g_assertion_message_expr",
      ]
    ),
    (.heapCorruption, ["malloc_printerr"]),
    (
      .panic,
      [
        "rust_panic", "core::panicking::panic_fmt", "std::panicking::rust_panic", "runtime.gopanic",
        "runtime.fatalpanic",
      ]
    ),
    (
      .uncaughtException,
      [
        "std::terminate", "std::terminate()", "__cxxabiv1::__terminate",
        "__cxxabiv1::__terminate(void (*)())",
        "__cxa_throw", "__cxa_rethrow", "__cxa_pure_virtual",
      ]
    ),
  ]

  private static func isPanic(_ name: String) -> Bool {
    name.hasPrefix("core::panicking::") || name.hasPrefix("std::panicking::")
  }

  /// `nil` where no frame and no text tells that the program gave up.
  func result() -> Report.Diagnosis? {
    guard scene.signal.number == SignalNumber.abort else { return nil }
    var result = Report.Diagnosis()
    let mark = Self.marks.lazy.compactMap { entry in
      functions.first { name in entry.1.contains(name) || entry.0 == .panic && Self.isPanic(name) }.map {
        (entry.0, $0)
      }
    }.first
    let isAbort = functions.prefix(8).contains {
      [
        "abort", "__GI_abort", "rust_abort", "raise", "__GI_raise", "gsignal", "runtime.raise",
        "runtime.dieFromSignal", "std::sys::unix::abort_internal", "std::process::abort",
      ].contains($0)
    }
    guard mark != nil || scene.message != nil || isAbort else { return nil }
    result.message = scene.message
    result.kind = mark?.0 ?? .abort
    if let message = scene.message {
      result.kind = Self.kind(of: message, result.kind)
      Self.tell(message, scene, &result)
    } else {
      result.sentence = sentence(without: result.kind, mark?.1)
    }
    if let mark {
      result.findings.append(
        Report.Diagnosis.Finding("A function on the stack tells the kind.", evidence: ["frame \(mark.1)"]))
    }
    if let note = Triage.signalEvidence(scene) {
      result.findings.append(
        Report.Diagnosis.Finding("The process sent the signal to itself.", evidence: note.evidence))
    }
    return result
  }

  /// What glibc's texts begin with or hold; see malloc/malloc.c's public messages and assert(3).
  private static func kind(
    of message: Report.Diagnosis.Message, _ marked: Report.Diagnosis.Class
  ) -> Report.Diagnosis.Class {
    switch message.source {
    case .glib: return .assertion
    case .cxxException: return .uncaughtException
    case .rustPanic, .goPanic: return .panic
    case .swiftError: return .fatalError
    case .libc: break
    }
    let text = message.text ?? ""
    if text.contains("*** stack smashing detected") { return .stackSmashed }
    if text.contains("*** ") && text.contains(" detected ***") { return .fortify }
    if text.contains("Assertion `") || text.contains("Unexpected error: ") { return .assertion }
    let heap = [
      "free(): ", "malloc(): ", "realloc(): ", "calloc(): ", "munmap_chunk(): ", "malloc_consolidate(): ",
      "corrupted ", "double free", "mremap_chunk(): ", "unaligned tcache chunk", "sysmalloc: ",
      "break adjusted to",
    ]
    if heap.contains(where: { text.hasPrefix($0) || text.contains(" " + $0) }) { return .heapCorruption }
    return marked == .assertion || marked == .heapCorruption || marked == .fortify || marked == .stackSmashed
      ? marked : .abort
  }

  /// Writes down what the program said.
  static func tell(_ message: Report.Diagnosis.Message, _ scene: Scene, _ result: inout Report.Diagnosis) {
    result.sentence = sentence(message, scene)
    if scene.isMessageGuessed { result.confidence = .likely }
    let what =
      scene.isMessageGuessed
      ? "A text lies where the program would leave its own." : "The program left a text."
    result.findings.append(Report.Diagnosis.Finding(what, evidence: scene.messageEvidence))
  }

  private static func sentence(_ message: Report.Diagnosis.Message, _ scene: Scene) -> String {
    let text = message.text.map(oneLine)
    switch message.source {
    case .libc: return text ?? "abort"
    case .glib: return text ?? "a failed assertion of GLib"
    case .cxxException:
      let type = message.type ?? "an unknown type"
      return "uncaught exception of type \(type)" + (text.map { ": \($0)" } ?? "")
    case .rustPanic: return "panic" + (text.map { ": \($0)" } ?? "")
    case .goPanic: return "panic" + (text.map { ": \($0)" } ?? message.type.map { " of type \($0)" } ?? "")
    case .swiftError: return "Swift fatal error" + (text.map { ": \($0)" } ?? "")
    }
  }

  private func sentence(without kind: Report.Diagnosis.Class, _ mark: String?) -> String {
    switch kind {
    case .stackSmashed:
      return "\(caller(of: mark)) overwrote the end of its own frame (stack smashing detected)"
    case .fortify: return "a checked C library function refused to overflow a buffer"
    case .assertion: return "a failed assertion in \(caller(of: mark))"
    case .heapCorruption: return "malloc found its own data overwritten"
    case .panic: return "a panic in \(caller(of: mark)); its text was not found"
    case .uncaughtException:
      if functions.contains("__cxa_pure_virtual") { return "a pure virtual function was called" }
      return "std::terminate was called; no exception in flight was found"
    default:
      return "abort() called by \(caller(of: functions.first { $0 == "abort" || $0 == "__GI_abort" }))"
    }
  }

  /// The function that called one on the stack; one without a name is told by its address, not passed over.
  private func caller(of name: String?) -> String {
    guard let name, let index = scene.frames.lastIndex(where: { $0.function == name }) else {
      return scene.culprit ?? scene.place
    }
    // A panic goes through frames of the runtime; what a handler interrupted called nothing.
    if Self.isPanic(name) || name.hasPrefix("__assert") || name.contains("__assert_fail"),
      !scene.frames.contains(where: { $0.kind == .signal }), let culprit = scene.culprit
    {
      return culprit
    }
    let rest = scene.frames[(index + 1)...]
    guard let next = rest.first(where: { !($0.function ?? "").hasPrefix("__stack_chk_fail") }),
      next.kind != .signal
    else { return scene.place }
    return next.function ?? next.pc.hexadecimal
  }

  /// A text of several lines on one.
  static func oneLine(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    return lines.joined(separator: " / ")
  }
}
