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
  /// What the notes say of each thread besides its registers; same order and count as `threads`.
  package let threadNotes: [ThreadNotes]
  package let writer: CoreWriter
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
    self.threadNotes = contents.threadNotes
    self.writer = contents.writer
    self.info = contents.info
    self.signal = contents.signal
    self.auxiliaryVector = contents.auxiliaryVector
    self.fileMappings = contents.mappings
    self.modified = file.modified
    self.hasWholeNotes = contents.isWhole && !Self.lacksHeaders(headers, elf.header)
    self.gaps = contents.gaps + Self.truncation(headers, elf.header, file)
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
      isWritable: header.flags & 2 != 0, isExecutable: header.flags & 1 != 0,
      isReadable: header.flags & 4 != 0)
  }

  /// Whether the file is too short for its own program headers; PN_XNUM stands for a number elsewhere.
  private static func lacksHeaders(_ headers: [ElfFile.ProgramHeader], _ header: ElfFile.Header) -> Bool {
    headers.count < header.programHeaderCount && header.programHeaderCount < 0xffff
  }

  private static func truncation(
    _ headers: [ElfFile.ProgramHeader], _ header: ElfFile.Header, _ file: FileBytes
  ) -> [Gap] {
    if lacksHeaders(headers, header) {
      return [
        Gap(
          "\(file.path): truncated: \(file.size) bytes hold \(headers.count) of \(header.programHeaderCount) program headers"
        )
      ]
    }
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
  var threadNotes: [ThreadNotes] = []
  var writer = CoreWriter.kernel
  /// The thread that notes now belong to; `nil` before the first and after one that could not be read.
  private var current: Int?
  var info: ProcessInfo?
  var signal: SignalInfo?
  var auxiliaryVector = AuxiliaryVector()
  var mappings: [FileMapping] = []
  var gaps: [Gap] = []
  var isWhole = true

  /// NT_FILE of 65,530 mappings with long paths stays below this.
  private static let maximumNote: UInt64 = 64 << 20
  private static let core = Array("CORE".utf8)
  private static let linux = Array("LINUX".utf8)

  mutating func read(_ file: FileBytes, _ architecture: Architecture, _ range: Range<UInt64>) {
    var reader = NoteReader(file: file, order: architecture.byteOrder, segment: range)
    if range.upperBound > file.size { isWhole = false }
    defer { if !reader.isAtEnd { isWhole = false } }
    while let note = reader.next() {
      if note.descriptor.upperBound > range.upperBound { isWhole = false }
      let size = note.descriptor.upperBound - note.descriptor.lowerBound
      if note.owner == Self.linux {
        takeLinux(note.type, note.descriptor, &reader, architecture)
        continue
      }
      guard note.owner == Self.core else { continue }
      if note.type == CoreNotes.fpregset {
        if let current { threads[current].floatingPoint = note.descriptor }
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
      // A kernel begins with the thread that dumps, gdb with the process.
      if note.type == CoreNotes.prpsinfo, threads.isEmpty { writer = .debugger }
      take(
        note.type, reader.bytes(at: note.descriptor.lowerBound, count: Int(size)), size, file, architecture)
    }
  }

  private mutating func take(
    _ type: UInt32, _ bytes: [UInt8], _ size: UInt64, _ file: FileBytes, _ architecture: Architecture
  ) {
    switch type {
    case CoreNotes.prstatus:
      if let thread = CoreNotes.thread(bytes, architecture) {
        current = threads.count
        threads.append(thread)
        threadNotes.append(CoreNotes.details(bytes, size: size, architecture))
      } else {
        current = nil
        gaps.append(Gap("\(file.path): a thread's status note was cut off"))
      }
    case CoreNotes.prpsinfo: info = info ?? CoreNotes.info(bytes, architecture)
    case CoreNotes.auxv: auxiliaryVector = CoreNotes.auxiliaryVector(bytes, architecture)
    case CoreNotes.siginfo:
      let decoded = CoreNotes.signal(bytes, architecture)
      signal = signal ?? decoded
      if let current { threadNotes[current].signal = threadNotes[current].signal ?? decoded }
    case CoreNotes.file:
      let (maps, missing) = CoreNotes.fileMappings(bytes, architecture)
      mappings += maps
      if missing > 0 { gaps.append(Gap("\(file.path): \(missing) file mappings were cut off")) }
    default: break
    }
  }

  /// The per-thread notes of owner LINUX: of each, the few bytes that are wanted.
  private mutating func takeLinux(
    _ type: UInt32, _ place: Range<UInt64>, _ reader: inout NoteReader, _ architecture: Architecture
  ) {
    guard let current else { return }
    let size = place.upperBound - place.lowerBound
    let head = min(size, CoreNotes.longestThreadNote)
    switch type {
    case CoreNotes.x86XState:
      // The header of the XSAVE image follows its 512 bytes of legacy state (Intel SDM 1, 13.4.2).
      guard size >= 520 else { return }
      let bytes = reader.bytes(at: place.lowerBound + 512, count: 8)
      threadNotes[current].stateComponents = CoreNotes.number(bytes, size: 8, architecture)
    case CoreNotes.i386TLS:
      let selector = threads[current].register(named: "gs", of: architecture)
      let bytes = reader.bytes(at: place.lowerBound, count: Int(head))
      threadNotes[current].threadPointer = CoreNotes.i386ThreadPointer(bytes, selector: selector)
    case CoreNotes.armTLS:
      let bytes = reader.bytes(at: place.lowerBound, count: Int(head))
      threadNotes[current].threadPointer = CoreNotes.number(bytes, size: architecture.wordSize, architecture)
    case CoreNotes.armSystemCall, CoreNotes.s390SystemCall:
      let bytes = reader.bytes(at: place.lowerBound, count: Int(head))
      threadNotes[current].systemCall = CoreNotes.number(bytes, size: 4, architecture)
        .map { Int32(truncatingIfNeeded: $0) }
    default: break
    }
  }
}
