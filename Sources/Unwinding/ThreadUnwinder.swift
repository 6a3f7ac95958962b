internal import Expressions
package import ProcessModel
package import Symbols

/// What all threads of a process share while their stacks are walked: memory, code, one plan per address.
package final class ProcessUnwinder {
  package let memory: ProcessMemory
  package let architecture: Architecture
  /// The bits that an address has, at hand without a copy of the architecture.
  package let addressMask: UInt64
  package let resolver: CodeResolver
  private let planner: Planner
  private var returns: [UInt64: UnwindPlan] = [:]
  private var instructions: [UInt64: UnwindPlan] = [:]
  /// The return addresses met last, each at the place that its low bits give: nearly every step finds its plan
  /// here, and without the price of a hash that hostile addresses cannot foresee.
  private var recent = [UnwindPlan?](repeating: nil, count: 256)
  /// What the printers share; theirs to fill and to understand.
  package var annotation: AnyObject?
  /// Addresses of `struct pthread` by LWP, for the threads that libc knows.
  package var pthreads: [Int32: UInt64] = [:]
  package private(set) lazy var threadLocalStorage = ThreadLocalStorage(
    modules: resolver.modules, memory: memory)
  package private(set) lazy var callSites = CallSites(resolver: resolver)
  private(set) lazy var entryPoints = EntryPoints(resolver: resolver, memory: memory)

  /// More distinct addresses than any sound program's stacks show.
  private static let maximumPlans = 100_000

  package init(memory: ProcessMemory, architecture: Architecture, resolver: CodeResolver) {
    self.memory = memory
    self.architecture = architecture
    self.addressMask = architecture.addressMask
    self.resolver = resolver
    self.planner = Planner(resolver: resolver, memory: memory, architecture: architecture)
  }

  /// The plan for a frame that is not the innermost one.
  func plan(at location: CodeLocation) -> UnwindPlan {
    switch location {
    case .returnAddress(let pc):
      let slot = Int(truncatingIfNeeded: (pc ^ pc &>> 8) & 0xff)
      if let known = recent[slot], known.programCounter == pc { return known }
      if let known = returns[pc] {
        recent[slot] = known
        return known
      }
      let made = plan(at: location, isInnermost: false)
      if returns.count >= Self.maximumPlans { returns.removeAll() }
      returns[pc] = made
      recent[slot] = made
      return made
    case .instruction(let pc):
      if let known = instructions[pc] { return known }
      let made = plan(at: location, isInnermost: false)
      if instructions.count >= Self.maximumPlans { instructions.removeAll() }
      instructions[pc] = made
      return made
    }
  }

  /// `backtrace limit`: no stack shows more frames.
  package var maximumFrames = Int.max

  /// Whether what plans remember of the ends of stacks may be wrong.
  private(set) var hasMovedEnds = false

  /// Whether stacks go on beyond the main function and the entry point (`backtrace past-main`, `past-entry`).
  package func goOn(pastMain: Bool, pastEntry: Bool) {
    guard pastMain != entryPoints.isPastMain || pastEntry != entryPoints.isPastEntry else { return }
    entryPoints.isPastMain = pastMain
    entryPoints.isPastEntry = pastEntry
    hasMovedEnds = true
  }

  private var innermost: [UInt64: UnwindPlan] = [:]
  private var planCount = 0

  private func plan(at location: CodeLocation, isInnermost: Bool) -> UnwindPlan {
    let made = planner.plan(at: location, isInnermost: isInnermost)
    made.number(planCount)
    planCount += 1
    return made
  }

  func innermostPlan(at pc: UInt64) -> UnwindPlan {
    if let known = innermost[pc] { return known }
    let made = plan(at: .instruction(pc), isInnermost: true)
    if innermost.count >= Self.maximumPlans { innermost.removeAll() }
    innermost[pc] = made
    return made
  }
}

