import Bytes
import ProcessModel
import Symbols
import Testing

/// Build ID and package among the notes of an ELF file.
@Suite struct NoteTests {
  private static func note(_ owner: String, _ type: UInt32, _ content: [UInt8]) -> [UInt8] {
    func padded(_ bytes: [UInt8]) -> [UInt8] {
      bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }
    let name = Array(owner.utf8) + [0]
    let words = [UInt32(name.count), UInt32(content.count), type].flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) }
    }
    return words + padded(name) + padded(content)
  }

  @Test func `both are found in any order`() {
    let json = #"{"type":"deb","os":"debian","name":"x"}"#
    let id = note("GNU", 3, [1, 2, 3, 4, 5])
    let package = note("FDO", 0xcafe_1a7e, Array(json.utf8) + [0])
    for notes in [id + package, package + note("Go", 4, [9]) + id] {
      let found = ElfNotes(notes, order: .little)
      #expect(found.buildID?.description == "0102030405")
      #expect(found.packageText == json)
    }
  }

  @Test func `damage ends the search and nothing else`() {
    let notes = note("GNU", 1, [0, 0, 0, 0]) + note("GNU", 3, [7, 7, 7, 7])
    for count in 0..<notes.count {
      #expect(ElfNotes(Array(notes.prefix(count)), order: .little).buildID == nil)
    }
    var long = notes
    long.replaceSubrange(4..<8, with: [0xff, 0xff, 0xff, 0x7f])
    #expect(ElfNotes(long, order: .little).buildID == nil)
  }

  private func note(_ owner: String, _ type: UInt32, _ content: [UInt8]) -> [UInt8] {
    Self.note(owner, type, content)
  }

  @Test func `the kernel's mark of a file without a name is taken off`() {
    #expect(MappedFiles.plain("/usr/bin/a (deleted)") == ("/usr/bin/a", true))
    #expect(MappedFiles.plain("/usr/bin/a") == ("/usr/bin/a", false))
  }
}
