internal import Bytes

extension Architecture {
  /// RISC-V ELF psABI, table "DWARF register numbers"; `struct user_regs_struct` of <asm/ptrace.h>.
  ///
  /// The psABI gives the pc no number (return addresses are in x1); 32, a float register to DWARF, stands for it.
  package static let riscv64 = Architecture(
    name: "riscv64", machine: 243, wordSize: 8, byteOrder: .little,
    registers: [Register("pc", dwarf: 32, offset: 0, size: 8)] + .row("x", 1...31, at: 8, size: 8),
    programCounter: 32, stackPointer: 2, framePointer: 8, notes: .lp64(registerBytes: 256),
    prologue: .none, threadPointer: "x4")
}
