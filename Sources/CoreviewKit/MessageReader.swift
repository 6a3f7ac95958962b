internal import Bytes
internal import Backtraces
internal import CoreFiles
internal import Demangling
internal import ProcessModel
internal import Reporting
internal import Symbols
internal import Triage

/// The texts that programs leave behind when they give up: looked for where the frames say that there is one.
struct MessageReader {
  /// A text and where it was read.
  struct Found {
    var message: Report.Diagnosis.Message
    var evidence: [String]
    /// Whether it was known by its looks: a text that lies where such a text would.
    var isGuessed = false
  }

  let process: CoreProcess
  let scene: Scene
  /// The registers' stack pointer of the thread whose frames those are.
  let stackPointer: UInt64

  var memory: ProcessMemory { process.core.memory }
  var architecture: Architecture { process.core.architecture }

  /// Longer texts are cut.
  static let longest = 4096

  func read() -> Found? {
    let functions = scene.frames.compactMap(\.function)
    func has(_ prefixes: String...) -> Bool {
      functions.contains { function in prefixes.contains { function.hasPrefix($0) } }
    }
    if has("runtime.gopanic", "runtime.fatalpanic", "runtime.panic", "runtime.goPanic") {
      if let found = GoPanic(self).read() { return found }
    }
    if has("rust_panic", "std::panicking::", "core::panicking::"),
      let found = RustPanicCall(self).read() ?? RustPanic(self).read()
    {
      return found
    }
    if has("Swift._assertionFailure", "Swift._fatalErrorMessage", "closure #1 (Swift.UnsafeBufferPointer"),
      let found = swift()
    {
      return found
    }
    if has("std::terminate", "__cxxabiv1::", "__cxa_throw", "__cxa_rethrow", "std::__terminate"),
      let found = CxxException(self).read()
    {
      return found
    }
    guard scene.signal.number == 6 else { return nil }
    return glib() ?? libc()
  }

  // MARK: C

  /// A symbol in one of the modules that the frames lie in: the library that aborted is among them.
  func address(of symbol: String) -> UInt64? {
    var seen: Set<ObjectIdentifier> = []
    for frame in scene.frames {
      guard let module = process.modules.module(containing: frame.pc),
        seen.insert(ObjectIdentifier(module)).inserted, let found = module.symbol(named: symbol)
      else { continue }
      return module.processAddress(FileAddress(found.address))
    }
    return nil
  }

  /// `struct abort_msg_s *__abort_msg` of glibc: a size, then the text.
  private func libc() -> Found? {
    guard let variable = address(of: "__abort_msg"), let pointer = try? memory.readWord(at: variable),
      pointer != 0,
      let text = string(at: pointer &+ 4)
    else { return nil }
    return Found(
      message: Report.Diagnosis.Message(source: .libc, text: text),
      evidence: ["__abort_msg at \(variable.hexadecimal) points to \(pointer.hexadecimal)"])
  }

  private func glib() -> Found? {
    guard let variable = address(of: "__glib_assert_msg"), let pointer = try? memory.readWord(at: variable),
      pointer != 0, let text = string(at: pointer)
    else { return nil }
    return Found(
      message: Report.Diagnosis.Message(source: .glib, text: text),
      evidence: ["__glib_assert_msg at \(variable.hexadecimal) points to \(pointer.hexadecimal)"])
  }

  /// A text that ends in NUL, without the newline at its end; `nil` for what is none.
  func string(at address: UInt64) -> String? {
    guard var bytes = try? memory.readCString(at: address, limit: Self.longest), !bytes.isEmpty else {
      return nil
    }
    while bytes.last == 0x0a || bytes.last == 0x20 { bytes.removeLast() }
    return Self.isText(bytes) ? String(decoding: bytes, as: UTF8.self) : nil
  }

  /// Printable, whitespace, or well-formed beyond ASCII.
  static func isText(_ bytes: [UInt8]) -> Bool {
    guard !bytes.isEmpty,
      bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x0a || $0 == 0x09 || $0 == 0x0d })
    else {
      return false
    }
    return String(validating: bytes, as: UTF8.self) != nil
  }

  // MARK: Swift

  /// What the runtime composed for stderr: left on the stack below what is in use now, and in freed memory.
  private func swift() -> Found? {
    let mark = Array("Fatal error: ".utf8)
    let size: UInt64 = 4096
    guard stackPointer > size else { return nil }
    let start = stackPointer - size
    let bytes = memory.readAvailable(at: start, count: Int(size))
    var best: (text: [UInt8], at: UInt64)?
    for place in Self.places(of: mark, in: bytes) {
      let text = Array(bytes[(place + mark.count)...].prefix { $0 >= 0x20 && $0 != 0x7f })
      if text.count > best?.text.count ?? 0 { best = (text, start &+ UInt64(place)) }
    }
    guard var found = best else { return nil }
    // The buffer on the stack is short: freed memory that the stack points to may have the whole.
    var left = 512
    for offset in stride(from: 0, to: max(0, bytes.count - 8), by: 8) where left > 0 {
      let pointer = bytes[offset..<offset + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard let region = scene.map.region(containing: pointer), region.isWritable, region.name != "[stack]"
      else {
        continue
      }
      left -= 1
      let heap = memory.readAvailable(at: pointer, count: 512)
      for place in Self.places(of: mark + found.text.prefix(16), in: heap) {
        let text = Array(heap[(place + mark.count)...].prefix { $0 >= 0x20 && $0 != 0x7f })
        let isLonger =
          text.count > found.text.count && text.starts(with: found.text.prefix(text.count).prefix(40))
        if isLonger { found = (text, pointer &+ UInt64(place)) }
      }
    }
    guard Self.isText(found.text) else { return nil }
    return Found(
      message: Report.Diagnosis.Message(
        source: .swiftError, text: String(decoding: found.text, as: UTF8.self)),
      evidence: ["\"Fatal error: …\" at \(found.at.hexadecimal), left by the Swift runtime"],
      isGuessed: true)
  }

  static func places(of mark: [UInt8], in bytes: [UInt8]) -> [Int] {
    guard let first = mark.first, bytes.count >= mark.count else { return [] }
    var result: [Int] = []
    for index in 0...(bytes.count - mark.count) where bytes[index] == first && result.count < 64 {
      if bytes[index..<index + mark.count].elementsEqual(mark) { result.append(index) }
    }
    return result
  }
}
