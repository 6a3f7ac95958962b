internal import Bytes
internal import ProcessModel
internal import Disassembly
internal import Reporting

/// Faults of fetching an instruction: the pc itself is the bad address.
struct JumpDiagnosis {
  private let base: FaultDiagnosis
  private var scene: Scene { base.scene }

  init(_ base: FaultDiagnosis) { self.base = base }

  /// How the processor came to an address.
  private enum Way {
    case call(from: String, isCertain: Bool, evidence: [String])
    case byReturn(evidence: [String])
    case unclear
  }

  /// `nil` where the address is not that of the instruction.
  func result(to address: UInt64) -> Report.Diagnosis? {
    let pc = scene.programCounter
    // An instruction may reach into the next page.
    guard address == pc || (scene.instruction == nil && address > pc && address - pc < 16) else { return nil }
    return result(to: pc, at: address)
  }

  func result(to pc: UInt64, at address: UInt64) -> Report.Diagnosis {
    var result = Report.Diagnosis()
    var fault = Report.Diagnosis.Fault()
    fault.address = address
    fault.access = .execute
    let region = scene.map.region(containing: pc)
    fault.mapping = region.map { $0.name ?? "[anonymous]" }
    result.fault = fault
    let note = ["pc = \(pc.hexadecimal)"] + Triage.noteEvidence(scene)

    let target: String
    if let region {
      result.kind = .executedData
      target = "\(pc.hexadecimal), in \(region.title), which is not executable (\(region.permissions))"
    } else if pc < Scene.nearNull {
      result.kind = .jumpToNull
      target = pc == 0 ? "NULL" : "\(pc.hexadecimal), near NULL"
    } else {
      result.kind = .jumpToGarbage
      target = "\(pc.hexadecimal), where nothing is mapped"
    }
    let way = way(to: pc)
    var story: Report.Diagnosis.Finding
    switch way {
    case .call(let function, let isCertain, let evidence):
      result.sentence = "\(function) called \(target)"
      story = Report.Diagnosis.Finding(
        "The call is the instruction before the return address.", evidence: evidence)
      if !isCertain {
        result.confidence = .likely
        result.sentence = "jump to \(target), from what \(function) called"
        story = Report.Diagnosis.Finding(
          "The call before the return address goes elsewhere: a jump of its callee led here.",
          evidence: evidence)
      }
    case .byReturn(let evidence):
      result.kind = .corruptReturnAddress
      result.sentence = "return to \(target): a return address on the stack was overwritten"
      story = Report.Diagnosis.Finding("The word that a return took last is the pc.", evidence: evidence)
    case .unclear:
      result.sentence = "jump to \(target)"
      story = Report.Diagnosis.Finding(
        "Neither a call nor a return can be seen that led there.",
        evidence: ["stack pointer \(scene.stackPointer.hexadecimal)"])
    }
    if let look = Wording.look(of: pc, wordSize: scene.architecture.wordSize) {
      story.text.removeLast()
      story.text += "; \(look)."
    }
    result.findings = [
      story, Report.Diagnosis.Finding("The pc itself could not be read as code.", evidence: note),
    ]
    if let region {
      result.findings.append(
        Report.Diagnosis.Finding("The mapping at the pc.", evidence: [base.describe(region)]))
    } else if scene.map.isKnown, pc >= Scene.nearNull {
      result.findings.append(
        Report.Diagnosis.Finding("The mappings around the pc.", evidence: base.neighbours(pc).evidence))
    }
    return result
  }

  private func way(to pc: UInt64) -> Way {
    let size = scene.architecture.wordSize
    let pointer = scene.stackPointer
    if let call = scene.callBeforeTop {
      let evidence = [
        "instruction at \(call.address.hexadecimal): \(call.text)",
        "return address \(call.end.hexadecimal) at \(pointer.hexadecimal)",
      ]
      let name = scene.callBeforeTopFunction ?? call.address.hexadecimal
      return .call(from: name, isCertain: goes(call, to: pc), evidence: evidence)
    }
    if scene.read(pointer &- scene.word, size) == pc {
      return .byReturn(evidence: [
        "\(pc.hexadecimal) at \((pointer &- scene.word).hexadecimal), just below the stack pointer"
      ])
    }
    return .unclear
  }

  /// Whether a call's target is, or may well have been, the pc: memory and registers may have changed only since.
  private func goes(_ call: Instruction, to pc: UInt64) -> Bool {
    guard let operand = call.operands.first else { return false }
    switch operand.place {
    case .immediate(let target): return UInt64(bitPattern: target) == pc
    case .register(let name): return base.operands.value(of: name) == pc
    case .memory:
      // The registers of the call are those of the crash: nothing ran in between.
      let accesses = Operands(scene).accesses(call)
      guard let first = accesses.first else { return false }
      return scene.read(first.address, scene.architecture.wordSize) == pc
    case .other: return false
    }
  }
}
