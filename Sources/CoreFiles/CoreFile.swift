internal import Bytes
internal import Elfutils
package import ProcessModel

/// An ELF core file as an image of the process: threads in note order, memory, and what the notes say.
///
/// Written by the kernel (core(5)) or by gcore; the two differ in which notes come first and which a
/// thread other than the crashed one has. A file that was cut off gives what it still holds, and `gaps`
/// says what is missing.
package final class CoreFile {
  package let path: String
  package let architecture: Architecture
  package let memory: ProcessMemory
  /// In NT_PRSTATUS order; the kernel writes the thread that crashed first.
  package let threads: [ThreadSnapshot]
  package let info: ProcessInfo?
  package let signal: SignalInfo?
  package let auxiliaryVector: AuxiliaryVector
  package let fileMappings: [FileMapping]
  package let gaps: [Gap]
  /// Whether all notes are there and make sense: gdb takes nothing else for a core.
  package let hasWholeNotes: Bool
  /// When the core was last written, in seconds.
  package let modified: Int
  private let file: FileBytes

  package init(path: String) throws(CoreFileError) {
    let file: FileBytes
    do {
      file = try FileBytes(path: path)
    } catch {
      throw CoreFileError(path: path, problem: .unreadable(error.description))
    }
    guard file.size > 0 else { throw CoreFileError(path: path, problem: .empty) }
    guard let elf = try? ElfFile(file: file, isMapped: false) else {
      // The reason is always the same: libelf did not find the magic number or a whole header.
      throw CoreFileError(path: path, problem: .notELF)
    }
    guard elf.header.type == 4 else {
      throw CoreFileError(path: path, problem: .notCore(kind: Self.kind(elf.header.type)))
    }
    guard
      let architecture = Architecture.matching(
        machine: elf.header.machine, wordSize: elf.header.wordSize, byteOrder: elf.header.byteOrder)
    else {
      throw CoreFileError(path: path, problem: .unknownArchitecture(machine: elf.header.machine))
    }

    var contents = Contents()
    let headers = elf.programHeaders
    for header in headers where header.type == 4 {
      let (end, overflow) = header.offset.addingReportingOverflow(header.fileSize)
      contents.read(file, architecture, header.offset..<(overflow ? .max : end))
    }
    let segments = headers.filter { $0.type == 1 && $0.memorySize > 0 }.compactMap(Self.segment)

    self.path = path
    self.file = file
    self.architecture = architecture
    self.memory = ProcessMemory(
      core: file, segments: segments, mappings: contents.mappings, wordSize: architecture.wordSize,
      byteOrder: architecture.byteOrder)
    self.threads = contents.threads
    self.info = contents.info
    self.signal = contents.signal
    self.auxiliaryVector = contents.auxiliaryVector
    self.fileMappings = contents.mappings
    self.modified = file.modified
    self.hasWholeNotes =
      contents.isWhole && headers.count == Self.announcedHeaders(file, architecture, found: headers.count)
    self.gaps = contents.gaps + Self.truncation(headers, file)
  }

  /// The x87 and SSE registers of a thread (`struct user_fpregs_struct`), where the core has them.
  package func floatingPointRegisters(of thread: ThreadSnapshot) -> [UInt8]? {
    guard let range = thread.floatingPoint else { return nil }
    return file.read(at: range.lowerBound, count: Int(clamping: range.upperBound - range.lowerBound))
  }

  private static func segment(_ header: ElfFile.ProgramHeader) -> ProcessMemory.Segment? {
    let (end, overflow) = header.address.addingReportingOverflow(header.memorySize)
    guard !overflow else { return nil }
    return ProcessMemory.Segment(
      range: header.address..<end, fileOffset: header.offset,
      fileBytes: min(header.fileSize, header.memorySize),
      isWritable: header.flags & 2 != 0, isExecutable: header.flags & 1 != 0)
  }

  /// e_phnum, which the file may be too short for; PN_XNUM stands for a number elsewhere.
  private static func announcedHeaders(
    _ file: FileBytes, _ architecture: Architecture, found: Int
  ) -> Int {
    let bytes = file.read(at: architecture.wordSize == 8 ? 56 : 44, count: 2)
    guard bytes.count == 2 else { return 0 }
    let count = Int(bytes.unsigned(at: 0, size: 2, order: architecture.byteOrder))
    return count == 0xffff ? found : count
  }

  private static func truncation(_ headers: [ElfFile.ProgramHeader], _ file: FileBytes) -> [Gap] {
    var needed: UInt64 = 0
    for header in headers where header.fileSize > 0 {
      let (end, overflow) = header.offset.addingReportingOverflow(header.fileSize)
      needed = max(needed, overflow ? .max : end)
    }
    guard needed > file.size else { return [] }
    return [
      Gap(
        "\(file.path): truncated: \(file.size) of at least \(needed) bytes are there; memory beyond is missing"
      )
    ]
  }

  private static func kind(_ type: UInt16) -> String {
    switch type {
    case 1: "an object file"
    case 2: "an executable"
    case 3: "an executable or shared library"
    default: "an ELF file of type \(type)"
    }
  }
}

