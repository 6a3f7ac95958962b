import KernelWorkers
import ProcessModel
import Testing

/// Rows of the look-alike table, each beside a ring and a real worker, as a kernel and as gcore would write them.
struct Row: Sendable, CustomTestStringConvertible {
  var name: String
  var kind: ThreadKind
  /// At least so sure, in a kernel's core and in gcore's; `nil` where gcore cannot write such a core.
  var kernel: Confidence = .certain
  var debugger: Confidence? = .certain
  var thread: HandBuilt
  var isFirst = false
  var testDescription: String { name }

  static let fault = SignalInfo(number: 11, code: 1, faultAddress: 0, sender: nil)
  private static let user = HandBuilt.user(7, pointer: 0x7f11)
  private static let main: UInt64 = 0x7f10

  static let workers: [Row] = [
    Row(name: "io worker", kind: .ioWorker, thread: .worker(7, pointer: main)),
    Row(
      name: "io worker of a registered ring", kind: .ioWorker,
      thread: .worker(7, pointer: main, rdi: 0, rsi: 8)),
    Row(
      name: "SQPOLL thread", kind: .submissionPoller,
      thread: .worker(7, pointer: main, call: 425, rdi: 8, rsi: 0x60_0010)),
    Row(
      name: "SQPOLL thread whose owner has exited", kind: .submissionPoller, debugger: .likely,
      thread: .worker(7, pointer: 0x7f77, call: 425, rdi: 8, rsi: 0x60_0010)),
    Row(
      name: "task work while the owner slept", kind: .ioWorker, debugger: .likely,
      thread: .worker(7, pointer: main, call: 230, rdi: 1, rsi: 0)),
    Row(
      name: "task work in a restarted call", kind: .ioWorker, debugger: .likely,
      thread: .worker(7, pointer: main, call: 219, rdi: 1, rsi: 0)),
    Row(
      name: "task work while the owner ran", kind: .ioWorker, debugger: .likely,
      thread: .worker(7, pointer: main, call: -1).with(["rcx": 5, "r11": 9])),
    Row(
      name: "task work after a fault of the owner: eflags has RF", kind: .ioWorker, debugger: .likely,
      thread: .worker(7, pointer: main, call: -1).with(["rcx": 5, "r11": 9, "eflags": 0x10206])),
    Row(
      name: "vhost worker", kind: .vhostWorker, debugger: .likely,
      thread: .worker(7, pointer: main, call: 16, rdi: 5, rsi: 0xaf01)),
    Row(
      name: "KVM worker", kind: .kvmWorker, debugger: .likely,
      thread: .worker(7, pointer: main, call: 16, rdi: 5, rsi: 0xae80)),
    Row(
      name: "worker of Linux 5.12", kind: .kernelWorker, debugger: .likely,
      thread: HandBuilt(id: 7, registers: ["fs_base": main], held: HandBuilt.all, state: 0)),
  ]

