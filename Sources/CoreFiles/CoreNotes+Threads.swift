internal import Bytes
internal import ProcessModel

/// Decoders of the notes that follow a thread's NT_PRSTATUS; numbers from <elf.h> and the kernel's
/// include/uapi/linux/elf.h.
extension CoreNotes {
  /// `struct user_desc` entries of the GDT's TLS slots.
  static let i386TLS: UInt32 = 0x200
  static let armTLS: UInt32 = 0x401
  static let armSystemCall: UInt32 = 0x404
  static let s390SystemCall: UInt32 = 0x307
  /// Bytes of a wanted LINUX note that are read; NT_386_TLS has three entries of 16.
  static let longestThreadNote: UInt64 = 256

  /// What NT_PRSTATUS says besides registers; `place` is the file range that the note announces.
  static func details(_ bytes: [UInt8], at place: Range<UInt64>, _ architecture: Architecture) -> ThreadNotes
  {
    let layout = architecture.notes
    let order = architecture.byteOrder
    let field = { (offset: Int, size: Int) -> UInt64 in
      offset + size <= bytes.count ? bytes.unsigned(at: offset, size: size, order: order) : 0
    }
    let blockSize = architecture.registers.reduce(0) { max($0, $1.offset + $1.size) }
    var notes = ThreadNotes(
      statusSize: Int(clamping: place.upperBound - place.lowerBound),
      isStatusBlank: bytes.allSatisfy { $0 == 0 },
      pendingSignals: field(layout.pendingSignals, architecture.wordSize),
      parentID: Int32(truncatingIfNeeded: field(layout.parentID, 4)),
      isFloatingPointValid: field(layout.registers + blockSize, 4) != 0)
    notes.statusOffset = place.lowerBound
    return notes
  }

  /// The TLS pointer of NT_386_TLS: the base of the entry that `gs` selects, else of the first in use.
  ///
  /// `struct user_desc` (asm/ldt.h): entry_number, base_addr, limit, flags, four bytes each.
  static func i386ThreadPointer(_ bytes: [UInt8], selector: UInt64?) -> UInt64? {
    var first: UInt64?
    var at = 0
    while at + 16 <= bytes.count {
      let entry = bytes.unsigned(at: at, size: 4, order: .little)
      let base = bytes.unsigned(at: at + 4, size: 4, order: .little)
      if base != 0, let selector, entry == selector >> 3 { return base }
      if base != 0, first == nil { first = base }
      at += 16
    }
    return first
  }

  /// The first number of a note, or `nil` where the note is shorter.
  static func number(_ bytes: [UInt8], size: Int, _ architecture: Architecture) -> UInt64? {
    bytes.count >= size ? bytes.unsigned(at: 0, size: size, order: architecture.byteOrder) : nil
  }
}
