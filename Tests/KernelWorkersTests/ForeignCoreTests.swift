import Bytes
import CoreFiles
import GDBOracle
import KernelWorkers
import ProcessModel
import Testing

/// Cores of other kernels and architectures. `Fixtures/iou-cores.tar.xz` is
/// `tar -cf - *.core | xz -9e --lzma2=preset=9e,dict=64MiB` over ../shared/iou-cores: one static program, put to
/// death with workers blocked in splice and openat, an idle one and an SQPOLL thread. The classes below are the
/// comms and PF flags that /proc showed before it died (`*.console.txt` there).
@Suite struct ForeignCoreTests {
  struct Expectation: Sendable, CustomTestStringConvertible {
    var core: String
    var architecture: String
    var kinds: [Int32: ThreadKind]
    var confidence: Confidence = .certain
    var owner: Int32?
    var descriptor: Int32?
    var hasRings = true
    var testDescription: String { core }
  }

  static let expectations: [Expectation] = [
    Expectation(
      core: "aarch64-6.1", architecture: "aarch64",
      kinds: [79: .kernelWorker, 80: .kernelWorker, 81: .kernelWorker, 82: .kernelWorker], owner: 78),
    Expectation(
      core: "riscv64-6.12", architecture: "riscv64",
      kinds: [125: .kernelWorker, 126: .kernelWorker, 127: .kernelWorker, 128: .kernelWorker],
      confidence: .likely),
    Expectation(
      core: "s390x-6.1", architecture: "s390x",
      kinds: [75: .kernelWorker, 76: .kernelWorker, 77: .kernelWorker, 78: .kernelWorker], owner: 74),
    Expectation(
      core: "x86_64-5.10", architecture: "x86-64",
      kinds: [69: .ioWorker, 70: .ioWorker, 71: .ioWorker, 72: .submissionPoller], descriptor: 9,
      hasRings: false),
    Expectation(
      core: "x86_64-512like", architecture: "x86-64",
      kinds: [21: .kernelWorker, 22: .kernelWorker, 23: .kernelWorker, 24: .kernelWorker], owner: 20),
    Expectation(
      core: "x86_64-vh6.12", architecture: "x86-64",
      kinds: [
        131: .vhostWorker, 132: .ioWorker, 133: .ioWorker, 134: .ioWorker, 135: .submissionPoller,
      ], owner: 130, descriptor: 10),
  ]

  @Test(arguments: expectations) func `every thread has its class`(_ expected: Expectation) throws {
    let core = try CoreFile(path: "\(try Self.folder.get())/\(expected.core).core")
    #expect(core.architecture.name == expected.architecture && core.gaps.isEmpty && core.writer == .kernel)
    let all = KernelWorkers.classify(core: core)
    #expect(all.count == expected.kinds.count + 2)
    for found in all {
      #expect(found.kind == expected.kinds[found.id] ?? .userThread, "\(line(found))")
      guard found.kind.isKernelWorker else { continue }
      #expect(found.confidence == expected.confidence, "\(line(found))")
      if let owner = expected.owner {
        #expect(found.provenance?.owner == .thread(owner), "\(line(found))")
      } else if case .unknown? = found.provenance?.owner {
      } else {
        Issue.record("the owner cannot be known: \(line(found))")
      }
      #expect(found.provenance?.ringDescriptor == (found.kind == .ioWorker ? expected.descriptor : nil))
      if found.kind == .submissionPoller {
        #expect(found.provenance?.parameters?.submissionEntries == 8)
        #expect(found.provenance?.parameters?.pollsSubmissions == true)
        #expect(found.provenance?.parameters?.pollIdle == 100)
        #expect(found.provenance?.callSite?.followsSystemCall == true)
      }
    }
  }

  /// The SQPOLL ring completed a NOP; of the other, a splice and an openat were cut off by the dump.
  @Test(arguments: expectations) func `rings tell what was in flight`(_ expected: Expectation) throws {
    let core = try CoreFile(path: "\(try Self.folder.get())/\(expected.core).core")
    let all = rings(core: core)
    #expect(all.count == 2)
    guard expected.hasRings else {
      // 5.10 maps rings VM_IO: never dumped.
      #expect(all.allSatisfy { $0.submissions == nil && $0.remarks.count == 1 })
      return
    }
    #expect(all.allSatisfy { $0.submissions?.entries == 8 && $0.completions?.entries == 16 })
    #expect(all.allSatisfy { $0.unsubmitted.isEmpty && $0.remarks.isEmpty })
    #expect(all[0].unreaped == [CompletionEntry(userData: 1, result: 0, flags: 0)] && all[0].inFlight.isEmpty)
    #expect(Set(all[1].inFlight.map(\.completion.userData)) == [91, 176])
    for request in all[1].inFlight {
      guard case .entry(let entry) = request.origin else {
        Issue.record("\(request)")
        continue
      }
      #expect(entry.userData == request.completion.userData && request.completion.result == -512)
      #expect(request.confidence == .certain)
      #expect(entry.operation == (entry.userData == 91 ? "SPLICE" : "OPENAT"))
      #expect(entry.userData == 91 ? entry.length == 100 : entry.descriptor == -100)
    }
  }

  /// Signal 6 and the stack pointers that the program printed, on either byte order.
  @Test(arguments: expectations) func `registers are read`(_ expected: Expectation) throws {
    let core = try CoreFile(path: "\(try Self.folder.get())/\(expected.core).core")
    let first = try #require(core.threads.first)
    #expect(core.signal?.number == 6 && core.info?.command == "init" && first.currentSignal == 6)
    let stack = try #require(first.registers[core.architecture.stackPointer])
    #expect(core.memory.segment(containing: stack) != nil)
    let pc = try #require(first.registers[core.architecture.programCounter])
    #expect(core.memory.segment(containing: pc)?.isExecutable == true)
  }

  static let folder = Result { () throws(Command.Failure) in
    let folder = try temporaryFolder()
    let archive = "\(parent(of: #filePath))/Fixtures/iou-cores.tar.xz"
    let run = try Command("tar", ["-xJf", archive, "-C", folder]).run(seconds: 60)
    guard run.ending == .exited(0) else { throw Command.Failure(description: text(run.errors)) }
    return folder
  }
}
