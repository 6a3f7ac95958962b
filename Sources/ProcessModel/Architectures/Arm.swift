internal import Bytes

extension Architecture {
  /// DWARF for the Arm Architecture, table "DWARF register names"; `struct pt_regs` of <asm/ptrace.h>.
  package static let arm = Architecture(
    name: "arm", machine: 40, wordSize: 4, byteOrder: .little,
    registers: .row("r", 0...15, at: 0, size: 4) + [
      Register("cpsr", dwarf: nil, offset: 64, size: 4),
      Register("orig_r0", dwarf: nil, offset: 68, size: 4),
    ],
    programCounter: 15, stackPointer: 13, framePointer: 11, notes: .ilp32(registerBytes: 72),
    prologue: .none, threadPointer: nil)
}
