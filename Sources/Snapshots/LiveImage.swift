internal import Bytes
package import CoreFiles
package import LiveProcesses
internal import ProcFiles
internal import ProcessModel

/// A running process as a core: what was copied while it stood still, over its memory as it is now.
package final class LiveImage {
  package let core: CoreFile
  package let capture: Capture
  private let process: LiveProcess
  private let memory: RemoteMemory
  private let maps: ProcMaps
  /// Files that are gone from their paths, by these, and where they are to be had while the process lives.
  package let places: [String: String]
  /// The root of its mount namespace, if that is another than ours.
  package let root: String?
  /// What was read of the running process, if it is to be kept.
  private var touched: [CapturedRange] = []
  private let records: Bool

  /// Most that is kept of what was read after the threads went on.
  private static let mostTouched = 64 << 20
  private var touchedBytes = 0

  /// Captures a process. With `records`, what is read of its memory later can be written to a snapshot.
  package init(_ process: LiveProcess, _ options: CaptureOptions, records: Bool, generator: String)
    throws(LiveError)
  {
    self.process = process
    self.records = records
    var capture = try process.capture(options)
    memory = process.memory(capture.process)
    maps = capture.process.maps ?? ProcMaps([])
    capture.memory = SnapshotImage.joined(capture.memory, memory.read(Self.fixedRanges(capture.process)))
    self.capture = capture
    var contents = SnapshotContents()
    contents.hasArguments = true
    contents.hasAllFiles = false
    let image = SnapshotImage(capture, tree: process.tree, contents: contents).pieces(generator: generator)
    do {
      core = try CoreFile(FileBytes(image: image, name: "process \(process.id)"))
    } catch {
      throw LiveError(error.description)
    }
    places = Self.places(process, maps)
    root = process.isForeign("mnt") ? "\(process.tree.name)/root" : nil
    core.memory.live = { [unowned self] in read($0, $1) }
  }

  /// What a report or debugger needs of every process: the vDSO, and the head of each mapped ELF file, which has its
  /// build ID.
  private static func fixedRanges(_ process: ProcProcess) -> [Range<UInt64>] {
    var ranges: [Range<UInt64>] = []
    for mapping in process.maps?.mappings ?? [] where mapping.isReadable {
      if mapping.path == "[vdso]" {
        ranges.append(mapping.range)
      } else if mapping.isFile, mapping.offset == 0, !mapping.isShared {
        ranges.append(
          mapping.range.lowerBound..<min(mapping.range.upperBound, mapping.range.lowerBound + 4096))
      }
    }
    return Array(ranges.prefix(4096))
  }

  /// Bytes of the running process; none of code, which its files have just as well. Data that cannot be written may
  /// still differ from the file: the dynamic linker protects it after it has relocated it (RELRO).
  private func read(_ address: UInt64, _ count: Int) -> [UInt8] {
    guard let mapping = maps.mapping(containing: address), mapping.isReadable else { return [] }
    if mapping.isFile, mapping.isExecutable, !mapping.isWritable, !mapping.isDeleted { return [] }
    let end = min(mapping.range.upperBound, address.addingReportingOverflow(UInt64(count)).partialValue)
    guard end > address else { return [] }
    let bytes = memory.read(at: address, count: Int(end - address))
    if records, !bytes.isEmpty, touchedBytes < Self.mostTouched {
      touched.append(CapturedRange(start: address, bytes: bytes))
      touchedBytes += bytes.count
    }
    return bytes
  }

  /// The snapshot: what was copied, and what was read since.
  package func snapshot(_ contents: SnapshotContents, generator: String) -> [UInt8] {
    SnapshotImage(capture, tree: process.tree, contents: contents).pieces(
      extra: touched, generator: generator
    ).reduce(into: []) { $0 += $1 }
  }

  private static func places(_ process: LiveProcess, _ maps: ProcMaps) -> [String: String] {
    let executable = process.tree.link("exe")
    var result: [String: String] = [:]
    for mapping in maps.mappings where mapping.isDeleted && mapping.isFile {
      let path = String(mapping.path.dropLast(10))
      guard result[path] == nil else { continue }
      let range =
        String(mapping.range.lowerBound, radix: 16) + "-" + String(mapping.range.upperBound, radix: 16)
      let isExecutable = mapping.path == executable
      result[path] = "\(process.tree.name)/" + (isExecutable ? "exe" : "map_files/\(range)")
    }
    return result
  }
}
