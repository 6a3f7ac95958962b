internal import Bytes

extension Architecture {
  /// System V psABI for Intel386, table "DWARF register number mapping"; the 32-bit `struct user_regs_struct`.
  package static let i386 = Architecture(
    name: "i386", machine: 3, wordSize: 4, byteOrder: .little,
    registers: [
      Register("ebx", dwarf: 3, offset: 0, size: 4),
      Register("ecx", dwarf: 1, offset: 4, size: 4),
      Register("edx", dwarf: 2, offset: 8, size: 4),
      Register("esi", dwarf: 6, offset: 12, size: 4),
      Register("edi", dwarf: 7, offset: 16, size: 4),
      Register("ebp", dwarf: 5, offset: 20, size: 4),
      Register("eax", dwarf: 0, offset: 24, size: 4),
      Register("ds", dwarf: nil, offset: 28, size: 4),
      Register("es", dwarf: nil, offset: 32, size: 4),
      Register("fs", dwarf: nil, offset: 36, size: 4),
      Register("gs", dwarf: nil, offset: 40, size: 4),
      Register("orig_eax", dwarf: nil, offset: 44, size: 4),
      Register("eip", dwarf: 8, offset: 48, size: 4),
      Register("cs", dwarf: nil, offset: 52, size: 4),
      Register("eflags", dwarf: 9, offset: 56, size: 4),
      Register("esp", dwarf: 4, offset: 60, size: 4),
      Register("ss", dwarf: nil, offset: 64, size: 4),
    ],
    programCounter: 8, stackPointer: 4, framePointer: 5,
    notes: NoteLayout(
      statusSize: 144, currentSignal: 12, pendingSignals: 16, heldSignals: 20, processID: 24, parentID: 28,
      registers: 72, infoSize: 124, infoState: 1, infoProcessID: 12, infoUserID: 8, infoName: 28,
      infoArguments: 44),
    prologue: .i386, threadPointer: nil)
}
