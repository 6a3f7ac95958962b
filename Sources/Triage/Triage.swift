internal import Bytes
internal import Disassembly
package import Reporting

/// Why a process died, out of a `Scene`: the signal note, the instruction, registers, mappings and frames.
///
/// Pure: looks at nothing but its arguments. To add a class of death: a case of `Report.Diagnosis.Class`, a
/// `…Diagnosis.swift` here that recognises it, a program in `Tests/TriageTests/programs`. A sentence says no more
/// than its evidence bears; what only may be so is said as that.
package enum Triage {
  /// The diagnosis, or what little is known.
  package static func diagnose(_ scene: Scene) -> Report.Diagnosis {
    var result = found(scene)
    result.message = result.message ?? scene.message
    if result.findings.isEmpty, let note = signalEvidence(scene) {
      result.findings.append(Report.Diagnosis.Finding(note.text, evidence: note.evidence))
    }
    return result
  }

  private static func found(_ scene: Scene) -> Report.Diagnosis {
    let signal = scene.signal
    if let code = signal.code, code <= 0 { return SentDiagnosis(scene).result() }
    if signal.code == nil { return AbortDiagnosis(scene).result() ?? SentDiagnosis(scene).unexplained() }
    switch signal.number {
    case SignalNumber.segmentation: return FaultDiagnosis(scene).result()
    case SignalNumber.bus: return FaultDiagnosis(scene).result()
    case SignalNumber.arithmetic: return ArithmeticDiagnosis(scene).result()
    case SignalNumber.illegal, SignalNumber.trap: return TrapDiagnosis(scene).result()
    default: return SentDiagnosis(scene).unexplained()
    }
  }

  /// What the signal note says, in its own words.
  static func signalEvidence(_ scene: Scene) -> (text: String, evidence: [String])? {
    scene.signal.code == nil ? nil : ("The kernel's note tells the signal.", noteEvidence(scene))
  }

  /// The members of NT_SIGINFO that mean something here; empty for a core without one.
  static func noteEvidence(_ scene: Scene) -> [String] {
    guard let code = scene.signal.code else { return [] }
    var text = "signal note: si_code \(scene.signal.codeName ?? String(code))"
    if let address = scene.signal.faultAddress { text += ", si_addr \(address.hexadecimal)" }
    if let sender = scene.signal.sender { text += ", si_pid \(sender.pid), si_uid \(sender.uid)" }
    if let number = scene.systemCall { text += ", si_syscall \(number)" }
    return [text]
  }
}

/// Numbers of <asm/signal.h> that x86, Arm, RISC-V, Power and s390 agree on; MIPS differs above 6.
enum SignalNumber {
  static let hangUp: Int32 = 1
  static let interrupt: Int32 = 2
  static let quit: Int32 = 3
  static let illegal: Int32 = 4
  static let trap: Int32 = 5
  static let abort: Int32 = 6
  static let bus: Int32 = 7
  static let arithmetic: Int32 = 8
  static let kill: Int32 = 9
  static let segmentation: Int32 = 11
  static let pipe: Int32 = 13
  static let alarm: Int32 = 14
  static let terminate: Int32 = 15
  static let cpuLimit: Int32 = 24
  static let fileLimit: Int32 = 25
  static let virtualAlarm: Int32 = 26
  static let profiling: Int32 = 27
  static let systemCall: Int32 = 31
}

/// Numbers in words.
enum Wording {
  /// `100 bytes`, `12 KiB`, `3.5 MiB`.
  static func size(_ bytes: UInt64) -> String {
    let units: [(UInt64, String)] = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
    for (unit, name) in units where bytes >= unit * (name == "KiB" ? 8 : 1) {
      let tenths = bytes / unit < 10 ? bytes % unit * 10 / unit : 0
      return tenths == 0 ? "\(bytes / unit) \(name)" : "\(bytes / unit).\(tenths) \(name)"
    }
    return bytes == 1 ? "1 byte" : "\(bytes) bytes"
  }

  /// `f → g`; long rounds are cut.
  static func round(_ functions: [String]) -> String {
    let shown = functions.prefix(4).joined(separator: " → ")
    return functions.count > 4 ? shown + " → … (\(functions.count) functions)" : shown
  }

  /// What a pointer looks like that is none: text, or one byte over and over.
  static func look(of value: UInt64, wordSize: Int) -> String? {
    let bytes = (0..<wordSize).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    if bytes.allSatisfy({ (0x20..<0x7f).contains($0) }) {
      return "its bytes are the text \"\(String(decoding: bytes, as: UTF8.self))\""
    }
    if let first = bytes.first, first != 0, first != 0xff, bytes.allSatisfy({ $0 == first }) {
      return "every byte of it is \(first.hexadecimal), as in memory that was filled with a pattern"
    }
    return nil
  }
}
