internal import Bytes
internal import LiveProcesses
package import ProcFiles
internal import ProcessModel

/// A copy of /proc/PID as a core without memory, so that everything above reads it like one.
package struct FolderImage {
  private let process: ProcProcess
  private let tree: ProcTree
  private let architecture: Architecture

  package init(_ process: ProcProcess, _ tree: ProcTree) {
    self.process = process
    self.tree = tree
    architecture = Self.architecture(process)
  }

  /// By the executable, where it is there; else by how high the process's addresses are.
  private static func architecture(_ process: ProcProcess) -> Architecture {
    if let path = process.executablePath, let head = (try? FileBytes(path: path))?.read(at: 0, count: 20),
      head.count == 20, Array(head[0..<4]) == [0x7f, 0x45, 0x4c, 0x46], head[5] == 1,
      let found = Architecture.matching(
        machine: UInt16(head.unsigned(at: 18, size: 2, order: .little)), wordSize: head[4] == 2 ? 8 : 4,
        byteOrder: .little)
    {
      return found
    }
    let last = process.maps?.mappings.last { $0.path != "[vsyscall]" }?.range.upperBound ?? .max
    return last <= 1 << 32 ? .i386 : .x86_64
  }

  /// The first page of each mapped file as it is on this machine: by it modules are found. It proves nothing.
  private var heads: [CapturedRange] {
    var result: [CapturedRange] = []
    for mapping in process.maps?.mappings ?? []
    where mapping.isFile && mapping.offset == 0 && !mapping.isDeleted && result.count < Self.mostFiles {
      let bytes = (try? FileBytes(path: mapping.path))?.read(at: 0, count: 4096) ?? []
      if bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) {
        result.append(CapturedRange(start: mapping.range.lowerBound, bytes: bytes))
      }
    }
    return result
  }

  private static let mostFiles = 4096

  package func pieces(generator: String) -> [ArraySlice<UInt8>] {
    var capture = Capture(
      process: process, architecture: architecture, threads: [], memory: [], mode: .none, window: 0,
      longestHold: 0, gaps: [], remarks: [])
    for facts in process.threads {
      var thread = CapturedThread(id: facts.id, outcome: .running)
      if facts.stat?.isKernelWorker == true {
        thread.outcome = .worker
      } else if let place = facts.systemCall?.place, place.programCounter != 0 || place.stackPointer != 0 {
        thread.outcome = .blocked
      }
      capture.threads.append(thread)
    }
    capture.memory = heads
    var contents = SnapshotContents()
    contents.hasArguments = true
    contents.hasAllFiles = false
    return SnapshotImage(capture, tree: tree, contents: contents).pieces(generator: generator)
  }
}
