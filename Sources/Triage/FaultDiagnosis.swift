internal import Bytes
internal import ProcessModel
internal import Disassembly
internal import Reporting

/// SIGSEGV and SIGBUS that the processor raised.
struct FaultDiagnosis {
  let scene: Scene
  let operands: Operands

  init(_ scene: Scene) {
    self.scene = scene
    operands = Operands(scene)
  }

  /// si_code of SIGSEGV and SIGBUS; see sigaction(2).
  enum Code {
    static let notMapped: Int32 = 1
    static let notPermitted: Int32 = 2
    static let bounds: Int32 = 3
    static let protectionKey: Int32 = 4
    static let shadowStack: Int32 = 10
    static let kernel: Int32 = 128
  }

  private var isBus: Bool { scene.signal.number == SignalNumber.bus }

  func result() -> Report.Diagnosis {
    let code = scene.signal.code ?? 0
    guard let address = scene.signal.faultAddress, code != Code.kernel else {
      return ProtectionDiagnosis(self).result()
    }
    if !isBus || code == 2, let jump = JumpDiagnosis(self).result(to: address) { return jump }
    let access = access(at: address)
    var fault = fault(access, at: address)
    if isBus { return bus(address, access, &fault) }
    if let overflow = StackDiagnosis(self).result(at: address, access, &fault) { return overflow }
    return segmentation(address, access, &fault)
  }

  /// The instruction's access that covers an address.
  func access(at address: UInt64) -> MemoryAccess? {
    guard let instruction = scene.instruction else { return nil }
    let all = operands.accesses(instruction)
    // Beyond a page's end the kernel tells the next page's start.
    return all.first { address &- $0.address < UInt64(max($0.size, 1)) }
      ?? all.first { $0.size == 0 && address &- $0.address < 4096 }
  }

  func fault(_ access: MemoryAccess?, at address: UInt64) -> Report.Diagnosis.Fault {
    var fault = Report.Diagnosis.Fault()
    fault.address = address
    fault.access = access?.access
    fault.size = access.flatMap { $0.size > 0 ? $0.size : nil }
    fault.operand = access?.text
    fault.register = access?.register
    fault.registerValue = access?.registerValue
    fault.mapping = scene.map.region(containing: address).map { $0.name ?? "[anonymous]" }
    if let origin = scene.origin {
      fault.expression = origin.expression
      fault.field = origin.field
      fault.fieldOwner = origin.fieldOwner
      fault.fieldOffset = origin.fieldOffset
    }
    return fault
  }

  // MARK: Sentences

  /// `write to 0x8`.
  func verb(_ access: Report.Diagnosis.Access?, _ address: UInt64) -> String {
    switch access {
    case .write: "write to \(address.hexadecimal)"
    case .read: "read of \(address.hexadecimal)"
    case .execute: "jump to \(address.hexadecimal)"
    case nil: "access to \(address.hexadecimal)"
    }
  }

  /// The note, the instruction and its registers.
  func evidence(_ access: MemoryAccess?) -> [String] {
    var result = Triage.noteEvidence(scene)
    if let instruction = scene.instruction {
      result.append(
        "instruction at \(instruction.address.hexadecimal): \(instruction.text)"
      )
    }
    if let access { result += registers(access) }
    return result
  }

  func registers(_ access: MemoryAccess) -> [String] {
    let names = [access.memory?.base, access.memory?.index, access.memory == nil ? access.register : nil]
    return names.compactMap { name in
      name.flatMap { name in
        operands.value(of: name, scene.instruction).map { "\(name) = \($0.hexadecimal)" }
      }
    }
  }

  /// Which pointer it was, in the source's words.
  func pointer(_ access: MemoryAccess?) -> Report.Diagnosis.Finding? {
    guard let origin = scene.origin, let expression = origin.expression else {
      guard let access, let register = access.register, let value = access.registerValue, access.memory != nil
      else { return nil }
      return Wording.look(of: value, wordSize: scene.architecture.wordSize).map {
        Report.Diagnosis.Finding("The pointer in \(register) is none: \($0).", evidence: registers(access))
      }
    }
    let what = origin.value == 0 ? "NULL" : origin.value.hexadecimal
    let look = Wording.look(of: origin.value, wordSize: scene.architecture.wordSize).map { "; \($0)" } ?? ""
    return Report.Diagnosis.Finding("\(expression) is \(what)\(look).", evidence: origin.evidence)
  }

