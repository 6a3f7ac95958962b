import CoreviewKit
import GDBOracle
import Testing

/// The library as other packages use it: nothing is imported but CoreviewKit.
@Suite struct CoreDumpTests {
  static let samples = Result { () throws(Command.Failure) in try Samples.unpack(for: "ReportingTests") }

  private func report(
    _ name: String, executable: String? = nil, limits: ReportLimits = ReportLimits()
  ) throws -> Report {
    let samples = try Self.samples.get()
    let dump = try CoreDump(path: samples.core(name), executable: samples.executable(executable ?? name))
    return dump.report(limits: limits)
  }

  @Test func `io_uring workers are apart from the threads that ran the program`() throws {
    let report = try report("io_uring-cp-forever")
    #expect(report.isComplete)
    #expect(report.threadCount == 5)
    #expect(report.workers.map(\.lwp) == [17793, 17794, 17800, 17823])
    #expect(report.stacks.count == 1)
    #expect(report.crashedThread?.lwp == 17790)
    #expect(report.stacks[0].frames.map(\.function).last == "main")
    #expect(report.stacks[0].frames.map(\.kind) == [.normal, .normal, .inlined, .inlined, .inlined, .normal])
    #expect(report.signal?.name == "SIGABRT")
    #expect(report.signal?.sender == Report.Sender(pid: 17787, uid: 0))
    #expect(report.process.command == "io_uring-cp-for")
  }

  @Test func `a worker tells who made it, for which ring and where`() throws {
    let report = try report("io_uring-cp-forever")
    for worker in report.workers {
      #expect(worker.kind == .ioWorker && worker.kind.isWorker && worker.confidence == .certain)
      #expect(worker.evidence.count == 7 && worker.evidence.allSatisfy { $0.points > 0 })
      let provenance = try #require(worker.provenance)
      #expect(provenance.owner == .thread(17790))
      #expect(provenance.ringDescriptor == 5 && provenance.systemCall == 426)
      #expect(
        provenance.callSite?.function == "__io_uring_submit" && provenance.callSite?.functionOffset == 117)
      #expect(provenance.callSite?.buildID == report.modules.first?.buildID)
    }
    #expect(report.rings.map(\.address) == [0x7fbd_f07d_b000])
    #expect(report.rings[0].submissions == nil && report.rings[0].remarks.count == 1)
    #expect(report.stacks[0].threads[0].kind == .user && report.stacks[0].threads[0].provenance == nil)
  }

  @Test func `threads with the same stack are one`() throws {
    let report = try report("thumbnailer")
    #expect(report.stacks.map { $0.threads.count } == [1, 1, 3])
    #expect(report.stacks[2].threads.map(\.lwp) == [18222, 18223, 18224])
    #expect(report.reason.hasPrefix("SIGABRT: ") && report.diagnosis.kind == .uncaughtException)
  }

  @Test func `of a deep stack both ends are kept`() throws {
    let report = try report("overflow")
    let stack = try #require(report.stacks.first)
    #expect(stack.frameCount == 2618)
    #expect(stack.frames.map(\.level) == Array(0..<200) + Array(2568..<2618))
    #expect(report.isComplete)
    #expect(report.notes.map(\.kind) == [.limit])
    #expect(report.signal?.codeName == "SEGV_MAPERR")
  }

  @Test func `limits are kept`() throws {
    var limits = ReportLimits()
    limits.innermostFrames = 2
    limits.outermostFrames = 1
    let report = try report("thumbnailer", limits: limits)
    #expect(report.stacks.map { $0.frames.map(\.level) } == [[0, 1, 17], [0, 1, 3], [0, 1, 13]])
    limits.walkedFrames = 5
    let cut = try self.report("overflow", limits: limits)
    #expect(!cut.isComplete)
    #expect(cut.stacks[0].frameCount == 5)
  }

  @Test func `the frames of a stripped i386 program have addresses of eight digits`() throws {
    let report = try report("parser-i386")
    #expect(report.addressDigits == 8)
    #expect(report.architecture == "i386")
    #expect(report.stacks[0].frames[2].line == 12)
  }

  @Test func `another executable is noticed by its build ID`() throws {
    let report = try report("io_uring-cp-forever", executable: "parser-stripped")
    #expect(!report.isComplete)
    let note = try #require(report.notes.first { $0.kind == .executable })
    #expect(note.text.contains("not the executable of this core: the core has build ID "))
    #expect(note.text.contains("--allow-mismatch"))
    #expect(!report.modules.contains { $0.kind == .executable })
    #expect(report.threadCount == 5)
    var search = SearchOptions()
    search.allowsMismatch = true
    let samples = try Self.samples.get()
    let allowed = try CoreDump(
      path: samples.core("io_uring-cp-forever"), executable: samples.executable("parser-stripped"),
      search: search
    ).report()
    let module = try #require(allowed.modules.first { $0.kind == .executable })
    #expect(module.buildID != module.buildIDInCore)
    #expect(allowed.notes.contains { $0.text.contains("names may be wrong") })
  }

  @Test func `the right executable has the build ID of the core`() throws {
    for name in ["io_uring-cp-forever", "ledger", "parser-stripped", "parser-i386"] {
      let module = try #require(try report(name).modules.first { $0.kind == .executable })
      #expect(module.buildID != nil && module.buildID == module.buildIDInCore, "\(name)")
    }
  }

  @Test func `what is no core says so`() throws {
    let samples = try Self.samples.get()
    #expect {
      try CoreDump(path: samples.executable("overflow"))
    } throws: { error in
      "\(error)".hasSuffix("is an executable (e_type at offset 0x10), not a core: name the core file as well")
    }
  }
}
