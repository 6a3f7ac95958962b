internal import Bytes

extension Architecture {
  /// System V psABI for AMD64, table "DWARF register number mapping"; `struct user_regs_struct` of <sys/user.h>.
  package static let x86_64 = Architecture(
    name: "x86-64", machine: 62, wordSize: 8, byteOrder: .little,
    registers: [
      Register("r15", dwarf: 15, offset: 0, size: 8),
      Register("r14", dwarf: 14, offset: 8, size: 8),
      Register("r13", dwarf: 13, offset: 16, size: 8),
      Register("r12", dwarf: 12, offset: 24, size: 8),
      Register("rbp", dwarf: 6, offset: 32, size: 8),
      Register("rbx", dwarf: 3, offset: 40, size: 8),
      Register("r11", dwarf: 11, offset: 48, size: 8),
      Register("r10", dwarf: 10, offset: 56, size: 8),
      Register("r9", dwarf: 9, offset: 64, size: 8),
      Register("r8", dwarf: 8, offset: 72, size: 8),
      Register("rax", dwarf: 0, offset: 80, size: 8),
      Register("rcx", dwarf: 2, offset: 88, size: 8),
      Register("rdx", dwarf: 1, offset: 96, size: 8),
      Register("rsi", dwarf: 4, offset: 104, size: 8),
      Register("rdi", dwarf: 5, offset: 112, size: 8),
      Register("orig_rax", dwarf: nil, offset: 120, size: 8),
      Register("rip", dwarf: 16, offset: 128, size: 8),
      Register("cs", dwarf: nil, offset: 136, size: 8),
      Register("eflags", dwarf: nil, offset: 144, size: 8),
      Register("rsp", dwarf: 7, offset: 152, size: 8),
      Register("ss", dwarf: nil, offset: 160, size: 8),
      Register("fs_base", dwarf: nil, offset: 168, size: 8),
      Register("gs_base", dwarf: nil, offset: 176, size: 8),
      Register("ds", dwarf: nil, offset: 184, size: 8),
      Register("es", dwarf: nil, offset: 192, size: 8),
      Register("fs", dwarf: nil, offset: 200, size: 8),
      Register("gs", dwarf: nil, offset: 208, size: 8),
    ],
    programCounter: 16, stackPointer: 7, framePointer: 6,
    notes: NoteLayout(
      statusSize: 336, currentSignal: 12, pendingSignals: 16, heldSignals: 24, processID: 32, parentID: 36,
      registers: 112, infoSize: 136, infoState: 1, infoProcessID: 24, infoUserID: 16, infoName: 40,
      infoArguments: 56),
    prologue: .amd64, threadPointer: "fs_base",
    // rax, rbx, rcx, rdx, rsi
    successors: [0: 3, 3: 2, 2: 1, 1: 4])
}
