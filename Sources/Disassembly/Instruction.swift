/// One machine instruction, as a value.
package struct Instruction: Sendable, Equatable {
  /// What an operand is.
  package enum Place: Sendable, Equatable {
    /// By its name in `Architecture.registers`, or Capstone's for parts and others: `rax`, `al`, `xmm0`.
    case register(String)
    /// A number; for jumps and calls the address they go to.
    case immediate(Int64)
    case memory(Memory)
    /// A kind that only one processor has: a condition, a system register, a float.
    case other
  }

  /// `segment:displacement(base, index, scale)`: where in memory an operand lies.
  package struct Memory: Sendable, Equatable {
    /// Only where an override names one: `fs`, `gs`, and for string instructions also `es`.
    package var segment: String?
    /// `rip` for an operand that counts from the next instruction.
    package var base: String?
    package var index: String?
    /// 1, 2, 4 or 8; −1 where the index is subtracted (arm).
    package var scale: Int
    /// As it is added, sign and all.
    package var displacement: Int64

    package init(
      segment: String? = nil, base: String? = nil, index: String? = nil, scale: Int = 1,
      displacement: Int64 = 0
    ) {
      self.segment = segment
      self.base = base
      self.index = index
      self.scale = scale
      self.displacement = displacement
    }
  }

  /// What the instruction does with an operand.
  package struct Access: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let read = Access(rawValue: 1)
    package static let write = Access(rawValue: 2)
  }

  package struct Operand: Sendable, Equatable {
    package var place: Place
    /// Bytes; 0 where it is not known (processors other than x86).
    package var size: Int
    /// `nil` where it is not known (processors other than x86 and Arm).
    package var access: Access?

    package init(_ place: Place, size: Int = 0, access: Access? = nil) {
      self.place = place
      self.size = size
      self.access = access
    }
  }

  /// What kind of instruction it is, as `cs_group_type` has it for every processor.
  package struct Groups: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let jump = Groups(rawValue: 1 << 1)
    package static let call = Groups(rawValue: 1 << 2)
    package static let `return` = Groups(rawValue: 1 << 3)
    /// `int`, `int3`, `syscall`.
    package static let interrupt = Groups(rawValue: 1 << 4)
    package static let interruptReturn = Groups(rawValue: 1 << 5)
    package static let privileged = Groups(rawValue: 1 << 6)
    package static let relativeBranch = Groups(rawValue: 1 << 7)
  }

  /// How an x86 instruction is encoded: what its text depends on and its operands do not tell.
  package struct Encoding: Sendable, Equatable {
    /// Repeat or lock; segment; 0x66; 0x67; zero for those that are not there.
    package var prefixes: [UInt8]
    /// Up to four bytes, the rest zero.
    package var opcode: [UInt8]
    package var rex: UInt8
    /// Bytes of an address: 4 or 8.
    package var addressSize: Int
    package var modRM: UInt8
    package var sib: UInt8
    /// Offsets within the instruction, 0 for a part that is not there, and the parts' sizes in bytes.
    package var modRMOffset: Int
    package var displacementOffset: Int
    package var displacementSize: Int
    package var immediateOffset: Int
    package var immediateSize: Int
  }

  package var address: UInt64
  /// The instruction's own bytes.
  package var bytes: [UInt8]
  /// Without prefixes and, for x86, in Intel's spelling whatever the syntax: `mov`, `movsb`.
  package var name: String
  /// As the syntax has it: `movq`, `rep movsb`.
  package var mnemonic: String
  /// As the syntax has it.
  package var operandText: String
  package var groups: Groups
  /// In Intel's order whatever the syntax: the destination first.
  package var operands: [Operand]
  /// Registers that are read or written though no operand names them, such as the stack pointer.
  package var implicitReads: [String]
  package var implicitWrites: [String]
  /// `nil` for processors other than x86.
  package var encoding: Encoding?

  package init(
    address: UInt64, bytes: [UInt8], name: String, mnemonic: String, operandText: String, groups: Groups,
    operands: [Operand], implicitReads: [String], implicitWrites: [String], encoding: Encoding?
  ) {
    self.address = address
    self.bytes = bytes
    self.name = name
    self.mnemonic = mnemonic
    self.operandText = operandText
    self.groups = groups
    self.operands = operands
    self.implicitReads = implicitReads
    self.implicitWrites = implicitWrites
    self.encoding = encoding
  }

  /// Mnemonic and operands, as the syntax has it.
  package var text: String { operandText.isEmpty ? mnemonic : mnemonic + " " + operandText }
  /// In bytes.
  package var size: Int { bytes.count }
  /// Where the next instruction is.
  package var end: UInt64 { address &+ UInt64(bytes.count) }
}
