internal import Backtraces
internal import Bytes
internal import CoreFiles
internal import Evaluation
internal import ProcessModel
internal import Unwinding
internal import Values

/// `info registers [NAME | GROUP]…`, `info all-registers`, `info vector`.
enum RegisterCommands {
  /// gdb's groups of x86 registers.
  private enum Group: String {
    case general
    case float
    case vector
    case system
    case all
  }

  static func registers(_ session: Session, _ text: String) throws(CommandError) {
    let frame = try session.selectedFrame("The program has no registers now.")
    guard !text.isEmpty else { return general(frame, in: session) }
    for word in text.split(separator: " ") {
      let name = word.hasPrefix("$") ? String(word.dropFirst()) : String(word)
      if word.first != "$", let group = Group(rawValue: name) {
        try show(group, frame, in: session)
      } else {
        try show(name, shownAs: String(word), frame, in: session)
      }
    }
  }

  static func all(_ session: Session, _ text: String) throws(CommandError) {
    guard text.isEmpty else { return try registers(session, text) }
    try show(.all, try session.selectedFrame("The program has no registers now."), in: session)
  }

  static func vector(_ session: Session, _: String) throws(CommandError) {
    try show(.vector, try session.selectedFrame("The program has no registers now."), in: session)
  }

  private static func show(_ group: Group, _ frame: Frame, in session: Session) throws(CommandError) {
    let architecture = frame.physical.thread.process.architecture
    let isX86 = architecture.machine == 62 || architecture.machine == 3
    if group == .general || group == .all { general(frame, in: session) }
    guard isX86 else { return }
    if group == .float || group == .all {
      for number in 0..<8 { try floatingPoint(number, in: session) }
      for (name, value) in VectorState(session).controlRegisters {
        line(name, value, natural: String(value), in: session)
      }
    }
    if group == .vector || group == .all {
      try control(in: session)
      let state = VectorState(session)
      for number in 0..<(architecture.wordSize == 8 ? 16 : 8) {
        let name = (state.hasWide ? "ymm" : "xmm") + String(number)
        self.vector(name, state.bytes(number, isWide: state.hasWide), in: session)
      }
      if architecture.wordSize == 4 {
        for number in 0..<8 { self.vector("mm\(number)", state.multimedia(number), in: session) }
      }
    }
    if group == .system {
      let names = architecture.wordSize == 8 ? ["fs_base", "gs_base", "orig_rax"] : ["orig_eax"]
      for name in names { try show(name, shownAs: name, frame, in: session) }
    }
  }

  // MARK: One register

  private static func line(
    _ name: String, _ value: UInt64, natural: String, in session: Session
  ) {
    let start = session.output.count
    session.output.append(name)
    session.output.pad(from: start, to: 15)
    let column = session.output.count
    session.output.append(hex: value)
    session.output.pad(from: column, to: 19)
    session.output.append(byte: 0x20)
    session.output.append(natural)
    session.output.append(byte: 0x0a)
  }

  private static func general(_ frame: Frame, in session: Session) {
    let architecture = frame.physical.thread.process.architecture
    for name in RegisterOrder.names(of: architecture) { general(name, name, frame, in: session) }
  }

  private static func general(_ name: String, _ real: String, _ frame: Frame, in session: Session) {
    let architecture = frame.physical.thread.process.architecture
    let place = architecture.registers.first { $0.name == real }
    let value =
      place?.dwarf.map { frame.physical.registers[$0] }
      ?? frame.physical.thread.thread.register(named: real, of: architecture)
    let start = session.output.count
    session.output.append(name)
    session.output.pad(from: start, to: 15)
    guard let value else {
      session.output.append("<not saved>\n")
      return
    }
    let column = session.output.count
    session.output.append(hex: value)
    session.output.pad(from: column, to: 19)
    session.output.append(byte: 0x20)
    RegisterOrder.append(value, of: real, frame, into: &session.output)
    session.output.append(byte: 0x0a)
  }

