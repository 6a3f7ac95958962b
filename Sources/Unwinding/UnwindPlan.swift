package import Elfutils
package import ProcessModel
package import Symbols

/// How frames that stand at one address are unwound: decided once, used for every frame there.
package final class UnwindPlan {
  package enum Method: Sendable {
    /// By a row of CFI.
    case callFrame(CallFrameRow)
    /// amd64 and i386: about to return, so the return address is on top of the stack.
    case epilogue
    /// No CFI: the function's first instructions tell what the stack looks like.
    case prologue(Prologue)
    /// No CFI: the code is the kernel's signal return.
    case signalTrampoline
    /// Nothing is known about the architecture's code: the stack ends.
    case none
    /// The code that would tell cannot be read.
    case unreadable(MemoryError)
  }

  /// Where the frame executes; a signal trampoline is always at its instruction.
  package let location: CodeLocation
  let programCounter: UInt64
  /// Read when first asked for: where a stack ends by name, the caller's is never needed.
  package private(set) lazy var code: CodeInfo = resolver.code(at: location)
  private let resolver: CodeResolver
  package let method: Method
  package let isSignalFrame: Bool
  /// Counts the plans of a process, so that others can keep what belongs to one.
  package private(set) var number = 0
  /// The call site that returns to the address, once it was looked for.
  var callSite: CallSite??
  /// The jumps between frames here and their callees, by the callee's function.
  var tailCalls: [UInt64: [CallSite]] = [:]

  init(location: CodeLocation, resolver: CodeResolver, method: Method, isSignalFrame: Bool) {
    self.location = location
    programCounter = location.programCounter
    self.resolver = resolver
    self.method = method
    self.isSignalFrame = isSignalFrame
    guard case .callFrame(let row) = method else {
      isOutermost = false
      offsets = nil
      return
    }
    isOutermost = row.rules.contains { rule in
      if rule.register == row.returnAddressRegister, case .undefined = rule.rule { return true }
      return false
    }
    offsets = SavedOffsets(row, resolver.modules.architecture)
  }

  /// CFI says that there is no return address.
  let isOutermost: Bool
  /// The row in its common form.
  let offsets: SavedOffsets?

  /// Where the function starts, and how many are inlined here: what every frame asks of `code`.
  package private(set) lazy var functionStart: UInt64 = code.functionStart
  private(set) lazy var functionCount: Int = code.functions.count
  /// Whose code it is.
  private(set) lazy var module: Module? = code.module
  /// Whether stacks end here by name, once that was asked.
  var endsStack: Bool?

  /// DW_AT_frame_base of the function, made ready.
  package enum FrameBase: Sendable {
    case canonicalFrameAddress
    case registerPlus(Int, Int64)
    case expression([LocationOperation])
    case missing
  }

  package private(set) lazy var frameBase: FrameBase = readFrameBase()

  private func readFrameBase() -> FrameBase {
    guard let function = code.function, let module = code.module,
      case .expression(let operations) = function.entry.location(
        Attribute.frameBase, at: module.fileAddress(code.lookup).rawValue)
    else { return .missing }
    guard operations.count == 1 else { return operations.isEmpty ? .missing : .expression(operations) }
    let only = operations[0]
    switch only.code {
    case 0x9c: return .canonicalFrameAddress
    case 0x50...0x6f: return .registerPlus(Int(only.code) - 0x50, 0)
    case 0x70...0x8f: return .registerPlus(Int(only.code) - 0x70, Int64(bitPattern: only.first))
    default: return .expression(operations)
    }
  }

  func number(_ number: Int) { self.number = number }

  var functionNameForMessages: String {
    code.function?.name.map { String(decoding: $0, as: UTF8.self) } ?? "??"
  }

  package var isCallFrame: Bool {
    if case .callFrame = method { return true }
    return false
  }
}

/// A row of CFI in which the CFA is a register plus an offset, the stack pointer is the CFA, and every saved
/// register lies at the CFA plus an offset: nearly all rows. Plain numbers, so that a step costs loads and no reference counts.
struct SavedOffsets {
  let cfaRegister: Int
  let cfaOffset: Int64
  /// Registers in the order of the row; the return address under the number of the program counter.
  let saved: [(register: Int, offset: Int64)]

  /// `nil` for a row with any other rule, or without one for the return address.
  init?(_ row: CallFrameRow, _ architecture: Architecture) {
    let programCounter = architecture.programCounter
    guard case .registerPlus(let register, let offset) = row.cfa else { return nil }
    var saved: [(register: Int, offset: Int64)] = []
    for (register, rule) in row.rules {
      switch rule {
      case .savedAt(let offset):
        saved.append((register == row.returnAddressRegister ? programCounter : register, offset))
      case .cfaPlus(0) where register == architecture.stackPointer: continue
      default: return nil
      }
    }
    guard saved.contains(where: { $0.register == programCounter }) else { return nil }
    cfaRegister = register
    cfaOffset = offset
    self.saved = saved
  }
}

/// Chooses the plan of an address, in the order in which gdb asks its unwinders (contract, U-1).
struct Planner {
  let resolver: CodeResolver
  let memory: ProcessMemory
  let architecture: Architecture

  func plan(at location: CodeLocation, isInnermost: Bool) -> UnwindPlan {
    let pc = location.programCounter
    if isInnermost, isAtReturn(pc), !isFromRecentGCC(resolver.code(at: location)) {
      return UnwindPlan(location: location, resolver: resolver, method: .epilogue, isSignalFrame: false)
    }
    if let row = row(at: location.lookup), !row.isSignalFrame {
      return UnwindPlan(location: location, resolver: resolver, method: .callFrame(row), isSignalFrame: false)
    }
    // A trampoline's FDE starts one byte early, or not at all: it is asked for at the address itself.
    let exact = CodeLocation.instruction(pc)
    if let row = row(at: pc), row.isSignalFrame {
      return UnwindPlan(location: exact, resolver: resolver, method: .callFrame(row), isSignalFrame: true)
    }
    if SignalTrampoline.isAt(pc, code: resolver.code(at: exact), memory: memory, architecture: architecture) {
      return UnwindPlan(location: exact, resolver: resolver, method: .signalTrampoline, isSignalFrame: true)
    }
    let method = prologue(pc, resolver.code(at: location))
    return UnwindPlan(location: location, resolver: resolver, method: method, isSignalFrame: false)
  }

  private func row(at address: UInt64) -> CallFrameRow? {
    resolver.modules.module(containing: address).flatMap { $0.callFrameRow(at: $0.fileAddress(address)) }
  }

  private func prologue(_ pc: UInt64, _ code: CodeInfo) -> UnwindPlan.Method {
    do throws(MemoryError) {
      switch architecture.prologue {
      case .amd64:
        return .prologue(try Prologue.amd64(functionStart: code.functionStart, pc: pc, memory: memory))
      case .i386:
        return .prologue(try Prologue.i386(functionStart: code.functionStart, pc: pc, memory: memory))
      case .none: return .none
      }
    } catch {
      return .unreadable(error)
    }
  }

  private func isAtReturn(_ pc: UInt64) -> Bool {
    guard architecture.prologue != .none, let byte = try? memory.readByte(at: pc) else { return false }
    return byte == 0xc3
  }

  /// gcc describes epilogues in CFI since 4.5; code of other compilers, or without debug information, is
  /// taken at its instruction.
  private func isFromRecentGCC(_ code: CodeInfo) -> Bool {
    guard let producer = code.unit?.producer, producer.hasPrefix("GNU ") else { return false }
    return !producer.hasPrefix("GNU AS")
  }
}
