internal import Backtraces
package import Bytes
internal import CoreFiles
package import Reporting

/// What a handler of the kernel's needs besides a report.
extension CoreDump {
  /// Reads the core from standard input, which it passes through once; all that comes is written to `copy` too,
  /// compressed. `record` is what is known of the process already.
  package convenience init(
    standardInputCopiedTo copy: ExclusiveFile?, record: Report.Record, search: SearchOptions
  ) throws(CoreDumpError) {
    let finder = try search.finder()
    let core: CoreFile
    do {
      core = try CoreFile(standardInputCopiedTo: copy)
    } catch {
      throw CoreDumpError(path: "standard input", description: error.description)
    }
    try Self.requireThreads(core, "standard input")
    self.init(core, path: "standard input", executable: nil, finder: finder)
    self.record = record
  }

  /// Hands on a small core of what was kept, front to back; `false` where there is none, or `body` refuses.
  package func writeSnapshot(_ body: ([UInt8]) -> Bool) -> Bool {
    process.core.snapshot()?.write(body) ?? false
  }

  static func requireThreads(_ core: CoreFile, _ path: String) throws(CoreDumpError) {
    guard let missing = core.missingNotes else { return }
    throw CoreDumpError(
      path: path,
      description:
        "\(path): holds no thread: \(missing) (a full disk, or a limit: see ulimit -c)")
  }
}
