internal import Backtraces
internal import Bytes
internal import CoreFiles
internal import Elfutils
internal import ProcessModel
internal import Reporting
internal import Symbols

/// The files that the report used, and whether they are the ones that were running.
struct LoadedFiles {
  private(set) var modules: [Report.Module] = []
  private(set) var notes: [Report.Note] = []

  init() {}

  init(process: CoreProcess, finder: FileFinder, sites: FrameSites, others: [Module], said: [Report.Note]) {
    var used = sites.modules
    for module in others where !used.contains(where: { $0 === module }) { used.append(module) }
    if let executable = process.modules.executable, !used.contains(where: { $0 === executable }) {
      used.append(executable)
    }
    for module in used {
      modules.append(describe(module, in: process))
    }
    modules.sort { ($0.range.lowerBound, $0.path) < ($1.range.lowerBound, $1.path) }
    for (path, address) in sites.strangers.sorted(by: { $0.key < $1.key }) {
      let cannot = "frames in it have no names and may be missing"
      if let why = process.modules.problem(at: address) {
        // The executable is among them where it could not be opened, which has been said.
        if said.contains(where: { $0.text.hasPrefix(why) }) { continue }
        let hint = why.contains("another build") ? " (--allow-mismatch uses it)" : ""
        note(.library, "\(why)\(hint); \(cannot)")
      } else if process.executable != nil, (try? finder.open(path)) == nil {
        note(.library, "\(path): cannot be read; \(cannot): one is at \(address.hexadecimal)")
      }
    }
    for warning in finder.warnings { note(.library, warning) }
  }

  /// A module and its files, and a note where it is not the one that ran.
  mutating func describe(_ module: Module, in process: CoreProcess) -> Report.Module {
    var result = Report.Module()
    result.kind = Report.Module.Kind(module.kind)
    result.path = module.name
    result.buildID = module.elf.buildIDBytes.map { BuildID($0).description }
    if let debug = module.debugFile?.elf {
      result.debugFile = debug.path
      result.debugOrigin = module.separateDebugFile.map { Report.DebugOrigin($0.origin) } ?? .own
    } else if module.separateDebugFile?.origin == .embedded {
      result.debugOrigin = .embedded
    }
    let loads = module.elf.programHeaders.filter { $0.type == 1 }
    let first = module.processAddress(FileAddress(loads.map(\.address).min() ?? 0))
    let last = module.processAddress(FileAddress(loads.map { $0.address &+ $0.memorySize }.max() ?? 0))
    result.range = first..<max(first, last)
    guard module.kind != .vdso else { return result }
    let core = process.core
    let image =
      module.kind == .executable
      ? process.modules.executableImage : LoadedImage(at: first & ~0xfff, in: core.memory)
    guard let image else { return result }
    result.buildIDInCore = image.buildID?.description
    result.package = image.packageText.flatMap { PackageNote.package($0) }
    guard let difference = image.difference(from: module.elf) else { return result }
    if module.kind == .executable {
      let own = ExecutableFinder.path(
        auxiliaryVector: process.core.auxiliaryVector, memory: process.core.memory)
      let hint = own == nil || own == module.name ? "" : "; the core names \(own ?? "")"
      note(
        .executable,
        "\(module.name): not the executable of this core: \(difference)\(hint); names may be wrong")
    } else {
      note(
        .library, "\(module.name): of another build than the one that ran: \(difference); names may be wrong")
    }
    return result
  }

  private mutating func note(_ kind: Report.Note.Kind, _ text: String) {
    notes.append(Report.Note(kind: kind, isIncomplete: true, text: text))
  }
}

extension Report.DebugOrigin {
  init(_ origin: SeparateDebugFile.Origin) {
    switch origin {
    case .buildID: self = .buildID
    case .link: self = .link
    case .embedded: self = .embedded
    case .server: self = .server
    }
  }
}
