import Bytes
import CoreFiles
import KernelWorkers
import ProcessModel

/// A thread of a hand-built core: what NT_PRSTATUS and its neighbours would say.
struct HandBuilt {
  /// `~{SIGKILL, SIGSTOP}`.
  static let all: UInt64 = 0xffff_ffff_fffb_feff
  static let code: UInt64 = 0x7f00_0000_1000

  var id: Int32
  var registers: [String: UInt64]
  var held: UInt64 = 0
  var state: UInt64? = 0xa2
  var signal: SignalInfo?
  var pointer: UInt64?

  /// A user thread that waits in a system call.
  static func user(_ id: Int32, pointer: UInt64) -> HandBuilt {
    HandBuilt(
      id: id,
      registers: [
        "rip": code + 0x20, "rsp": 0x7ffc_0000_1000, "rax": 0xffff_ffff_ffff_fdfe, "orig_rax": 34, "cs": 0x33,
        "ss": 0x2b, "eflags": 0x246, "r11": 0x246, "rcx": code + 0x20, "fs_base": pointer,
      ])
  }

  /// A worker as Linux 6.18 shows it: its maker's registers with rax, rsp and rip cleared.
  static func worker(_ id: Int32, pointer: UInt64, call: Int64 = 426, rdi: UInt64 = 4, rsi: UInt64 = 1)
    -> HandBuilt
  {
    HandBuilt(
      id: id,
      registers: [
        "orig_rax": UInt64(bitPattern: call), "rdi": rdi, "rsi": rsi, "rcx": code + 0x19, "r11": 0x206,
        "eflags": 0x206, "cs": 0x33, "ss": 0x2b, "fs_base": pointer, "rbp": 0x7ffc_0000_1040,
      ], held: all, state: 0)
  }

  func with(_ changes: [String: UInt64], held: UInt64? = nil, state: UInt64? = nil, signal: SignalInfo? = nil)
    -> HandBuilt
  {
    var copy = self
    for (name, value) in changes { copy.registers[name] = value }
    if let held { copy.held = held }
    if let state { copy.state = state }
    if let signal { copy.signal = signal }
    return copy
  }

  func snapshot(_ architecture: Architecture) -> ThreadSnapshot {
    let size = architecture.registers.map { $0.offset + $0.size }.max() ?? 0
    var block = [UInt8](repeating: 0, count: size)
    var file = RegisterFile()
    for place in architecture.registers {
      guard let value = registers[place.name] else { continue }
      for index in 0..<place.size {
        let shift = architecture.byteOrder == .little ? index : place.size - 1 - index
        block[place.offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * shift))
      }
    }
    for place in architecture.registers where place.dwarf != nil {
      file[place.dwarf ?? 0] = block.unsigned(
        at: place.offset, size: place.size, order: architecture.byteOrder)
    }
    return ThreadSnapshot(id: id, registers: file, registerBlock: block, heldSignals: held)
  }
}

/// The classes of hand-built threads, in order.
func classes(
  of threads: [HandBuilt], _ architecture: Architecture = .x86_64, writer: CoreWriter = .kernel,
  hasRing: Bool = true
) -> [ThreadClass] {
  var mappings = [
    FileMapping(range: HandBuilt.code..<HandBuilt.code + 0x1000, fileOffset: 0, path: "/none/libc.so")
  ]
  if hasRing {
    mappings.append(
      FileMapping(range: 0x7fff_0000_0000..<0x7fff_0000_1000, fileOffset: 0, path: "anon_inode:[io_uring]"))
  }
  let memory = ProcessMemory(
    core: nil,
    segments: [
      ProcessMemory.Segment(
        range: 0x60_0000..<0x60_1000, fileOffset: 0, fileBytes: 0, isWritable: true, isExecutable: false)
    ], mappings: mappings, wordSize: architecture.wordSize, byteOrder: architecture.byteOrder,
    openFile: { _ in nil })
  let notes = threads.map {
    ThreadNotes(
      statusSize: architecture.notes.statusSize, signal: $0.signal,
      stateComponents: writer == .kernel ? $0.state : 0xe7, threadPointer: $0.pointer)
  }
  let snapshots = threads.map { built in
    var copy = built
    if writer == .debugger { copy.held = 0 }
    return copy.snapshot(architecture)
  }
  return KernelWorkers.classify(
    ThreadImage(
      architecture: architecture, writer: writer, threads: snapshots, notes: notes, mappings: mappings,
      memory: memory))
}
