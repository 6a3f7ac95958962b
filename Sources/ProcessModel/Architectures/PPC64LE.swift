internal import Bytes

extension Architecture {
  /// 64-bit ELF V2 ABI for Power, table "DWARF register mapping"; `struct pt_regs` of <asm/ptrace.h>, 48 words.
  ///
  /// DWARF has no number for `nip` (return addresses are in lr, 65); 32, a float register, stands for it.
  package static let ppc64le = Architecture(
    name: "ppc64le", machine: 21, wordSize: 8, byteOrder: .little,
    registers: .row("r", 0...31, at: 0, size: 8) + [
      Register("nip", dwarf: 32, offset: 256, size: 8),
      Register("msr", dwarf: nil, offset: 264, size: 8),
      Register("orig_r3", dwarf: nil, offset: 272, size: 8),
      Register("ctr", dwarf: nil, offset: 280, size: 8),
      Register("lr", dwarf: nil, offset: 288, size: 8),
      Register("xer", dwarf: nil, offset: 296, size: 8),
      Register("ccr", dwarf: nil, offset: 304, size: 8),
      Register("softe", dwarf: nil, offset: 312, size: 8),
      Register("trap", dwarf: nil, offset: 320, size: 8),
      Register("result", dwarf: nil, offset: 344, size: 8),
      // The words up to ELF_NGREG are unused.
      Register("reserved", dwarf: nil, offset: 376, size: 8),
    ],
    programCounter: 32, stackPointer: 1, framePointer: 31, notes: .lp64(registerBytes: 384),
    prologue: .none, threadPointer: "r13")
}
