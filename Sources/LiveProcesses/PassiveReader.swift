internal import ProcFiles
internal import ProcessModel

/// Where blocked threads are, without stopping any: `syscall` gives sp and pc, and a thread of which it and the count of
/// its context switches are the same before and after its stack was copied did not run in between.
struct PassiveReader {
  let tree: ProcTree
  var ranges: StackRanges
  let memory: RemoteMemory
  let architecture: Architecture

  private struct Proof: Equatable {
    var systemCall: [UInt8]
    var switches: [ArraySlice<UInt8>]
  }

  /// The registers of NT_PRSTATUS that a blocked thread shows, by name, in the order of the call's arguments.
  private var argumentNames: [String] {
    architecture.wordSize == 8
      ? ["rdi", "rsi", "rdx", "r10", "r8", "r9"] : ["ebx", "ecx", "edx", "esi", "edi", "ebp"]
  }

  func read(_ id: Int32) -> (thread: CapturedThread, memory: [CapturedRange]) {
    guard let before = proof(id), let call = ProcSystemCall(before.systemCall), let place = call.place,
      place.stackPointer != 0
    else {
      let isGone = tree.bytes("task/\(id)/stat") == nil
      return (CapturedThread(id: id, outcome: isGone ? .exited : .running), [])
    }
    let wanted = ranges.merged(ranges.ranges(stackPointer: place.stackPointer, threadPointer: nil))
    let copied = memory.read(wanted)
    guard proof(id) == before else { return (CapturedThread(id: id, outcome: .running), []) }
    var thread = CapturedThread(id: id, outcome: .blocked)
    thread.general = block(call, place)
    return (thread, copied)
  }

  private func proof(_ id: Int32) -> Proof? {
    guard let call = try? tree.read("task/\(id)/syscall", isFresh: true).get(),
      let status = try? tree.read("task/\(id)/status", isFresh: true).get()
    else { return nil }
    let lines = status.split(separator: 0x0a)
    return Proof(systemCall: call, switches: lines.suffix(2))
  }

  private func block(_ call: ProcSystemCall, _ place: (stackPointer: UInt64, programCounter: UInt64))
    -> [UInt8]
  {
    var values: [Int: UInt64] = [
      architecture.stackPointer: place.stackPointer, architecture.programCounter: place.programCounter,
    ]
    var named: [String: UInt64] = [:]
    if case .inside(let number, let arguments, _, _) = call {
      named[architecture.wordSize == 8 ? "orig_rax" : "orig_eax"] = UInt64(bitPattern: number)
      for (name, value) in zip(argumentNames, arguments) { named[name] = value }
    }
    named["cs"] = architecture.wordSize == 8 ? 0x33 : 0x23
    named["ss"] = 0x2b
    let size = architecture.registers.reduce(0) { max($0, $1.offset + $1.size) }
    var bytes = [UInt8](repeating: 0, count: size)
    for register in architecture.registers {
      if let number = register.dwarf, let value = named[register.name] { values[number] = value }
      let value = register.dwarf.flatMap { values[$0] } ?? named[register.name] ?? 0
      for index in 0..<register.size {
        bytes[register.offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
      }
    }
    return bytes
  }
}
