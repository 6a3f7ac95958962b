import Reporting

/// A made-up report with one thing of each kind.
enum SampleReport {
  static let make: Report = {
    var report = Report()
    report.generator = "coreview test"
    report.core = "core.7"
    report.executable = "/usr/bin/prog"
    report.architecture = "x86-64"
    report.process.pid = 7
    report.process.command = "prog"
    report.process.arguments = "prog --all"
    report.signal = signal
    report.reason = "SIGSEGV: no mapping at 0x8 (SEGV_MAPERR)"
    report.stacks = [crashed, shared, missing]
    report.workers = [worker(6, lwp: 12), worker(7, lwp: 14)]
    report.rings = [ring]
    var module = Report.Module()
    module.kind = .library
    module.path = "/lib/libx.so"
    module.range = 0x7000..<0x9000
    module.buildID = "ab12"
    report.modules = [module]
    report.notes = [Report.Note(kind: .core, isIncomplete: true, text: "core.7: truncated")]
    return report
  }()

  static let signal = {
    var signal = Report.Signal()
    signal.number = 11
    signal.name = "SIGSEGV"
    signal.text = "Segmentation fault"
    signal.code = 1
    signal.codeName = "SEGV_MAPERR"
    signal.faultAddress = 8
    return signal
  }()

  static func thread(_ number: Int, lwp: Int32) -> Report.Thread {
    var thread = Report.Thread()
    thread.number = number
    thread.lwp = lwp
    return thread
  }

  /// An io_uring worker of LWP 7.
  static func worker(
    _ number: Int, lwp: Int32, _ kind: Report.Thread.Class = .ioWorker,
    owner: Report.Thread.Provenance.Owner = .thread(7)
  ) -> Report.Thread {
    var result = thread(number, lwp: lwp)
    result.kind = kind
    result.evidence = [
      Report.Thread.Evidence(points: 4, text: "TLS pointer 0x7f00 is that of LWP 7"),
      Report.Thread.Evidence(points: -3, text: "rax is -514"),
      Report.Thread.Evidence(points: 0, text: "a remark"),
    ]
    var provenance = Report.Thread.Provenance(owner: owner)
    if kind == .ioWorker {
      provenance.systemCall = 426
      provenance.ringDescriptor = 5
      var site = Report.Thread.CallSite(address: 0x7119)
      site.function = "io_uring_enter"
      site.functionOffset = 25
      site.module = "/lib/liburing.so.2"
      site.followsSystemCall = true
      provenance.callSite = site
      provenance.hints = ["it submitted 4"]
    }
    result.provenance = provenance
    return result
  }

  static let ring = {
    var ring = Report.Ring()
    ring.address = 0x7fb000
    ring.submissions = Report.RingQueue(head: 4, tail: 7, entries: 8)
    ring.completions = Report.RingQueue(head: .max, tail: 1, entries: 16)
    ring.unsubmitted = [entry(opcode: 1, "READV", fd: 4, data: 9)]
    var request = Report.RingRequest()
    request.result.result = -512
    request.result.userData.value = 0x4010
    request.result.userData.symbol = "jobs+16"
    request.entries = [entry(opcode: 22, "READ", fd: 3, data: 0x4010)]
    var doubtful = Report.RingRequest()
    doubtful.confidence = .likely
    doubtful.result.result = -125
    doubtful.entries = [
      entry(opcode: 6, "POLL_ADD", fd: -1, data: 0),
      entry(opcode: 13, "ACCEPT", fd: 2, isFixed: true, data: 0),
      entry(opcode: 28, "OPENAT2", fd: -100, data: 0),
    ]
    var lost = Report.RingRequest()
    lost.result.userData.value = 1
    ring.unreaped = [request.result, doubtful.result]
    ring.inFlight = [request, doubtful, lost]
    ring.inFlightCount = 3
    ring.remarks = ["a remark"]
    return ring
  }()

  static func entry(
    opcode: UInt8, _ operation: String, fd: Int32, isFixed: Bool = false, data: UInt64
  ) -> Report.RingEntry {
    var entry = Report.RingEntry()
    entry.opcode = opcode
    entry.operation = operation
    entry.descriptor = fd
    entry.isFixedFile = isFixed
    entry.userData.value = data
    return entry
  }

  static func frame(_ level: Int, _ pc: UInt64, _ function: String?) -> Report.Frame {
    var frame = Report.Frame()
    frame.level = level
    frame.pc = pc
    frame.function = function
    return frame
  }

  static let crashed = {
    var stack = Report.Stack()
    var first = thread(1, lwp: 7)
    first.pthread = 0x7f00
    first.isCrashed = true
    stack.threads = [first]
    var inner = frame(0, 0x4010, "put")
    inner.isAtLineStart = true
    inner.arguments = "at=0x8, value=1"
    inner.file = "put.c"
    inner.line = 12
    var library = frame(2, 0x7100, "handler")
    library.module = Report.ModulePlace()
    library.module?.path = "/lib/libx.so"
    library.module?.offset = 0x100
    var handler = frame(1, 0x7050, nil)
    handler.kind = .signal
    stack.frames = [inner, handler, library, frame(3, 0x4100, nil), frame(900, 0x4200, "main")]
    stack.frameCount = 901
    return stack
  }()

  static let shared = {
    var stack = Report.Stack()
    stack.threads = [thread(2, lwp: 8), thread(3, lwp: 9)]
    stack.frames = [frame(0, 0x4300, "wait")]
    stack.frameCount = 1
    stack.stopReason = "Cannot access memory at address 0x0"
    return stack
  }()

  static let missing = {
    var stack = Report.Stack()
    var only = thread(4, lwp: 10)
    only.pthread = 0x7a00
    only.isExiting = true
    only.hasRegisters = false
    stack.threads = [only]
    return stack
  }()
}
