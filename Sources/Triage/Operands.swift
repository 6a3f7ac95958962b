internal import ProcessModel
package import Disassembly
package import Reporting

/// One access to memory that an instruction makes, with its address at the time of the crash.
package struct MemoryAccess: Sendable, Equatable {
  package var address: UInt64
  package var size: Int
  package var access: Report.Diagnosis.Access?
  /// In AT&T syntax; `nil` for the stack slot of push, call, pop and ret.
  package var text: String?
  package var memory: Instruction.Memory?
  /// The register that decides where it goes: the base, or the index where there is no base.
  package var register: String?
  package var registerValue: UInt64?
}

/// Computes what the operands of an instruction meant, from the registers of the moment.
package struct Operands {
  private let scene: Scene

  package init(_ scene: Scene) { self.scene = scene }

  /// The accesses of the instruction at the pc, in the order of its operands, then the stack's.
  package func accesses(_ instruction: Instruction) -> [MemoryAccess] {
    var result: [MemoryAccess] = []
    if !Self.touchesNothing(instruction.name) {
      for (index, operand) in instruction.operands.enumerated() {
        guard case .memory(let memory) = operand.place, let made = access(memory, operand, index, instruction)
        else { continue }
        result.append(made)
      }
    }
    if let stack = stackAccess(instruction) { result.append(stack) }
    return result
  }

  /// Instructions that name memory and do not use it, or may fail to without a fault.
  private static func touchesNothing(_ name: String) -> Bool {
    name == "lea" || name == "nop" || name.hasPrefix("prefetch") || name.hasPrefix("endbr")
  }

  private func access(
    _ memory: Instruction.Memory, _ operand: Instruction.Operand, _ index: Int, _ instruction: Instruction
  ) -> MemoryAccess? {
    var address = UInt64(bitPattern: memory.displacement)
    switch memory.segment {
    case nil, "ds", "ss", "es", "cs": break
    case let segment?:
      guard let base = scene.registers[segment + "_base"] else { return nil }
      address &+= base
    }
    if let base = memory.base {
      guard let value = value(of: base, instruction) else { return nil }
      address &+= value
    }
    if let index = memory.index, index != "riz", index != "eiz" {
      guard let value = value(of: index, instruction) else { return nil }
      address &+= value &* UInt64(bitPattern: Int64(memory.scale))
    }
    if scene.architecture.wordSize == 4 { address &= 0xffff_ffff }
    let register = memory.base == "rip" ? nil : memory.base ?? memory.index
    return MemoryAccess(
      address: address, size: operand.size,
      access: Self.access(of: operand, index: index, instruction), text: Self.text(memory, instruction),
      memory: memory, register: register, registerValue: register.flatMap { value(of: $0, instruction) })
  }

  /// A register's value; of a part of a register its part.
  package func value(of name: String, _ instruction: Instruction? = nil) -> UInt64? {
    if name == "rip" || name == "eip" { return instruction?.end ?? scene.programCounter }
    if let value = scene.registers[name] { return value }
    guard let part = RegisterPart(name, wordSize: scene.architecture.wordSize),
      let whole = scene.registers[part.whole]
    else { return nil }
    return part.extract(whole)
  }

  /// Capstone says what is done with an operand; where it does not, the destination of a move is written.
  private static func access(
    of operand: Instruction.Operand, index: Int, _ instruction: Instruction
  ) -> Report.Diagnosis.Access? {
    let name = instruction.name
    if instruction.groups.contains(.call) || instruction.groups.contains(.jump) { return .read }
    if let access = operand.access {
      // The processor asks for the right to write also where it reads first.
      return access.contains(.write) ? .write : .read
    }
    let isMove = name.hasPrefix("mov") || name.hasPrefix("vmov")
    if isMove { return index == 0 ? .write : .read }
    return ["cmp", "test", "ucomis", "comis", "vucomis", "vcomis"].contains { name.hasPrefix($0) }
      ? .read : nil
  }

  /// The slot on the stack that push and call write, pop and ret read.
  private func stackAccess(_ instruction: Instruction) -> MemoryAccess? {
    let name = instruction.name
    guard scene.architecture.name == "x86-64" || scene.architecture.name == "i386" else { return nil }
    let size = Int(scene.word)
    let register = size == 8 ? "rsp" : "esp"
    let isPush = name.hasPrefix("push") || instruction.groups.contains(.call)
    let isPop = name.hasPrefix("pop") && !name.hasPrefix("popcnt") || instruction.groups.contains(.return)
    if name == "leave" {
      let frame = size == 8 ? "rbp" : "ebp"
      return scene.registers[frame].map {
        MemoryAccess(address: $0, size: size, access: .read, register: frame, registerValue: $0)
      }
    }
    guard isPush || isPop else { return nil }
    let pointer = scene.stackPointer
    return MemoryAccess(
      address: isPush ? pointer &- scene.word : pointer, size: size, access: isPush ? .write : .read,
      register: register, registerValue: pointer)
  }

  /// `%fs:0x8(%rax,%rcx,4)`.
  package static func text(_ memory: Instruction.Memory, _ instruction: Instruction) -> String {
    guard instruction.encoding != nil else { return instruction.operandText }
    var text = memory.segment.map { "%\($0):" } ?? ""
    let displacement = memory.displacement
    if displacement != 0 || memory.base == nil && memory.index == nil {
      let digits = String(displacement.magnitude, radix: 16)
      text += (displacement < 0 ? "-0x" : "0x") + digits
    }
    if memory.base != nil || memory.index != nil {
      text += "(" + (memory.base.map { "%" + $0 } ?? "")
      if let index = memory.index { text += ",%\(index),\(memory.scale)" }
      text += ")"
    }
    return text
  }
}

/// A part of a general register of x86: `eax`, `ax`, `al`, `ah` of `rax`.
package struct RegisterPart: Sendable {
  package let whole: String
  private let bits: Int
  private let shift: Int

  package init?(_ name: String, wordSize: Int) {
    let prefix = wordSize == 8 ? "r" : "e"
    let letters = Array(name.utf8)
    let legacy: Set<String> = ["ax", "bx", "cx", "dx", "si", "di", "bp", "sp"]
    if name.first == "e", legacy.contains(String(name.dropFirst())) {
      (whole, bits, shift) = (prefix + name.dropFirst(), 32, 0)
    } else if legacy.contains(name) {
      (whole, bits, shift) = (prefix + name, 16, 0)
    } else if letters.count == 2, letters[1] == 0x6c || letters[1] == 0x68, "abcd".utf8.contains(letters[0]) {
      (whole, bits, shift) = (prefix + name.prefix(1) + "x", 8, letters[1] == 0x68 ? 8 : 0)
    } else if ["sil", "dil", "bpl", "spl"].contains(name) {
      (whole, bits, shift) = (prefix + name.prefix(2), 8, 0)
    } else if letters.first == 0x72, letters.count > 2, let last = name.last, "dwb".contains(last),
      Int(name.dropFirst().dropLast()) != nil
    {
      (whole, bits, shift) = (String(name.dropLast()), last == "d" ? 32 : last == "w" ? 16 : 8, 0)
    } else {
      return nil
    }
  }

  /// How many bits a write to it changes: writing 32 bits clears the upper half.
  package var isWholeWrite: Bool { bits == 32 }

  package func extract(_ value: UInt64) -> UInt64 {
    (value >> UInt64(shift)) & ((1 << UInt64(bits)) - 1)
  }
}
