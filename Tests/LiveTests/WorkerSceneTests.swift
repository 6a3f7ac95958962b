import CoreviewKit
import GDBOracle
import Testing

/// io_uring's situations with the kernel's own word for each thread: as a snapshot and as a copy of /proc.
@Suite(.serialized) struct WorkerSceneTests {
  static let modes = [
    "blocked", "sqpoll", "own-memory", "second-owner", "orphan", "busy-sleep", "busy-spin", "busy-string",
    "two-rings", "kvm", "sp-spin", "sp-call", "blocks-glibc", "blocks-raw", "vfork",
  ]

  /// `truth` of programs/scene.c.
  private struct Truth {
    var flags: [Int32: UInt64] = [:]
    var names: [Int32: String] = [:]
    var owner: Int32?
    var ring: Int32?

    init(_ folder: String) throws {
      for line in try lines(of: "\(folder)/truth") {
        let words = line.split(separator: " ").map(String.init)
        guard words.count >= 2, let number = Int32(words[1]) else { continue }
        switch words[0] {
        case "thread" where words.count == 4:
          names[number] = words[2]
          flags[number] = UInt64(words[3], radix: 16)
        case "owner": owner = number
        case "ring": ring = number
        default: break
        }
      }
    }

    func kind(_ lwp: Int32) -> Report.Thread.Class? {
      guard let flags = flags[lwp], let name = names[lwp] else { return nil }
      if flags & 0x10 != 0 { return name.hasPrefix("iou-sqp-") ? .submissionPoller : .ioWorker }
      return flags & 0x4000 != 0 ? (name.hasPrefix("kvm") ? .kvmWorker : .vhostWorker) : .user
    }
  }

  @Test(arguments: modes) func `every thread has its class, owner and ring`(_ mode: String) throws {
    let scene: Scene
    do {
      scene = try Scene("scene", [mode, "live"])
    } catch let refusal as Scene.Refusal {
      try Test.cancel("\(mode): \(refusal.reason)")
    }
    let truth = try Truth(scene.folder)
    let file = "\(scene.folder)/snapshot"
    let run = try coreview(["snapshot", "\(scene.id)", "-o", file])
    #expect(run.ending == .exited(mode == "vfork" ? 1 : 0), "\(run.errors)")
    let folder = try scene.copyProc()
    for report in [try CoreDump(path: file).report(), try CoreDump(folder: folder).report()] {
      let threads = report.stacks.flatMap(\.threads) + report.workers
      for id in truth.flags.keys {
        #expect(threads.contains { $0.lwp == id }, "\(report.origin): LWP \(id) is missing")
      }
      for thread in threads {
        // One that came later can only be one more worker.
        let expected = truth.kind(thread.lwp) ?? .ioWorker
        #expect(thread.kind == expected, "\(report.origin): \(thread)")
        guard expected.isWorker else { continue }
        #expect(thread.confidence == .certain, "\(thread)")
        let named = thread.name.flatMap { Int32($0.split(separator: "-").last ?? "") }
        switch thread.provenance?.owner {
        case .thread(let owner)?:
          #expect(owner == named || thread.kind == .kvmWorker && owner == truth.owner, "\(thread)")
        case .exited?: #expect(mode == "orphan", "\(thread)")
        default: #expect(thread.kind == .kvmWorker, "\(thread)")
        }
        if thread.kind == .ioWorker, thread.systemCall?.number == 426, let ring = truth.ring {
          #expect(thread.provenance?.ringDescriptor == ring, "\(thread)")
        }
      }
      if let ring = truth.ring {
        let shown = report.rings.first { $0.descriptor == ring }
        #expect(shown?.source == .descriptor && (shown?.inFlightCount ?? 0) > 0, "\(report.rings)")
      }
    }
  }

  @Test func `fdinfo tells what waits on either side of a ring`() throws {
    let scene: Scene
    do {
      scene = try Scene("scene", ["blocked", "live"])
    } catch let refusal as Scene.Refusal {
      try Test.cancel("\(refusal.reason)")
    }
    let report = try CoreDump(folder: try scene.copyProc()).report()
    let ring = try #require(report.rings.first)
    #expect(ring.unsubmitted.map(\.operation) == ["READ", "READ"])
    #expect(ring.unsubmitted.map(\.userData.value) == [0x500, 0x501])
    #expect(ring.unreaped.map(\.userData.value) == [0x10] && ring.inFlightCount == 3)
    let doing = Set(
      report.workers.compactMap { $0.provenance?.activity?.split(separator: ",").first.map(String.init) })
    #expect(
      doing.isSubset(of: ["executing SPLICE", "executing OPENAT2", "executing OPENAT", "idle"]), "\(doing)")
    #expect(doing.contains("executing SPLICE"))
  }
}
