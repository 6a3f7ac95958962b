internal import Bytes
internal import Compression
internal import Elfutils
internal import ProcessModel

/// Where the bytes of a core come from, by what the file is and begins with.
enum CoreSource {
  case file(FileBytes)
  case expanded(ExpandedFile)

  /// What is kept of a core, and put aside to go back in it: with the decoder's window, the program and what is
  /// read of libraries it stays below 96 MiB.
  private static let pageBytes = 26 << 20
  private static let imageBytes = 14 << 20
  /// The same for a core with a large heap, of which next to nothing can be kept: more places to go back to.
  static let largeHeap: UInt64 = 96 << 20
  static let largeHeapPageBytes = 16 << 20
  static let largeHeapImageBytes = 40 << 20
  /// The same for a core of a thousand threads, whose notes take this much at least: of each a little is wanted.
  static let manyThreads: UInt64 = 3 << 20
  static let manyThreadsPageBytes = 44 << 20
  /// With so many notes what is read of them takes its part of the memory.
  static let mostThreads: UInt64 = 24 << 20
  static let mostThreadsPageBytes = 16 << 20
  /// What is kept of them where their stacks lie in no order: as much as those of 30,000 threads take.
  private static let scatteredPageBytes = 160 << 20
  static let manyThreadsImageBytes = 8 << 20
  /// Of a pipe more pages, since there is no going back, or the compressed bytes if they are few.
  private static let pipePageBytes = 44 << 20
  private static let pipeInputBytes = 16 << 20
  /// What may follow the last segment: section headers of gdb's cores.
  private static let slack: UInt64 = 64 << 20

  static func open(_ path: String) throws(CoreFileError) -> CoreSource {
    let input: InputBytes
    if let descriptor = StandardInput.descriptor(path) {
      switch StandardInput.open(descriptor) {
      case .file(let file): return try open(file)
      case .pipe(let number):
        input = InputBytes(pipe: number, path: StandardInput.name(path), keepLimit: pipeInputBytes)
      case .closed: throw CoreFileError(path: path, problem: .unreadable("\(path): cannot be read"))
      }
    } else {
      do {
        return try open(try FileBytes(path: path))
      } catch let error as FileError {
        throw CoreFileError(path: path, problem: .unreadable(error.description))
      } catch let error as CoreFileError {
        throw error
      } catch {
        throw CoreFileError(path: path, problem: .unreadable("\(error)"))
      }
    }
    let format = CompressionFormat(magic: input.head(CompressionFormat.magicLength))
    return try expanded(input, format)
  }

  /// Standard input as the kernel hands it to its handler, of which a compressed copy may be written. A file is read
  /// front to back too: what a small core is made of is what was kept on the way.
  static func standardInput(copiedTo copy: StreamCopy?) throws(CoreFileError) -> CoreSource {
    switch StandardInput.open(0) {
    case .file, .pipe:
      let input = InputBytes(pipe: 0, path: StandardInput.name("-"), keepLimit: pipeInputBytes)
      copy?.follow(input)
      let format = CompressionFormat(magic: input.head(CompressionFormat.magicLength))
      return try expanded(input, format)
    case .closed:
      throw CoreFileError(path: "standard input", problem: .unreadable("standard input: is closed"))
    }
  }

  static func open(_ file: FileBytes) throws(CoreFileError) -> CoreSource {
    let head = file.read(at: 0, count: CompressionFormat.magicLength)
    guard let format = CompressionFormat(magic: head) else { return .file(file) }
    return try expanded(InputBytes(file: file), format)
  }

  private static func expanded(_ input: InputBytes, _ format: CompressionFormat?) throws(CoreFileError)
    -> CoreSource
  {
    if format == nil { input.forget() }
    do {
      let stream = try ExpandingStream(input, format: format, imageLimit: imageBytes)
      let file = try ExpandedFile(
        stream, capacity: max(pipePageBytes, manyThreadsPageBytes),
        most: format == nil ? 0 : scatteredPageBytes)
      file.divide(pages: format == nil ? pipePageBytes : pageBytes, places: imageBytes)
      return .expanded(file)
    } catch {
      throw CoreFileError(
        path: input.path, problem: .undecodable(format: format?.rawValue ?? "", why: error.description))
    }
  }

  /// The end of what the program headers announce, and some.
  static func end(of headers: [ElfFile.ProgramHeader]) -> UInt64 {
    var end: UInt64 = 0
    for header in headers where header.fileSize > 0 {
      let (stop, overflow) = header.offset.addingReportingOverflow(header.fileSize)
      end = max(end, overflow ? .max : stop)
    }
    return end > .max - slack ? .max : end + slack
  }

  /// Why there is nothing to be read at all; `nil` where the bytes are there and are no core.
  static func problem(of file: ExpandedFile) -> CoreFileError? {
    guard file.size < 64, let format = file.format?.rawValue else { return nil }
    switch file.ending {
    case .damaged(let why), .limit(let why):
      return CoreFileError(path: file.path, problem: .undecodable(format: format, why: why))
    case .cut:
      return CoreFileError(path: file.path, problem: .undecodable(format: format, why: "they end at once"))
    case .complete, nil: return nil
    }
  }

  /// What is said of a stream that ended otherwise than it should.
  static func gap(of file: ExpandedFile) -> Gap? {
    let name = file.format?.rawValue ?? "data"
    switch file.ending {
    case .damaged(let why):
      return Gap("\(file.path): the \(name) data are damaged after \(file.size) bytes: \(why)")
    case .cut: return Gap("\(file.path): the \(name) data end early, after \(file.size) bytes")
    case .limit(let why): return Gap("\(file.path): read up to \(file.size) bytes: \(why)")
    case .complete, nil: return nil
    }
  }
}
