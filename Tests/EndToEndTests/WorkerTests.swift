import GDBOracle
import Testing

/// The kernel's threads in the report, from cores of other kernels and architectures (Tests/KernelWorkersTests says
/// where they come from), and threads that only look like them.
@Suite struct WorkerTests {
  static let cores = Result { () throws(Command.Failure) in
    let folder = "\(Samples.repository)/.build/iou-cores-EndToEndTests"
    let archive = "\(Samples.repository)/Tests/KernelWorkersTests/Fixtures/iou-cores.tar.xz"
    let run = try Command("sh", ["-c", "mkdir -p \(folder) && tar -xJf \(archive) -C \(folder)"]).run(
      seconds: 60)
    guard run.ending == .exited(0) else { throw Command.Failure(description: text(run.errors)) }
    return folder
  }

  private static func run(_ core: String, _ more: [String] = []) throws -> (output: String, errors: String) {
    // Their executable is nowhere.
    let run = try SampleTests.run(more + ["\(try cores.get())/\(core).core"])
    #expect(run.ending == .exited(1))
    return (run.output, run.errors)
  }

  @Test func `vhost, iou-wrk and iou-sqp threads of one core`() throws {
    let run = try Self.run("x86_64-vh6.12")
    #expect(
      run.output.hasSuffix(
        """

        io_uring: 4 workers of LWP 130
          [io_uring worker] LWP 132, LWP 133, LWP 134: certain, ring fd 10, made at 0x00000000004408f9 (init)
          [io_uring SQPOLL thread, or its worker] LWP 135: certain, 8 SQ and 16 CQ entries, sleeps after 100 ms, made at 0x00000000004408f9 (init)
          ring at 0x7efce6f8c000: 0 unsubmitted, 1 unreaped, none seen in flight
          ring at 0x7efce6f8e000: 0 unsubmitted, 2 unreaped, 2 in flight at death:
            SPLICE fd 9 user_data 0x5b
            OPENAT fd AT_FDCWD user_data 0xb0

        vhost: 1 worker of LWP 130
          [vhost worker] LWP 131: certain, made at 0x00000000004406eb (init)

        """), "\(run.output)")
  }

  @Test func `a core of another architecture: threads, workers, and one note`() throws {
    let run = try Self.run("s390x-6.1")
    #expect(
      run.output == """
        init (pid 74) died of SIGABRT: sent by pid 1, uid 0
        Command line: /init
          Who that was the core does not tell: pid 1 is init, 0 a process outside the namespace.
          The kernel notes who sent the signal (signal note: si_code SI_USER, si_pid 1, si_uid 0)

        Thread 1 (LWP 74), crashed:
        #0  0x0000000001025418 in ?? ()

        Thread 6 (LWP 79):
        #0  0x0000000001025418 in ?? ()

        kernel: 4 workers of LWP 74
          [kernel worker] LWP 75, LWP 76, LWP 77, LWP 78: certain, probably of io_uring, which is in use

        io_uring: 2 rings
          ring at 0x3ff97200000: 0 unsubmitted, 1 unreaped, none seen in flight
          ring at 0x3ff97300000: 0 unsubmitted, 2 unreaped, 2 in flight at death:
            SPLICE fd 8 user_data 0x5b
            OPENAT fd AT_FDCWD user_data 0xb0

        """)
    #expect(
      run.errors.hasSuffix(
        "coreview: unwinding is not supported for s390x: of each thread the innermost frame is shown\n"))
    #expect(run.errors.split(separator: "\n").count == 2)
  }

  @Test(arguments: ["aarch64-6.1", "riscv64-6.12", "x86_64-5.10", "x86_64-512like"])
  func `every core has its four workers`(_ name: String) throws {
    let run = try Self.run(name)
    #expect(run.output.contains(": 4 workers"), "\(run.output)")
    #expect(run.output.contains(name == "riscv64-6.12" ? ": likely a worker (" : ": certain"))
    #expect(run.errors.contains("unwinding is not supported") == !name.hasPrefix("x86"))
  }

  @Test func `evidence is said on request`() throws {
    let quiet = try Self.run("x86_64-vh6.12").output
    let run = try Self.run("x86_64-vh6.12", ["--evidence"])
    #expect(!quiet.contains("pr_sighold"))
    #expect(
      run.output.contains("    LWP 131 +3 pr_sighold 0xfffffffffffbfeff: all but SIGKILL and SIGSTOP\n"))
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.filter { !$0.hasPrefix("    LWP ") }.joined(separator: "\n") == quiet)
  }

  // MARK: What looks like a worker

  /// Where the descriptor of each NT_PRSTATUS of an x86-64 core begins.
  private static func statuses(_ bytes: [UInt8]) -> [Int] {
    let head: [UInt8] = [5, 0, 0, 0, 0x50, 1, 0, 0, 1, 0, 0, 0] + Array("CORE\0\0\0\0".utf8)
    return bytes.indices.dropLast(head.count).filter { index in
      bytes[index] == 5 && bytes[index + 4] == 0x50 && Array(bytes[index..<index + head.count]) == head
    }.map { $0 + head.count }
  }

  @Test func `a crash with pc = sp = 0 is no worker`() throws {
    let samples = try SampleTests.samples.get()
    var bytes = try contents(of: samples.core("overflow"))
    let status = try #require(Self.statuses(Array(bytes.prefix(20_000))).first)
    // rip and rsp in pr_reg.
    for register in [16, 19] {
      let at = status + 112 + 8 * register
      bytes.replaceSubrange(at..<at + 8, with: [UInt8](repeating: 0, count: 8))
    }
    let core = try ScratchFile(bytes)
    let run = try SampleTests.run([samples.executable("overflow"), core.path])
    #expect(
      run.output.contains("), crashed with pc = sp = 0:\n#0  0x0000000000000000 in ?? ()\n"), "\(run.output)")
    #expect(!run.output.contains("worker"))
  }

  @Test func `a zeroed note is damaged, and no worker`() throws {
    let samples = try SampleTests.samples.get()
    var bytes = try contents(of: samples.core("io_uring-cp-forever"))
    let statuses = Self.statuses(Array(bytes.prefix(20_000)))
    #expect(statuses.count == 5)
    bytes.replaceSubrange(statuses[1]..<statuses[1] + 0x150, with: [UInt8](repeating: 0, count: 0x150))
    let core = try ScratchFile(bytes)
    let run = try SampleTests.run([samples.executable("io_uring-cp-forever"), core.path])
    #expect(run.output.contains("\nThread 2 (LWP 0), damaged note:\n"), "\(run.output)")
    #expect(run.output.contains("io_uring: 3 workers of LWP 17790\n"))
    #expect(
      run.errors
        == "coreview: \(core.path): the status note of thread 2 (LWP 0) is damaged: NT_PRSTATUS is all zeros"
        + " (its note is at offset 0x\(String(statuses[1], radix: 16)))\n"
    )
    #expect(run.ending == .exited(1))
  }
}
