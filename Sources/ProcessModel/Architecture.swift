package import Bytes

/// What differs between processors, as data: one value per architecture, in `Architectures/`.
///
/// To add one: give its registers and note layouts (threads and registers show), its prologue style
/// (stacks without CFI unwind), then a small core to `samples/`. Nothing else switches on it.
///
/// A class, since it goes wherever registers go and a copy of so many fields would cost each time.
package final class Architecture: Sendable {
  /// A register as NT_PRSTATUS holds it: `elf_gregset_t`, see <sys/user.h>.
  package struct Register: Sendable {
    package var name: String
    /// The number in DWARF, or `nil` for registers that no CFI names (orig_rax, segment bases).
    package var dwarf: Int?
    /// Bytes from the start of the register block.
    package var offset: Int
    package var size: Int

    package init(_ name: String, dwarf: Int?, offset: Int, size: Int) {
      self.name = name
      self.dwarf = dwarf
      self.offset = offset
      self.size = size
    }
  }

  /// Where the fields of `struct elf_prstatus` and `struct elf_prpsinfo` lie; see <sys/procfs.h>.
  package struct NoteLayout: Sendable {
    package var statusSize: Int
    package var currentSignal: Int
    package var pendingSignals: Int
    package var heldSignals: Int
    package var processID: Int
    package var parentID: Int
    package var registers: Int
    package var infoSize: Int
    package var infoState: Int
    package var infoProcessID: Int
    package var infoUserID: Int
    package var infoName: Int
    package var infoArguments: Int
    /// `si_code` within siginfo_t; MIPS has it before `si_errno`, at 4.
    package var signalCode = 8
  }

  /// How frames without CFI are found again.
  package enum PrologueStyle: Sendable {
    case amd64
    case i386
    /// No analysis is known: the stack ends where CFI ends.
    case none
  }

  package let name: String
  /// `e_machine`.
  package let machine: UInt16
  /// 4 or 8 bytes.
  package let wordSize: Int
  package let byteOrder: ByteOrder
  package let registers: [Register]
  package let programCounter: Int
  package let stackPointer: Int
  package let framePointer: Int
  package let notes: NoteLayout
  package let prologue: PrologueStyle
  /// The name of the register that holds a thread's TLS pointer, as its note spells it.
  package let threadPointer: String?
  private let successors: [Int: Int]

  /// `successors`: the registers, by DWARF number, that gdb has in another order, and what follows each there.
  package init(
    name: String, machine: UInt16, wordSize: Int, byteOrder: ByteOrder, registers: [Register],
    programCounter: Int, stackPointer: Int, framePointer: Int, notes: NoteLayout,
    prologue: PrologueStyle, threadPointer: String?, successors: [Int: Int] = [:]
  ) {
    self.name = name
    self.machine = machine
    self.wordSize = wordSize
    self.byteOrder = byteOrder
    self.registers = registers
    self.programCounter = programCounter
    self.stackPointer = stackPointer
    self.framePointer = framePointer
    self.notes = notes
    self.prologue = prologue
    self.threadPointer = threadPointer
    self.successors = successors
  }

  /// Where a value that is wider than its register goes on.
  package func register(after number: Int) -> Int { successors[number] ?? number + 1 }

  /// Digits of an address, padded: 16 or 8.
  package var addressDigits: Int { wordSize * 2 }
  /// The bits that an address can have.
  package var addressMask: UInt64 { wordSize == 8 ? .max : 0xffff_ffff }

  /// The architectures coreview reads.
  package static let known: [Architecture] = [
    .x86_64, .i386, .aarch64, .riscv64, .s390x, .arm, .ppc64le, .mips64el,
  ]

  /// The architecture of an ELF file, or `nil` for one nobody has described here.
  package static func matching(machine: UInt16, wordSize: Int, byteOrder: ByteOrder) -> Architecture? {
    known.first { $0.machine == machine && $0.wordSize == wordSize && $0.byteOrder == byteOrder }
  }
}
