package import Bytes
internal import Compression
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
  /// Where the notes that tell of threads should be; `nil` for a core that has one.
  package let missingNotes: String?
  /// When the core was last written, in seconds.
  package let modified: Int
  /// Notes of owner COREVIEW, in file order: what a snapshot holds besides a core.
  package let ownNotes: [OwnNote]
  private let file: any ByteSource
  /// The headers of a core that came through a decoder or a pipe.
  private let head: CoreHead?

  /// Opens a core by its path; `-` and `/dev/stdin` are standard input. Compressed ones are told by their contents.
  package convenience init(path: String) throws(CoreFileError) {
    switch try CoreSource.open(path) {
    case .file(let file): try self.init(file)
    case .expanded(let file): try self.init(file)
    }
  }

  /// A core that comes through standard input, of which all that comes is also written to `copy`, compressed.
  package convenience init(standardInputCopiedTo copy: ExclusiveFile?) throws(CoreFileError) {
    let stream: StreamCopy?
    do {
      stream = try copy.map { file throws(DecodingError) in try StreamCopy(to: file) }
    } catch {
      throw CoreFileError(
        path: "standard input", problem: .undecodable(format: "zstd", why: error.description))
    }
    switch try CoreSource.standardInput(copiedTo: stream) {
    case .file(let file): try self.init(file)
    case .expanded(let file): try self.init(file, copy: stream)
    }
  }

  /// What was kept of a core that came through a decoder or a pipe; `nil` for one that lies there as it is.
  package func snapshot() -> CoreSnapshot? {
    guard let head, let file = file as? ExpandedFile else { return nil }
    return CoreSnapshot(file: file, head: head, architecture: architecture, mappings: fileMappings)
  }

  /// A core that lies there as it is, or in memory.
  package convenience init(_ file: FileBytes) throws(CoreFileError) {
    let path = file.path
    guard file.size > 0 else { throw CoreFileError(path: path, problem: .empty) }
    guard let elf = Self.head(of: file) else {
      // The reason is always the same: libelf did not find the magic number or a whole header.
      throw CoreFileError(path: path, problem: .notELF)
    }
    let architecture = try Self.architecture(elf.header, path)
    let headers = elf.programHeaders
    var contents = NoteContents()
    for range in Self.notes(headers) { contents.read(file, architecture, range) }
    self.init(
      file: file, path: path, header: elf.header, headers: headers, contents: contents,
      architecture: architecture, gaps: [])
  }

  /// A core that comes through a decoder or a pipe. Its notes tell which pages to keep; where they come first,
  /// as a kernel writes them, before the pages come.
  private convenience init(_ file: ExpandedFile, copy: StreamCopy? = nil) throws(CoreFileError) {
    let path = file.path
    guard let head = CoreHead(file) else {
      if let problem = CoreSource.problem(of: file) { throw problem }
      throw CoreFileError(path: path, problem: file.size == 0 ? .empty : .notELF)
    }
    let architecture = try Self.architecture(head.header, path)
    let headers = head.programHeaders
    let notes = Self.notes(headers)
    let segments = headers.filter { $0.type == 1 && $0.memorySize > 0 }.compactMap(Self.segment)
    let plan = { (contents: NoteContents) in
      CorePages(
        segments: segments, notes: notes, head: head.end, contents: contents, architecture: architecture)
    }
    var contents = NoteContents()
    let firstBytes = segments.filter { $0.fileBytes > 0 }.map(\.fileOffset).min() ?? .max
    var areRead = false
    let noteBytes = notes.map { $0.upperBound - $0.lowerBound }.max() ?? 0
    let hasManyThreads = noteBytes >= CoreSource.manyThreads
    if file.format != nil, hasManyThreads {
      let hasMost = noteBytes >= CoreSource.mostThreads
      file.divide(
        pages: hasMost ? CoreSource.mostThreadsPageBytes : CoreSource.manyThreadsPageBytes,
        places: CoreSource.manyThreadsImageBytes)
    }
    let areFirst = notes.allSatisfy { $0.upperBound <= firstBytes }
    if areFirst, let end = notes.map(\.upperBound).max() {
      file.pass(to: end)
      areRead = notes.allSatisfy(file.holds)
      for range in notes { contents.read(file, architecture, range) }
    }
    let pages = plan(contents)
    file.plan = pages
    if file.format != nil, !hasManyThreads, pages.heapBytes > CoreSource.largeHeap {
      file.divide(pages: CoreSource.largeHeapPageBytes, places: CoreSource.largeHeapImageBytes)
    }
    var learnt: UInt64 = 0
    for heap in pages.heaps where heap > learnt {
      file.pass(to: heap)
      pages.learn(from: file, in: learnt..<heap)
      learnt = heap
    }
    file.pass(to: CoreSource.end(of: headers))
    var gaps: [Gap] = []
    if file.ending == nil {
      file.stop("more follows than its program headers announce")
    }
    // What was cut off shows only now, and what there was no room for can be had again only now.
    if !areRead || notes.contains(where: { $0.upperBound > file.size }) {
      contents = NoteContents()
      for range in notes { contents.read(file, architecture, range) }
    }
    if !areFirst { file.plan = plan(contents) }
    if let gap = CoreSource.gap(of: file) { gaps.append(gap) }
    if let gap = copy?.finish() { gaps.append(gap) }
    self.init(
      file: file, path: path, header: head.header, headers: headers, contents: contents,
      architecture: architecture, gaps: gaps, head: head)
  }

  private init(
    file: any ByteSource, path: String, header: ElfFile.Header, headers: [ElfFile.ProgramHeader],
    contents: NoteContents, architecture: Architecture, gaps: [Gap], head: CoreHead? = nil
  ) {
    self.head = head
    let segments = headers.filter { $0.type == 1 && $0.memorySize > 0 }.compactMap(Self.segment)
    self.path = path
    self.file = file
    self.architecture = architecture
    self.memory = ProcessMemory(
      core: file, segments: segments, mappings: contents.mappings, wordSize: architecture.wordSize,
      byteOrder: architecture.byteOrder)
    self.threads = contents.threads
    self.threadNotes = contents.threadNotes
    self.writer = contents.ownNotes.isEmpty ? contents.writer : .snapshot
    self.ownNotes = contents.ownNotes
    self.info = contents.info
    self.signal = contents.signal
    self.auxiliaryVector = contents.auxiliaryVector
    self.fileMappings = contents.mappings
    self.modified = file.modified
    self.hasWholeNotes = contents.isWhole && !Self.lacksHeaders(headers, header)
    self.missingNotes = contents.threads.isEmpty ? Self.missingNotes(headers, header, file) : nil
    self.gaps = gaps + contents.gaps + Self.truncation(headers, header, file)
  }

  /// The ELF header and program headers; of bytes in memory libelf gets no more than these.
  private static func head(of file: FileBytes) -> ElfFile? {
    if file.descriptor >= 0 { return try? ElfFile(file: file, isMapped: false) }
    // e_phnum of elf(5); our own images have the entries behind the header.
    let start = file.read(at: 0, count: 64)
    guard start.count >= 52 else { return nil }
    let count = start.unsigned(at: start[4] == 2 ? min(56, start.count - 2) : 44, size: 2, order: .little)
    return try? ElfFile(image: file.read(at: 0, count: 64 + 56 * Int(count)), name: file.path)
  }

  /// The XSAVE image of a thread (Intel SDM 1, 13.4), where the core has one; no more than its known parts.
  package func extendedState(of thread: ThreadSnapshot) -> [UInt8]? {
    guard let range = thread.extendedState else { return nil }
    return file.read(at: range.lowerBound, count: Int(min(range.upperBound - range.lowerBound, 16384)))
  }

  /// The x87 and SSE registers of a thread (`struct user_fpregs_struct`), where the core has them.
  package func floatingPointRegisters(of thread: ThreadSnapshot) -> [UInt8]? {
    guard let range = thread.floatingPoint else { return nil }
    return file.read(at: range.lowerBound, count: Int(clamping: range.upperBound - range.lowerBound))
  }

  /// The `siginfo_t` that a thread's note holds: of a kernel's core, that of the thread that died.
  package func signalBytes(of thread: ThreadSnapshot) -> [UInt8]? {
    guard let index = threads.firstIndex(where: { $0.id == thread.id }), threadNotes.indices.contains(index),
      let range = threadNotes[index].signalPlace
    else { return nil }
    return file.read(at: range.lowerBound, count: Int(min(range.upperBound - range.lowerBound, 4096)))
  }

  /// The first bytes of a file, expanded where it is compressed; fewer where there are not as many.
  package static func head(of file: FileBytes, count: Int) -> [UInt8] {
    switch try? CoreSource.open(file) {
    case .file(let file): return file.read(at: 0, count: count)
    case .expanded(let file):
      file.pass(to: UInt64(count))
      return file.read(at: 0, count: count)
    case nil: return []
    }
  }

  /// What was asked of a stream after it had passed and could not be had again; see `ExpandedFile`.
  package var lateGaps: [Gap] {
    guard let file = file as? ExpandedFile, file.lost > 0 else { return [] }
    return [
      Gap(
        "\(path): \(file.lost) \(file.lost == 1 ? "page" : "pages") of memory had passed before they were asked for; name"
          + " a file in the place of a pipe to have them")
    ]
  }

  private static func architecture(_ header: ElfFile.Header, _ path: String) throws(CoreFileError)
    -> Architecture
  {
    guard header.type == 4 else {
      throw CoreFileError(path: path, problem: .notCore(kind: kind(header.type)))
    }
    guard
      let architecture = Architecture.matching(
        machine: header.machine, wordSize: header.wordSize, byteOrder: header.byteOrder)
    else {
      throw CoreFileError(path: path, problem: .unknownArchitecture(machine: header.machine))
    }
    return architecture
  }

  /// The file ranges of the PT_NOTE segments.
  private static func notes(_ headers: [ElfFile.ProgramHeader]) -> [Range<UInt64>] {
    headers.filter { $0.type == 4 }.map { header in
      let (end, overflow) = header.offset.addingReportingOverflow(header.fileSize)
      return header.offset..<(overflow ? .max : end)
    }
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

  private static func missingNotes(
    _ headers: [ElfFile.ProgramHeader], _ header: ElfFile.Header, _ file: any ByteSource
  ) -> String {
    let table = "its program headers at offset \(header.programHeaderOffset.hexadecimal)"
    if headers.isEmpty { return "cut off before \(table)" }
    guard let range = notes(headers).first else {
      return "no PT_NOTE among the \(headers.count) entries of \(table)"
    }
    let place = "PT_NOTE at offset \(range.lowerBound.hexadecimal)"
    return range.upperBound > file.size
      ? "cut off before its notes: \(place), end of the file at \(file.size.hexadecimal)"
      : "no NT_PRSTATUS in its notes: \(place)"
  }

  private static func truncation(
    _ headers: [ElfFile.ProgramHeader], _ header: ElfFile.Header, _ file: any ByteSource
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
