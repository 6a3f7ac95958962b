import CoreFiles
import GDBOracle
import KernelWorkers
import ProcessModel
import Testing

/// Cores of the running kernel, one situation each, judged by what /proc said before the process died.
@Suite(.serialized) struct RealCoreTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var mode: String
    var writer: Situation.Writer
    /// The class of the look-alike; `nil` where there is none.
    var suspect: ThreadKind?
    var testDescription: String { "\(mode) by \(writer.rawValue)" }
  }

  static let workers: [Case] =
    [
      "blocked", "sqpoll", "own-memory", "second-owner", "orphan", "busy-sleep", "busy-spin", "busy-string",
      "two-rings", "kvm",
    ].flatMap { [Case(mode: $0, writer: .kernel), Case(mode: $0, writer: .gcore)] }

  /// gdb cannot stop a thread in vfork or posix_spawn, nor one that has not run when it looks: kernel only.
  static let lookAlikes: [Case] =
    [
      ("null-call", .userThread, .debugger), ("jump-zero", .crashedAtZero, .debugger),
      ("sp-push", .userThread, .debugger), ("sp-spin", .userThread, .gcore), ("sp-call", .userThread, .gcore),
      ("blocks-glibc", .userThread, .gcore), ("blocks-raw", .userThread, .gcore),
      ("ptrace-pc", .unexplainedZero, .gcore), ("ptrace-all", .unexplainedZero, .gcore),
    ].flatMap { (mode: String, kind: ThreadKind, other: Situation.Writer) in
      [
        Case(mode: mode, writer: .kernel, suspect: kind), Case(mode: mode, writer: other, suspect: kind),
      ]
    } + ["newborn", "vfork", "spawn"].map { Case(mode: $0, writer: .kernel, suspect: .userThread) }

  @Test(arguments: workers + lookAlikes) func `every thread has its class`(_ situation: Case) throws {
    guard let made = try make(situation) else { return }
    let found = KernelWorkers.classify(core: made.core)
    #expect(made.core.writer == (situation.writer == .kernel ? .kernel : .debugger))
    #expect(found.count == made.core.threads.count)
    for thread in found {
      if thread.id == made.suspect, let expected = situation.suspect {
        #expect(thread.kind == expected, "\(line(thread))")
        continue
      }
      // A worker that came after /proc was read can only be one more of the same.
      let expected =
        made.truth(thread.id) ?? (situation.mode == "newborn" ? .userThread : .ioWorker)
      #expect(thread.kind == expected, "\(line(thread))")
      if thread.kind.isKernelWorker { check(thread, made, situation) }
    }
    // gdb does not learn of workers that were made while it traced; nobody else may lose any.
    if situation.writer != .debugger {
      for id in made.threads.keys { #expect(found.contains { $0.id == id }, "LWP \(id) is not in the core") }
    }
  }

  private func check(_ thread: ThreadClass, _ made: Situation, _ situation: Case) {
    let provenance = thread.provenance
    #expect(thread.confidence >= (situation.writer == .kernel ? .certain : .likely), "\(line(thread))")
    if situation.mode == "orphan" {
      guard case .exited? = provenance?.owner else {
        Issue.record("its owner has exited: \(line(thread))")
        return
      }
    } else if let owner = made.owner {
      #expect(provenance?.owner == .thread(owner), "\(line(thread))")
    }
    let isEntered = provenance?.systemCall == 426
    #expect(provenance?.ringDescriptor == (isEntered ? made.ring : nil), "\(line(thread))")
    if let call = provenance?.systemCall, call >= 0 {
      #expect(provenance?.callSite?.followsSystemCall == true, "\(line(thread))")
    }
    if thread.kind == .submissionPoller, ["own-memory", "orphan"].contains(situation.mode) {
      #expect(provenance?.parameters?.pollsSubmissions == true && provenance?.parameters?.pollIdle == 100)
    }
  }

  @Test(arguments: Situation.Writer.allCases.filter { $0 != .debugger })
  func `rings hold what was waiting and what was cut off`(_ writer: Situation.Writer) throws {
    guard let made = try make(Case(mode: "blocked", writer: writer)) else { return }
    let all = rings(core: made.core)
    let ring = try #require(all.first)
    #expect(all.count == 1 && ring.source == .mapping)
    #expect(ring.submissions == RingQueue(head: 4, tail: 6, entries: 8), "\(ring)")
    #expect(ring.unsubmitted.map(\.operation) == ["READ", "READ"])
    #expect(
      ring.unsubmitted.map(\.userData) == [0x500, 0x501] && ring.unsubmitted.allSatisfy { $0.length == 64 })
    #expect(ring.unreaped.first == CompletionEntry(userData: 0x10, result: 0, flags: 0))
    #expect(Set(ring.inFlight.map(\.completion.userData)) == [0x100, 0x101, 0x200], "\(ring)")
    for request in ring.inFlight {
      guard case .entry(let entry) = request.origin else {
        Issue.record("\(request)")
        continue
      }
      #expect(entry.operation == (entry.userData == 0x200 ? "OPENAT" : "SPLICE"))
    }
    #expect(ring.remarks.count == (writer == .kernel ? 0 : 1))
  }

  @Test func `a ring in own memory is found by its SQPOLL thread, in a default core`() throws {
    guard let made = try make(Case(mode: "own-memory", writer: .kernel), filter: "0x33") else { return }
    let all = rings(core: made.core)
    let ring = try #require(all.first)
    #expect(all.count == 1 && ring.source == .parameters && ring.submissions?.entries == 8, "\(ring)")
    #expect(ring.inFlight.map(\.completion.userData) == [0x100])
  }

  @Test func `without its pages a ring says how to have them`() throws {
    guard let made = try make(Case(mode: "two-rings", writer: .kernel), filter: "0x33") else { return }
    let all = rings(core: made.core)
    #expect(all.count == 2)
    for ring in all {
      #expect(ring.submissions == nil && ring.remarks.count == 1)
      #expect(ring.remarks.first?.contains("coredump_filter") == true)
    }
  }

  /// NT_386_TLS names the owner, and both layouts of the notes are 32-bit ones.
  @Test func `an i386 program's worker and its owner`() throws {
    let folder = try temporaryFolder()
    let source = "\(parent(of: #filePath))/programs/raw.c"
    let built = try Command("gcc", ["-m32", "-w", "-g", "-o", "\(folder)/raw", source, "-pthread"]).run(
      seconds: 60)
    guard built.ending == .exited(0) else { try Test.cancel("gcc -m32 (gcc-multilib) does not work") }
    let run = try Command("/bin/bash", ["-c", "cd '\(folder)' && exec ./raw"]).run(seconds: 30)
    if run.ending == .exited(77) { try Test.cancel("\(text(run.output))") }
    let facts = text(run.output).split(separator: "\n").map { $0.split(separator: " ") }
    let owner = facts.first { $0[0] == "owner" }.flatMap { Int32($0[1]) }
    let descriptor = facts.first { $0[0] == "ring" }.flatMap { Int32($0[1]) }
    let core = try CoreFile(path: "\(folder)/core")
    #expect(core.architecture.name == "i386" && core.threads.count == 3)
    let found = KernelWorkers.classify(core: core)
    let workers = found.filter { $0.kind != .userThread }
    #expect(workers.count == 1)
    for worker in workers {
      #expect(worker.kind == .ioWorker && worker.confidence == .certain, "\(line(worker))")
      #expect(worker.provenance?.owner == owner.map { .thread($0) }, "\(line(worker))")
      #expect(worker.provenance?.ringDescriptor == descriptor)
    }
    #expect(rings(core: core).first?.inFlight.map(\.completion.userData) == [0x777])
  }

  /// Makes the situation, once more if threads were slow to come; `nil`, and the reason said, where the kernel
  /// refuses it.
  private func make(_ situation: Case, filter: String = "0x3b") throws -> Situation? {
    for attempt in 1...2 {
      do {
        return try Situation(situation.mode, situation.writer, filter: filter)
      } catch let refusal as Situation.Refusal {
        if attempt == 2 { try Test.cancel("\(situation.mode): \(refusal.reason)") }
      }
    }
    return nil
  }
}
