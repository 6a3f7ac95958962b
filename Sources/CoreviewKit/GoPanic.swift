internal import Bytes
internal import Backtraces
internal import ProcessModel
internal import Triage
internal import Reporting

/// The value of a Go panic: `g._panic.arg` of the goroutine that panicked.
///
/// The words at the start of runtime.g (stack bounds, two guards, `_panic`), of runtime._panic (`argp`, `arg`) and of a
/// type descriptor have been the same from Go 1.14 on; R14 holds `g` (internal ABI, from Go 1.17). A value is told only
/// if its type's name can be read.
struct GoPanic {
  private let reader: MessageReader

  init(_ reader: MessageReader) { self.reader = reader }

  private enum Kind {
    static let string: UInt64 = 24
    static let pointer: UInt64 = 22
  }

  func read() -> MessageReader.Found? {
    let read = reader.scene.read
    guard reader.architecture.name == "x86-64", let goroutine = reader.scene.registers["r14"], goroutine != 0,
      let panic = read(goroutine &+ 32, 8), panic != 0, let type = read(panic &+ 8, 8), type != 0,
      let data = read(panic &+ 16, 8), let name = name(of: type), let kind = read(type &+ 23, 1)
    else { return nil }
    var message = Report.Diagnosis.Message(source: .goPanic, text: nil, type: name)
    let isErrorText = ["*errors.errorString", "*fmt.wrapError", "*runtime.TypeAssertionError"].contains(name)
    if kind & 31 == Kind.string || kind & 31 == Kind.pointer && isErrorText {
      message.text = string(at: data)
      if name.hasPrefix("runtime."), let text = message.text { message.text = "runtime error: " + text }
    }
    return MessageReader.Found(
      message: message,
      evidence: [
        "goroutine \(goroutine.hexadecimal), its panic \(panic.hexadecimal), the value at \(data.hexadecimal) of type \(name)"
      ])
  }

  /// A Go string: pointer and length.
  private func string(at address: UInt64) -> String? {
    guard let pointer = reader.scene.read(address, 8), let length = reader.scene.read(address &+ 8, 8),
      length > 0,
      length <= UInt64(MessageReader.longest),
      let bytes = try? reader.memory.read(at: pointer, count: Int(length)), MessageReader.isText(bytes)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The name in a type descriptor: an offset from the start of all types, where flags and a length precede the text.
  private func name(of type: UInt64) -> String? {
    guard let base = reader.address(of: "runtime.types"), let offset = reader.scene.read(type &+ 40, 4),
      let flags = reader.scene.read(type &+ 20, 1)
    else { return nil }
    var at = base &+ offset &+ 1
    var length: UInt64 = 0
    for shift in [UInt64(0), 7] {
      guard let byte = reader.scene.read(at, 1) else { return nil }
      at &+= 1
      length |= (byte & 0x7f) << shift
      if byte & 0x80 == 0 { break }
    }
    guard length > 0, length < 1024, let bytes = try? reader.memory.read(at: at, count: Int(length)),
      MessageReader.isText(bytes)
    else { return nil }
    let name = String(decoding: bytes, as: UTF8.self)
    // TFlagExtraStar: the name is stored as that of a pointer to it.
    return flags & 2 != 0 && name.hasPrefix("*") ? String(name.dropFirst()) : name
  }
}
