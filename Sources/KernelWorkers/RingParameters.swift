internal import Bytes
internal import ProcessModel

/// `struct io_uring_params` (include/uapi/linux/io_uring.h) as io_uring_setup(2) filled it in.
///
/// It often lies in a stack slot that is long reused, so it counts only while all of it agrees with itself.
package struct RingParameters: Sendable, Equatable {
  package var address: UInt64
  package var submissionEntries: UInt32
  package var completionEntries: UInt32
  package var flags: UInt32
  /// The processor that the SQPOLL thread is bound to, with IORING_SETUP_SQ_AFF.
  package var pollCPU: UInt32
  /// Milliseconds without work after which the SQPOLL thread sleeps.
  package var pollIdle: UInt32
  package var features: UInt32
  /// Where the application put the rings itself (IORING_SETUP_NO_MMAP): `cq_off.user_addr`, `sq_off.user_addr`.
  package var ownRings: UInt64
  package var ownEntries: UInt64

  package var pollsSubmissions: Bool { flags & 0x2 != 0 }
  package var isBound: Bool { flags & 0x4 != 0 }
  package var hasLargeEntries: Bool { flags & 0x400 != 0 }
  package var hasLargeCompletions: Bool { flags & 0x800 != 0 }
  package var usesOwnMemory: Bool { flags & 0x4000 != 0 }
  package var hasIndexArray: Bool { flags & 0x1_0000 == 0 }

  /// Bytes of the structure: ten words, then `sq_off` and `cq_off` of 40 each.
  static let size = 120

  /// Reads and checks it; `nil` where the bytes are gone or something else by now.
  static func read(at address: UInt64, memory: ProcessMemory) -> RingParameters? {
    guard address != 0, memory.isInCore(address, count: size),
      let bytes = try? memory.read(at: address, count: size)
    else { return nil }
    let word = { (offset: Int) in
      UInt32(truncatingIfNeeded: bytes.unsigned(at: offset, size: 4, order: memory.byteOrder))
    }
    let parameters = RingParameters(
      address: address, submissionEntries: word(0), completionEntries: word(4), flags: word(8),
      pollCPU: word(12), pollIdle: word(16), features: word(20),
      ownRings: bytes.unsigned(at: 112, size: 8, order: memory.byteOrder),
      ownEntries: bytes.unsigned(at: 72, size: 8, order: memory.byteOrder))
    guard RingLayout.areEntriesPlausible(parameters.submissionEntries, parameters.completionEntries) else {
      return nil
    }
    // sq_off begins at 40, cq_off at 80; which offsets are possible is known.
    let agrees = RingLayout.known.contains { layout in
      word(40) == layout.submissionHead && word(44) == layout.submissionTail
        && word(48) == layout.counts && word(80) == layout.completionHead
        && word(84) == layout.completionTail && word(100) == layout.completions
    }
    return agrees ? parameters : nil
  }

  /// As a sentence.
  package var text: String {
    var words = [
      "\(submissionEntries) SQ and \(completionEntries) CQ entries", "flags \(UInt64(flags).hexadecimal)",
    ]
    if pollsSubmissions { words.append("idle after \(pollIdle) ms") }
    if isBound { words.append("bound to CPU \(pollCPU)") }
    if usesOwnMemory { words.append("rings in the application's own memory") }
    return "io_uring_params at \(address.hexadecimal): " + words.joined(separator: ", ")
  }
}

extension ProcessMemory {
  /// Whether the core itself holds the bytes: neither zeros for what was left out, nor a file.
  func isInCore(_ address: UInt64, count: Int) -> Bool {
    guard let segment = segment(containing: address) else { return false }
    let offset = address - segment.range.lowerBound
    return offset < segment.fileBytes && segment.fileBytes - offset >= UInt64(count)
  }
}
