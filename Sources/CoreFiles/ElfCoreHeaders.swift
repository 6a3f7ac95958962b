internal import Bytes
package import ProcessModel

/// The bytes of a core's file header and program headers, in its own word size and byte order: elf(5).
package struct ElfCoreHeaders: Sendable {
  private let architecture: Architecture
  private var is64: Bool { architecture.wordSize == 8 }

  package init(_ architecture: Architecture) { self.architecture = architecture }

  /// `e_ehsize` and `e_phentsize`.
  package var fileHeaderSize: Int { is64 ? 64 : 52 }
  package var entrySize: Int { is64 ? 56 : 32 }

  /// Of a file without sections; the program headers stand behind it.
  package func fileHeader(entryCount: Int) -> [UInt8] {
    let word = architecture.wordSize
    let isLittle = architecture.byteOrder == .little
    var bytes: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, isLittle ? 1 : 2, 1]
    bytes += [UInt8](repeating: 0, count: 9)
    // ET_CORE, e_machine, e_version; e_entry, e_phoff, e_shoff; e_flags; sizes and counts.
    bytes += number(4, 2) + number(UInt64(architecture.machine), 2) + number(1, 4)
    bytes += number(0, word) + number(UInt64(fileHeaderSize), word) + number(0, word) + number(0, 4)
    bytes += number(UInt64(fileHeaderSize), 2) + number(UInt64(entrySize), 2) + number(UInt64(entryCount), 2)
    return bytes + number(0, 6)
  }

  package func entry(
    type: UInt32, flags: UInt32, offset: UInt64, address: UInt64, size: UInt64, memorySize: UInt64,
    alignment: UInt64
  ) -> [UInt8] {
    let word = architecture.wordSize
    let middle =
      number(offset, word) + number(address, word) + number(0, word) + number(size, word)
      + number(memorySize, word)
    let (type, flags) = (number(UInt64(type), 4), number(UInt64(flags), 4))
    return (is64 ? type + flags + middle : type + middle + flags) + number(alignment, word)
  }

  private func number(_ value: UInt64, _ size: Int) -> [UInt8] {
    (0..<size).map { index in
      let shift = architecture.byteOrder == .little ? index : size - 1 - index
      return UInt8(truncatingIfNeeded: shift < 8 ? value >> UInt64(8 * shift) : 0)
    }
  }
}
