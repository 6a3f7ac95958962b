internal import CCapstone
package import ProcessModel

/// Decodes single instructions of one processor; owns a Capstone handle and the instruction it decodes into.
///
///     var disassembler = try Disassembler(.x86_64)
///     let instruction = disassembler.instruction(at: pc, bytes: memory.readAvailable(at: pc, count: 16))
///
/// The first one made opens libcapstone (about a millisecond); nothing else here or elsewhere does.
@safe package struct Disassembler: ~Copyable {
  /// How text is spelled; operands, names and groups are the same in both.
  package enum Syntax: Sendable {
    case att
    case intel
  }

  /// The longest instruction of any processor known here, x86's 15 bytes, rounded up.
  package static let longestInstruction = 16

  private let library: CapstoneLibrary
  private let architecture: cs_arch
  private let handle: csh
  /// `cs_malloc` with details: filled by each decoding, read before the next.
  private let scratch: UnsafeMutablePointer<cs_insn>
  private var registerNames: [UInt32: String] = [:]

  /// A decoder. `isThumb` for Arm code of the T32 kind: bit 5 of `cpsr`.
  package init(_ processor: Architecture, isThumb: Bool = false) throws(DisassemblyError) {
    let kind: (cs_arch, Int32)
    switch processor.name {
    case "x86-64": kind = (CS_ARCH_X86, CS_MODE_64.rawValue)
    case "i386": kind = (CS_ARCH_X86, CS_MODE_32.rawValue)
    case "aarch64": kind = (CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN.rawValue)
    case "arm": kind = (CS_ARCH_ARM, isThumb ? CS_MODE_THUMB.rawValue : CS_MODE_ARM.rawValue)
    case "ppc64le": kind = (CS_ARCH_PPC, CS_MODE_64.rawValue)
    case "mips64el": kind = (CS_ARCH_MIPS, CS_MODE_MIPS64.rawValue)
    case "s390x": kind = (CS_ARCH_SYSZ, Self.bigEndian)
    // Capstone learnt RISC-V with version 5.
    default: throw .unsupported(architecture: processor.name)
    }
    let library = try CapstoneLibrary.shared.get()
    var handle: csh = 0
    let status = unsafe library.open(kind.0, cs_mode(kind.1), &handle)
    guard status == CS_ERR_OK else { throw .refused(code: status.rawValue) }
    // Details first: the scratch instruction has room for them only if they are on when it is made.
    _ = library.option(handle, CS_OPT_DETAIL, UInt(CS_OPT_ON.rawValue))
    guard let scratch = unsafe library.allocate(handle) else {
      _ = unsafe library.close(&handle)
      throw .refused(code: CS_ERR_MEM.rawValue)
    }
    self.library = library
    architecture = kind.0
    self.handle = handle
    unsafe self.scratch = scratch
  }

  deinit {
    unsafe library.free(scratch, 1)
    var handle = handle
    _ = unsafe library.close(&handle)
  }

  /// `CS_MODE_BIG_ENDIAN`, `1 << 31`, which C makes a negative number of.
  private static let bigEndian = Int32.min

  /// The instruction that `bytes` begin with, as it runs at `address`; `nil` where they hold none, or too few.
  package mutating func instruction(
    at address: UInt64, bytes: [UInt8], syntax: Syntax = .att
  ) -> Instruction? {
    guard decode(address, bytes, .intel), var result = unsafe value(scratch.pointee)
    else { return nil }
    // Capstone turns the operands round with the text, and its AT&T details are not complete.
    if architecture == CS_ARCH_X86, syntax == .att, decode(address, bytes, .att) {
      (result.mnemonic, result.operandText) = unsafe Self.text(scratch.pointee)
    }
    return result
  }

  private func decode(_ address: UInt64, _ bytes: [UInt8], _ syntax: Syntax) -> Bool {
    if architecture == CS_ARCH_X86 {
      let value = syntax == .att ? CS_OPT_SYNTAX_ATT : CS_OPT_SYNTAX_INTEL
      _ = library.option(handle, CS_OPT_SYNTAX, UInt(value.rawValue))
    }
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      var code = buffer.baseAddress
      guard unsafe code != nil else { return false }
      var count = buffer.count
      var at = address
      return unsafe library.decode(handle, &code, &count, &at, scratch)
    }
  }

  // MARK: Values

  private mutating func value(_ found: cs_insn) -> Instruction? {
    guard let detail = unsafe found.detail else { return nil }
    let count = unsafe min(Int(found.size), Self.longestInstruction)
    let bytes = unsafe withUnsafeBytes(of: found.bytes) { unsafe Array($0.prefix(count)) }
    let name = unsafe library.instructionName(handle, found.id).map { unsafe String(cString: $0) } ?? ""
    let (mnemonic, operandText) = unsafe Self.text(found)
    let groups = unsafe withUnsafeBytes(of: detail.pointee.groups) { all in
      unsafe all.prefix(Int(detail.pointee.groups_count)).reduce(into: UInt32(0)) { set, group in
        // Numbers from 128 on are features of one processor.
        if group < 8 { set |= 1 << UInt32(group) }
      }
    }
    let reads = unsafe withUnsafeBytes(of: detail.pointee.regs_read) { all in
      unsafe all.bindMemory(to: UInt16.self).prefix(Int(detail.pointee.regs_read_count)).map { $0 }
    }
    let writes = unsafe withUnsafeBytes(of: detail.pointee.regs_write) { all in
      unsafe all.bindMemory(to: UInt16.self).prefix(Int(detail.pointee.regs_write_count)).map { $0 }
    }
    return unsafe Instruction(
      address: found.address, bytes: bytes, name: name, mnemonic: mnemonic, operandText: operandText,
      groups: Instruction.Groups(rawValue: groups), operands: operands(detail),
      implicitReads: reads.compactMap { registerName(UInt32($0)) },
      implicitWrites: writes.compactMap { registerName(UInt32($0)) },
      encoding: architecture == CS_ARCH_X86 ? Instruction.Encoding(coreview_x86_encoding(detail)) : nil)
  }

  private mutating func operands(_ detail: UnsafePointer<cs_detail>) -> [Instruction.Operand] {
    // No processor has more than 36 (Arm's register lists).
    let count = unsafe min(coreview_operand_count(detail, architecture), 36)
    var result: [Instruction.Operand] = []
    for index in 0..<count {
      let found = unsafe coreview_operand_at(detail, architecture, index)
      let place: Instruction.Place
      switch found.kind {
      case CS_OP_REG.rawValue: place = registerName(found.reg).map { .register($0) } ?? .other
      case CS_OP_IMM.rawValue: place = .immediate(found.value)
      case CS_OP_MEM.rawValue:
        place = .memory(
          Instruction.Memory(
            segment: registerName(found.segment), base: registerName(found.base),
            index: registerName(found.index), scale: Int(found.scale), displacement: found.value))
      default: place = .other
      }
      result.append(
        Instruction.Operand(
          place, size: Int(found.size),
          access: found.access == 0 ? nil : Instruction.Access(rawValue: found.access & 3)))
    }
    return result
  }

  /// A register's name; `nil` for number 0, which stands for none.
  private mutating func registerName(_ number: UInt32) -> String? {
    guard number != 0 else { return nil }
    if let known = registerNames[number] { return known }
    guard let name = unsafe library.registerName(handle, number) else { return nil }
    let text = RegisterNames.spelling(of: unsafe String(cString: name), architecture)
    registerNames[number] = text
    return text
  }

  private static func text(_ found: cs_insn) -> (mnemonic: String, operands: String) {
    unsafe (string(found.mnemonic), string(found.op_str))
  }

  /// A NUL-terminated string in a fixed array.
  private static func string<Storage>(_ storage: Storage) -> String {
    unsafe withUnsafeBytes(of: storage) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

extension Instruction.Encoding {
  init(_ found: coreview_x86_encoding) {
    prefixes = [found.prefix.0, found.prefix.1, found.prefix.2, found.prefix.3]
    opcode = [found.opcode.0, found.opcode.1, found.opcode.2, found.opcode.3]
    rex = found.rex
    addressSize = Int(found.address_size)
    modRM = found.modrm
    sib = found.sib
    modRMOffset = Int(found.modrm_offset)
    displacementOffset = Int(found.displacement_offset)
    displacementSize = Int(found.displacement_size)
    immediateOffset = Int(found.immediate_offset)
    immediateSize = Int(found.immediate_size)
  }
}
