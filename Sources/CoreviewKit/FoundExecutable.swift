internal import CoreFiles
internal import Elfutils
internal import ProcessModel
internal import Reporting
internal import Symbols

/// The executable of a core: opened, or the reason why not as a note.
struct FoundExecutable {
  let core: CoreFile
  let finder: FileFinder
  private(set) var elf: ElfFile?
  private(set) var notes: [Report.Note] = []
  /// What ran, as the core shows it.
  private let image: LoadedImage?
  /// The name in the core.
  private let own: (path: String, isDeleted: Bool)?

  init(core: CoreFile, finder: FileFinder) {
    self.core = core
    self.finder = finder
    image = ExecutableFinder.image(auxiliaryVector: core.auxiliaryVector, memory: core.memory)
    own = ExecutableFinder.path(auxiliaryVector: core.auxiliaryVector, memory: core.memory).map {
      MappedFiles.plain($0)
    }
  }

  /// Opens the named file; where there is none or it cannot be used, the one that the core names.
  mutating func open(named path: String?) {
    if let path {
      switch read(path) {
      case .success(let found):
        elf = found
        return
      case .failure(let problem): note(problem.sentence)
      }
    }
    guard let own else {
      if path == nil { note("the core does not tell its executable; name it: coreview EXE CORE") }
      return
    }
    switch finder.module(
      named: own.path, image: image, isDeleted: own.isDeleted, architecture: core.architecture)
    {
    case .found(let found):
      elf = found
      if path != nil {
        note("\(found.path): read in its place, since the core names it", isIncomplete: false)
      }
    case .missing(let why):
      if path == nil { note(why + "; name the executable of the core: coreview EXE CORE") }
    }
  }

  private struct Problem: Error {
    var sentence: String
  }

  private mutating func note(_ text: String, isIncomplete: Bool = true) {
    notes.append(Report.Note(kind: .executable, isIncomplete: isIncomplete, text: text))
  }

  private func read(_ path: String) -> Result<ElfFile, Problem> {
    let elf: ElfFile
    do {
      elf = try ElfFile(path: path)
    } catch {
      return .failure(Problem(sentence: "\(error)"))
    }
    guard elf.header.type == 2 || elf.header.type == 3 else {
      return .failure(
        Problem(sentence: "\(path): is not an executable: e_type at offset 0x10 is \(elf.header.type)"))
    }
    let header = elf.header
    let architecture = core.architecture
    guard header.machine == architecture.machine, header.wordSize == architecture.wordSize,
      header.byteOrder == architecture.byteOrder
    else {
      return .failure(
        Problem(
          sentence:
            "\(path): is for another processor than the core, which is \(architecture.name): e_machine at offset 0x12 is"
            + " \(header.machine), of \(header.wordSize * 8) bits"))
    }
    if let damage = elf.headerDamage { return .failure(Problem(sentence: "\(path): \(damage); not used")) }
    if finder.search.checksIdentity, let difference = image?.difference(from: elf) {
      let hint = own.map { $0.path == path ? "" : "; the core names \($0.path)" } ?? ""
      return .failure(
        Problem(
          sentence: "\(path): not the executable of this core: \(difference)\(hint); not used"
            + " (--allow-mismatch uses it)"))
    }
    return .success(elf)
  }
}