  static let lookAlikes: [Row] = [
    Row(
      name: "NULL call", kind: .userThread,
      thread: user.with(["rip": 0, "rax": 0, "orig_rax": ~0, "eflags": 0x10246], signal: fault), isFirst: true
    ),
    Row(
      name: "rsp = 0 and a jump to 0", kind: .crashedAtZero,
      thread: user.with(["rip": 0, "rsp": 0, "rax": 0, "orig_rax": ~0, "eflags": 0x10246], signal: fault),
      isFirst: true),
    Row(
      name: "the same in a worker's guise", kind: .crashedAtZero,
      thread: HandBuilt.worker(7, pointer: main).with(["orig_rax": ~0], signal: fault), isFirst: true),
    Row(
      name: "rsp = 0, spinning", kind: .userThread, thread: user.with(["rsp": 0, "rax": 0, "orig_rax": ~0])),
    Row(name: "rsp = 0, in a system call", kind: .userThread, thread: user.with(["rsp": 0])),
    Row(
      name: "rsp = 0, on push", kind: .userThread,
      thread: user.with(
        ["rsp": 0, "orig_rax": ~0], signal: SignalInfo(number: 11, code: 1, faultAddress: ~7, sender: nil)),
      isFirst: true),
    Row(
      name: "pc and sp zeroed by ptrace", kind: .unexplainedZero, kernel: .possible, debugger: .possible,
      thread: user.with(["rip": 0, "rsp": 0, "rax": 0xffff_ffff_ffff_fdfe, "orig_rax": ~0])),
    Row(
      name: "all but the segments zeroed by ptrace", kind: .unexplainedZero, kernel: .possible,
      debugger: .possible, thread: HandBuilt(id: 7, registers: ["cs": 0x33, "ss": 0x2b])),
    Row(
      name: "all blocked by glibc", kind: .userThread, thread: user.with([:], held: 0xffff_fffe_7ffb_feff)),
    Row(name: "all blocked by a raw call", kind: .userThread, thread: user.with([:], held: HandBuilt.all)),
    Row(
      name: "newborn thread", kind: .userThread,
      thread: user.with(["rax": 0, "orig_rax": 435], held: HandBuilt.all)),
    Row(
      name: "in posix_spawn", kind: .userThread,
      thread: user.with(["rax": 4711, "orig_rax": 435], held: HandBuilt.all)),
    Row(name: "in vfork", kind: .userThread, thread: user.with(["rax": 4711, "orig_rax": 58])),
    Row(
      name: "pr_reg zeroed", kind: .damaged, thread: HandBuilt(id: 7, registers: [:])),
    Row(
      name: "pr_reg zeroed in a thread that blocks all", kind: .damaged,
      thread: HandBuilt(id: 7, registers: [:], held: HandBuilt.all)),
    Row(name: "pr_pid zero", kind: .damaged, thread: HandBuilt.worker(0, pointer: main)),
  ]
}

@Suite struct LookAlikeTests {
  /// Main and a second user thread, a real worker, and the row's thread first or last.
  private func found(_ row: Row, _ writer: CoreWriter) throws -> ThreadClass {
    var threads = [
      HandBuilt.user(1, pointer: 0x7f10), .user(2, pointer: 0x7f12), .worker(3, pointer: 0x7f10), row.thread,
    ]
    if row.isFirst { threads.insert(threads.removeLast(), at: 0) }
    let all = classes(of: threads, writer: writer)
    let expected = try #require(all.first { $0.id == 3 })
    #expect(expected.kind == .ioWorker && expected.confidence == .certain, "\(line(expected))")
    return try #require(all.first { $0.id == row.thread.id })
  }

  @Test(arguments: Row.workers) func `a worker is one`(_ row: Row) throws {
    let kernel = try found(row, .kernel), gcore = try found(row, .debugger)
    #expect(kernel.kind == row.kind && kernel.confidence >= row.kernel, "\(line(kernel))")
    if row.name == "worker of Linux 5.12" {
      // gcore leaves of it a zero register file and a shared TLS pointer.
      #expect(gcore.kind == .kernelWorker, "\(line(gcore))")
    } else if let least = row.debugger {
      #expect(gcore.kind == row.kind && gcore.confidence >= least, "\(line(gcore))")
    }
  }

  @Test(arguments: Row.lookAlikes) func `a look-alike is not called a worker`(_ row: Row) throws {
    for writer in [CoreWriter.kernel, .debugger] {
      let found = try found(row, writer)
      #expect(found.kind == row.kind, "\(writer): \(line(found))")
      #expect(!found.kind.isKernelWorker && found.provenance == nil)
    }
  }

  @Test func `owner and descriptor are those of the thread that made it`() throws {
    let all = classes(of: [
      .user(1, pointer: 0x7f10), .user(2, pointer: 0x7f12), .worker(3, pointer: 0x7f12, rdi: 9),
      .worker(4, pointer: 0x7f99, call: 425, rdi: 8, rsi: 0x60_0010),
      .worker(5, pointer: 0x7f10, call: 230, rdi: 6),
    ])
    #expect(all[2].provenance?.owner == .thread(2) && all[2].provenance?.ringDescriptor == 9)
    #expect(all[3].provenance?.owner == .exited(threadPointer: 0x7f99))
    #expect(all[3].provenance?.ringDescriptor == nil, "rdi of io_uring_setup counts entries")
    #expect(all[4].provenance?.owner == .thread(1) && all[4].provenance?.ringDescriptor == nil)
    #expect(all[2].provenance?.callSite?.returnAddress == HandBuilt.code + 0x19)
  }

