internal import Bytes
public import Reporting

/// What /proc tells of a process that is about to go away.
public enum ProcRecord {
  private static let mostFiles = 4096
  private static let mostThreads = 20_000

  /// Everything that can be read of a process; `nil` where there is none.
  public static func read(processID: Int32) -> Report.Record? {
    let proc = ProcFolder(processID: processID)
    guard let command = proc.bytes("comm") else { return nil }
    var record = Report.Record()
    record.sources = [.proc]
    record.pid = processID
    record.command = text(command.prefix { $0 != 0x0a })
    record.commandLine = proc.bytes("cmdline").map { bytes in
      text(bytes.last == 0 ? bytes.dropLast() : bytes[...], joining: true)
    }
    record.executable = proc.link("exe")
    record.workingDirectory = proc.link("cwd")
    record.root = proc.link("root")
    record.environment = proc.bytes("environ")?.split(separator: 0).map { text($0) }
    record.maps = proc.bytes("maps")?.split(separator: 0x0a).map { text($0) }
    record.controlGroup = proc.bytes("cgroup").flatMap(controlGroup)
    let parts = record.controlGroup?.split(separator: "/").map(String.init) ?? []
    record.unit = parts.last { $0.hasSuffix(".service") || $0.hasSuffix(".scope") }
    record.slice = parts.last { $0.hasSuffix(".slice") }
    record.threadNames = proc.numbers("task").prefix(mostThreads).compactMap { thread in
      proc.bytes("task/\(thread)/comm").map {
        Report.Record.ThreadName(lwp: thread, name: text($0.prefix { $0 != 0x0a }))
      }
    }
    let files = proc.numbers("fd").prefix(mostFiles).compactMap { number in
      proc.link("fd/\(number)").map { Report.Record.OpenFile(descriptor: number, path: $0) }
    }
    record.openFiles = files
    record.rings = files.filter { $0.path == "anon_inode:[io_uring]" }.compactMap { file in
      proc.bytes("fdinfo/\(file.descriptor)", limit: 1 << 18).map { bytes in
        Report.Record.RingState(
          descriptor: file.descriptor,
          lines: bytes.split(separator: 0x0a).map { line in text(line.map { $0 == 0x09 ? 0x20 : $0 }) })
      }
    }
    return record
  }

  /// Where the process sees its files: a folder of /proc for one in a container, else `nil`.
  public static func root(processID: Int32) -> String? {
    let proc = ProcFolder(processID: processID)
    let own = ProcFolder(processID: HostProcess.processID)
    guard let root = proc.link("root"), root != "/" || proc.link("ns/mnt") != own.link("ns/mnt") else {
      return nil
    }
    return "/proc/\(processID)/root"
  }

  /// The path of the second hierarchy, which has no controllers in front; see cgroups(7).
  private static func controlGroup(_ bytes: [UInt8]) -> String? {
    let lines = bytes.split(separator: 0x0a).map { text($0) }
    let line = lines.first { $0.hasPrefix("0::") } ?? lines.first { $0.contains(":name=systemd:") }
    return line.flatMap { $0.split(separator: ":", maxSplits: 2).last }.map(String.init)
  }

  private static func text(_ bytes: some Collection<UInt8>, joining: Bool = false) -> String {
    String(decoding: joining ? bytes.map { $0 == 0 ? 0x20 : $0 } : Array(bytes), as: UTF8.self)
  }
}
