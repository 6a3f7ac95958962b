internal import Backtraces
internal import CoreFiles
internal import Elfutils
internal import ProcessModel
public import Reporting
internal import Symbols

extension CoreDump {
  /// The address space: each PT_LOAD of the core, with the file that NT_FILE names there.
  ///
  /// Not more than ``ReportLimits/mappings`` of them.
  public func mappings(limits: ReportLimits = ReportLimits()) -> [Report.Mapping] {
    let memory = process.core.memory
    var stacks: Set<UInt64> = []
    for thread in process.threads {
      guard thread.snapshot.hasRegisters,
        let pointer = thread.snapshot.registers[process.core.architecture.stackPointer],
        let segment = memory.segment(containing: pointer), segment.isWritable
      else { continue }
      stacks.insert(segment.range.lowerBound)
    }
    // A file counts as a library in all its pieces if one of them is code.
    var codeFiles: Set<String> = []
    for segment in memory.segments.prefix(limits.mappings) where segment.isExecutable {
      if let path = memory.mapping(containing: segment.range.lowerBound)?.path { codeFiles.insert(path) }
    }
    return memory.segments.prefix(limits.mappings).map { segment in
      var result = Report.Mapping()
      result.range = segment.range
      result.isWritable = segment.isWritable
      result.isExecutable = segment.isExecutable
      result.dumped = segment.fileBytes
      result.path = memory.mapping(containing: segment.range.lowerBound)?.path
      if stacks.contains(segment.range.lowerBound) {
        result.kind = .stack
      } else if let path = result.path {
        result.kind =
          path == process.executable?.path ? .executable : codeFiles.contains(path) ? .library : .file
      } else if let vdso = process.modules.vdso, segment.range.contains(vdso.bias) {
        result.kind = .vdso
      }
      return result
    }
  }
}