/// What the notes of a core add up to.
private struct Contents {
  var threads: [ThreadSnapshot] = []
  var info: ProcessInfo?
  var signal: SignalInfo?
  var auxiliaryVector = AuxiliaryVector()
  var mappings: [FileMapping] = []
  var gaps: [Gap] = []
  var isWhole = true

  /// NT_FILE of 65,530 mappings with long paths stays below this.
  private static let maximumNote: UInt64 = 64 << 20

  mutating func read(_ file: FileBytes, _ architecture: Architecture, _ range: Range<UInt64>) {
    var reader = NoteReader(file: file, order: architecture.byteOrder, segment: range)
    if range.upperBound > file.size { isWhole = false }
    defer { if !reader.isAtEnd { isWhole = false } }
    while let note = reader.next() {
      if note.descriptor.upperBound > range.upperBound { isWhole = false }
      let size = note.descriptor.upperBound - note.descriptor.lowerBound
      guard note.owner == Array("CORE".utf8) else { continue }
      if note.type == CoreNotes.fpregset {
        if !threads.isEmpty { threads[threads.count - 1].floatingPoint = note.descriptor }
        continue
      }
      guard size <= Self.maximumNote else {
        gaps.append(Gap("\(file.path): note of type \(note.type) of \(size) bytes left out"))
        continue
      }
      let isWanted = [
        CoreNotes.prstatus, CoreNotes.prpsinfo, CoreNotes.auxv, CoreNotes.siginfo, CoreNotes.file,
      ].contains(note.type)
      guard isWanted else { continue }
      take(note.type, reader.bytes(at: note.descriptor.lowerBound, count: Int(size)), file, architecture)
    }
  }

  private mutating func take(
    _ type: UInt32, _ bytes: [UInt8], _ file: FileBytes, _ architecture: Architecture
  ) {
    switch type {
    case CoreNotes.prstatus:
      if let thread = CoreNotes.thread(bytes, architecture) {
        threads.append(thread)
      } else {
        gaps.append(Gap("\(file.path): a thread's status note was cut off"))
      }
    case CoreNotes.prpsinfo: info = info ?? CoreNotes.info(bytes, architecture)
    case CoreNotes.auxv: auxiliaryVector = CoreNotes.auxiliaryVector(bytes, architecture)
    case CoreNotes.siginfo: signal = signal ?? CoreNotes.signal(bytes, architecture)
    case CoreNotes.file:
      let (maps, missing) = CoreNotes.fileMappings(bytes, architecture)
      mappings += maps
      if missing > 0 { gaps.append(Gap("\(file.path): \(missing) file mappings were cut off")) }
    default: break
    }
  }
}
