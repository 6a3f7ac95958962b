internal import Bytes

/// Runs the opcodes of one line program (DWARF 5, 6.2.5) and hands the rows on to a `RowRecorder`.
///
/// Numbers wrap as gdb's do: a hostile program yields nonsense rows, never a trap.
struct LineProgram {
  private(set) var header: LineHeader
  private let lowestPC: UInt64
  let addressSize: Int

  private var recorder = RowRecorder(capacity: 0)
  private(set) var spellings: FileSpellings
  /// Subfile of `header.files[n]`.
  private(set) var subfiles: [Int32] = []

  // The state machine's registers.
  private var address: UInt64 = 0
  private var operation: UInt64 = 0
  private var line: UInt32 = 1
  private var isStatement: Bool
  private var discriminator: UInt64 = 0

  // What the recording rules remember (contract L-1).
  /// False while the register `file` holds a number that is not in the table: rows are lost then.
  private var hasFile = false
  /// Subfile that the last valid file number meant.
  private var currentFile = 0
  /// Subfile of the last row, or the one before the last DW_LNS_set_file.
  private var lastFile = -1
  private var lastLine: UInt32 = 0
  private var lastAddress: UInt64 = 0
  private var sawStatementHere = false
  private var sawDiscriminator = false
  /// False after an address that marks a removed function, until the sequence ends (contract L-2). The
  /// marker at the end is recorded all the same.
  private var isRecording = true

  init(header: LineHeader, unit: LineUnit) {
    self.header = header
    lowestPC = unit.lowestPC ?? 0
    addressSize = unit.addressSize
    isStatement = header.defaultIsStatement
    spellings = FileSpellings(unit: unit)
    for entry in header.files { subfiles.append(spellings.insert(entry, of: header)) }
  }

  var firstNumber: UInt64 { header.firstNumber }

  /// The rows that are kept of some opcodes, which begin with a sequence; in program order. Damage ends the run; the rows
  /// before it stay.
  mutating func rows(_ bytes: Span<UInt8>, _ opcodes: Range<Int>, isBigEndian: Bool) -> [LineRow] {
    recorder = RowRecorder(capacity: opcodes.count / 2)
    run(bytes, opcodes, isBigEndian: isBigEndian)
    let made = recorder
    recorder = RowRecorder(capacity: 0)
    return made.finish()
  }

  private mutating func run(_ bytes: Span<UInt8>, _ opcodes: Range<Int>, isBigEndian: Bool) {
    var cursor = OpcodeCursor(bytes, range: opcodes, isBigEndian: isBigEndian)
    var isBetweenSequences = true
    while cursor.isInside {
      if isBetweenSequences {
        resetSequence()
        isBetweenSequences = false
      }
      let opcode = cursor.byte()
      if opcode >= header.opcodeBase {
        special(opcode)
      } else if opcode == 0 {
        guard extended(&cursor, endedSequence: &isBetweenSequences) else { return }
      } else {
        standard(opcode, &cursor)
      }
    }
    if !isBetweenSequences { endSequence() }
  }
}

// MARK: - Opcodes

extension LineProgram {
  /// DWARF 5, 6.2.5.1.
  @inline(__always)
  private mutating func special(_ opcode: UInt8) {
    let adjusted = opcode &- header.opcodeBase
    if header.lineRange != 0 {
      advance(UInt64(adjusted / header.lineRange))
      advanceLine(Int64(header.lineBase) &+ Int64(adjusted % header.lineRange))
    }
    emitRow()
  }

  /// DWARF 5, 6.2.5.2. An opcode whose number the header gives no operands to is still obeyed.
  @inline(__always)
  private mutating func standard(_ opcode: UInt8, _ cursor: inout OpcodeCursor) {
    switch opcode {
    case 1: emitRow()  // DW_LNS_copy
    case 2: advance(cursor.unsigned())  // DW_LNS_advance_pc
    case 3: advanceLine(cursor.signed())  // DW_LNS_advance_line
    case 4: setFile(cursor.unsigned())  // DW_LNS_set_file
    case 5: _ = cursor.unsigned()  // DW_LNS_set_column
    case 6: isStatement.toggle()  // DW_LNS_negate_stmt
    case 7: break  // DW_LNS_set_basic_block
    case 8:  // DW_LNS_const_add_pc
      if header.lineRange != 0 { advance(UInt64((255 &- header.opcodeBase) / header.lineRange)) }
    case 9:  // DW_LNS_fixed_advance_pc
      address = address &+ cursor.fixed(2)
      operation = 0
    default:  // 10, 11 set_prologue_end, set_epilogue_begin; 12 set_isa; later ones
      for _ in 0..<header.operandCounts[Int(opcode) - 1] { _ = cursor.unsigned() }
    }
  }

