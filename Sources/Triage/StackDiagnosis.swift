internal import Bytes
internal import Disassembly
internal import Reporting

/// Faults just below a stack: it was used up.
struct StackDiagnosis {
  private let base: FaultDiagnosis
  private var scene: Scene { base.scene }

  init(_ base: FaultDiagnosis) { self.base = base }

  /// A frame larger than this is told as the reason; main's stack is 8 MiB by default.
  private static let largeFrame: UInt64 = 1 << 20
  /// How far from the stack pointer functions touch their frame first: the page that probes touch, and the red zone.
  private static let reach: UInt64 = 0x20000

  /// `nil` where the fault is no stack overflow.
  func result(
    at address: UInt64, _ access: MemoryAccess?, _ fault: inout Report.Diagnosis.Fault
  ) -> Report.Diagnosis? {
    let pointer = scene.stackPointer
    guard pointer != 0, let stack = stack(below: address) else { return nil }
    // The fault must be where the stack pointer is, or the access one by it.
    let isNear = address >= pointer &- Self.reach && address < pointer &+ Self.reach
    let byStack = isStackRegister(access?.register) && (access?.memory == nil || access?.memory?.index == nil)
    guard isNear || byStack && pointer < stack.range.lowerBound &+ Self.reach else { return nil }
    let guardPage = scene.map.region(containing: address)
    // Mapped, writable memory is no limit of a stack.
    if let guardPage, !guardPage.isInaccessible { return nil }

    var result = Report.Diagnosis()
    result.kind = .stackOverflow
    result.fault = fault
    let repetition = scene.repetitions.max { $0.last - $0.first < $1.last - $1.first }
    if let repetition {
      result.sentence =
        "stack overflow: frames \(repetition.first)–\(repetition.last) repeat"
        + " \(Wording.round(repetition.functions)) ×\(repetition.count)"
    } else if let frame = largeFrame(stack) {
      result.sentence = "stack overflow: the frame of \(scene.place) takes \(Wording.size(frame))"
    } else {
      result.sentence = "stack overflow in \(scene.place), \(scene.frameCount) frames deep"
      let isFull = stack.range.count >= 0x10000 && guardPage != nil || stack.range.count >= 7 << 20
      if !isFull { result.confidence = .likely }
    }
    let distance =
      pointer >= stack.range.lowerBound
      ? "\(Wording.size(pointer &- stack.range.lowerBound)) above"
      : "\(Wording.size(stack.range.lowerBound &- pointer)) below"
    var limits = [
      base.describe(stack) + " (\(Wording.size(UInt64(stack.range.count))))",
      "stack pointer \(pointer.hexadecimal), \(distance) the stack's lowest address",
    ]
    if let guardPage {
      limits.append("guard " + base.describe(guardPage))
    } else {
      limits.append("nothing is mapped at \(address.hexadecimal)")
    }
    result.findings = [
      Report.Diagnosis.Finding(
        "The fault is at the stack's end\(guardPage == nil ? "" : ", in its guard page").", evidence: limits),
      Report.Diagnosis.Finding(
        "The kernel's note and the instruction agree.", evidence: base.evidence(access)),
    ]
    return result
  }

  private func isStackRegister(_ name: String?) -> Bool {
    ["rsp", "rbp", "esp", "ebp", "sp", "r13", "r15", "r1", "r29", "x29"].contains(name ?? "")
  }

  /// The writable region right above a fault: of the thread's frames at least one register points into it.
  private func stack(below address: UInt64) -> MemoryMap.Region? {
    var region = scene.map.region(above: address)
    // The fault may lie below the guard.
    if let guardPage = region, guardPage.isInaccessible {
      region = scene.map.region(containing: guardPage.range.upperBound)
    }
    guard let stack = region, stack.isWritable, !(stack.name ?? "").hasPrefix("/") else { return nil }
    let frame = ["rbp", "ebp", "x29"].lazy.compactMap { scene.registers[$0] }.first
    let isStack =
      stack.range.contains(scene.stackPointer) || frame.map(stack.range.contains) ?? false
      || scene.mainStack.map(stack.range.contains) ?? false
      || scene.stackPointer < stack.range.lowerBound
        && stack.range.lowerBound &- scene.stackPointer <= Self.reach
    return isStack ? stack : nil
  }

  /// Bytes between the stack pointer and what is known to be of an older frame.
  private func largeFrame(_ stack: MemoryMap.Region) -> UInt64? {
    guard scene.frameCount < 1000 else { return nil }
    let frame = ["rbp", "ebp"].lazy.compactMap { scene.registers[$0] }.first { stack.range.contains($0) }
    let top = frame ?? stack.range.lowerBound
    guard top > scene.stackPointer, top - scene.stackPointer >= Self.largeFrame else { return nil }
    return top - scene.stackPointer
  }
}