  /// `: field 'next' of struct node at offset 8`.
  var field: String {
    guard let origin = scene.origin, let field = origin.field, let owner = origin.fieldOwner,
      let offset = origin.fieldOffset
    else { return "" }
    return ": field '\(field)' of \(owner) at offset \(offset)"
  }

  // MARK: Classes

  private func segmentation(
    _ address: UInt64, _ access: MemoryAccess?, _ fault: inout Report.Diagnosis.Fault
  ) -> Report.Diagnosis {
    var result = Report.Diagnosis()
    result.findings = [finding("The kernel's note and the instruction agree.", access)]
    let isNear = address < Scene.nearNull || isJustBelowNull(address)
    if isNear, scene.signal.code == Code.notMapped || scene.map.region(containing: address) == nil {
      null(address, access, &result)
    } else if scene.signal.code == Code.notMapped {
      unmapped(address, access, &result)
    } else {
      forbidden(address, access, &result)
    }
    if let pointer = pointer(access) { result.findings.insert(pointer, at: 0) }
    result.fault = fault
    return result
  }

  private func finding(_ text: String, _ access: MemoryAccess?) -> Report.Diagnosis.Finding {
    guard scene.instruction != nil else {
      return Report.Diagnosis.Finding(
        "The kernel's note tells the address; the instruction could not be decoded.", evidence: evidence(nil))
    }
    guard access != nil else {
      return Report.Diagnosis.Finding(
        "The instruction at the pc names no such address: what wanted it is not clear.",
        evidence: evidence(nil))
    }
    return Report.Diagnosis.Finding(text, evidence: evidence(access))
  }

  private func isJustBelowNull(_ address: UInt64) -> Bool {
    address >= (scene.architecture.addressMask &- 0xffff) && scene.map.region(containing: address) == nil
  }

  private func null(_ address: UInt64, _ access: MemoryAccess?, _ result: inout Report.Diagnosis) {
    result.kind = .nullDereference
    let whereabouts: String
    if address >= Scene.nearNull {
      whereabouts = "\((~address & scene.architecture.addressMask) &+ 1) bytes below NULL"
    } else {
      whereabouts = address == 0 ? "NULL" : "near NULL"
    }
    result.sentence = verb(access?.access, address) + ", " + whereabouts + field
    guard let access else {
      result.confidence = scene.instruction == nil ? .likely : .possible
      return
    }
    guard let memory = access.memory, access.registerValue != 0, memory.base != nil || memory.index != nil
    else {
      return
    }
    if let index = memory.index, let value = operands.value(of: index, scene.instruction), memory.base != nil,
      value == 0 || value >= Scene.nearNull
    {
      // The base is no NULL, so the sum of both only happens to be small.
      result.confidence = .possible
    } else {
      result.confidence = (access.registerValue ?? .max) < Scene.nearNull ? .likely : .possible
    }
    result.findings.append(
      Report.Diagnosis.Finding(
        "No register of the operand is 0: a pointer into a structure at NULL, or a small number taken for a pointer.",
        evidence: registers(access)))
  }

  private func unmapped(_ address: UInt64, _ access: MemoryAccess?, _ result: inout Report.Diagnosis) {
    result.kind = .unmappedMemory
    guard scene.map.region(containing: address) == nil else {
      result.confidence = .possible
      result.sentence =
        verb(access?.access, address)
        + ", where nothing was mapped, says the kernel, though the core shows a mapping"
      return
    }
    result.sentence = verb(access?.access, address) + ", where nothing is mapped" + field
    guard scene.map.isKnown else { return }
    if address > 0x7fff_ffff_ffff, scene.architecture.name == "x86-64" {
      result.sentence += " (the kernel's half of the address space)"
      return
    }
    let near = neighbours(address)
    if near.distance > 16 << 30 {
      result.sentence += ", far from any mapping"
    } else if !near.text.isEmpty {
      result.sentence += ": " + near.text
    }
    result.findings.append(
      Report.Diagnosis.Finding("The mappings around the address.", evidence: near.evidence))
  }

