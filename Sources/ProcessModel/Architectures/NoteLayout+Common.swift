extension Architecture.NoteLayout {
  /// `struct elf_prstatus` and `struct elf_prpsinfo` of 64-bit Linux around a register block of `size` bytes.
  ///
  /// include/linux/elfcore.h: all 64-bit ports share it; `pr_fpvalid` and four bytes of padding follow.
  static func lp64(registerBytes size: Int) -> Architecture.NoteLayout {
    Architecture.NoteLayout(
      statusSize: 112 + size + 8, currentSignal: 12, pendingSignals: 16, heldSignals: 24, processID: 32,
      parentID: 36, registers: 112, infoSize: 136, infoState: 1, infoProcessID: 24, infoUserID: 16,
      infoName: 40, infoArguments: 56)
  }

  /// The same of 32-bit Linux with 16-bit user numbers in `struct elf_prpsinfo`.
  static func ilp32(registerBytes size: Int) -> Architecture.NoteLayout {
    Architecture.NoteLayout(
      statusSize: 72 + size + 4, currentSignal: 12, pendingSignals: 16, heldSignals: 20, processID: 24,
      parentID: 28, registers: 72, infoSize: 124, infoState: 1, infoProcessID: 12, infoUserID: 8,
      infoName: 28,
      infoArguments: 44)
  }
}

extension Array<Architecture.Register> {
  /// Registers of one size in a row: `prefix` + number for each of `numbers`, the first at `offset`.
  static func row(_ prefix: String, _ numbers: ClosedRange<Int>, at offset: Int, size: Int) -> [Element] {
    numbers.map { number in
      Element(
        "\(prefix)\(number)", dwarf: number, offset: offset + (number - numbers.lowerBound) * size, size: size
      )
    }
  }
}
