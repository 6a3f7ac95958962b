internal import Bytes
internal import CoreFiles
internal import ProcessModel

/// The kernel that ran the process: the note of owner `Linux` that its vDSO carries (arch/*/vdso/note.S:
/// LINUX_VERSION_CODE, major, minor and patch in a byte each from bit 16 down).
package struct KernelVersion: Sendable, Equatable, Comparable, CustomStringConvertible {
  package var code: UInt32

  package init(major: UInt32, minor: UInt32, patch: UInt32 = 0) {
    code = major << 16 | minor << 8 | min(patch, 255)
  }

  /// `nil` where the core does not hold the vDSO.
  init?(core: CoreFile) {
    guard let start = core.auxiliaryVector.vdso else { return nil }
    // Notes stand in the first page, behind headers and symbols.
    let bytes = core.memory.readAvailable(at: start, count: 8192)
    let order = core.architecture.byteOrder
    let name = Array("Linux\0\0\0".utf8)
    var at = 12
    while at + 12 <= bytes.count {
      if bytes[at] == name[0], Array(bytes[at..<at + 8]) == name,
        bytes.unsigned(at: at - 12, size: 4, order: order) == 6,
        bytes.unsigned(at: at - 8, size: 4, order: order) == 4,
        bytes.unsigned(at: at - 4, size: 4, order: order) == 0
      {
        code = UInt32(bytes.unsigned(at: at + 8, size: 4, order: order))
        return
      }
      at += 4
    }
    return nil
  }

  package static func < (left: KernelVersion, right: KernelVersion) -> Bool { left.code < right.code }

  package var description: String { "Linux \(code >> 16).\(code >> 8 & 255).\(code & 255)" }

  /// Whether a dump can hold the pages of mapped rings: until 6.10, and 6.1.y's copy of that change, they were
  /// mapped VM_IO and VM_DONTDUMP (io_uring_mmap: remap_pfn_range).
  var dumpsRings: Bool { self >= KernelVersion(major: 6, minor: 1) }
}
