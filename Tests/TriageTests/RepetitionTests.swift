import Disassembly
import Testing
import Triage

/// Recursions in lists of frames, and registers followed through code.
@Suite struct RepetitionTests {
  @Test(
    arguments: [
      ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], []),
      (Array(repeating: 7, count: 20), [Repetitions.Run(first: 0, period: 1, rounds: 20)]),
      ([9] + (0..<40).map { $0 % 2 == 0 ? 1 : 2 } + [5], [Repetitions.Run(first: 1, period: 2, rounds: 20)]),
      ((0..<36).map { UInt64([1, 1, 2][$0 % 3]) }, [Repetitions.Run(first: 0, period: 3, rounds: 12)]),
      ([1, 1, 1, 1, 2], []), ([], []),
    ] as [([UInt64], [Repetitions.Run])])
  func `runs are found with their shortest period`(tokens: [UInt64], runs: [Repetitions.Run]) {
    #expect(Repetitions.runs(tokens) == runs)
  }

  private func instruction(
    _ name: String, _ operands: [Instruction.Operand], at address: UInt64, groups: Instruction.Groups = []
  ) -> Instruction {
    Instruction(
      address: address, bytes: [0x90], name: name, mnemonic: name, operandText: "", groups: groups,
      operands: operands, implicitReads: [], implicitWrites: [], encoding: nil)
  }

  private func move(_ register: String, from memory: Instruction.Memory, at address: UInt64) -> Instruction {
    instruction(
      "mov",
      [.init(.register(register), size: 8, access: .write), .init(.memory(memory), size: 8, access: .read)],
      at: address)
  }

  @Test func `a chain of loads is remembered`() {
    var tracer = RegisterTracer(wordSize: 8)
    tracer.follow(
      [
        move("rax", from: .init(base: "rbp", displacement: -8), at: 1),
        move("rax", from: .init(base: "rax", displacement: 16), at: 2),
      ], until: 3)
    #expect(tracer.origin(of: "rax") == .loaded(.loaded(.entry("rbp"), -8), 16))
    #expect(tracer.origin(of: "eax") == tracer.origin(of: "rax"))
  }

  @Test func `what a jump may have skipped is not believed`() {
    var tracer = RegisterTracer(wordSize: 8)
    tracer.follow(
      [
        instruction("je", [.init(.immediate(3))], at: 1, groups: .jump),
        move("rax", from: .init(base: "rdi", displacement: 8), at: 2),
        instruction("nop", [], at: 3),
      ], until: 4)
    #expect(tracer.origin(of: "rax") == .unknown)
    #expect(tracer.origin(of: "rdi") == .entry("rdi"))
  }

  @Test func `a call forgets what it may change`() {
    var tracer = RegisterTracer(wordSize: 8)
    let call = instruction("call", [.init(.immediate(99))], at: 1, groups: .call)
    tracer.follow([call], until: 2)
    #expect(tracer.origin(of: "rax") == .result(of: call))
    #expect(tracer.origin(of: "rcx") == .unknown && tracer.origin(of: "rbx") == .entry("rbx"))
  }
}
