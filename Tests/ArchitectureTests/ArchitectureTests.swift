import GDBOracle
import Testing

/// The rooms may import what this table says and nothing else; SwiftPM itself would let any of them through.
@Suite struct ArchitectureTests {
  static let mayImport: [String: Set<String>] = [
    "Bytes": ["CRootedOpen", "CExtendedAttributes", "Glibc"],
    "ProcessModel": ["Bytes"],
    "Elfutils": ["CElfutils", "Bytes", "Glibc"],
    "Compression": ["CCompression", "Bytes", "Glibc"],
    "CoreFiles": ["Compression", "Elfutils", "ProcessModel", "Bytes"],
    "ProcFiles": ["ProcessModel", "Bytes"],
    "KernelWorkers": ["CoreFiles", "ProcFiles", "ProcessModel", "Bytes"],
    "LiveProcesses": ["CLinux", "ProcFiles", "ProcessModel", "Bytes", "Glibc"],
    "Confinement": ["CConfinement", "CLinux", "Bytes", "Glibc"],
    "Snapshots": ["LiveProcesses", "CoreFiles", "ProcFiles", "ProcessModel", "Bytes"],
    "LineTables": ["Bytes"],
    "Demangling": ["CDemangle", "Glibc"],
    "Disassembly": ["CCapstone", "ProcessModel", "Glibc"],
    "Symbols": ["Elfutils", "LineTables", "Demangling", "ProcessModel", "Bytes"],
    "Expressions": ["Elfutils", "ProcessModel", "Bytes"],
    "Values": ["Expressions", "Elfutils", "ProcessModel", "Bytes"],
    "Unwinding": ["Expressions", "Symbols", "Elfutils", "ProcessModel", "Bytes"],
    "Backtraces": [
      "Unwinding", "Values", "Expressions", "Symbols", "LineTables", "Demangling", "CoreFiles", "Elfutils",
      "ProcessModel", "Bytes",
    ],
    "Evaluation": [
      "Backtraces", "Unwinding", "Values", "Expressions", "Symbols", "CoreFiles", "Elfutils", "ProcessModel",
      "Bytes",
    ],
    "GDBFace": [
      "Evaluation", "Disassembly", "Backtraces", "Unwinding", "Values", "Symbols", "LineTables", "Snapshots",
      "LiveProcesses", "ProcFiles",
      "CoreFiles", "Elfutils", "ProcessModel",
      "Bytes",
    ],
    "Reporting": [],
    "Triage": ["Reporting", "Disassembly", "ProcessModel", "Bytes"],
    "Signatures": ["Reporting"],
    "Rendering": ["Reporting", "Bytes"],
    "CoreviewKit": [
      "Signatures", "Triage", "Disassembly", "Reporting", "GDBFace", "Backtraces", "Values", "Expressions",
      "Unwinding", "KernelWorkers", "Snapshots", "LiveProcesses", "ProcFiles", "Symbols", "LineTables",
      "Demangling", "CoreFiles",
      "Elfutils", "ProcessModel", "Bytes",
    ],
    "Arguments": ["ArgumentParser"],
    "Batch": ["Bytes", "Glibc"],
    "Crashes": ["Batch", "Reporting", "GRDB"],
    "coreview-batch": [
      "Arguments", "Batch", "Crashes", "Rendering", "Signatures", "Reporting", "Bytes", "ArgumentParser",
      "Glibc",
    ],
    "coreview": [
      "CoreviewKit", "Arguments", "Batch", "Confinement", "Rendering", "Reporting", "GDBFace", "Bytes",
      "ArgumentParser",
      "Glibc",
    ],
  ]
  /// Where memory may be touched without the compiler's proof; `nil` stands for every file of the room.
  static let mayBeUnsafe: [String: String?] = [
    "Bytes": nil, "Elfutils": nil, "Compression": nil, "LiveProcesses": nil, "Confinement": nil,
    "Disassembly": nil,
    "Demangling": "ForeignDemanglers.swift",
    "ProcessModel": "ProcessMemory.swift", "Batch": "ChildProcess.swift",
  ]

  @Test(arguments: mayImport.keys.sorted())
  func `imports only what the table says`(room: String) throws {
    let files = try Command("find", ["\(Samples.repository)/Sources/\(room)", "-name", "*.swift"]).run(
      seconds: 30)
    let paths = text(files.output).split(separator: "\n").map(String.init)
    #expect(!paths.isEmpty)
    for path in paths {
      let isFree = Self.mayBeUnsafe[room].map { $0.map { path.hasSuffix("/" + $0) } ?? true } ?? false
      for line in try lines(of: path) {
        let words = line.split(separator: " ")
        if let at = words.firstIndex(of: "import"), at <= 2, at + 1 < words.count, !line.hasPrefix(" ") {
          #expect(Self.mayImport[room]?.contains(String(words[at + 1])) == true, "\(path): \(line)")
        }
        if !isFree, !line.drop(while: { $0 == " " }).hasPrefix("//") {
          #expect(!words.contains("unsafe"), "\(path): \(line)")
        }
      }
    }
  }
}
