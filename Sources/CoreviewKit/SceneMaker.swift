internal import Backtraces
internal import Bytes
internal import CoreFiles
internal import Disassembly
internal import ProcessModel
internal import Reporting
internal import Signatures
internal import Symbols
internal import Triage
internal import Unwinding

/// Reads out of the core what a diagnosis of its crash needs, and no more.
struct SceneMaker {
  let process: CoreProcess
  let thread: ListedThread
  let stack: Report.Stack?
  let signal: Report.Signal
  let roles: FunctionRoles

  private var core: CoreFile { process.core }

  /// Frames that are looked at for what ended the program.
  private static let frames = 64

  func scene() -> Scene {
    let architecture = core.architecture
    let memory = core.memory
    var scene = Scene(architecture: architecture, signal: signal, map: Self.map(core, crashed: thread)) {
      address, size in
      (1...8).contains(size) ? try? memory.readUnsigned(at: address, size: size) : nil
    }
    scene.processID = core.info?.processID
    scene.threadID = thread.snapshot.id
    scene.systemCall = core.signal?.systemCall
    scene.culprit = stack.flatMap { SignatureMaker(roles: roles).culprit(of: $0) }
    scene.registers = Self.registers(of: thread, architecture)
    scene.programCounter = thread.snapshot.registers[architecture.programCounter] ?? 0
    scene.stackPointer = thread.snapshot.registers[architecture.stackPointer] ?? 0
    scene.mainStack = core.auxiliaryVector.executableName
    if let stack {
      scene.frames = stack.frames.prefix(Self.frames).map { frame in
        Scene.Frame(function: frame.function, module: frame.module?.path, pc: frame.pc, kind: frame.kind)
      }
      scene.frameCount = stack.frameCount
      scene.repetitions = stack.repetitions
    }
    if SignalCodes.isFault(signal.number, code: signal.code ?? 0) { decode(&scene) }
    readMessage(&scene)
    return scene
  }

  static func registers(of thread: ListedThread, _ architecture: Architecture) -> [String: UInt64] {
    var result: [String: UInt64] = [:]
    for register in architecture.registers {
      result[register.name] = thread.snapshot.register(named: register.name, of: architecture)
    }
    return result
  }

  static func map(_ core: CoreFile, crashed: ListedThread) -> MemoryMap {
    var map = MemoryMap(segments: core.memory.segments, mappings: core.memory.mappings)
    if let main = core.auxiliaryVector.executableName { map.names.append((main, "[stack]")) }
    if let pointer = crashed.snapshot.registers[core.architecture.stackPointer],
      let region = map.region(containing: pointer), region.name == nil, region.isWritable
    {
      map.names.append((pointer, "the stack of LWP \(crashed.snapshot.id)"))
    }
    return map
  }

  /// The text that a program left which gave up: by abort(3), or by a trap.
  private func readMessage(_ scene: inout Scene) {
    let isTrap = signal.number == 4 || signal.number == 5
    guard signal.number == 6 || isTrap else { return }
    let reader = MessageReader(process: process, scene: scene, stackPointer: scene.stackPointer)
    guard let found = reader.read() else { return }
    scene.message = found.message
    scene.messageEvidence = found.evidence
    scene.isMessageGuessed = found.isGuessed
  }

  // MARK: Instructions

  /// The instruction at the pc, and where that is no code the call that led there.
  private func decode(_ scene: inout Scene) {
    let isThumb = core.architecture.name == "arm" && (scene.registers["cpsr"] ?? 0) & 0x20 != 0
    guard var disassembler = try? Disassembler(core.architecture, isThumb: isThumb) else { return }
    let pc = scene.programCounter
    if scene.map.region(containing: pc)?.isExecutable ?? true {
      let bytes = core.memory.readAvailable(at: pc, count: Disassembler.longestInstruction)
      // Zeros stand for code that the core leaves to a file which was not found: no instruction.
      if !bytes.allSatisfy({ $0 == 0 }) {
        scene.instruction = disassembler.instruction(at: pc, bytes: bytes)
      }
    }
    if scene.signal.faultAddress == pc || scene.instruction == nil { findCall(&scene, &disassembler) }
    guard let instruction = scene.instruction else { return }
    let tracing = PointerTracing(process: process, thread: thread, scene: scene)
    scene.origin = tracing.origin(instruction, &disassembler)
  }

  /// The instruction before the return address on top of the stack, if it is a call.
  private func findCall(_ scene: inout Scene, _ disassembler: inout Disassembler) {
    guard let top = try? core.memory.readWord(at: scene.stackPointer),
      scene.map.region(containing: top)?.isExecutable ?? false
    else { return }
    guard let found = Self.call(before: top, core.memory, &disassembler) else { return }
    scene.callBeforeTop = found
    let code = process.unwinder.resolver.code(at: .instruction(found.address))
    scene.callBeforeTopFunction = AddressNames.name(code)
  }

  /// The instruction that ends at an address, if it is a call.
  static func call(
    before end: UInt64, _ memory: ProcessMemory, _ disassembler: inout Disassembler
  ) -> Instruction? {
    for size in (2...7).reversed() where end > UInt64(size) {
      let start = end - UInt64(size)
      if let bytes = try? memory.read(at: start, count: size),
        let found = disassembler.instruction(at: start, bytes: bytes), found.size == size,
        found.groups.contains(.call)
      {
        return found
      }
    }
    return nil
  }
}
