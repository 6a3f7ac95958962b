internal import Bytes

/// One thread as the origin of the process image knows it: a note of a core, a task folder of /proc.
package struct ThreadSnapshot: Sendable, Identifiable {
  /// The LWP (TID).
  package var id: Int32
  package var registers: RegisterFile
  /// The raw register block, in the layout of `Architecture.registers`; empty if the note was cut.
  package var registerBlock: [UInt8]
  /// NT_PRSTATUS `pr_cursig`: the signal that ended the process, equal for all threads of a kernel's core.
  package var currentSignal: UInt16
  /// NT_PRSTATUS `pr_sighold`: the blocked signals.
  package var heldSignals: UInt64
  /// File range of NT_FPREGSET, read only when an argument lives in a vector register.
  package var floatingPoint: Range<UInt64>?
  /// File range of NT_X86_XSTATE, the XSAVE image.
  package var extendedState: Range<UInt64>?
  /// Whether registers were in the image at all; a thread known only from libc's lists has none.
  package var hasRegisters: Bool

  package init(
    id: Int32, registers: RegisterFile = RegisterFile(), registerBlock: [UInt8] = [],
    currentSignal: UInt16 = 0, heldSignals: UInt64 = 0, floatingPoint: Range<UInt64>? = nil,
    hasRegisters: Bool = true
  ) {
    self.id = id
    self.registers = registers
    self.registerBlock = registerBlock
    self.currentSignal = currentSignal
    self.heldSignals = heldSignals
    self.floatingPoint = floatingPoint
    self.hasRegisters = hasRegisters
  }

  /// A register by its name in the architecture's table, also those without a DWARF number.
  package func register(named name: String, of architecture: Architecture) -> UInt64? {
    guard let place = architecture.registers.first(where: { $0.name == name }),
      place.offset + place.size <= registerBlock.count
    else { return nil }
    var value: UInt64 = 0
    for index in 0..<place.size {
      let byte = UInt64(registerBlock[place.offset + index])
      let shift = architecture.byteOrder == .little ? index : place.size - 1 - index
      value |= byte << UInt64(8 * shift)
    }
    return value
  }

  /// A kernel worker of io_uring never returns to user space: the kernel shows pc = sp = 0.
  package func isAtZero(_ architecture: Architecture) -> Bool {
    hasRegisters && registers[architecture.programCounter] == 0 && registers[architecture.stackPointer] == 0
  }
}