  @Test func `where the kernel lost every TLS pointer the owner is unknown`() throws {
    let all = classes(of: [
      .user(1, pointer: 0x7f10), .user(2, pointer: 0), .worker(3, pointer: 0).with([:], state: 0x217),
    ])
    #expect(all[2].kind == .ioWorker && all[2].confidence == .certain, "\(line(all[2]))")
    guard case .unknown = all[2].provenance?.owner else {
      Issue.record("\(line(all[2]))")
      return
    }
  }

  /// The other architectures' markers, as measured; the user thread beside each must not be taken for one.
  @Test func `each architecture's kernel leaves its own mark`() throws {
    let all = HandBuilt.all
    let cases: [(Architecture, [String: UInt64], [String: UInt64], UInt64, Confidence)] = [
      (.aarch64, ["pstate": 0x101005], ["pstate": 0x8000_0000], all, .certain),
      (.arm, ["cpsr": 0x13], ["cpsr": 0x6000_0010], 0xfffb_feff, .certain),
      (.riscv64, [:], ["x4": 0x1000], all, .likely),
      (.ppc64le, ["softe": 1], ["msr": 0x8000_0000_0000_f033, "softe": 1], all, .likely),
      (.ppc64le, [:], ["msr": 0x8000_0000_0000_f033], all, .likely),
      (
        .s390x,
        ["pswm": 0x0705_c001_8000_0000, "pswa": 0x103438, "r9": 0x611a40, "r10": 0x22bb54, "orig_r2": ~0],
        ["pswm": 0x0705_1001_8000_0000], all, .certain
      ),
      (
        .s390x, ["pswm": 0x0705_c001_8000_0000, "r9": 0x611a40], ["pswm": 0x0705_1001_8000_0000], all,
        .certain
      ),
      (.mips64el, ["status": 0x1400_a4e3], ["status": 0x1400_a4f3], 0xffff_ffff_ffbf_feff, .certain),
    ]
    for (architecture, worker, user, held, confidence) in cases {
      let found = classes(
        of: [
          HandBuilt(id: 1, registers: user), HandBuilt(id: 2, registers: worker, held: held, state: nil),
          HandBuilt(id: 3, registers: user.merging(["x7": 5, "r7": 5]) { $1 }, held: held, state: nil),
        ], architecture)
      #expect(
        found[1].kind == .kernelWorker && found[1].confidence == confidence,
        "\(architecture.name): \(line(found[1]))")
      #expect(!found[2].kind.isKernelWorker, "\(architecture.name): \(line(found[2]))")
    }
  }

  @Test func `i386 is x86 without a call site`() throws {
    let registers: [String: UInt64] = [
      "orig_eax": 426, "ebx": 4, "ecx": 1, "cs": 0x23, "ss": 0x2b, "eflags": 0x246, "ebp": 0xff80_0000,
    ]
    var worker = HandBuilt(id: 2, registers: registers, held: 0xfffb_feff, state: 0)
    worker.pointer = 0xf7d0_0000
    var main = HandBuilt(id: 1, registers: registers.merging(["eip": 0x8048000, "esp": 0xff80_0000]) { $1 })
    main.pointer = 0xf7d0_0000
    let all = classes(of: [main, worker], .i386)
    #expect(all[1].kind == .ioWorker && all[1].confidence == .certain, "\(line(all[1]))")
    #expect(all[1].provenance?.owner == .thread(1) && all[1].provenance?.ringDescriptor == 4)
    #expect(all[0].kind == .userThread)
  }

  @Test func `thousands of workers of one owner cost no squares`() {
    let start = ContinuousClock.now
    let all = classes(
      of: [.user(1, pointer: 0x7f10)]
        + (2...4000).map { .worker($0, pointer: 0x7f10, call: $0 % 2 == 0 ? 426 : 219) })
    #expect(all.dropFirst().allSatisfy { $0.kind == .ioWorker && $0.provenance?.owner == .thread(1) })
    #expect(ContinuousClock.now - start < .seconds(20))
  }
}
