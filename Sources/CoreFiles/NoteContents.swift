internal import Bytes
internal import ProcessModel

/// What the notes of a core add up to.
struct NoteContents {
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
  var ownNotes: [OwnNote] = []
  private var ownBytes: UInt64 = 0

  /// NT_FILE of 65,530 mappings with long paths stays below this.
  private static let maximumNote: UInt64 = 64 << 20
  /// All notes of our own together.
  private static let maximumOwnNotes: UInt64 = 256 << 20

  mutating func read(_ file: any ByteSource, _ architecture: Architecture, _ range: Range<UInt64>) {
    var reader = NoteReader(file: file, order: architecture.byteOrder, segment: range)
    if range.upperBound > file.size { isWhole = false }
    defer { if !reader.isAtEnd { isWhole = false } }
    while let note = reader.next() {
      if note.descriptor.upperBound > range.upperBound { isWhole = false }
      let size = note.descriptor.upperBound - note.descriptor.lowerBound
      if note.owner == .linux {
        takeLinux(note.type, note.descriptor, &reader, architecture)
        continue
      }
      if note.owner == .coreview {
        takeOwn(note, size, &reader, architecture)
        continue
      }
      guard note.owner == .core else { continue }
      if note.type == CoreNotes.fpregset {
        if let current { threads[current].floatingPoint = note.descriptor }
        continue
      }
      guard size <= Self.maximumNote else {
        gaps.append(
          Gap(
            "\(file.path): note of type \(note.type) at offset \(note.descriptor.lowerBound.hexadecimal), of \(size) bytes, left out"
          ))
        continue
      }
      switch note.type {
      case CoreNotes.prstatus, CoreNotes.prpsinfo, CoreNotes.auxv, CoreNotes.siginfo, CoreNotes.file: break
      default: continue
      }
      // A kernel begins with the thread that dumps, gdb with the process.
      if note.type == CoreNotes.prpsinfo, threads.isEmpty { writer = .debugger }
      take(
        note.type, reader.bytes(at: note.descriptor.lowerBound, count: Int(size)), note.descriptor, file,
        architecture)
      if note.type == CoreNotes.siginfo, let current, threadNotes[current].signalPlace == nil {
        threadNotes[current].signalPlace = note.descriptor
      }
    }
  }

  private mutating func take(
    _ type: UInt32, _ bytes: [UInt8], _ place: Range<UInt64>, _ file: any ByteSource,
    _ architecture: Architecture
  ) {
    switch type {
    case CoreNotes.prstatus:
      if let thread = CoreNotes.thread(bytes, architecture) {
        current = threads.count
        threads.append(thread)
        threadNotes.append(CoreNotes.details(bytes, at: place, architecture))
      } else {
        current = nil
        gaps.append(
          Gap(
            "\(file.path): a thread's status note (NT_PRSTATUS at offset \(place.lowerBound.hexadecimal)) was cut off"
          ))
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
      if missing > 0 {
        gaps.append(
          Gap(
            "\(file.path): NT_FILE at offset \(place.lowerBound.hexadecimal): \(missing) file mappings were cut off"
          ))
      }
    default: break
    }
  }

  private mutating func takeOwn(
    _ note: NoteReader.Note, _ size: UInt64, _ reader: inout NoteReader, _ architecture: Architecture
  ) {
    guard size <= Self.maximumNote, ownBytes &+ size <= Self.maximumOwnNotes else { return }
    ownBytes &+= size
    let own = OwnNote(type: note.type, bytes: reader.bytes(at: note.descriptor.lowerBound, count: Int(size)))
    ownNotes.append(own)
    guard note.type == OwnNote.thread, let current, let source = own.registerSource else { return }
    threadNotes[current].registerSource = source
    switch source {
    case .stopped, .worker: break
    case .absent:
      threads[current].hasRegisters = false
      threads[current].registers = RegisterFile()
    case .blocked:
      var known = RegisterFile()
      for register in architecture.registers where architecture.shownWhileBlocked.contains(register.name) {
        if let number = register.dwarf { known[number] = threads[current].registers[number] }
      }
      threads[current].registers = known
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
      threads[current].extendedState = place
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
