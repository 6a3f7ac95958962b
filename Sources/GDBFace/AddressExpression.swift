internal import Backtraces
internal import ProcessModel
internal import Symbols
internal import Unwinding

/// Numbers, registers and functions, added and subtracted: what addresses in scripts are made of.
struct AddressExpression {
  private let session: Session
  private var rest: Substring
  private let whole: String

  static func value(of text: String, in session: Session) throws(CommandError) -> UInt64 {
    var parser = AddressExpression(session: session, rest: text[...], whole: text)
    let value = try parser.sum(depth: 0)
    parser.skipBlanks()
    guard parser.rest.isEmpty else {
      throw CommandError("A syntax error in expression, near `\(parser.rest)'.")
    }
    return value
  }

  private init(session: Session, rest: Substring, whole: String) {
    (self.session, self.rest, self.whole) = (session, rest, whole)
  }

  /// Parentheses and signs nest at most this deep.
  private static let maximumDepth = 64

  private mutating func skipBlanks() { rest = rest.drop { $0 == " " || $0 == "\t" } }

  private mutating func sum(depth: Int) throws(CommandError) -> UInt64 {
    guard depth < Self.maximumDepth else { throw CommandError("expression nested too deeply") }
    var value = try product(depth: depth)
    while true {
      skipBlanks()
      guard let sign = rest.first, sign == "+" || sign == "-" else { return value }
      rest.removeFirst()
      let other = try product(depth: depth)
      value = sign == "+" ? value &+ other : value &- other
    }
  }

  private mutating func product(depth: Int) throws(CommandError) -> UInt64 {
    var value = try term(depth: depth)
    while true {
      skipBlanks()
      guard rest.first == "*" else { return value }
      rest.removeFirst()
      value = value &* (try term(depth: depth))
    }
  }

  private mutating func term(depth: Int) throws(CommandError) -> UInt64 {
    guard depth < Self.maximumDepth else { throw CommandError("expression nested too deeply") }
    skipBlanks()
    guard let first = rest.first else { throw CommandError("A syntax error in expression, near `'.") }
    switch first {
    case "-":
      rest.removeFirst()
      return 0 &- (try term(depth: depth + 1))
    case "&":
      rest.removeFirst()
      return try term(depth: depth + 1)
    case "(":
      rest.removeFirst()
      let value = try sum(depth: depth + 1)
      skipBlanks()
      guard rest.first == ")" else { throw CommandError("A syntax error in expression, near `\(rest)'.") }
      rest.removeFirst()
      return value
    case "$":
      rest.removeFirst()
      return try register(String(word()))
    case _ where first.isNumber: return try number(String(word()))
    default:
      let name = String(word(extra: "_:~"))
      guard !name.isEmpty else { throw CommandError("A syntax error in expression, near `\(rest)'.") }
      return try symbol(name)
    }
  }

  private mutating func word(extra: String = "_") -> Substring {
    let word = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) || extra.contains($0) }
    rest = rest.dropFirst(word.count)
    return word
  }

  private func number(_ digits: String) throws(CommandError) -> UInt64 {
    let lower = digits.lowercased()
    let value =
      lower.hasPrefix("0x")
      ? UInt64(lower.dropFirst(2), radix: 16)
      : lower.count > 1 && lower.hasPrefix("0") ? UInt64(lower, radix: 8) : UInt64(lower)
    guard let value else { throw CommandError("Invalid number \"\(digits)\".") }
    return value
  }

  private func register(_ name: String) throws(CommandError) -> UInt64 {
    let frame = try session.selectedFrame("No registers.")
    let architecture = frame.physical.thread.process.architecture
    let real = RegisterOrder.alias(name, of: architecture) ?? name
    guard let place = architecture.registers.first(where: { $0.name == real }) else {
      throw CommandError("Value can't be converted to integer.")
    }
    let value =
      place.dwarf.map { frame.physical.registers[$0] }
      ?? frame.physical.thread.thread.register(named: real, of: architecture)
    guard let value else { throw CommandError("value is not available") }
    return value
  }

  private func symbol(_ name: String) throws(CommandError) -> UInt64 {
    guard let process = session.process else {
      throw CommandError("No symbol table is loaded.  Use the \"file\" command.")
    }
    guard let address = process.modules.address(ofSymbol: name) else {
      throw CommandError("No symbol \"\(name)\" in current context.")
    }
    return address
  }
}
