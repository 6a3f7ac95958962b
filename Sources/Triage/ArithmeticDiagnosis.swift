internal import Bytes
internal import ProcessModel
internal import Disassembly
internal import Reporting

/// SIGFPE: divisions, and floating-point operations with their exceptions turned on.
struct ArithmeticDiagnosis {
  private let scene: Scene
  private let operands: Operands

  init(_ scene: Scene) {
    self.scene = scene
    operands = Operands(scene)
  }

  func result() -> Report.Diagnosis {
    var result = Report.Diagnosis()
    var evidence = Triage.noteEvidence(scene)
    if let instruction = scene.instruction {
      evidence.append(
        "instruction at \(instruction.address.hexadecimal): \(instruction.text)"
      )
    }
    switch scene.signal.code {
    case 1: integer(&result, &evidence)
    case 2:
      result.kind = .divisionOverflow
      result.sentence = "integer overflow in \(scene.place)"
    default:
      result.kind = .floatingPoint
      let names: [Int32: String] = [
        3: "division by zero", 4: "overflow", 5: "underflow", 6: "an inexact result",
        7: "an invalid operation",
        8: "a subscript out of range",
      ]
      let what = names[scene.signal.code ?? 0] ?? "an exception that is not told"
      result.sentence = "floating-point \(what) in \(scene.place), where such exceptions are turned on"
    }
    result.findings.insert(
      Report.Diagnosis.Finding(
        "The kernel's note and the instruction tell the operation.", evidence: evidence), at: 0)
    return result
  }

  /// x86 raises the same exception for a zero divisor and for a quotient that does not fit: its operands tell.
  private func integer(_ result: inout Report.Diagnosis, _ evidence: inout [String]) {
    result.kind = .divisionByZero
    guard let instruction = scene.instruction, instruction.name == "idiv" || instruction.name == "div",
      let operand = instruction.operands.first, let divisor = value(of: operand, instruction)
    else {
      result.sentence = "integer division by zero in \(scene.place)"
      if scene.architecture.name == "x86-64" || scene.architecture.name == "i386" {
        result.confidence = .likely
        result.sentence += ", or a quotient that does not fit: the operands could not be read"
      }
      return
    }
    let bits = UInt64(operand.size * 8)
    let text: String
    switch operand.place {
    case .register(let name): text = "divisor \(name) = \(divisor.hexadecimal)"
    case .memory(let memory): text = "divisor \(Operands.text(memory, instruction)) = \(divisor.hexadecimal)"
    default: text = ""
    }
    evidence.append(text)
    guard divisor != 0 else {
      result.sentence = "integer division by zero in \(scene.place)"
      return
    }
    result.kind = .divisionOverflow
    let isMinusOne = divisor == (bits == 64 ? .max : (1 << bits) - 1)
    let smallest: UInt64 = 1 << (bits - 1)
    if let dividend = dividend(bits) { evidence.append("dividend \(dividend.hexadecimal)") }
    if instruction.name == "idiv", isMinusOne, dividend(bits) == smallest {
      result.sentence = "integer overflow in \(scene.place): the smallest \(bits)-bit number divided by -1"
    } else {
      result.sentence = "integer overflow in \(scene.place): the quotient does not fit; the divisor is not 0"
    }
  }

  private func value(of operand: Instruction.Operand, _ instruction: Instruction) -> UInt64? {
    switch operand.place {
    case .register(let name): return operands.value(of: name)
    case .memory:
      guard let access = operands.accesses(instruction).first, operand.size <= 8 else { return nil }
      return scene.read(access.address, operand.size)
    case .immediate, .other: return nil
    }
  }

  /// The low half of the dividend.
  private func dividend(_ bits: UInt64) -> UInt64? {
    let name = bits == 64 ? "rax" : bits == 32 ? "eax" : "ax"
    return operands.value(of: name)
  }
}
