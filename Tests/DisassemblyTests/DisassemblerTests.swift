import Disassembly
import ProcessModel
import Testing

/// What is decoded of single instructions whose meaning the processors' manuals give.
@Suite struct DisassemblerTests {
  private func decode(
    _ bytes: [UInt8], _ processor: Architecture = .x86_64, at address: UInt64 = 0x1000,
    syntax: Disassembler.Syntax = .att
  ) throws -> Instruction? {
    var disassembler = try Disassembler(processor)
    return disassembler.instruction(at: address, bytes: bytes, syntax: syntax)
  }

  @Test func `a store names its parts in both syntaxes`() throws {
    // mov %rdx,0x8(%rax,%rcx,4)
    let bytes: [UInt8] = [0x48, 0x89, 0x54, 0x88, 0x08, 0x90]
    let found = try #require(try decode(bytes))
    #expect(found.size == 5 && found.end == 0x1005)
    #expect(found.name == "mov" && found.mnemonic == "movq" && found.operandText == "%rdx, 8(%rax, %rcx, 4)")
    #expect(
      found.operands == [
        .init(
          .memory(.init(base: "rax", index: "rcx", scale: 4, displacement: 8)), size: 8, access: .write),
        .init(.register("rdx"), size: 8, access: .read),
      ])
    let intel = try #require(try decode(bytes, syntax: .intel))
    #expect(intel.mnemonic == "mov" && intel.operandText == "qword ptr [rax + rcx*4 + 8], rdx")
    #expect(intel.operands == found.operands)
  }

  @Test func `calls, jumps, returns and traps are told apart`() throws {
    #expect(try decode([0xe8, 0, 0, 0, 0])?.groups.contains(.call) == true)
    #expect(try decode([0xe8, 0, 0, 0, 0])?.operands.first?.place == .immediate(0x1005))
    #expect(try decode([0xff, 0xe0])?.groups.contains(.jump) == true)
    #expect(try decode([0xc3])?.groups.contains(.return) == true)
    #expect(try decode([0xcc])?.name == "int3")
    #expect(try decode([0x0f, 0x0b])?.name == "ud2")
    #expect(try decode([0xf4])?.groups.contains(.privileged) == true)
  }

  @Test func `segments, rip and string instructions`() throws {
    let canary = try #require(try decode([0x64, 0x48, 0x8b, 0x04, 0x25, 0x28, 0, 0, 0]))
    #expect(canary.operands.last?.place == .memory(.init(segment: "fs", displacement: 0x28)))
    let relative = try #require(try decode([0x8b, 0x05, 0x10, 0, 0, 0]))
    #expect(relative.operands.last?.place == .memory(.init(base: "rip", displacement: 0x10)))
    let copy = try #require(try decode([0xf3, 0xa4]))
    #expect(copy.name == "movsb" && copy.mnemonic == "rep movsb" && copy.operands.count == 2)
  }

  @Test func `what is no instruction is nil`() throws {
    #expect(try decode([0x06]) == nil)
    #expect(try decode([]) == nil)
    #expect(try decode([0x48]) == nil)
  }

  /// A load of each processor: `ldr x0, [x1, #8]` and its like.
  @Test(
    arguments: [
      ("aarch64", [0x20, 0x04, 0x40, 0xf9], "ldr", "x1", 8),
      ("arm", [0x08, 0x00, 0x91, 0xe5], "ldr", "r1", 8),
      ("ppc64le", [0x08, 0x00, 0x64, 0xe8], "ld", "r4", 8),
      ("mips64el", [0x08, 0x00, 0x82, 0xdc], "ld", "r4", 8),
      ("s390x", [0xe3, 0x20, 0x30, 0x08, 0x00, 0x04], "lg", "r3", 8),
      ("i386", [0x8b, 0x41, 0x08], "mov", "ecx", 8),
    ] as [(String, [UInt8], String, String, Int64)])
  func `other processors`(
    name: String, bytes: [UInt8], mnemonic: String, base: String, displacement: Int64
  ) throws {
    let processor = try #require(Architecture.known.first { $0.name == name })
    let found = try #require(try decode(bytes, processor))
    #expect(found.name == mnemonic && found.size == bytes.count)
    let memory = found.operands.compactMap { operand in
      if case .memory(let memory) = operand.place { memory } else { nil }
    }
    #expect(memory.first?.base == base && memory.first?.displacement == displacement)
  }

  @Test func `a processor that Capstone 4 does not know is an error`() {
    #expect(throws: DisassemblyError.unsupported(architecture: "riscv64")) {
      _ = try Disassembler(.riscv64)
    }
  }
}
