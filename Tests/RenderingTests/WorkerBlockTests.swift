import Bytes
import Rendering
import Reporting
import Testing

/// The kernel's threads in the text: what is folded, what is told apart, and how doubt is worded.
@Suite struct WorkerBlockTests {
  private func render(_ report: Report, evidence: Bool = false) -> String {
    var all = TextBuffer()
    TextRenderer.render(report, showsEvidence: evidence) { text in
      all.append(text)
      text.removeAll()
    }
    return all.string
  }

  private func report(_ workers: [Report.Thread], rings: [Report.Ring] = []) -> Report {
    var report = Report()
    report.reason = "SIGABRT"
    report.workers = workers
    report.rings = rings
    return report
  }

  private static func withoutPages(_ address: UInt64) -> Report.Ring {
    var ring = Report.Ring()
    ring.address = address
    ring.remarks = ["not in the core; set bit 3"]
    return ring
  }

  @Test func `a heading for each kind and owner, a line for what differs`() {
    var other = SampleReport.worker(3, lwp: 13)
    other.provenance?.callSite?.functionOffset = 30
    var poller = SampleReport.worker(4, lwp: 14, .submissionPoller, owner: .exited(threadPointer: 0x7e00))
    poller.confidence = .likely
    poller.provenance?.parameters = Report.Thread.RingParameters()
    poller.provenance?.parameters?.submissionEntries = 8
    poller.provenance?.parameters?.completionEntries = 16
    poller.provenance?.parameters?.idleMilliseconds = 100
    poller.provenance?.parameters?.processor = 3
    var unknown = SampleReport.worker(6, lwp: 16, .kvmWorker, owner: .unknown("its TLS pointer is 0"))
    unknown.confidence = .possible
    unknown.provenance?.systemCall = -1
    unknown.provenance?.callSite = nil
    let text = render(
      report([
        SampleReport.worker(1, lwp: 11), SampleReport.worker(2, lwp: 12), other, poller,
        SampleReport.worker(5, lwp: 15, .vhostWorker, owner: .oneOf([7, 8])), unknown,
        SampleReport.worker(7, lwp: 17),
      ]))
    #expect(
      text == """
        a process: SIGABRT

        io_uring: 4 workers of LWP 7
          [io_uring worker] LWP 11, LWP 12, LWP 17: certain, ring fd 5, made at io_uring_enter+25 (liburing.so.2)
          [io_uring worker] LWP 13: certain, ring fd 5, made at io_uring_enter+30 (liburing.so.2)

        io_uring: 1 worker whose owner has exited
          [io_uring SQPOLL thread, or its worker] LWP 14: likely a worker (this core cannot prove it), 8 SQ and 16 CQ entries, sleeps after 100 ms, bound to CPU 3

        vhost: 1 worker of one of LWP 7, LWP 8
          [vhost worker] LWP 15: certain

        KVM: 1 worker, owner unknown: its TLS pointer is 0
          [KVM worker] LWP 16: possibly a worker (little speaks for it), made while its owner ran in user mode

        """)
  }

  @Test func `a worker that task work made names where its owner was`() {
    var worker = SampleReport.worker(1, lwp: 11)
    worker.provenance?.systemCall = 230
    worker.provenance?.ringDescriptor = nil
    worker.provenance?.callSite?.function = nil
    worker.provenance?.callSite?.moduleOffset = 0x119
    #expect(
      render(report([worker])).hasSuffix(
        ": certain, made while its owner was at 0x0000000000007119 (liburing.so.2+0x119)\n"))
  }

  @Test func `rings without pages share a line; those of several owners have a heading`() {
    let rings = [Self.withoutPages(0x1000), SampleReport.ring, Self.withoutPages(0x3000)]
    var quiet = rings
    quiet[1].inFlight = []
    quiet[1].inFlightCount = 0
    quiet[1].remarks = []
    quiet[1].dropped = 1
    quiet[1].overflows = 2
    quiet[1].completions?.tail = 1000
    #expect(
      render(report([SampleReport.worker(1, lwp: 11, .kernelWorker)], rings: quiet)) == """
        a process: SIGABRT

        kernel: 1 worker of LWP 7
          [kernel worker] LWP 11: certain, probably of io_uring, which is in use

        io_uring: 3 rings
          ring at 0x7fb000: 3 unsubmitted, an unknown number unreaped, 1 dropped, 2 overflowed, none seen in flight
          2 rings at 0x1000, 0x3000: not in the core; set bit 3

        """)
  }

  @Test func `only the first of many requests are printed`() {
    var ring = SampleReport.ring
    ring.inFlight = [Report.RingRequest](repeating: ring.inFlight[0], count: 30)
    ring.inFlightCount = 2000
    ring.remarks = []
    let lines = render(report([], rings: [ring])).split(separator: "\n")
    #expect(lines.count == 1 + 1 + 1 + 16 + 1)
    #expect(lines.last == "    … 1984 more; --json has them")
  }

  @Test func `evidence is printed when asked for, with its weight`() {
    let text = render(report([SampleReport.worker(1, lwp: 11)]), evidence: true)
    #expect(
      text.hasSuffix(
        """
        (liburing.so.2)
            LWP 11 +4 TLS pointer 0x7f00 is that of LWP 7
            LWP 11 -3 rax is -514
            LWP 11    a remark
            LWP 11 hint: it submitted 4

        """))
  }

  @Test(arguments: [
    (Report.Thread.Class.damaged, "damaged note"), (.crashedAtZero, "crashed with pc = sp = 0"),
    (.unexplainedZero, "pc = sp = 0, cause unknown"),
  ])
  func `what looks like a worker and is none stands among the threads`(
    _ kind: Report.Thread.Class, _ words: String
  ) {
    var first = SampleReport.thread(1, lwp: 7)
    first.kind = kind
    first.isCrashed = true
    first.evidence = [Report.Thread.Evidence(points: 0, text: "why")]
    var stack = Report.Stack()
    stack.threads = [first]
    stack.frames = [SampleReport.frame(0, 0, nil)]
    stack.frameCount = 1
    var second = first
    second.lwp = 8
    second.isCrashed = false
    var shared = stack
    shared.threads = [second, second]
    var report = report([])
    report.stacks = [stack, shared]
    #expect(
      render(report) == """
        a process: SIGABRT

        Thread 1 (LWP 7), \(words):
        #0  0x0000000000000000 in ?? ()

        2 threads (\(words)) with this stack: LWP 8, LWP 8
        #0  0x0000000000000000 in ?? ()

        """)
    #expect(render(report, evidence: true).contains("\(words):\n  LWP 7    why\n#0"))
  }
}