/// The walk over one thread's stack: its first frame, and which frames were seen.
package final class ThreadUnwinder {
  package let process: ProcessUnwinder
  package let thread: ThreadSnapshot
  /// The bytes of a vector register in frame 0: CFI on x86 never saves one, so all frames share them.
  package let vectorRegister: (Int) -> [UInt8]?

  // Frames of one stack come with rising addresses; a frame above all others cannot have been seen. Only
  // when one is not, the identities so far are collected, by walking once more.
  private var lowest = UInt64.max
  private var highest: UInt64 = 0
  private var seen: Set<FrameID>?

  package init(
    process: ProcessUnwinder, thread: ThreadSnapshot,
    vectorRegister: @escaping (Int) -> [UInt8]? = { _ in nil }
  ) {
    self.process = process
    self.thread = thread
    self.vectorRegister = vectorRegister
  }

  private var depth = 0

  /// The deepest evaluation since `evaluated` began to look, and whether one was too deep.
  private var deepest = 0
  private var wasTooDeep = false

  /// Runs an evaluation that another one waits for, of so many levels: an entry value may depend on its caller's, and so on.
  func nested<Value>(
    levels: Int, _ body: () throws(EvaluationError) -> Value
  ) throws(EvaluationError) -> Value {
    guard depth + levels <= Self.maximumDepth else {
      wasTooDeep = true
      throw .unsupported("DWARF-2 expression error: Loop detected (257).")
    }
    deepest = max(deepest, depth + levels)
    depth += 1
    defer { depth -= 1 }
    return try body()
  }

  /// Runs an evaluation one level down, and tells how many it took; `nil` where it would have another result elsewhere, since it
  /// met the limit.
  func evaluated<Value>(
    _ body: () throws(EvaluationError) -> Value
  ) -> (Result<Value, EvaluationError>, levels: Int?) {
    let outer = (deepest, wasTooDeep)
    (deepest, wasTooDeep) = (depth, false)
    defer { (deepest, wasTooDeep) = (max(deepest, outer.0), wasTooDeep || outer.1) }
    let result: Result<Value, EvaluationError>
    do throws(EvaluationError) {
      result = .success(try nested(levels: 1, body))
    } catch {
      result = .failure(error)
    }
    return (result, wasTooDeep ? nil : deepest - depth)
  }

  /// Where gdb gives up, and in its words.
  private static let maximumDepth = 256

  /// Frame 0; `nil` for a thread without registers.
  package func innermost() -> PhysicalFrame? {
    guard thread.hasRegisters, let pc = thread.registers[process.architecture.programCounter] else {
      return nil
    }
    lowest = .max
    highest = 0
    seen = nil
    return PhysicalFrame(
      plan: process.innermostPlan(at: pc), registers: thread.registers, inner: nil, thread: self)
  }

  /// Whether a frame at an address must be new, whatever its function.
  func isAboveAll(_ address: UInt64, after previous: FrameID) -> Bool {
    seen == nil && address > highest && address > previous.stackAddress
  }

  /// Whether a frame has not been seen before on this walk; remembers it.
  func isNew(_ id: FrameID, after previous: FrameID) -> Bool {
    lowest = min(lowest, previous.stackAddress)
    highest = max(highest, previous.stackAddress)
    if seen != nil {
      seen?.insert(previous)
      return seen?.insert(id).inserted ?? true
    }
    if id.stackAddress > highest || id.stackAddress < lowest { return true }
    var all = collect(until: previous)
    let isNew = all.insert(id).inserted
    seen = all
    return isNew
  }

  private func collect(until last: FrameID) -> Set<FrameID> {
    var result: Set<FrameID> = [last]
    let other = ThreadUnwinder(process: process, thread: thread, vectorRegister: vectorRegister)
    other.seen = []
    var frame = other.innermost()
    other.seen = []
    while let current = frame {
      if case .success(let id) = current.id {
        result.insert(id)
        if id == last { break }
      }
      frame = try? current.caller.get()
    }
    return result
  }
}
