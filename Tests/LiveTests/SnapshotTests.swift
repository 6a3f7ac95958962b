import CoreviewKit
import GDBOracle
import Glibc
import Testing

/// The file: what is in it, who may read it, and what is not in it.
@Suite(.serialized) struct SnapshotTests {
  @Test func `only its owner may read it, and nothing is written over`() throws {
    let scene = try Scene("threads", ["sleep", "2"])
    let file = "\(scene.folder)/snapshot"
    #expect(try coreview(["snapshot", "\(scene.id)", "-o", file]).ending == .exited(0))
    #expect(text(try Command("stat", ["-c", "%a", file]).run(seconds: 10).output) == "600\n")
    let again = try coreview(["snapshot", "\(scene.id)", "-o", file])
    #expect(again.ending == .exited(2) && again.errors.contains("File exists"))
    _ = try Command("ln", ["-s", "elsewhere", "\(scene.folder)/link"]).run(seconds: 10)
    #expect(try coreview(["snapshot", "\(scene.id)", "-o", "\(scene.folder)/link"]).ending == .exited(2))
    #expect(unsafe access("\(scene.folder)/elsewhere", F_OK) != 0)
  }

  @Test func `environment and arguments are there only when asked for`() throws {
    let scene = try Scene(
      "threads", ["sleep", "2", "an-argument-of-its-own"], environment: ["SECRET_OF_OURS": "swordfish"])
    let plain = "\(scene.folder)/plain", full = "\(scene.folder)/full"
    #expect(try coreview(["snapshot", "\(scene.id)", "-o", plain]).ending == .exited(0))
    #expect(
      try coreview(["snapshot", "\(scene.id)", "-o", full, "--environment", "--arguments"]).ending
        == .exited(0))
    for (file, count) in [(plain, "0\n"), (full, "1\n")] {
      for word in ["swordfish", "an-argument-of-its-own"] {
        #expect(
          text(try Command("grep", ["-c", "-a", "-m1", word, file]).run(seconds: 10).output) == count,
          "\(file) \(word)")
      }
    }
    #expect(try CoreDump(path: full).report().process.arguments?.contains("an-argument") == true)
  }

  @Test func `it is small whatever the process holds, and says the same as the process did`() throws {
    let scene = try Scene("threads", ["big", "3"])
    let file = "\(scene.folder)/snapshot"
    #expect(try coreview(["snapshot", "\(scene.id)", "-o", file]).ending == .exited(0))
    // 256 MiB are resident; of 2 GiB, eight times as much, it may be 5 MiB.
    #expect(try contents(of: file).count < (5 << 20) / 8)
    let live = try coreview(["\(scene.id)"]).output.split(separator: "\n").filter { !$0.hasPrefix("Paused") }
      .dropFirst(2)
    let kept = try coreview([file]).output.split(separator: "\n").filter { !$0.hasPrefix("Paused") }
      .dropFirst(2)
    #expect(live == kept && live.count > 10)
  }

  /// Cut and damaged anywhere: an answer or an error, and never the end of coreview.
  @Test func `a damaged snapshot is survived`() throws {
    let scene = try Scene("threads", ["names"])
    let file = "\(scene.folder)/snapshot"
    #expect(try coreview(["snapshot", "\(scene.id)", "-o", file]).ending == .exited(0))
    let whole = try contents(of: file)
    var random = SystemRandomNumberGenerator()
    for round in 0..<60 {
      var bytes = whole
      if round % 2 == 0 { bytes = Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &random))) }
      for _ in 0..<20 where !bytes.isEmpty {
        bytes[Int.random(in: 0..<min(bytes.count, 60_000), using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      let damaged = try ScratchFile(bytes)
      _ = try? CoreDump(path: damaged.path).report()
    }
  }

  @Test func `a core and what proc said before are joined, if they are of one process`() throws {
    let scene = try Scene("threads", ["names"]), other = try Scene("threads", ["sleep", "2"])
    let folder = try scene.copyProc(), strange = try other.copyProc()
    let snapshot = "\(scene.folder)/snapshot", core = "\(scene.folder)/core"
    #expect(try coreview(["snapshot", "\(scene.id)", "-o", snapshot]).ending == .exited(0))
    let gcore = try Command(
      "gdb", ["-q", "-nx", "-batch", "-p", "\(scene.id)", "-ex", "generate-core-file \(core)"]
    ).run(seconds: 120)
    #expect(gcore.ending == .exited(0))
    for proc in [folder, snapshot] {
      let run = try coreview([core, "--proc", proc])
      #expect(run.output.contains("\"iou-wrk-1\"") && !run.errors.contains("left out"), "\(run.errors)")
    }
    let refused = try coreview([core, "--proc", strange])
    #expect(
      refused.errors.contains("not of the process") && refused.ending == .exited(1), "\(refused.errors)")
    #expect(!refused.output.contains("\"iou-wrk-1\""))
  }
}
