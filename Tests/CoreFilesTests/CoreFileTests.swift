import CoreFiles
import CoreSynth
import GDBOracle
import ProcessModel
import Testing

/// Reads a core that a test made.
private func read(_ builder: CoreBuilder, cutTo count: Int? = nil) throws -> CoreFile {
  let bytes = builder.bytes()
  let file = try ScratchFile(Array(bytes.prefix(count ?? bytes.count)))
  return try CoreFile(path: file.path)
}

@Suite struct CoreFileTests {
  @Test func threadsKeepTheOrderOfTheirNotes() throws {
    var core = CoreBuilder()
    core.thread(30, registers: [16: 0x1000, 19: 0x7000])
    core.thread(10)
    core.thread(20)
    let file = try read(core)
    #expect(file.threads.map(\.id) == [30, 10, 20])
    #expect(file.threads[0].registers[16] == 0x1000)
    #expect(file.threads[0].registers[7] == 0x7000)
    #expect(file.threads[1].isAtZero(.x86_64))
    #expect(file.gaps.isEmpty)
  }

  @Test func fileMappingsAreBoundedByTheirBytes() throws {
    var core = CoreBuilder()
    core.thread(1)
    core.files([(0x7000..<0x8000, 2, "/lib/libc.so.6")], claiming: 1_000_000_000)
    let file = try read(core)
    // A billion entries would begin where the path stands: what is read of them makes no sense and is dropped.
    #expect(file.fileMappings.count <= 1)
    #expect(file.gaps.contains { $0.what.contains("file mappings were cut off") })
  }

  @Test func aNoteThatClaimsMoreThanTheFileHolds() throws {
    var core = CoreBuilder()
    core.thread(1)
    core.note(1, [UInt8](repeating: 0, count: 20), claiming: 0x7fff_ffff)
    let file = try read(core)
    #expect(file.threads.map(\.id) == [1])
    #expect(!file.gaps.isEmpty)
  }

  @Test func memoryIsSplicedFromTheCoreFilesAndZeros() throws {
    let library = try ScratchFile(Array(repeating: 0xaa, count: 4096) + Array(repeating: 0xbb, count: 4096))
    var core = CoreBuilder()
    core.thread(1)
    core.files([(0x10000..<0x12000, 0, library.path)])
    // The first page is in the core, the second only announced: it comes from the file.
    core.segment(at: 0x10000, [UInt8](repeating: 0x11, count: 4096), memorySize: 8192)
    core.segment(at: 0x20000, [1, 2, 3], memorySize: 4096)
    let memory = try read(core).memory
    #expect(try memory.readUnsigned(at: 0x10ff8, size: 8) == 0x1111_1111_1111_1111)
    #expect(try memory.readUnsigned(at: 0x11000, size: 4) == 0xbbbb_bbbb)
    // A number may cross from one source to the next.
    #expect(try memory.readUnsigned(at: 0x10ffe, size: 4) == 0xbbbb_1111)
    #expect(try memory.read(at: 0x20001, count: 4) == [2, 3, 0, 0])
    #expect(throws: MemoryError(address: 0x30000)) { try memory.readByte(at: 0x30000) }
    #expect(throws: MemoryError(address: 0x21000)) { try memory.read(at: 0x20ff0, count: 32) }
  }

  @Test(arguments: [
    (type: UInt16(2), problem: CoreFileError.Problem.notCore(kind: "an executable")),
    (type: UInt16(3), problem: .notCore(kind: "an executable or shared library")),
    (type: UInt16(1), problem: .notCore(kind: "an object file")),
  ])
  func otherKindsOfFilesAreNamed(type: UInt16, problem: CoreFileError.Problem) throws {
    var core = CoreBuilder()
    core.type = type
    let file = try ScratchFile(core.bytes())
    do {
      _ = try CoreFile(path: file.path)
      Issue.record("read as a core")
    } catch {
      #expect(error.problem == problem)
    }
  }

  @Test func anEmptyFileATextAndAnUnknownMachine() throws {
    let empty = try ScratchFile([])
    #expect((try? CoreFile(path: empty.path)) == nil)
    let text = try ScratchFile(
      Array("no core at all, but long enough to hold a header of sixty-four bytes".utf8))
    #expect((try? CoreFile(path: text.path)) == nil)
    var core = CoreBuilder()
    core.machine = 0xfeed
    let strange = try ScratchFile(core.bytes())
    #expect((try? CoreFile(path: strange.path)) == nil)
  }

  /// Whatever is left of a core, reading it ends, and says what is missing.
  @Test func cutAtEveryByte() throws {
    var core = CoreBuilder()
    core.thread(1, registers: [19: 0x9000])
    core.files([(0x7000..<0x8000, 2, "/lib/x")])
    core.stack(at: 0x9000, [1, 2, 3, 4])
    let whole = core.bytes()
    for count in stride(from: 0, to: whole.count, by: 7) {
      let file = try ScratchFile(Array(whole.prefix(count)))
      guard let cut = try? CoreFile(path: file.path) else { continue }
      #expect(!cut.gaps.isEmpty, "cut to \(count) of \(whole.count) bytes")
      _ = try? cut.memory.readWord(at: 0x9018)
    }
  }
}
