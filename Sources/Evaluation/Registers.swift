internal import Backtraces
internal import Bytes
internal import CoreFiles
package import ProcessModel
internal import Unwinding
internal import Values

/// Registers by gdb's names: the ones of the notes, their parts, and the views of the vector registers.
package enum Registers {
  /// A part of a general register: which, from which byte, how many.
  package struct Part {
    package var whole: String
    package var offset = 0
    package var size: Int
    package var type: String
  }

  private static let legacy = ["a", "b", "c", "d"]

  /// What gdb's `$pc`, `$sp` and `$fp` stand for.
  static func alias(_ name: String, _ architecture: Architecture) -> String {
    let number: Int
    switch name {
    case "pc": number = architecture.programCounter
    case "sp": number = architecture.stackPointer
    case "fp": number = architecture.framePointer
    case "ps" where architecture.machine == 62 || architecture.machine == 3: return "eflags"
    default: return name
    }
    return self.name(ofDwarf: number, architecture) ?? name
  }

  static func name(ofDwarf number: Int, _ architecture: Architecture) -> String? {
    architecture.registers.first { $0.dwarf == number }?.name
  }

  package static func part(_ name: String, _ architecture: Architecture) -> Part? {
    guard architecture.machine == 62 || architecture.machine == 3 else { return nil }
    let is64 = architecture.machine == 62
    let prefix = is64 ? "r" : "e"
    for letter in legacy {
      switch name {
      case letter + "l": return Part(whole: prefix + letter + "x", size: 1, type: "int8_t")
      case letter + "h": return Part(whole: prefix + letter + "x", offset: 1, size: 1, type: "int8_t")
      case letter + "x": return Part(whole: prefix + letter + "x", size: 2, type: "int16_t")
      case "e" + letter + "x" where is64: return Part(whole: "r" + letter + "x", size: 4, type: "int32_t")
      default: continue
      }
    }
    for word in ["si", "di", "bp", "sp"] {
      // `$sp` is the stack pointer itself.
      if name == word, word != "sp" { return Part(whole: prefix + word, size: 2, type: "int16_t") }
      guard is64 else { continue }
      if name == word + "l" { return Part(whole: "r" + word, size: 1, type: "int8_t") }
      if name == "e" + word { return Part(whole: "r" + word, size: 4, type: "int32_t") }
    }
    guard is64, name.hasPrefix("r"), let last = name.last, let number = Int(name.dropFirst().dropLast()),
      (8...15).contains(number)
    else { return nil }
    switch last {
    case "l": return Part(whole: "r\(number)", size: 1, type: "int8_t")
    case "w": return Part(whole: "r\(number)", size: 2, type: "int16_t")
    case "d": return Part(whole: "r\(number)", size: 4, type: "int32_t")
    default: return nil
    }
  }

  private static let control = ["fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop", "mxcsr"]

  package static func isKnown(_ name: String, _ architecture: Architecture) -> Bool {
    let real = alias(name, architecture)
    if architecture.registers.contains(where: { $0.name == real }) { return true }
    if part(real, architecture) != nil { return true }
    guard architecture.machine == 62 || architecture.machine == 3 else { return false }
    return control.contains(real) || vector(real, architecture) != nil
  }

  /// The DWARF number of an x87 or SSE register.
  static func vector(_ name: String, _ architecture: Architecture) -> (number: Int, isFloat: Bool)? {
    let is64 = architecture.machine == 62
    if name.hasPrefix("xmm"), let index = Int(name.dropFirst(3)), (0..<(is64 ? 16 : 8)).contains(index) {
      return ((is64 ? 17 : 21) + index, false)
    }
    if name.hasPrefix("st"), let index = Int(name.dropFirst(2)), (0..<8).contains(index) {
      return ((is64 ? 33 : 11) + index, true)
    }
    return nil
  }

  static let flags: [(bit: Int, name: String)] = [
    (0, "CF"), (1, ""), (2, "PF"), (4, "AF"), (6, "ZF"), (7, "SF"), (8, "TF"), (9, "IF"), (10, "DF"),
    (11, "OF"), (14, "NT"), (16, "RF"), (17, "VM"), (18, "AC"), (19, "VIF"), (20, "VIP"), (21, "ID"),
  ]
  static let mxcsrFlags: [(bit: Int, name: String)] = [
    (0, "IE"), (1, "DE"), (2, "ZE"), (3, "OE"), (4, "UE"), (5, "PE"), (6, "DAZ"), (7, "IM"), (8, "DM"),
    (9, "ZM"), (10, "OM"), (11, "UM"), (12, "PM"), (15, "FZ"),
  ]
}

extension Evaluator {
  /// A register of the selected frame; `nil` for a name that is none.
  func register(_ name: String) throws(EvaluationFailure) -> Value? {
    let architecture = workspace.architecture
    let real = Registers.alias(name, architecture)
    guard Registers.isKnown(name, architecture) else { return nil }
    guard workspace.process != nil, let thread else {
      guard wantsTypesOnly else { throw EvaluationFailure("No registers.") }
      return Value(maker.named("int64_t"), number: 0)
    }
    if let part = Registers.part(real, architecture) {
      guard let whole = generalRegister(part.whole) else { return notSaved(part.type, name) }
      return Value(
        maker.named(part.type), FetchedValue(number: whole >> UInt64(8 * part.offset), size: part.size),
        place: .register(real))
    }
    if let place = architecture.registers.first(where: { $0.name == real }) {
      let (type, flags) = self.type(ofRegister: real, place, architecture)
      guard let number = generalRegister(real) else {
        var value = notSaved("int64_t", name)
        value.type = type
        return value
      }
      var value = Value(
        type, FetchedValue(number: number, size: Int(clamping: type.stripped.byteCount)),
        place: .register(real))
      value.flags = flags
      return value
    }
    if let vector = Registers.vector(real, architecture) {
      let bytes = thread.vectorBytes(vector.number, workspace)
      let type = vector.isFloat ? maker.named("builtin_type_i387_ext") : vector128
      guard let bytes else { return Value(type, FetchedValue(.unavailable), place: .register(real)) }
      let size = Int(type.byteCount)
      let padded = Array((bytes + [UInt8](repeating: 0, count: max(0, size - bytes.count))).prefix(size))
      return Value(type, FetchedValue(.bytes(padded)), place: .register(real))
    }
    return controlRegister(real, thread)
  }