  /// The nearest mapping, and both as evidence.
  func neighbours(_ address: UInt64) -> (text: String, distance: UInt64, evidence: [String]) {
    let below = scene.map.region(below: address)
    let above = scene.map.region(above: address)
    let evidence = [below, above].compactMap { $0 }.map(describe)
    let under = below.map { address &- $0.range.upperBound }
    let over = above.map { $0.range.lowerBound &- address }
    if let below, let under, under <= (over ?? .max) {
      let text =
        under == 0 ? "right behind \(below.title)" : "\(Wording.size(under)) behind the end of \(below.title)"
      return (text, under, evidence)
    }
    if let above, let over { return ("\(Wording.size(over)) before \(above.title)", over, evidence) }
    return ("", .max, evidence)
  }

  func describe(_ region: MemoryMap.Region) -> String {
    "mapping \(region.range.lowerBound.hexadecimal)-\(region.range.upperBound.hexadecimal) \(region.permissions)"
      + " \(region.title)"
  }

  private func forbidden(_ address: UInt64, _ access: MemoryAccess?, _ result: inout Report.Diagnosis) {
    guard let region = scene.map.region(containing: address) else {
      result.kind = .forbiddenMemory
      result.confidence = .likely
      result.sentence = verb(access?.access, address) + ", which its mapping does not permit"
      return
    }
    result.findings.append(
      Report.Diagnosis.Finding("The mapping at the address.", evidence: [describe(region)]))
    switch scene.signal.code {
    case Code.protectionKey:
      result.kind = .forbiddenMemory
      result.sentence = verb(access?.access, address) + ", which a memory protection key forbids"
    case Code.bounds:
      result.kind = .forbiddenMemory
      result.sentence = verb(access?.access, address) + ", outside the bounds that were checked"
    case Code.shadowStack:
      result.kind = .corruptReturnAddress
      result.sentence = "a return that does not match the shadow stack"
    default:
      let access = access?.access
      if region.isInaccessible {
        result.kind = .forbiddenMemory
        result.sentence = verb(access, address) + ", in \(region.title) that permits no access (---)"
      } else if !region.isWritable, access != .read {
        result.kind = .readOnlyMemory
        if access == nil { result.confidence = .likely }
        result.sentence =
          verb(access ?? .write, address) + ", in read-only memory: \(region.title) (\(region.permissions))"
          + field
      } else {
        result.kind = .forbiddenMemory
        result.confidence = .likely
        result.sentence = verb(access, address) + ", in \(region.title) (\(region.permissions))"
      }
    }
  }

  // MARK: SIGBUS

  private func bus(
    _ address: UInt64, _ access: MemoryAccess?, _ fault: inout Report.Diagnosis.Fault
  ) -> Report.Diagnosis {
    var result = Report.Diagnosis()
    result.fault = fault
    result.findings = [finding("The kernel's note and the instruction agree.", access)]
    let region = scene.map.region(containing: address)
    if let region {
      result.findings.append(
        Report.Diagnosis.Finding("The mapping at the address.", evidence: [describe(region)]))
    }
    switch scene.signal.code {
    case 1:
      result.kind = .misalignedAccess
      result.sentence = verb(access?.access, address) + ", which is not aligned"
    case 2:
      if let region, let name = region.name, name.hasPrefix("/") {
        result.kind = .fileTruncated
        result.sentence =
          verb(access?.access, address)
          + ", \(Wording.size(address &- region.range.lowerBound)) into a mapping of"
          + " \(name), beyond the end of the file"
      } else {
        result.kind = .busError
        result.confidence = .likely
        result.sentence = verb(access?.access, address) + ", which no page can be had for"
      }
    default:
      result.kind = .busError
      result.sentence = verb(access?.access, address) + ": a hardware memory error"
      result.confidence = .likely
    }
    return result
  }
}
