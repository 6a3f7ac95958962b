internal import Bytes

extension Architecture {
  /// s390x ELF ABI supplement, table "DWARF register number mapping"; `s390_regs` of <asm/ptrace.h>.
  ///
  /// DWARF numbers the PSW address 65, but no CFI names it (return addresses are in r14): 33 stands for it,
  /// which keeps `RegisterFile` small. The access registers 0 and 1 hold the TLS pointer's halves.
  package static let s390x = Architecture(
    name: "s390x", machine: 22, wordSize: 8, byteOrder: .big,
    registers: [
      Register("pswm", dwarf: nil, offset: 0, size: 8),
      Register("pswa", dwarf: 33, offset: 8, size: 8),
    ] + .row("r", 0...15, at: 16, size: 8)
      + (0...15).map { Register("acr\($0)", dwarf: nil, offset: 144 + $0 * 4, size: 4) } + [
        // acr0 and acr1 read as one big-endian number.
        Register("tp", dwarf: nil, offset: 144, size: 8),
        Register("orig_r2", dwarf: nil, offset: 208, size: 8),
      ],
    programCounter: 33, stackPointer: 15, framePointer: 11, notes: .lp64(registerBytes: 216),
    prologue: .none, threadPointer: "tp")
}
