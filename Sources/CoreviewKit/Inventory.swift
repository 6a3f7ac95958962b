internal import Backtraces
internal import Bytes
internal import CoreFiles
internal import Elfutils
internal import ProcessModel
public import Reporting
internal import Symbols

extension CoreDump {
  /// Every module of the process, whether or not a frame lies in it: a report without threads.
  ///
  /// Opens every library and looks for the debug information of each.
  public func moduleReport() -> Report {
    var report = Report()
    report.generator = "coreview " + Self.version
    report.core = path
    report.executable = process.executable?.path
    report.architecture = process.core.architecture.name
    report.addressDigits = process.core.architecture.addressDigits
    let modules = process.modules
    let host = HostPackages(isUsed: finder.search.root == nil)
    for module in [modules.executable, modules.vdso] {
      if let module { report.modules.append(describe(module, host)) }
    }
    for index in modules.libraries.indices {
      if let module = modules.library(at: index) {
        report.modules.append(describe(module, host))
      } else {
        report.modules.append(missing(index, host))
      }
    }
    report.modules.sort { ($0.range.lowerBound, $0.path) < ($1.range.lowerBound, $1.path) }
    report.notes =
      process.core.gaps.map { Report.Note(kind: .core, isIncomplete: true, text: $0.what) } + notes
    report.notes += finder.warnings.map { Report.Note(kind: .library, isIncomplete: true, text: $0) }
    report.notes += process.cuts.map { Report.Note(kind: .limit, isIncomplete: true, text: $0) }
    let lacking = report.modules.count { $0.problem != nil }
    if lacking > 0 {
      report.notes.append(
        Report.Note(
          kind: .library, isIncomplete: true,
          text: "\(lacking) of \(report.modules.count) modules lack their file or debug information"))
    }
    return report
  }

  private func describe(_ module: Module, _ host: HostPackages) -> Report.Module {
    var loaded = LoadedFiles()
    var result = loaded.describe(module, in: process)
    guard module.kind != .vdso else { return result }
    if let note = module.elf.section(named: ".note.package"), result.package == nil {
      let order = module.elf.header.byteOrder
      result.package =
        module.elf.withBytes(of: note) { span in
          var reader = ByteReader(span)
          let bytes = (try? reader.readBytes(min(65536, reader.count))) ?? []
          return ElfNotes(bytes, order: order).packageText.flatMap { PackageNote.package($0) }
        } ?? nil
    }
    if let difference = loaded.notes.first {
      result.problem = difference.text
    } else if result.debugOrigin == nil || result.debugOrigin == .embedded {
      result.problem = "no debug information"
      result.remedies = host.remedies(debugInformationOf: result)
    }
    return result
  }

  /// A module whose file is not to be had, as the core shows it.
  private func missing(_ index: Int, _ host: HostPackages) -> Report.Module {
    let object = process.modules.libraries[index]
    var result = Report.Module()
    result.path = object.name
    let start = object.loadAddress
    if let image = LoadedImage(at: start, in: process.core.memory) {
      result.range = image.range
      result.buildIDInCore = image.buildID?.description
      result.package = image.packageText.flatMap { PackageNote.package($0) }
    } else {
      let end = process.core.memory.mapping(containing: start)?.range.upperBound ?? start
      result.range = start..<max(start, end)
    }
    if let entry = process.core.auxiliaryVector.entry, result.range.contains(entry) {
      result.kind = .executable
    }
    result.problem = process.modules.problem(ofLibrary: index)
    result.remedies = host.remedies(fileOf: result)
    return result
  }
}