  /// DWARF 5, 6.2.5.3. Returns false when gdb gives up on the program: at an opcode it does not
  /// know, and at one that does not have the length it says. No end marker is set then.
  private mutating func extended(
    _ cursor: inout OpcodeCursor, endedSequence: inout Bool
  ) -> Bool {
    let length = cursor.unsigned()
    guard let end = cursor.end(after: length), length > 0 else { return false }
    switch cursor.byte() {
    case 1:  // DW_LNE_end_sequence
      guard cursor.offset == end else { return false }
      endSequence()
      endedSequence = true
    case 2:  // DW_LNE_set_address
      setAddress(cursor.fixed(addressSize))
    case 3:  // DW_LNE_define_file
      let name = cursor.string()
      let entry = LineHeader.FileEntry(name: name, directory: cursor.unsigned())
      _ = cursor.unsigned()
      _ = cursor.unsigned()
      defineFile(entry)
    case 4:  // DW_LNE_set_discriminator
      discriminator = cursor.unsigned()
      if discriminator != 0 { sawDiscriminator = true }
    case 0x80...:  // DW_LNE_lo_user to DW_LNE_hi_user
      cursor.seek(to: end)
    default:
      return false
    }
    return cursor.offset == end
  }

  private mutating func setAddress(_ target: UInt64) {
    let highest = addressSize < 8 ? (UInt64(1) << UInt64(8 * addressSize)) &- 1 : UInt64.max
    if target == highest || target == 0 && lowestPC > 0 { isRecording = false }
    address = target
    operation = 0
  }

  /// A change of file is seen by comparing with the file *before the last set_file*, even if no row came
  /// between two of them; then the file of the last row gets no end marker. (Found by experiment.)
  mutating func setFile(_ number: UInt64) {
    let next = subfile(number)
    hasFile = next != nil
    guard let next else { return }
    lastFile = currentFile
    currentFile = next
    use(next, number)
    sawDiscriminator = discriminator != 0
  }

  private mutating func defineFile(_ entry: LineHeader.FileEntry) {
    header.files.append(entry)
    subfiles.append(spellings.insert(entry, of: header))
  }

  /// Adds operations to the address (DWARF 5, 6.2.5.1).
  private mutating func advance(_ operations: UInt64) {
    if header.maximumOperations == 1 {
      address = address &+ operations &* UInt64(header.minimumInstructionLength)
      return
    }
    let sum = operation &+ operations
    let perWord = UInt64(header.maximumOperations)
    address = address &+ (sum / perWord) &* UInt64(header.minimumInstructionLength)
    operation = sum % perWord
  }

  private mutating func advanceLine(_ delta: Int64) {
    line = line &+ UInt32(truncatingIfNeeded: delta)
    if delta != 0 { sawDiscriminator = discriminator != 0 }
  }
}

// MARK: - Rows

extension LineProgram {
  /// Contract L-1 a to d. Every row counts for `sawStatementHere`, also one that is not recorded.
  private mutating func emitRow() {
    if operation == 0, line != 0, hasFile { recordRow() }
    if lastAddress != address {
      lastAddress = address
      sawStatementHere = false
    }
    if isStatement { sawStatementHere = true }
    discriminator = 0
  }

  private mutating func recordRow() {
    let fileChanged = currentFile != lastFile
    if fileChanged {
      if !isStatement, sawStatementHere, lastAddress == address { return }
      if lastFile >= 0, isRecording { recorder.appendEndMarker(at: address, file: lastFile) }
    } else if line == lastLine, sawDiscriminator {
      return
    }
    if isRecording {
      recorder.append(LineRow(address: address, line: line, file: currentFile, isStatement: isStatement))
    }
    lastFile = currentFile
    lastLine = line
  }

  private mutating func endSequence() {
    guard lastFile >= 0, hasFile else { return }
    recorder.appendEndMarker(at: address, file: lastFile)
  }

  mutating func resetSequence() {
    address = 0
    operation = 0
    line = 1
    isStatement = header.defaultIsStatement
    discriminator = 0
    lastFile = -1
    let first = subfile(1)
    hasFile = first != nil
    if let first {
      currentFile = first
      use(first, 1)
    }
    lastLine = 0
    lastAddress = 0
    sawStatementHere = false
    sawDiscriminator = false
    isRecording = true
  }

  /// The first number by which the program names a file decides how it is spelled.
  private mutating func use(_ subfile: Int, _ number: UInt64) {
    guard !spellings.isUsed(subfile), let entry = header.file(number) else { return }
    spellings.use(subfile, as: entry, of: header)
  }

  private func subfile(_ number: UInt64) -> Int? {
    let (index, outside) = number.subtractingReportingOverflow(header.firstNumber)
    guard !outside, index < UInt64(subfiles.count) else { return nil }
    return Int(subfiles[Int(index)])
  }
}
