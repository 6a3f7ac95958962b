/// One sequence of a line program: the opcodes up to a DW_LNE_end_sequence, and the code that they describe.
struct LineSequence: Equatable {
  /// Offsets of the opcodes.
  var opcodes: Range<Int>
  /// From the lowest address of a row to the highest, or the end.
  var addresses: Range<UInt64>
  /// Whether no other sequence of the program has a row or an end within the addresses.
  var isAlone = false

  /// By address, with `isAlone` decided.
  static func sorted(_ sequences: [LineSequence]) -> [LineSequence] {
    var result = sequences.sorted { a, b in
      (a.addresses.lowerBound, a.addresses.upperBound) < (b.addresses.lowerBound, b.addresses.upperBound)
    }
    var highest: UInt64 = 0
    for index in result.indices {
      let range = result[index].addresses
      let isBeforeNext =
        index + 1 == result.count || range.upperBound <= result[index + 1].addresses.lowerBound
      result[index].isAlone = highest <= range.lowerBound && isBeforeNext
      highest = max(highest, range.upperBound)
    }
    return result
  }
}

extension LineProgram {
  /// The sequences in program order, found without making their rows. Also notes which files the program names, as a run
  /// does. `nil` for a program that only a run can tell of: with damage, several operations in a word, or files of its own.
  mutating func sequences(_ bytes: Span<UInt8>, isBigEndian: Bool) -> [LineSequence]? {
    guard header.maximumOperations == 1, header.lineRange != 0 else { return nil }
    let length = UInt64(header.minimumInstructionLength)
    let steps = (0...255).map { UInt64(($0 &- header.opcodeBase) / header.lineRange) &* length }
    var cursor = OpcodeCursor(bytes, range: 0..<bytes.count, isBigEndian: isBigEndian)
    var result: [LineSequence] = []
    while cursor.isInside {
      let start = cursor.offset
      guard let addresses = sequence(&cursor, steps) else { return nil }
      result.append(LineSequence(opcodes: start..<cursor.offset, addresses: addresses))
    }
    return result
  }

  /// The addresses of the sequence that starts here.
  private mutating func sequence(_ cursor: inout OpcodeCursor, _ steps: [UInt64]) -> Range<UInt64>? {
    resetSequence()
    let base = header.opcodeBase
    let length = UInt64(header.minimumInstructionLength)
    var address: UInt64 = 0
    var (lowest, highest) = (UInt64.max, UInt64(0))
    while cursor.isInside {
      let opcode = cursor.byte()
      switch opcode {
      case base...: address &+= steps[Int(opcode)]
      case 0:
        let count = cursor.unsigned()
        guard let end = cursor.end(after: count), count > 0 else { return nil }
        switch cursor.byte() {
        case 1:  // DW_LNE_end_sequence
          guard cursor.offset == end else { return nil }
          lowest = min(lowest, address)
          return lowest..<max(lowest, highest, address)
        case 2: address = cursor.fixed(addressSize)  // DW_LNE_set_address
        case 4: _ = cursor.unsigned()  // DW_LNE_set_discriminator
        case 0x80...: cursor.seek(to: end)
        default: return nil
        }
        guard cursor.offset == end else { return nil }
        continue
      case 1: break  // DW_LNS_copy
      case 2:  // DW_LNS_advance_pc
        address &+= cursor.unsigned() &* length
        continue
      case 4:  // DW_LNS_set_file
        setFile(cursor.unsigned())
        continue
      case 3, 5:  // DW_LNS_advance_line, DW_LNS_set_column
        _ = cursor.unsigned()
        continue
      case 6, 7: continue  // DW_LNS_negate_stmt, DW_LNS_set_basic_block
      case 8:  // DW_LNS_const_add_pc
        address &+= steps[255]
        continue
      case 9:  // DW_LNS_fixed_advance_pc
        address &+= cursor.fixed(2)
        continue
      default:
        for _ in 0..<header.operandCounts[Int(opcode) - 1] { _ = cursor.unsigned() }
        continue
      }
      lowest = min(lowest, address)
      highest = max(highest, address)
    }
    return nil
  }
}
