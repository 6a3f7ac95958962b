internal import Bytes

extension Architecture {
  private static var notes: NoteLayout {
    var layout = NoteLayout.lp64(registerBytes: 360)
    layout.signalCode = 4
    return layout
  }

  /// MIPSpro 64-bit ABI register numbers; ELF_NGREG 45 with the `EF_` offsets of the kernel's
  /// arch/mips/include/uapi/asm/reg.h for 64-bit processes.
  ///
  /// DWARF has no number for the pc (return addresses are in r31); 32, a float register, stands for it.
  package static let mips64el = Architecture(
    name: "mips64el", machine: 8, wordSize: 8, byteOrder: .little,
    registers: .row("r", 0...31, at: 0, size: 8) + [
      Register("lo", dwarf: nil, offset: 256, size: 8),
      Register("hi", dwarf: nil, offset: 264, size: 8),
      Register("epc", dwarf: 32, offset: 272, size: 8),
      Register("badvaddr", dwarf: nil, offset: 280, size: 8),
      Register("status", dwarf: nil, offset: 288, size: 8),
      Register("cause", dwarf: nil, offset: 296, size: 8),
      // The words up to ELF_NGREG are unused.
      Register("reserved", dwarf: nil, offset: 352, size: 8),
    ],
    programCounter: 32, stackPointer: 29, framePointer: 30, notes: notes,
    prologue: .none, threadPointer: nil)
}
