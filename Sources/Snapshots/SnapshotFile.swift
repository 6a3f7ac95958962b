internal import Bytes
package import CoreFiles
package import ProcFiles

/// What a snapshot's own notes say.
package struct SnapshotFile {
  package let tree: ProcTree
  package let process: ProcProcess?
  package let header: OwnNote
  /// Sentences for the reader: whether something is missing because of it, and the text.
  package let remarks: [(isIncomplete: Bool, text: String)]

  private static let mostRemarks = 256

  /// `nil` for a core without notes of ours. The version is for the reader to check.
  package init?(_ core: CoreFile) {
    guard let header = core.ownNotes.first(where: { $0.type == OwnNote.header }) else { return nil }
    self.header = header
    var files: [String: ProcTree.Content] = [:]
    var links: [String: String] = [:]
    var remarks: [(Bool, String)] = []
    for note in core.ownNotes {
      switch note.type {
      case OwnNote.file:
        if let (path, bytes) = note.named { files[path] = .success(bytes) }
      case OwnNote.link:
        if let (path, bytes) = note.named { links[path] = String(decoding: bytes, as: UTF8.self) }
      case OwnNote.remark where remarks.count < Self.mostRemarks:
        remarks.append((note.bytes.first == 0x21, String(decoding: note.bytes.dropFirst(), as: UTF8.self)))
      default: break
      }
    }
    self.remarks = remarks
    tree = ProcTree(name: core.path, files: files, links: links)
    process = ProcProcess(tree)
  }

  package var version: Int? { header.value(of: "version").flatMap { Int($0) } }
  package var mode: String? { header.value(of: "mode") }
  package var windowNanoseconds: UInt64? { header.value(of: "window_ns").flatMap { UInt64($0) } }
  package var longestHoldNanoseconds: UInt64? { header.value(of: "longest_hold_ns").flatMap { UInt64($0) } }
}
