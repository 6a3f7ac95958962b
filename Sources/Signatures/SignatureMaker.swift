package import Reporting

/// Makes the signature of a report: what the crashed thread ran, without what every crash of its kind has.
///
/// Addresses, arguments, lines, other threads and frames further out than `depth` do not count.
package struct SignatureMaker {
  private let plumbing: Plumbing

  /// Frames that count.
  private static let depth = 8
  /// Frames in which ways to die are looked for.
  private static let searched = 64

  package init(plumbing: Plumbing = .shipped) { self.plumbing = plumbing }

  /// A frame that counts: its normal name, or its place where it has none.
  private struct Part {
    var text: String
    var isNamed: Bool
  }

  /// `nil` for a report without a crashed thread.
  ///
  /// `stack` stands in for the crashed thread's, as where a signal handler interrupted another.
  package func signature(of report: Report, stack other: Report.Stack? = nil) -> Report.Signature? {
    guard let signal = report.signal, let thread = report.crashedThread else { return nil }
    let stack = other ?? report.stacks.first { $0.threads.contains(thread) }
    var result = Report.Signature()
    result.signal = signal.name
    let parts = stack.map { self.parts(of: $0, report.diagnosis.kind) } ?? []
    result.frames = parts.map(\.text)
    result.basis = parts.isEmpty ? .none : parts.allSatisfy(\.isNamed) ? .names : .offsets
    let program = report.process.command ?? ""
    result.hash = String(
      Digest.sha256((["coreview 1", program, signal.name] + result.frames).joined(separator: "\n")).prefix(16)
    )
    result.pipe = Self.pipe(result.frames)
    result.apport = stack.flatMap { Self.apport($0, report) }
    result.satyr = stack.flatMap { satyr($0) }
    return result
  }

  /// The function that a crash is about: the innermost frame that counts.
  package func culprit(of stack: Report.Stack) -> String? {
    without(plumbingOf: stack.frames).first.map { $0.function ?? "0x" + String($0.pc, radix: 16) }
  }

  // MARK: Frames

  private func parts(of stack: Report.Stack, _ kind: Report.Diagnosis.Class) -> [Part] {
    if kind == .stackOverflow, let recursion = recursion(of: stack) { return recursion }
    return Array(without(plumbingOf: stack.frames).lazy.compactMap(Self.part).prefix(Self.depth))
  }

  /// Of a used-up stack the round counts, not where in it the stack ended.
  private func recursion(of stack: Report.Stack) -> [Part]? {
    if let longest = stack.repetitions.max(by: { $0.last - $0.first < $1.last - $1.first }) {
      let names = longest.functions.map(FunctionName.normal)
      let rounds = names.indices.map { Array(names[$0...] + names[..<$0]) }
      let least = rounds.min { $0.lexicographicallyPrecedes($1) } ?? names
      return least.prefix(Self.depth).map { Part(text: $0, isNamed: !$0.hasPrefix("0x")) }
    }
    guard stack.frameCount >= 200 else { return nil }
    // A recursion without a pattern: the functions that take part.
    let all = Set(stack.frames.prefix(150).compactMap { Self.part($0)?.text })
    return all.sorted().prefix(Self.depth).map { Part(text: $0, isNamed: true) }
  }

  private func without(plumbingOf frames: [Report.Frame]) -> [Report.Frame] {
    var start = 0
    for (index, frame) in frames.prefix(Self.searched).enumerated() {
      if frame.kind == .signal {
        // A handler that only dies of the signal once more is no part of the crash.
        if start > 0 { start = index + 1 }
        continue
      }
      if let name = frame.function, plumbing.isWayToDie(FunctionName.normal(name)) { start = index + 1 }
    }
    // Parts of a runtime that have no name belong to what was just left out of it.
    while start > 0, start < frames.count, frames[start].function == nil,
      let module = frames[start].module, module.kind == .library,
      module.path == frames[start - 1].module?.path
    {
      start += 1
    }
    let rest = frames[start...].filter { frame in
      frame.kind != .signal && !(frame.function.map { plumbing.isSkipped(FunctionName.normal($0)) } ?? false)
    }
    // Nothing but plumbing: better that than one bucket for all.
    return rest.contains { Self.part($0) != nil } ? rest : frames.filter { $0.kind != .signal }
  }

  private static func part(_ frame: Report.Frame) -> Part? {
    if let function = frame.function { return Part(text: FunctionName.normal(function), isNamed: true) }
    guard let module = frame.module else { return nil }
    let file = module.path.split(separator: "/").last.map(String.init) ?? module.path
    return Part(text: (module.buildID ?? file) + "+0x" + String(module.offset, radix: 16), isNamed: false)
  }

  // MARK: Forms of others

  private static let longestPipe = 255

  private static func pipe(_ frames: [String]) -> String {
    var result = ""
    for frame in frames {
      let next = result.isEmpty ? frame : result + " | " + frame
      if next.count > longestPipe { return result.isEmpty ? String(frame.prefix(longestPipe)) : result }
      result = next
    }
    return result
  }

  /// `EXECUTABLE:SIGNAL:FILE+OFFSET:…`, offsets in hexadecimal: at least three frames, at most a fifth of them unknown.
  private static func apport(_ stack: Report.Stack, _ report: Report) -> String? {
    guard let executable = report.executable ?? report.modules.first(where: { $0.kind == .executable })?.path,
      let signal = report.signal
    else { return nil }
    let frames = stack.frames.filter { $0.kind != .inlined && $0.kind != .signal }.prefix(15)
    var places: [String] = []
    for frame in frames {
      guard let module = frame.module, module.kind != .vdso else { continue }
      places.append(module.path + "+" + String(module.offset, radix: 16))
    }
    guard places.count >= 3, (frames.count - places.count) * 5 <= frames.count else { return nil }
    return "\(executable):\(signal.number):" + places.joined(separator: ":")
  }

  /// SHA-1 of `Thread`, then a line for each frame: build ID and offset, else the name.
  private func satyr(_ stack: Report.Stack) -> String? {
    let frames = without(plumbingOf: stack.frames).filter { $0.kind != .inlined }.prefix(16)
    guard !frames.isEmpty else { return nil }
    var text = "Thread\n"
    for frame in frames {
      if let module = frame.module, let buildID = module.buildID {
        text += "\(buildID)+0x\(String(module.offset, radix: 16))\n"
      } else {
        text += (frame.function.map(FunctionName.normal) ?? "0x" + String(frame.pc, radix: 16)) + "\n"
      }
    }
    return Digest.sha1(text)
  }
}
