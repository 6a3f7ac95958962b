/// A JSON value (RFC 8259), as far as records of the journal need it.
package indirect enum JSONValue: Sendable, Equatable {
  case null
  case flag(Bool)
  /// Whole numbers; others are `null`.
  case number(Int64)
  /// Any bytes: strings need not be UTF-8.
  case text([UInt8])
  case list([JSONValue])
  /// Of members with the same name the last counts.
  case members([String: JSONValue])

  /// The value of a document; `nil` for what is no JSON, is nested too deep, or goes on behind it.
  package init?(_ bytes: ArraySlice<UInt8>) {
    var reader = JSONReader(bytes)
    guard let value = reader.value(depth: 0) else { return nil }
    reader.skipBlanks()
    guard reader.isAtEnd else { return nil }
    self = value
  }

  /// A member of an object.
  package subscript(name: String) -> JSONValue? {
    if case .members(let members) = self { members[name] } else { nil }
  }
}

private struct JSONReader {
  private let bytes: ArraySlice<UInt8>
  private var at: Int

  private static let deepest = 16

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    at = bytes.startIndex
  }

  var isAtEnd: Bool { at >= bytes.endIndex }
  private var next: UInt8? { at < bytes.endIndex ? bytes[at] : nil }

  mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || (0x09...0x0d).contains(byte) { at += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard next == byte else { return false }
    at += 1
    return true
  }

  mutating func value(depth: Int) -> JSONValue? {
    guard depth < Self.deepest else { return nil }
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return members(depth)
    case UInt8(ascii: "["): return list(depth)
    case UInt8(ascii: "\""): return text().map { .text($0) }
    case UInt8(ascii: "t"): return word("true", .flag(true))
    case UInt8(ascii: "f"): return word("false", .flag(false))
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) -> JSONValue? {
    guard bytes[at...].starts(with: word.utf8) else { return nil }
    at += word.utf8.count
    return value
  }

  private mutating func number() -> JSONValue? {
    let start = at
    while let byte = next, "+-.eE0123456789".utf8.contains(byte) { at += 1 }
    guard at > start else { return nil }
    return Int64(String(decoding: bytes[start..<at], as: UTF8.self)).map { .number($0) } ?? .null
  }

  private mutating func members(_ depth: Int) -> JSONValue? {
    at += 1
    var result: [String: JSONValue] = [:]
    if take(UInt8(ascii: "}")) { return .members(result) }
    repeat {
      skipBlanks()
      guard next == UInt8(ascii: "\""), let name = text(), take(UInt8(ascii: ":")),
        let value = value(depth: depth + 1)
      else { return nil }
      result[String(decoding: name, as: UTF8.self)] = value
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}")) ? .members(result) : nil
  }

  private mutating func list(_ depth: Int) -> JSONValue? {
    at += 1
    var result: [JSONValue] = []
    if take(UInt8(ascii: "]")) { return .list(result) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      result.append(value)
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]")) ? .list(result) : nil
  }

  private mutating func text() -> [UInt8]? {
    at += 1
    var result: [UInt8] = []
    while let byte = next {
      at += 1
      if byte == UInt8(ascii: "\"") { return result }
      guard byte == UInt8(ascii: "\\") else {
        result.append(byte)
        continue
      }
      guard let escaped = escape() else { return nil }
      result += escaped
    }
    return nil
  }

  private mutating func escape() -> [UInt8]? {
    guard let byte = next else { return nil }
    at += 1
    switch byte {
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "u"):
      guard var code = fourDigits() else { return nil }
      if (0xd800..<0xdc00).contains(code), bytes[at...].starts(with: [0x5c, 0x75]) {
        at += 2
        guard let low = fourDigits(), (0xdc00..<0xe000).contains(low) else { return nil }
        code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      }
      return Unicode.Scalar(code).map { Array(String(Character($0)).utf8) } ?? [0xef, 0xbf, 0xbd]
    default: return [byte]
    }
  }

  private mutating func fourDigits() -> UInt32? {
    guard bytes.endIndex - at >= 4 else { return nil }
    let digits = String(decoding: bytes[at..<at + 4], as: UTF8.self)
    at += 4
    return UInt32(digits, radix: 16)
  }
}
