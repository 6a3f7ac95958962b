import Bytes
import Rendering
import Reporting
import Testing

@Suite struct TextRendererTests {
  private func render(_ report: Report, _ theme: Theme = .plain) -> String {
    var all = TextBuffer()
    TextRenderer.render(report, theme: theme) { text in
      all.append(text)
      text.removeAll()
    }
    return all.string
  }

  @Test func `says who died, the crashed thread, the others, the workers`() {
    #expect(
      render(SampleReport.make) == """
        prog (pid 7) died of SIGSEGV: no mapping at 0x8 (SEGV_MAPERR)
        Command line: prog --all

        Thread 1 (Thread 0x7f00 (LWP 7)), crashed:
        #0  put (at=0x8, value=1) at put.c:12
        #1  <signal handler called>
        #2  0x0000000000007100 in handler () from /lib/libx.so
        #3  0x0000000000004100 in ?? ()
        … 896 frames …
        #900 0x0000000000004200 in main ()

        2 threads with this stack: LWP 8, LWP 9
        #0  0x0000000000004300 in wait ()
        Backtrace stopped: Cannot access memory at address 0x0

        Thread 4 (Thread 0x7a00 (LWP 10) (Exiting)):
        #0  <unavailable> in ?? ()

        io_uring: 2 workers of LWP 7
          [io_uring worker] LWP 12, LWP 14: certain, ring fd 5, made at io_uring_enter+25 (liburing.so.2)
          ring at 0x7fb000: 3 unsubmitted, 2 unreaped, 3 in flight at death:
            READ fd 3 user_data 0x4010 <jobs+16>
            one of POLL_ADD fd -1, ACCEPT registered file 2, OPENAT2 fd AT_FDCWD: user_data 0x0 (likely: its result -125 can have another cause)
            a request whose entry was used again, user_data 0x1
            a remark

        """)
  }

  @Test func `a core without a signal died of nothing`() {
    var report = Report()
    report.reason = "no fatal signal: the core was taken of a running process"
    #expect(render(report) == "a process: no fatal signal: the core was taken of a running process\n")
  }

  @Test func `neighbours among many threads are drawn together`() {
    var report = Report()
    report.workers = (0..<20).map {
      SampleReport.worker($0, lwp: $0 < 18 ? Int32(100 + $0) : Int32(200 + 2 * $0), .kernelWorker)
    }
    #expect(
      render(report).hasSuffix(
        "\nkernel: 20 workers of LWP 7\n  [kernel worker] LWP 100-117, LWP 236, LWP 238 (20 threads): certain\n"
      ))
  }

  @Test func `colour goes around names and nowhere else`() {
    var report = SampleReport.make
    report.stacks = [SampleReport.shared]
    report.workers = []
    report.rings = []
    let colored = render(report, .colored)
    #expect(colored.contains("died of \u{1b}[1;31mSIGSEGV: no mapping at 0x8 (SEGV_MAPERR)\u{1b}[0m\n"))
    #expect(colored.contains("#0  \u{1b}[34m0x0000000000004300\u{1b}[0m in \u{1b}[33mwait\u{1b}[0m ()\n"))
    #expect(!render(report).contains("\u{1b}"))
  }

  @Test func `a hostile name makes neither a line nor an escape sequence`() {
    var report = Report()
    report.process.command = "a\nThread 1, crashed:"
    report.process.arguments = "\u{1b}]0;title\u{7}"
    var stack = Report.Stack()
    stack.threads = [SampleReport.thread(1, lwp: 1)]
    stack.frames = [SampleReport.frame(0, 1, "f\n#1  g\u{202e}\u{9b}31m")]
    stack.frames[0].arguments = "x=\u{7f}"
    report.stacks = [stack]
    report.notes = [Report.Note(kind: .core, isIncomplete: true, text: "a\nb")]
    var worker = SampleReport.worker(2, lwp: 2)
    worker.provenance?.callSite?.function = "f\n  [io_uring worker]"
    worker.provenance?.callSite?.module = "/tmp/\u{1b}[31m"
    report.workers = [worker]
    report.rings = [SampleReport.ring]
    report.rings[0].inFlight = [SampleReport.ring.inFlight[0]]
    report.rings[0].inFlightCount = 1
    report.rings[0].inFlight[0].result.userData.symbol = "x\ny"
    report.rings[0].remarks = []
    let text = render(report)
    #expect(text.split(separator: "\n").count == 8)
    #expect(
      text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x7f..<0xa0).contains($0.value) })
    #expect(text.contains(#"f\012#1  g\342\200\256\302\23331m (x=\177)"#))
    #expect(TextRenderer.notes(of: report) == [Array(#"a\012b"#.utf8)])
  }
}

@Suite struct ColorChoiceTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var choice = ColorChoice.auto
    var terminal = true
    var environment: [String: String] = [:]
    var isOn: Bool
  }

  @Test(arguments: [
    Case(testDescription: "a terminal", isOn: true),
    Case(testDescription: "a file", terminal: false, isOn: false),
    Case(testDescription: "NO_COLOR", environment: ["NO_COLOR": "1", "CLICOLOR_FORCE": "1"], isOn: false),
    Case(testDescription: "an empty NO_COLOR counts for nothing", environment: ["NO_COLOR": ""], isOn: true),
    Case(
      testDescription: "CLICOLOR_FORCE", terminal: false, environment: ["CLICOLOR_FORCE": "1"], isOn: true),
    Case(
      testDescription: "CLICOLOR_FORCE=0", terminal: false, environment: ["CLICOLOR_FORCE": "0"], isOn: false),
    Case(testDescription: "CLICOLOR=0", environment: ["CLICOLOR": "0"], isOn: false),
    Case(testDescription: "a terminal that can do nothing", environment: ["TERM": "dumb"], isOn: false),
    Case(
      testDescription: "--color=always beats all", choice: .always, terminal: false,
      environment: ["NO_COLOR": "1"], isOn: true),
    Case(
      testDescription: "--color=never beats all", choice: .never, environment: ["CLICOLOR_FORCE": "1"],
      isOn: false),
  ])
  func decides(_ sample: Case) {
    #expect(
      sample.choice.isOn(isTerminal: sample.terminal) { sample.environment[$0] } == sample.isOn)
  }
}
