internal import Elfutils
internal import Expressions
internal import ProcessModel

/// Where a frame keeps what its caller needs: for `info frame`.
extension PhysicalFrame {
  /// The addresses in memory of saved registers, by DWARF number; of `pc` the return address.
  package var savedPlaces: [Int: UInt64] {
    guard case .success(let id) = id else { return [:] }
    let process = thread.process
    let architecture = process.architecture
    let word = UInt64(architecture.wordSize)
    let mask = architecture.addressMask
    var places: [Int: UInt64] = [:]
    switch plan.method {
    case .callFrame(let row):
      let context = RegisterContext(registers: registers, unreadable: unreadable, process: process)
      for (register, rule) in row.rules {
        let target = register == row.returnAddressRegister ? architecture.programCounter : register
        switch rule {
        case .savedAt(let offset):
          places[target] = (id.stackAddress &+ UInt64(bitPattern: offset)) & mask
        case .savedAtExpression(let operations):
          places[target] = try? ExpressionMachine.number(operations, initial: [id.stackAddress], in: context)
        default: break
        }
      }
    case .epilogue: places[architecture.programCounter] = (id.stackAddress &- word) & mask
    case .prologue(let prologue):
      if prologue.savesFramePointer {
        places[architecture.framePointer] = (id.stackAddress &- 2 &* word) & mask
      }
      places[architecture.programCounter] = (id.stackAddress &- word) & mask
    case .signalTrampoline:
      for (register, address) in SignalTrampoline.savedRegisters(
        of: registers, pc: programCounter, memory: process.memory, architecture: architecture)
      {
        places[register] = address
      }
    case .none, .unreadable: break
    }
    return places
  }

  /// Where arguments and locals count from by the function's first instructions, whatever its CFI says;
  /// `nil` for architectures whose code is not analysed.
  package var prologueBase: UInt64? {
    let process = thread.process
    let architecture = process.architecture
    let prologue: Prologue?
    switch architecture.prologue {
    case .amd64:
      prologue = try? Prologue.amd64(
        functionStart: plan.functionStart, pc: programCounter, memory: process.memory)
    case .i386:
      prologue = try? Prologue.i386(
        functionStart: plan.functionStart, pc: programCounter, memory: process.memory)
    case .none: prologue = nil
    }
    guard let prologue else { return nil }
    switch prologue.base {
    case .framePointer: return registers[architecture.framePointer]
    case .stackPointer(let offset):
      return registers[architecture.stackPointer].map {
        ($0 &+ UInt64(bitPattern: offset)) & architecture.addressMask
      }
    }
  }
}
