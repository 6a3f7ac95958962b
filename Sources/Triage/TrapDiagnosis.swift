internal import Bytes
internal import ProcessModel
internal import Disassembly
internal import Reporting

/// SIGILL and SIGTRAP: what compilers put where a program must not go, and what is no instruction at all.
struct TrapDiagnosis {
  private let scene: Scene

  init(_ scene: Scene) { self.scene = scene }

  /// Undefined by the manuals for all time: ud0, ud1, ud2 of x86, udf and brk of Arm.
  private static let traps: Set<String> = ["ud0", "ud1", "ud2", "ud2b", "udf", "brk", "trap", "int3"]

  func result() -> Report.Diagnosis {
    let base = FaultDiagnosis(scene)
    if scene.signal.number == SignalNumber.illegal, let address = scene.signal.faultAddress,
      address == scene.programCounter, let region = scene.map.region(containing: address),
      !region.isExecutable
    {
      return JumpDiagnosis(base).result(to: address, at: address)
    }
    var result = Report.Diagnosis()
    var evidence = base.evidence(nil)
    if let instruction = scene.instruction, Self.traps.contains(instruction.name) {
      trap(instruction.name, &result)
    } else if scene.signal.number == SignalNumber.trap {
      breakpoint(&result, &evidence)
    } else if let instruction = scene.instruction {
      result.kind = .illegalInstruction
      result.confidence = .likely
      result.sentence =
        "\(instruction.mnemonic) in \(scene.place) is an instruction that this processor does not have, or that is not"
        + " permitted"
    } else {
      result.kind = .illegalInstruction
      let bytes = (0..<8).compactMap { scene.read(scene.programCounter &+ UInt64($0), 1) }
      result.sentence =
        "the bytes at the pc in \(scene.place) are no instruction of \(scene.architecture.name)"
      if !bytes.isEmpty {
        evidence.append(
          "bytes at \(scene.programCounter.hexadecimal): "
            + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " "))
      }
    }
    result.findings.append(Report.Diagnosis.Finding("The instruction at the pc.", evidence: evidence))
    return result
  }

  private func trap(_ name: String, _ result: inout Report.Diagnosis) {
    if let message = scene.message {
      result.message = message
      switch message.source {
      case .swiftError: result.kind = .fatalError
      case .rustPanic, .goPanic: result.kind = .panic
      default: result.kind = .deliberateTrap
      }
      AbortDiagnosis.tell(message, scene, &result)
      return
    }
    result.kind = .deliberateTrap
    if let frame = scene.frames.first(where: { ($0.function ?? "").hasPrefix("Swift runtime failure: ") }) {
      result.kind = .fatalError
      let what = (frame.function ?? "").dropFirst("Swift runtime failure: ".count)
      let place = scene.frames.first { !($0.function ?? "").hasPrefix("Swift runtime failure: ") }?.function
      result.sentence = "Swift runtime failure in \(place ?? scene.programCounter.hexadecimal): \(what)"
      result.message = Report.Diagnosis.Message(source: .swiftError, text: String(what))
      result.findings.append(
        Report.Diagnosis.Finding(
          "The compiler names the check by an inlined function.", evidence: ["frame \(frame.function ?? "")"])
      )
      return
    }
    result.sentence =
      "\(name) in \(scene.place): a trap that the compiler puts where the program must not go"
  }

  private func breakpoint(_ result: inout Report.Diagnosis, _ evidence: inout [String]) {
    let isX86 = scene.architecture.name == "x86-64" || scene.architecture.name == "i386"
    // x86 tells the address behind int3.
    if isX86, scene.read(scene.programCounter &- 1, 1) == 0xcc {
      result.kind = .deliberateTrap
      result.sentence = "int3 in \(scene.place): a breakpoint in the program, and no debugger to take it"
      evidence = ["byte 0xcc at \((scene.programCounter &- 1).hexadecimal)"] + evidence
      return
    }
    result.kind = .breakpoint
    result.sentence =
      scene.signal.code == 2
      ? "a single step, and no debugger to take it" : "a breakpoint, and no debugger to take it"
    if scene.signal.code == 128 { result.confidence = .likely }
  }
}
