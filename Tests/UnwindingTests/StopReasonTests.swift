import CoreFiles
import CoreSynth
import GDBOracle
import ProcessModel
import Symbols
import Testing
import Unwinding

/// A stack without any code: what gdb makes of it was seen with gdb 13.1 (contract, U-16 to U-19, U-30, U-31).
struct BareStack: Sendable, CustomTestStringConvertible {
  var testDescription: String
  /// rip, rsp and rbp.
  var registers: (pc: UInt64, sp: UInt64, bp: UInt64)
  /// 64-bit words from 0x7000 on.
  var words: [UInt64]
  var programCounters: [UInt64]
  var message: String?
}

@Suite struct StopReasonTests {
  @Test(arguments: [
    BareStack(
      testDescription: "io_uring worker: pc = sp = 0 is one frame, whatever rbp says",
      registers: (0, 0, 0x7010), words: [1, 2, 3, 4], programCounters: [0],
      message: "Cannot access memory at address 0x0"),
    BareStack(
      testDescription: "the return slot's address is named",
      registers: (0, 0x10, 0), words: [1], programCounters: [0],
      message: "Cannot access memory at address 0x10"),
    BareStack(
      testDescription: "a frame whose base is 0 is the outermost, in silence",
      registers: (0, 8, 0), words: [1], programCounters: [0], message: nil),
    BareStack(
      testDescription: "without symbols each frame pops a word, up to a zero",
      registers: (0x4000, 0x7000, 0), words: [0x1111, 0x2222, 0, 0x3333],
      programCounters: [0x4000, 0x1111, 0x2222, 0], message: nil),
    BareStack(
      testDescription: "a stack that ends is named by the address behind it",
      registers: (0x4000, 0x7000, 0), words: [0x1111, 0x2222], programCounters: [0x4000, 0x1111, 0x2222],
      message: "Cannot access memory at address 0x7010"),
  ])
  func walk(_ sample: BareStack) throws {
    var builder = CoreBuilder()
    builder.thread(
      1, registers: [16: sample.registers.pc, 19: sample.registers.sp, 4: sample.registers.bp])
    builder.stack(at: 0x7000, sample.words)
    let file = try ScratchFile(builder.bytes())
    let core = try CoreFile(path: file.path)
    let modules = ModuleList(
      executable: nil, memory: core.memory, architecture: core.architecture,
      auxiliaryVector: core.auxiliaryVector, finder: FileFinder())
    let process = ProcessUnwinder(
      memory: core.memory, architecture: core.architecture, resolver: CodeResolver(modules: modules))
    var walker = StackWalker(thread: ThreadUnwinder(process: process, thread: core.threads[0]))
    var counters: [UInt64] = []
    while let frame = walker.next(), counters.count < 100 { counters.append(frame.programCounter) }
    #expect(counters == sample.programCounters)
    #expect(walker.ending?.message == sample.message)
  }
}
