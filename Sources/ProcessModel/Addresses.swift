/// An address as an ELF file writes it, before the loader moved the file: what symbols, CFI and DWARF speak of.
///
/// Addresses in the process are plain `UInt64`, as registers and memory hold them; the two meet only in
/// `Module`, which adds and subtracts the bias.
package struct FileAddress: Hashable, Comparable, Sendable {
  package var rawValue: UInt64

  package init(_ rawValue: UInt64) { self.rawValue = rawValue }

  package static func < (left: FileAddress, right: FileAddress) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// Where a frame executes, and how sure that is: at an instruction, or at what a call will return to.
///
/// A return address may belong to the next line, block or even function when the call was the last
/// instruction before it, so look-ups use the byte before. This is the only place that subtracts one.
package enum CodeLocation: Sendable, Equatable {
  /// The instruction itself: frame 0, a signal trampoline, and what a signal interrupted.
  case instruction(UInt64)
  /// The address a call returns to.
  case returnAddress(UInt64)

  /// The address as registers or the stack hold it.
  package var programCounter: UInt64 {
    switch self {
    case .instruction(let address), .returnAddress(let address): address
    }
  }

  /// The address by which function, line, block and CFI row are found.
  package var lookup: UInt64 {
    switch self {
    case .instruction(let address): address
    case .returnAddress(let address): address &- 1
    }
  }
}

/// The GNU build ID of an ELF file: note NT_GNU_BUILD_ID, usually 20 bytes.
package struct BuildID: Hashable, Sendable, CustomStringConvertible {
  package var bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Lower-case hexadecimal, two digits a byte.
  package var description: String {
    var text = ""
    for byte in bytes {
      let digits = String(byte, radix: 16)
      text += digits.utf8.count == 1 ? "0" + digits : digits
    }
    return text
  }

  /// The path below a debug directory that belongs to this ID: `.build-id/xx/yyyy`.
  package var indexPath: String? {
    guard bytes.count > 1 else { return nil }
    let digits = description
    return ".build-id/\(digits.prefix(2))/\(digits.dropFirst(2))"
  }
}
