package import Disassembly

/// Where the values of registers came from, by following straight code up to the instruction that faulted.
package indirect enum ValueOrigin: Equatable, Sendable {
  /// What a register held when the code began.
  case entry(String)
  /// Loaded: a word at another value plus an offset.
  case loaded(ValueOrigin, Int64)
  /// Another value plus a constant.
  case sum(ValueOrigin, Int64)
  case constant(UInt64)
  /// What a call returned, by the address that it returns to.
  case result(of: Instruction)
  case unknown
}

/// Follows x86 code instruction by instruction. What it does not understand it forgets; a jump's target keeps only
/// what is the same on both ways there.
package struct RegisterTracer {
  private var origins: [String: ValueOrigin] = [:]
  private var joins: [UInt64: [String: ValueOrigin]] = [:]
  private var isReachable = true
  /// The number that the instruction before pushed: compilers load small ones by a push and a pop.
  private var pushed: ValueOrigin?
  private let wordSize: Int

  package init(wordSize: Int) { self.wordSize = wordSize }

  private var callerSaved: [String] {
    wordSize == 8
      ? ["rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11"] : ["eax", "ecx", "edx"]
  }

  /// The origin of a register's value now.
  package func origin(of register: String) -> ValueOrigin {
    origins[whole(register)] ?? .entry(whole(register))
  }

  private func whole(_ name: String) -> String { RegisterPart(name, wordSize: wordSize)?.whole ?? name }

  /// Goes over the instructions of a piece of code, in order, up to but without the one at `end`.
  package mutating func follow(_ code: [Instruction], until end: UInt64) {
    for instruction in code {
      if let other = joins[instruction.address] { join(other) }
      guard instruction.address < end else { return }
      step(instruction)
    }
  }

  private mutating func join(_ other: [String: ValueOrigin]) {
    pushed = nil
    guard isReachable else {
      origins = other
      isReachable = true
      return
    }
    for name in Set(origins.keys).union(other.keys)
    where (origins[name] ?? .entry(name)) != (other[name] ?? .entry(name)) {
      origins[name] = .unknown
    }
  }

  private mutating func step(_ instruction: Instruction) {
    let onTop = pushed
    pushed = nil
    if instruction.groups.contains(.call) {
      for name in callerSaved { origins[name] = .unknown }
      origins[wordSize == 8 ? "rax" : "eax"] = .result(of: instruction)
      return
    }
    if instruction.groups.contains(.jump) || instruction.groups.contains(.return) {
      if case .immediate(let target)? = instruction.operands.first?.place, joins.count < 64 {
        let target = UInt64(bitPattern: target)
        if joins[target] == nil { joins[target] = origins } else { joins[target] = [:] }
      }
      if instruction.name == "jmp" || instruction.groups.contains(.return) {
        // What follows is reached from elsewhere, if at all.
        for name in Set(origins.keys).union(callerSaved) { origins[name] = .unknown }
        isReachable = false
      }
      return
    }
    if let moved = stackPointer(instruction, onTop) { return origins[wordSize == 8 ? "rsp" : "esp"] = moved }
    if let made = assignment(instruction) {
      origins[made.register] = made.origin
      return
    }
    for operand in instruction.operands {
      guard case .register(let name) = operand.place, operand.access?.contains(.write) ?? true else {
        continue
      }
      origins[whole(name)] = .unknown
    }
    for name in instruction.implicitWrites { origins[whole(name)] = .unknown }
  }

  /// Where push and pop leave the stack pointer; a pop also loads a register.
  private mutating func stackPointer(_ instruction: Instruction, _ onTop: ValueOrigin?) -> ValueOrigin? {
    let name = instruction.name
    let old = origin(of: wordSize == 8 ? "rsp" : "esp")
    switch name {
    case "push", "pushf", "pushfq":
      if case .immediate(let number)? = instruction.operands.first?.place {
        pushed = .constant(UInt64(bitPattern: number))
      }
      return Self.sum(old, Int64(0 - wordSize))
    case "pop", "popf", "popfq":
      if case .register(let target)? = instruction.operands.first?.place {
        guard RegisterPart(target, wordSize: wordSize) == nil || wordSize == 4 else { return .unknown }
        let (base, offset) = Self.parts(old)
        origins[whole(target)] = onTop ?? .loaded(base, offset)
      }
      return Self.sum(old, Int64(wordSize))
    default: return nil
    }
  }

  private static func parts(_ origin: ValueOrigin) -> (ValueOrigin, Int64) {
    if case .sum(let base, let offset) = origin { return (base, offset) }
    return (origin, 0)
  }

  /// What a value is now, where a register still holds it or differs from it by a constant.
  package func value(of origin: ValueOrigin, _ registers: [String: UInt64]) -> UInt64? {
    if case .constant(let value) = origin { return value }
    guard origin != .unknown else { return nil }
    for (name, value) in registers.sorted(by: { $0.key < $1.key }) {
      let own = self.origin(of: name)
      if own == origin { return value }
      if case .sum(origin, let offset) = own { return value &- UInt64(bitPattern: offset) }
    }
    return nil
  }

  /// Moves of whole words, address arithmetic, and numbers.
  private func assignment(_ instruction: Instruction) -> (register: String, origin: ValueOrigin)? {
    guard instruction.operands.count >= 2, case .register(let target) = instruction.operands[0].place else {
      return nil
    }
    let size = instruction.operands[0].size
    // 32 bits clear the rest: enough for numbers, and for pointers of programs of 32 bits.
    guard size == wordSize || size == 4 else { return nil }
    let register = whole(target)
    let source = instruction.operands[1]
    switch (instruction.name, source.place) {
    case ("mov", .register(let other)) where size == wordSize: return (register, origin(of: other))
    case ("mov", .immediate(let number)), ("movabs", .immediate(let number)):
      return (register, .constant(UInt64(bitPattern: number)))
    case ("xor", .register(let other)) where other == target: return (register, .constant(0))
    case ("mov", .memory(let memory)) where size == wordSize:
      guard let (base, offset) = address(memory, instruction) else { return (register, .unknown) }
      return (register, .loaded(base, offset))
    case ("lea", .memory(let memory)) where size == wordSize:
      guard let (base, offset) = address(memory, instruction) else { return (register, .unknown) }
      return (register, Self.sum(base, offset))
    case ("add", .immediate(let number)) where size == wordSize:
      return (register, Self.sum(origin(of: target), number))
    case ("sub", .immediate(let number)) where size == wordSize:
      return (register, Self.sum(origin(of: target), 0 &- number))
    default: return nil
    }
  }

  /// An operand without an index as a value plus an offset.
  private func address(_ memory: Instruction.Memory, _ instruction: Instruction) -> (ValueOrigin, Int64)? {
    guard memory.index == nil || memory.index == "riz", memory.segment == nil else { return nil }
    guard let base = memory.base else { return (.constant(UInt64(bitPattern: memory.displacement)), 0) }
    if base == "rip" {
      return (.constant(instruction.end &+ UInt64(bitPattern: memory.displacement)), 0)
    }
    switch origin(of: base) {
    case .sum(let inner, let offset): return (inner, offset &+ memory.displacement)
    case let other: return (other, memory.displacement)
    }
  }

  private static func sum(_ origin: ValueOrigin, _ number: Int64) -> ValueOrigin {
    if origin == .unknown { return .unknown }
    if case .sum(let inner, let offset) = origin {
      return offset &+ number == 0 ? inner : .sum(inner, offset &+ number)
    }
    if case .constant(let value) = origin { return .constant(value &+ UInt64(bitPattern: number)) }
    return .sum(origin, number)
  }
}
