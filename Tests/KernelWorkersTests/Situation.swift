import CoreFiles
import GDBOracle
import KernelWorkers

/// One run of `programs/scene.c`: the core it left, and what /proc said of its threads before.
struct Situation {
  /// Why a situation cannot be made here.
  struct Refusal: Error {
    var reason: String
  }

  enum Writer: String, Sendable, CaseIterable {
    case kernel
    /// gdb, attached by the program itself.
    case gcore
    /// gdb, which ran the program and saw it crash.
    case debugger
  }

  var folder: String
  var core: CoreFile
  /// TID → comm and PF flags.
  var threads: [Int32: (name: String, flags: UInt64)] = [:]
  var owner: Int32?
  var ring: Int32?
  var suspect: Int32?

  static let program = Result { () throws(Command.Failure) in
    let folder = try temporaryFolder()
    let source = "\(parent(of: #filePath))/programs/scene.c"
    let run = try Command("gcc", ["-w", "-g", "-O1", "-o", "\(folder)/scene", source, "-luring", "-pthread"])
      .run(seconds: 120)
    guard run.ending == .exited(0) else { throw Command.Failure(description: text(run.errors)) }
    return "\(folder)/scene"
  }

  /// Runs the scene in a folder of its own. The core_pattern of the machine must be `core`.
  init(_ mode: String, _ writer: Writer, filter: String = "0x3b") throws {
    let program = try Self.program.get()
    folder = try temporaryFolder()
    let words =
      switch writer {
      case .kernel: "exec '\(program)' \(mode) die"
      case .gcore: "exec '\(program)' \(mode) gcore"
      case .debugger:
        "exec gdb -q -nx -batch -ex 'set startup-with-shell off' -ex run -ex 'generate-core-file core' -ex kill "
          + "--args '\(program)' \(mode) die"
      }
    var command = Command("/bin/bash", ["-c", "cd '\(folder)' && \(words)"])
    command.environment["FILTER"] = filter
    let run = try command.run(seconds: 60)
    if run.ending == .exited(77) {
      throw Refusal(reason: text(run.output).split(separator: "\n").last.map(String.init) ?? "refused")
    }
    do {
      core = try CoreFile(path: "\(folder)/core")
    } catch {
      throw Command.Failure(
        description: "\(mode) by \(writer): \(error) (\(run.ending))\n\(text(run.output))\(text(run.errors))")
    }
    for line in try lines(of: "\(folder)/truth") {
      let fields = line.split(separator: " ").map(String.init)
      guard fields.count >= 2, let number = Int32(fields[1]) else { continue }
      switch fields[0] {
      case "thread" where fields.count == 4:
        threads[number] = (fields[2], UInt64(fields[3], radix: 16) ?? 0)
      case "owner": owner = number
      case "ring": ring = number
      case "suspect": suspect = number
      default: break
      }
    }
  }

  /// What /proc says a thread is; `nil` for one that came later.
  func truth(_ id: Int32) -> ThreadKind? {
    guard let (name, flags) = threads[id] else { return nil }
    // PF_IO_WORKER 0x10, PF_USER_WORKER 0x4000.
    if flags & 0x10 != 0 {
      if name.hasPrefix("iou-sqp-") { return .submissionPoller }
      guard let parent = name.split(separator: "-").last.flatMap({ Int32($0) }) else { return .ioWorker }
      // A worker of an SQPOLL thread has that thread's registers.
      return threads[parent]?.name.hasPrefix("iou-sqp-") == true ? .submissionPoller : .ioWorker
    }
    if flags & 0x4000 != 0 { return name.hasPrefix("kvm") ? .kvmWorker : .vhostWorker }
    return .userThread
  }
}