  private static func show(
    _ name: String, shownAs word: String, _ frame: Frame, in session: Session
  ) throws(CommandError) {
    let architecture = frame.physical.thread.process.architecture
    let real = RegisterOrder.alias(name, of: architecture) ?? name
    if architecture.registers.contains(where: { $0.name == real }) {
      return general(name, real, frame, in: session)
    }
    let digits = name.drop { $0.isLetter }
    let kind = name.dropLast(digits.count)
    let limit = architecture.wordSize == 8 ? 16 : 8
    if kind == "st", let number = Int(digits), number < 8 { return try floatingPoint(number, in: session) }
    if kind == "xmm" || kind == "ymm", let number = Int(digits), number < limit {
      return vector(name, VectorState(session).bytes(number, isWide: kind == "ymm"), in: session)
    }
    if name == "mxcsr" { return try control(in: session) }
    if let found = VectorState(session).controlRegisters.first(where: { $0.0 == name }) {
      return line(name, found.1, natural: String(found.1), in: session)
    }
    guard Registers.isKnown(name, architecture), let value = try? session.integer("$" + name) else {
      throw CommandError("Invalid register `\(word)'")
    }
    let size = Registers.part(name, architecture)?.size ?? 4
    let bits = UInt64(bitPattern: value) & (size >= 8 ? .max : 1 << UInt64(8 * size) - 1)
    line(name, bits, natural: String(value), in: session)
  }

  private static func floatingPoint(_ number: Int, in session: Session) throws(CommandError) {
    guard let (process, thread) = try? session.currentThread() else { return }
    let bytes = process.core.vectorRegister(
      (process.core.architecture.wordSize == 8 ? 33 : 11) + number, of: thread.snapshot)
    let start = session.output.count
    session.output.append("st\(number)")
    session.output.pad(from: start, to: 15)
    guard let bytes else {
      session.output.append("<unavailable>\n")
      return
    }
    let column = session.output.count
    let options = session.settings.options
    try session.evaluating { evaluator throws(EvaluationFailure) in
      try evaluator.append(try evaluator.evaluate("$st\(number)"), options: options, into: &session.output)
    }
    session.output.pad(from: column, to: 19)
    session.output.append(" (raw 0x")
    for byte in bytes.prefix(10).reversed() { session.output.append(hexDigits: UInt64(byte), width: 2) }
    session.output.append(")\n")
  }

  private static let controlFlags = [
    "IE", "DE", "ZE", "OE", "UE", "PE", "DAZ", "IM", "DM", "ZM", "OM", "UM", "PM", "", "", "FZ",
  ]

  private static func control(in session: Session) throws(CommandError) {
    guard let (process, thread) = try? session.currentThread() else { return }
    let image =
      process.core.extendedState(of: thread.snapshot)
      ?? process.core.floatingPointRegisters(of: thread.snapshot) ?? []
    guard image.count >= 28 else {
      session.output.append("mxcsr          <unavailable>\n")
      return
    }
    let value = image.unsigned(at: 24, size: 4, order: .little)
    var flags = "[ "
    for (bit, flag) in controlFlags.enumerated() where value & (1 << UInt64(bit)) != 0 && !flag.isEmpty {
      flags += flag + " "
    }
    line("mxcsr", value, natural: flags + "]", in: session)
  }

  // MARK: Vectors

  private static func vector(_ name: String, _ bytes: [UInt8]?, in session: Session) {
    let start = session.output.count
    session.output.append(name)
    session.output.pad(from: start, to: 15)
    guard let bytes else {
      session.output.append("<unavailable>\n")
      return
    }
    let count = bytes.count
    let views: [(String, Int)] =
      count == 8
      ? [("uint64", 8), ("int32", 4), ("int16", 2), ("int8", 1)]
      : [
        ("bfloat16", 2), ("half", 2), ("float", 4), ("double", 8), ("int8", 1), ("int16", 2), ("int32", 4),
        ("int64", 8), ("int128", 16),
      ]
    session.output.append("{")
    for (index, view) in views.enumerated() {
      if index > 0 { session.output.append(", ") }
      if view.1 == count {
        session.output.append(count == 16 ? "uint128 = " : "uint64 = ")
        element(bytes[...], in: session)
        continue
      }
      session.output.append("v\(count / view.1)_\(view.0) = {")
      elements(bytes, of: view.1, in: session)
      session.output.append("}")
    }
    session.output.append("}\n")
  }

