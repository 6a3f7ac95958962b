package import Reporting

/// Makes the signature of a report: what the crashed thread ran, without what every crash of its kind has.
///
/// Addresses, arguments, lines, other threads and frames further out than `depth` do not count.
package struct SignatureMaker {
  /// A mapped file and where the mapping starts, for an address in it.
  package typealias MappingFinder = (UInt64) -> (path: String, start: UInt64)?

  private let roles: FunctionRoles
  private let mapping: MappingFinder?

  /// Frames that count.
  private static let depth = 8
  /// Frames in which ways to die are looked for.
  private static let searched = 64

  /// `mapping` knows the process's mappings, which Apport counts offsets from; without it they count from where modules are
  /// loaded.
  package init(roles: FunctionRoles = FunctionRoles(), mapping: MappingFinder? = nil) {
    self.roles = roles
    self.mapping = mapping
  }

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
    result.apport = stack.flatMap { apport($0, report) }
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
    return Array(without(plumbingOf: stack.frames).lazy.compactMap(part).prefix(Self.depth))
  }

  /// Of a used-up stack the round counts, not where in it the stack ended.
  private func recursion(of stack: Report.Stack) -> [Part]? {
    if let longest = stack.repetitions.max(by: { $0.last - $0.first < $1.last - $1.first }) {
      let names = longest.functions.map { roles.role(of: $0).name }
      let rounds = names.indices.map { Array(names[$0...] + names[..<$0]) }
      let least = rounds.min { $0.lexicographicallyPrecedes($1) } ?? names
      return least.prefix(Self.depth).map { Part(text: $0, isNamed: !$0.hasPrefix("0x")) }
    }
    guard stack.frameCount >= 200 else { return nil }
    // A recursion without a pattern: the functions that take part.
    let all = Set(stack.frames.prefix(150).compactMap { part($0)?.text })
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
      if let name = frame.function, roles.role(of: name).isWayToDie { start = index + 1 }
    }
    // Parts of a runtime that have no name belong to what was just left out of it.
    while start > 0, start < frames.count, frames[start].function == nil,
      let module = frames[start].module, module.kind == .library,
      module.path == frames[start - 1].module?.path
    {
      start += 1
    }
    let rest = frames[start...].filter { frame in
      frame.kind != .signal && !(frame.function.map { roles.role(of: $0).isSkipped } ?? false)
    }
    // Nothing but plumbing: better that than one bucket for all.
    return rest.contains { part($0) != nil } ? rest : frames.filter { $0.kind != .signal }
  }

  private func part(_ frame: Report.Frame) -> Part? {
    if let function = frame.function { return Part(text: roles.role(of: function).name, isNamed: true) }
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

  /// Addresses below are not asked for by Apport, nor counted.
  private static let lowestAddress: UInt64 = 0x1000
  private static let apportFrames = 15

  /// `EXECUTABLE:SIGNAL:FILE+OFFSET:…`, offsets in hexadecimal from the start of the mapping: at least three frames, at
  /// least six where some lie in no file, of which there are at most a quarter as many.
  private func apport(_ stack: Report.Stack, _ report: Report) -> String? {
    guard let executable = report.executable ?? report.modules.first(where: { $0.kind == .executable })?.path,
      let signal = report.signal
    else { return nil }
    var places: [String] = []
    var failed = 0
    for frame in stack.frames
    where frame.kind != .inlined && frame.kind != .tailCall && frame.pc >= Self.lowestAddress {
      if let place = place(of: frame) {
        places.append(place.replacing(":", with: ".."))
      } else {
        failed += 1
      }
      if places.count >= Self.apportFrames { break }
    }
    guard places.count >= (failed == 0 ? 3 : 6), failed * 4 <= places.count else { return nil }
    return "\(executable):\(signal.number):" + places.joined(separator: ":")
  }

  private func place(of frame: Report.Frame) -> String? {
    if let found = mapping?(frame.pc) {
      return found.path + "+" + String(frame.pc &- found.start, radix: 16)
    }
    guard let module = frame.module else { return nil }
    return (module.kind == .vdso ? "[vdso]" : module.path) + "+" + String(module.offset, radix: 16)
  }

  /// Frames that ABRT and `satyr debug duphash` take.
  private static let satyrFrames = 3

  /// SHA-1 of `Thread`, then a line for each frame: build ID and offset, else the name, indented. A call of NULL and
  /// immediate recursion do not count.
  private func satyr(_ stack: Report.Stack) -> String? {
    var frames = without(plumbingOf: stack.frames).filter { $0.kind != .inlined && $0.kind != .tailCall }
    if let first = frames.first, first.pc == 0, first.function == nil { frames.removeFirst() }
    var text = "Thread\n"
    var count = 0
    var previous: String?
    for frame in frames where count < Self.satyrFrames {
      let name = frame.function.map { roles.role(of: $0).name }
      if let name, name == previous { continue }
      previous = name
      count += 1
      if let module = frame.module, let buildID = module.buildID {
        text += "\(buildID)+0x\(String(module.offset, radix: 16))\n"
      } else {
        text += (name.map { "  " + $0 } ?? "0x" + String(frame.pc, radix: 16)) + "\n"
      }
    }
    return count == 0 ? nil : Digest.sha1(text)
  }
}
