import Bytes
import Elfutils
import Expressions
import ProcessModel

/// Call frame information in an ELF file of its own. The first byte of the input says which section it is (even: .eh_frame,
/// odd: .debug_frame) and the next eight where that stands in memory.
///
/// libdw is not instrumented, so what tells the fuzzer of its paths is what comes out of them: each row's rules are
/// evaluated. An FDE is executed only for an address it covers, so the addresses asked for are the FDEs' own.
@Sendable func callFrames(_ bytes: [UInt8]) {
  guard bytes.count > 9 else { return }
  let isDebugFrame = bytes[0] & 1 == 1
  let address = bytes.unsigned(at: 1, size: 8, order: .little)
  let content = Array(bytes.dropFirst(9))
  let image = SectionImage.make([
    .init(
      name: isDebugFrame ? ".debug_frame" : ".eh_frame", address: isDebugFrame ? 0 : address, bytes: content),
    .init(name: ".debug_info", address: 0, bytes: SectionImage.emptyUnit),
    .init(name: ".debug_abbrev", address: 0, bytes: [1, 0x11, 0, 0, 0, 0]),
  ])
  guard let elf = try? ElfFile(image: image, name: "exe") else { return }
  let table =
    isDebugFrame
    ? DebugFile(elf: elf).flatMap { CallFrameTable(debugFrameOf: $0) } : CallFrameTable(ehFrameOf: elf)
  guard let table else { return }
  let frame = LiteralFrame()
  for start in starts(content, section: address) {
    guard let row = table.row(at: start, registerCount: 17) else { continue }
    if case .expression(let list) = row.cfa {
      _ = try? ExpressionMachine.number(list, initial: [], in: frame)
    }
    for (_, rule) in row.rules {
      switch rule {
      case .savedAtExpression(let list), .valueOfExpression(let list):
        _ = try? ExpressionMachine.number(list, initial: [0x8010], in: frame)
      default: break
      }
    }
    if row.range.upperBound > start { _ = table.row(at: row.range.upperBound, registerCount: 17) }
  }
}

/// Where the first FDEs may begin: their initial locations as absolute numbers and as distances from where they stand.
private func starts(_ content: [UInt8], section: UInt64) -> [UInt64] {
  var result: [UInt64] = [0, 0x1000, section, .max]
  var offset = 0
  while offset + 16 <= content.count, result.count < 32 {
    let length = Int(content.unsigned(at: offset, size: 4, order: .little))
    let place = section &+ UInt64(offset + 8)
    let distance = Int64(Int32(truncatingIfNeeded: content.unsigned(at: offset + 8, size: 4, order: .little)))
    result += [
      place &+ UInt64(bitPattern: distance), content.unsigned(at: offset + 8, size: 8, order: .little),
    ]
    offset += 4 + length
  }
  return result
}

/// A little-endian x86-64 ELF file of sections and nothing else.
enum SectionImage {
  struct Section {
    var name: String
    var address: UInt64
    var bytes: [UInt8]
  }

  /// A DWARF 4 unit with an empty root entry.
  static let emptyUnit: [UInt8] = [8, 0, 0, 0, 4, 0, 0, 0, 0, 0, 8, 1]

  static func make(_ sections: [Section]) -> [UInt8] {
    var names: [UInt8] = [0]
    var contents: [UInt8] = []
    var headers = [UInt8](repeating: 0, count: 64)
    for section in sections {
      headers += header(
        name: names.count, type: 1, flags: section.address == 0 ? 0 : 2, address: section.address,
        offset: 64 + contents.count, size: section.bytes.count)
      names += Array(section.name.utf8) + [0]
      contents += section.bytes
    }
    headers += header(
      name: 0, type: 3, flags: 0, address: 0, offset: 64 + contents.count, size: names.count)
    var image: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
    image += word(2, 2) + word(62, 2) + word(1, 4) + word(0, 8) + word(0, 8)
    image += word(64 + contents.count + names.count, 8) + word(0, 4)
    image += word(64, 2) + word(56, 2) + word(0, 2) + word(64, 2)
    image += word(sections.count + 2, 2) + word(sections.count + 1, 2)
    return image + contents + names + headers
  }

  private static func word(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func header(
    name: Int, type: Int, flags: Int, address: UInt64, offset: Int, size: Int
  ) -> [UInt8] {
    word(name, 4) + word(type, 4) + word(flags, 8) + word(Int(bitPattern: UInt(address)), 8) + word(offset, 8)
      + word(size, 8) + word(0, 8) + word(1, 8) + word(0, 8)
  }
}
