internal import Bytes

extension Architecture {
  /// DWARF for the Arm 64-bit Architecture, table "DWARF register names"; `struct user_pt_regs` of <asm/ptrace.h>.
  package static let aarch64 = Architecture(
    name: "aarch64", machine: 183, wordSize: 8, byteOrder: .little,
    registers: .row("x", 0...30, at: 0, size: 8) + [
      Register("sp", dwarf: 31, offset: 248, size: 8),
      Register("pc", dwarf: 32, offset: 256, size: 8),
      Register("pstate", dwarf: nil, offset: 264, size: 8),
    ],
    programCounter: 32, stackPointer: 31, framePointer: 29, notes: .lp64(registerBytes: 272),
    prologue: .none, threadPointer: nil)
}
