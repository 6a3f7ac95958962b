internal import Bytes
internal import Backtraces
internal import Demangling
internal import ProcessModel
internal import Triage
internal import Reporting
internal import Symbols

/// The exception that ended a C++ program: found by pointers to its header on the stack of the thread that threw it.
///
/// Itanium C++ ABI: Exception Handling, 2.2.1 (`__cxa_exception`), 2.9.4 and 2.9.5 (`type_info`). A header counts only
/// while a handler holds it, as std::terminate does: what was caught and done with before is not taken for it.
struct CxxException {
  private let reader: MessageReader
  private let word: UInt64

  init(_ reader: MessageReader) {
    self.reader = reader
    word = UInt64(reader.architecture.wordSize)
  }

  /// `GNUCC++\0` as a big-endian number.
  private static let exceptionClass: UInt64 = 0x474e_5543_432b_2b00
  /// Bytes of stack that are searched.
  private static let searched: UInt64 = 16384
  private static let mostBases = 64

  func read() -> MessageReader.Found? {
    let (typeOffset, countOffset): (UInt64, UInt64) = word == 8 ? (80, 40) : (48, 28)
    let start = reader.stackPointer & ~(word - 1)
    for at in stride(from: start, to: start &+ Self.searched, by: Int(word)) {
      guard let header = try? reader.memory.readWord(at: at) else { return nil }
      guard header > 0x10000, header % 8 == 0, let region = reader.scene.map.region(containing: header),
        region.isWritable,
        matches(header), let handlers = reader.scene.read(header &- countOffset, 4), handlers != 0,
        handlers < 1000, let type = reader.scene.read(header &- typeOffset, Int(word)),
        let name = name(of: type)
      else { continue }
      let object = header &+ 32
      var evidence = [
        "exception at \(object.hexadecimal), of type_info \(type.hexadecimal), found by \(header.hexadecimal) at \(at.hexadecimal)"
      ]
      var message = Report.Diagnosis.Message(source: .cxxException, text: nil, type: readable(name))
      if let (text, place) = what(object, type) {
        message.text = text
        evidence.append("its text at \(place.hexadecimal)")
      }
      return MessageReader.Found(message: message, evidence: evidence)
    }
    return nil
  }

  private func matches(_ header: UInt64) -> Bool {
    reader.scene.read(header, 8) == Self.exceptionClass
  }

  /// The mangled name of a `std::type_info`.
  private func name(of type: UInt64) -> String? {
    guard let pointer = reader.scene.read(type &+ word, Int(word)), let text = reader.string(at: pointer),
      text.utf8.count < 2048
    else { return nil }
    // A star marks names that are compared by address.
    return text.hasPrefix("*") ? String(text.dropFirst()) : text
  }

  private func readable(_ name: String) -> String {
    let prefix = "typeinfo for "
    guard let text = Demangler.symbol("_ZTI" + name), text.hasPrefix(prefix) else { return name }
    return String(text.dropFirst(prefix.count))
  }

  /// What std::runtime_error and std::logic_error say: a pointer to the text follows their virtual table's.
  private func what(_ object: UInt64, _ type: UInt64) -> (String, UInt64)? {
    var queue: [(type: UInt64, offset: UInt64)] = [(type, 0)]
    var seen = 0
    while let next = queue.popLast(), seen < Self.mostBases {
      seen += 1
      guard let name = name(of: next.type) else { continue }
      if name == "St13runtime_error" || name == "St11logic_error" {
        guard let pointer = reader.scene.read(object &+ next.offset &+ word, Int(word)),
          let text = reader.string(at: pointer)
        else { return nil }
        return (text, pointer)
      }
      queue += bases(of: next.type).map { ($0.type, next.offset &+ $0.offset) }
    }
    return nil
  }

  private func bases(of type: UInt64) -> [(type: UInt64, offset: UInt64)] {
    let read = reader.scene.read
    guard let table = read(type, Int(word)), let module = reader.process.modules.module(containing: table),
      let symbol = module.symbol(at: module.fileAddress(table))
    else { return [] }
    if symbol.name.contains("__si_class_type_info") {
      guard let base = read(type &+ 2 * word, Int(word)) else { return [] }
      return [(base, 0)]
    }
    guard symbol.name.contains("__vmi_class_type_info"), let count = read(type &+ 2 * word &+ 4, 4),
      count <= 32
    else {
      return []
    }
    return (0..<count).compactMap { index in
      let entry = type &+ 2 * word &+ 8 &+ index * 2 * word
      guard let base = read(entry, Int(word)), let flags = read(entry &+ word, Int(word)), flags & 1 == 0
      else {
        return nil
      }
      return (base, flags >> 8)
    }
  }
}