  private func notSaved(_ type: String, _ name: String) -> Value {
    var value = Value(maker.named(type), FetchedValue(.optimizedOut), place: .register(name))
    value.isNotSaved = true
    return value
  }

  private func generalRegister(_ name: String) -> UInt64? {
    let architecture = workspace.architecture
    guard let place = architecture.registers.first(where: { $0.name == name }), let thread else { return nil }
    if let number = place.dwarf, let frame = scope.frame { return frame.physical.registers[number] }
    return thread.snapshot.register(named: name, of: architecture)
  }

  private func type(
    ofRegister name: String, _ place: Architecture.Register, _ architecture: Architecture
  ) -> (ValueType, [(bit: Int, name: String)]?) {
    if place.dwarf == architecture.programCounter {
      return (maker.codePointer, nil)
    }
    if place.dwarf == architecture.stackPointer || place.dwarf == architecture.framePointer {
      return (maker.dataPointer, nil)
    }
    switch name {
    case "eflags": return (maker.named("i386_eflags"), Registers.flags)
    case "cs", "ss", "ds", "es", "fs", "gs": return (maker.named("int32_t"), nil)
    case "fs_base", "gs_base", "orig_rax", "orig_eax": return (maker.long, nil)
    default: return (maker.named(place.size == 8 ? "int64_t" : "int32_t"), nil)
    }
  }

  private func controlRegister(_ name: String, _ thread: ListedThread) -> Value? {
    let isStatus = name == "mxcsr"
    let type = maker.named(isStatus ? "i386_mxcsr" : "int")
    guard let core = workspace.process?.core, workspace.architecture.machine == 62,
      let bytes = core.floatingPointRegisters(of: thread.snapshot), bytes.count >= 28
    else { return Value(type, FetchedValue(.unavailable), place: .register(name)) }
    func field(_ at: Int, _ size: Int) -> UInt64 { bytes.unsigned(at: at, size: size, order: .little) }
    let number: UInt64
    switch name {
    case "fctrl": number = field(0, 2)
    case "fstat": number = field(2, 2)
    case "ftag": number = tagWord(bytes)
    case "fop": number = field(6, 2) & 0x7ff
    case "fioff": number = field(8, 4)
    case "fiseg": number = field(12, 2)
    case "fooff": number = field(16, 4)
    case "foseg": number = field(20, 2)
    default: number = field(24, 4)
    }
    var value = Value(type, FetchedValue(number: number, size: 4), place: .register(name))
    if isStatus { value.flags = Registers.mxcsrFlags }
    return value
  }

  /// Two bits a register out of FXSAVE's one: Intel SDM 1, 10.5.1.1.
  private func tagWord(_ bytes: [UInt8]) -> UInt64 {
    let top = Int(bytes[3] >> 3 & 7)
    var word: UInt64 = 0
    for physical in 0..<8 {
      var tag: UInt64 = 3
      if bytes[4] >> UInt8(physical) & 1 == 1 {
        let slot = 32 + 16 * ((physical + 8 - top) % 8)
        guard slot + 10 <= bytes.count else { continue }
        let exponent = bytes.unsigned(at: slot + 8, size: 2, order: .little) & 0x7fff
        let significand = bytes.unsigned(at: slot, size: 8, order: .little)
        tag =
          exponent == 0x7fff ? 2 : exponent == 0 ? (significand == 0 ? 1 : 2) : significand >> 63 == 1 ? 0 : 2
      }
      word |= tag << UInt64(2 * physical)
    }
    return word
  }

  /// An SSE register in all the ways that its bits are read.
  private var vector128: ValueType {
    if let known = maker.vector128 { return known }
    func field(_ name: String, _ element: String, _ count: UInt64, _ short: String) -> (String, ValueType) {
      (name, maker.vector(of: maker.named(element), count: count, name: "v\(count)" + short))
    }
    let made = maker.structure(
      "vec128",
      [
        field("v8_bfloat16", "bfloat16", 8, "bf16"), field("v8_half", "half", 8, "h"),
        field("v4_float", "float", 4, "f"), field("v2_double", "double", 2, "d"),
        field("v16_int8", "int8_t", 16, "i8"), field("v8_int16", "int16_t", 8, "i16"),
        field("v4_int32", "int32_t", 4, "i32"), field("v2_int64", "int64_t", 2, "i64"),
        ("uint128", maker.named("uint128_t")),
      ], isUnion: true)
    maker.vector128 = made
    return made
  }
}

extension ListedThread {
  /// The bytes of an x87 or SSE register.
  fileprivate func vectorBytes(_ number: Int, _ workspace: Workspace) -> [UInt8]? {
    workspace.process?.core.vectorRegister(number, of: snapshot)
  }
}