  /// The elements in hexadecimal, equal ones folded as gdb folds them in arrays.
  private static func elements(_ bytes: [UInt8], of size: Int, in session: Session) {
    let threshold = session.settings.options.repeats ?? .max
    let count = bytes.count / size
    var index = 0
    while index < count {
      let value = bytes[index * size..<(index + 1) * size]
      var run = 1
      while index + run < count, bytes[(index + run) * size..<(index + run + 1) * size].elementsEqual(value) {
        run += 1
      }
      if index > 0 { session.output.append(", ") }
      element(value, in: session)
      if run > threshold {
        session.output.append(" <repeats \(run) times>")
        index += run
      } else {
        index += 1
      }
    }
  }

  private static func element(_ bytes: ArraySlice<UInt8>, in session: Session) {
    session.output.append("0x")
    var isLeading = true
    for byte in bytes.reversed() {
      if isLeading, byte == 0 { continue }
      session.output.append(hexDigits: UInt64(byte), width: isLeading ? 1 : 2)
      isLeading = false
    }
    if isLeading { session.output.append("0") }
  }
}

/// The vector registers of the selected thread, from its XSAVE image or the older notes.
private struct VectorState {
  private let image: [UInt8]
  /// XCR0 at byte 464, where Linux leaves it for debuggers: bit 2 says that there are `ymm` registers.
  let hasWide: Bool
  /// `xstate_bv`: parts in their initial state are not written.
  private let present: UInt64

  init(_ session: Session) {
    guard let (process, thread) = try? session.currentThread() else {
      (image, hasWide, present) = ([], false, 0)
      return
    }
    if let state = process.core.extendedState(of: thread.snapshot), state.count >= 576 {
      image = state
      hasWide = state[464] & 4 != 0 && state.count >= 832
      present = state.unsigned(at: 512, size: 8, order: .little)
    } else {
      image = process.core.floatingPointRegisters(of: thread.snapshot) ?? []
      hasWide = false
      present = 3
    }
  }

  /// The x87 control registers out of the FXSAVE image (Intel SDM 1, 10.5.1).
  var controlRegisters: [(String, UInt64)] {
    guard image.count >= 160 else { return [] }
    func field(_ at: Int, _ size: Int) -> UInt64 { image.unsigned(at: at, size: size, order: .little) }
    return [
      ("fctrl", field(0, 2)), ("fstat", field(2, 2)), ("ftag", UInt64(tags)), ("fiseg", field(12, 2)),
      ("fioff", field(8, 4)), ("foseg", field(20, 2)), ("fooff", field(16, 4)), ("fop", field(6, 2) & 0x7ff),
    ]
  }

  private var top: Int { Int(image[3] >> 3) & 7 }

  /// The tag word in full, out of the one bit a register that is kept: 0 valid, 1 zero, 2 special, 3 empty.
  private var tags: UInt16 {
    var word: UInt16 = 0
    for number in 0..<8 {
      var tag: UInt16 = 3
      if image[4] & (1 << UInt8(number)) != 0 {
        let start = 32 + 16 * ((number - top) & 7)
        let exponent = image.unsigned(at: start + 8, size: 2, order: .little) & 0x7fff
        let mantissa = image.unsigned(at: start, size: 8, order: .little)
        if exponent == 0x7fff {
          tag = 2
        } else if exponent == 0 {
          tag = mantissa == 0 ? 1 : 2
        } else {
          tag = mantissa >> 63 != 0 ? 0 : 2
        }
      }
      word |= tag << UInt16(2 * number)
    }
    return word
  }

  /// An MMX register of i386: the mantissa of an x87 register.
  func multimedia(_ number: Int) -> [UInt8]? {
    guard image.count >= 160 else { return nil }
    let start = 32 + 16 * ((number - top) & 7)
    return Array(image[start..<start + 8])
  }

  func bytes(_ number: Int, isWide: Bool) -> [UInt8]? {
    let low = 160 + 16 * number
    guard image.count >= low + 16 else { return nil }
    var result = present & 2 != 0 ? Array(image[low..<low + 16]) : [UInt8](repeating: 0, count: 16)
    guard isWide else { return result }
    let high = 576 + 16 * number
    guard hasWide, image.count >= high + 16 else { return nil }
    result += present & 4 != 0 ? Array(image[high..<high + 16]) : [UInt8](repeating: 0, count: 16)
    return result
  }
}
