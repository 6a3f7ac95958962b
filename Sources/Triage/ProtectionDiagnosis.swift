internal import Bytes
internal import ProcessModel
internal import Disassembly
internal import Reporting

/// A general protection fault: si_code SI_KERNEL, and no address. What it was the instruction tells.
///
/// Intel SDM volume 1, 3.3.7.1 (canonical addresses) and volume 3, 6.15 (exception 13).
struct ProtectionDiagnosis {
  private let base: FaultDiagnosis
  private var scene: Scene { base.scene }

  init(_ base: FaultDiagnosis) { self.base = base }

  func result() -> Report.Diagnosis {
    guard let instruction = scene.instruction else {
      let pc = scene.programCounter
      if !scene.isCanonical(pc) { return JumpDiagnosis(base).result(to: pc, at: pc) }
      return unclear("the instruction could not be decoded")
    }
    let name = instruction.name
    if instruction.groups.contains(.return),
      let target = scene.read(scene.stackPointer, scene.architecture.wordSize),
      !scene.isCanonical(target)
    {
      return badReturn(target, instruction)
    }
    if instruction.groups.contains(.call) || instruction.groups.contains(.jump),
      let target = target(of: instruction), !scene.isCanonical(target)
    {
      return badCall(target, instruction)
    }
    let accesses = base.operands.accesses(instruction)
    if let access = accesses.first(where: { isBeyond($0) }) { return nonCanonical(access) }
    if let access = accesses.first(where: { isMisaligned($0, instruction) }) {
      var result = Report.Diagnosis()
      result.kind = .misalignedAccess
      result.sentence =
        base.verb(access.access, access.address)
        + ": \(instruction.mnemonic) wants it aligned to \(access.size) bytes"
      result.fault = fault(access)
      result.findings = [
        Report.Diagnosis.Finding(
          "The operand's address is \(access.address % UInt64(access.size)) beyond a multiple of \(access.size).",
          evidence: base.evidence(access))
      ]
      return result
    }
    if instruction.groups.contains(.privileged) || Self.privileged.contains(name) {
      var result = Report.Diagnosis()
      result.kind = .privilegedInstruction
      result.sentence = "\(name) is an instruction for the kernel only"
      result.findings = [
        Report.Diagnosis.Finding("The processor refused the instruction.", evidence: base.evidence(nil))
      ]
      return result
    }
    return unclear("no operand of \(instruction.mnemonic) explains it")
  }

  /// Instructions of ring 0 and of I/O permission.
  private static let privileged: Set<String> = [
    "hlt", "cli", "sti", "in", "out", "insb", "insw", "insd", "outsb", "outsw", "outsd", "rdmsr", "wrmsr",
    "lgdt",
    "lidt", "lldt", "ltr", "invd", "wbinvd", "invlpg", "clts", "lmsw", "swapgs", "int",
  ]

  /// The operands of these must be aligned to their size; those of VEX forms only if the name says so.
  private func isMisaligned(_ access: MemoryAccess, _ instruction: Instruction) -> Bool {
    guard access.size >= 16, access.memory != nil, access.address % UInt64(access.size) != 0 else {
      return false
    }
    let name = instruction.name
    if name.contains("movu") || name.contains("lddqu") || name.contains("movups") || name.contains("movupd")
      || name.contains("xsave") || name.contains("xrstor") || name.contains("fxsave")
    {
      return false
    }
    if name.hasPrefix("v") {
      return ["vmovap", "vmovdqa", "vmovnt"].contains { name.hasPrefix($0) }
    }
    return name.hasSuffix("ps") || name.hasSuffix("pd") || name.hasPrefix("p") || name.hasPrefix("movdqa")
      || name.hasPrefix("movnt") || name.hasPrefix("aes") || name.hasPrefix("sha") || name.hasPrefix("cvt")
  }

  private func isBeyond(_ access: MemoryAccess) -> Bool {
    !scene.isCanonical(access.address)
      || access.size > 1 && !scene.isCanonical(access.address &+ UInt64(access.size - 1))
  }

  private func fault(_ access: MemoryAccess) -> Report.Diagnosis.Fault {
    var fault = base.fault(access, at: access.address)
    fault.isRebuilt = true
    return fault
  }

  private func nonCanonical(_ access: MemoryAccess) -> Report.Diagnosis {
    var result = Report.Diagnosis()
    result.kind = .nonCanonicalPointer
    result.sentence =
      base.verb(access.access, access.address) + ", which is no address (not canonical)" + base.field
    result.fault = fault(access)
    result.findings = [
      Report.Diagnosis.Finding(
        "The kernel does not tell the address; it was computed from the operand \(access.text ?? "on the stack").",
        evidence: base.evidence(access))
    ]
    if let pointer = base.pointer(access) { result.findings.insert(pointer, at: 0) }
    return result
  }

  private func target(of instruction: Instruction) -> UInt64? {
    guard let operand = instruction.operands.first else { return nil }
    switch operand.place {
    case .register(let name): return base.operands.value(of: name)
    case .memory:
      return base.operands.accesses(instruction).first.flatMap {
        scene.read($0.address, scene.architecture.wordSize)
      }
    case .immediate, .other: return nil
    }
  }

  private func badCall(_ target: UInt64, _ instruction: Instruction) -> Report.Diagnosis {
    var result = Report.Diagnosis()
    result.kind = .jumpToGarbage
    let what = instruction.groups.contains(.call) ? "called" : "jumped to"
    result.sentence = "\(scene.place) \(what) \(target.hexadecimal), which is no address (not canonical)"
    var fault = Report.Diagnosis.Fault()
    fault.address = target
    fault.access = .execute
    fault.isRebuilt = true
    fault.expression = scene.origin?.expression
    result.fault = fault
    let look = Wording.look(of: target, wordSize: scene.architecture.wordSize).map { "; \($0)" } ?? ""
    result.findings = [
      Report.Diagnosis.Finding(
        "The kernel does not tell the address; it is the operand of the instruction\(look).",
        evidence: base.evidence(base.operands.accesses(instruction).first { $0.memory != nil }))
    ]
    return result
  }

  private func badReturn(_ target: UInt64, _ instruction: Instruction) -> Report.Diagnosis {
    var result = Report.Diagnosis()
    result.kind = .corruptReturnAddress
    result.sentence =
      "\(scene.place) returned to \(target.hexadecimal), which is no address: its return address was overwritten"
    var fault = Report.Diagnosis.Fault()
    fault.address = target
    fault.access = .execute
    fault.isRebuilt = true
    result.fault = fault
    let look = Wording.look(of: target, wordSize: scene.architecture.wordSize).map { "; \($0)" } ?? ""
    result.findings = [
      Report.Diagnosis.Finding(
        "The return address is on top of the stack\(look).",
        evidence: ["\(target.hexadecimal) at \(scene.stackPointer.hexadecimal)"] + base.evidence(nil))
    ]
    return result
  }

  private func unclear(_ why: String) -> Report.Diagnosis {
    var result = Report.Diagnosis()
    result.kind = .unknown
    result.confidence = .possible
    result.sentence = "a general protection fault, for which the kernel gives no address; unsure why: \(why)"
    result.findings = [
      Report.Diagnosis.Finding(
        "The kernel's note tells the kind of fault only.", evidence: base.evidence(nil))
    ]
    return result
  }
}
