import Bytes
import Expressions
import Testing

@testable import Values

/// Something formatted, and what gdb prints for it.
struct TextCase: CustomTestStringConvertible, Sendable {
  var name: String
  var text: String
  var expected: String

  init(_ name: String, _ expected: String, _ body: (inout TextBuffer) -> Void) {
    var output = TextBuffer()
    body(&output)
    (self.name, text, self.expected) = (name, output.string, expected)
  }

  var testDescription: String { name }
}

private func string(
  _ text: String, hasMore: Bool = false
) -> (inout TextBuffer) -> Void {
  { StringText.append(string: Array(text.utf8)[...], .narrow, order: .little, hasMore: hasMore, into: &$0) }
}

private func array(_ bytes: [UInt8]) -> (inout TextBuffer) -> Void {
  { StringText.append(array: bytes[...], .narrow, order: .little, into: &$0) }
}

private func wide(_ units: [UInt32], _ text: ValueType.Text = .utf32) -> (inout TextBuffer) -> Void {
  let bytes = units.flatMap { unit in
    (0..<StringText.width(text)).map { UInt8(truncatingIfNeeded: unit >> UInt32(8 * $0)) }
  }
  return { StringText.append(string: bytes[...], text, order: .little, hasMore: false, into: &$0) }
}

private func number(_ value: Double) -> (inout TextBuffer) -> Void {
  { FloatFormat.double.append(UInt128(value.bitPattern), into: &$0) }
}

private func pattern(_ count: Int) -> [UInt8] { (0..<count).map { 0x61 + UInt8($0 % 7) } }

@Suite("Text of values")
struct TextTests {
  static let strings: [TextCase] = [
    TextCase("empty", "\"\"", string("")),
    TextCase("escapes", #""tab\tnl\nq\"bs\\\001\033end""#, string("tab\tnl\nq\"bs\\\u{1}\u{1b}end")),
    TextCase("octal before a digit", #""\0011""#, string("\u{1}1")),
    TextCase("UTF-8", "\"café\"", string("café")),
    TextCase("control of two bytes", #""\302\200\342\200\250""#, string("\u{80}\u{2028}")),
    TextCase("ten are shown", "\"zzzzzzzzzz\"", string("zzzzzzzzzz")),
    TextCase("eleven are counted", "'z' <repeats 11 times>", string("zzzzzzzzzzz")),
    TextCase(
      "repeats between", #""start", '-' <repeats 14 times>, "end""#, string("start--------------end")),
    TextCase("more", "'z' <repeats 200 times>...", string(String(repeating: "z", count: 200), hasMore: true)),
    TextCase("quote in a repeat", "''' <repeats 12 times>", string("''''''''''''")),
    TextCase(
      "double quote in a repeat", #"'\"' <repeats 12 times>"#, string(String(repeating: "\"", count: 12))),
    TextCase("invalid byte", #""x\303(""#, array([0x78, 0xc3, 0x28])),
    TextCase("surrogate", #""\355\240\200|""#, array([0xed, 0xa0, 0x80, 0x7c])),
    TextCase("cut character", #""|\303", <incomplete sequence \342\200>"#, array([0x7c, 0xc3, 0xe2, 0x80])),
    TextCase("array drops one NUL", #""abc\000\000\000\000""#, array([97, 98, 99, 0, 0, 0, 0, 0])),
    TextCase("array without NUL", "\"abcd\"", array([97, 98, 99, 100])),
    TextCase("one NUL", "\"\"", array([0])),
    TextCase("16 NULs", #"'\000' <repeats 15 times>"#, array([UInt8](repeating: 0, count: 16))),
    TextCase(
      "run beyond the limit",
      "\"\(String(decoding: pattern(195), as: UTF8.self))\", 'x' <repeats 12 times>...",
      array(pattern(195) + [UInt8](repeating: 0x78, count: 12) + pattern(9))),
    TextCase(
      "limit of 200", "\"\(String(decoding: pattern(200), as: UTF8.self))\"...", array(pattern(300))),
    TextCase("wide", #"L"a\xd800\x110000é\001""#, wide([0x61, 0xd800, 0x110000, 0xe9, 1], .wide)),
    TextCase("Rust characters", #"'\0' '\x7f' '"' '\'' '\xe9' '\u{0003bb}'"#) { output in
      for value in [0, 0x7f, 0x22, 0x27, 0xe9, 0x3bb] as [UInt64] {
        if !output.isEmpty { output.append(" ") }
        StringText.append(rustCharacter: value, into: &output)
      }
    },
    TextCase("surrogate pair", "u\"😀\"", wide([0xd83d, 0xde00], .utf16)),
    TextCase("lone surrogate", #"u"\xd83d""#, wide([0xd83d], .utf16)),
    TextCase(
      "prefix once", "L'a' <repeats 11 times>, \"b\"",
      wide([UInt32](repeating: 0x61, count: 11) + [0x62], .wide)),
  ]

  static let numbers: [TextCase] = [
    TextCase("0.1", "0.10000000000000001", number(0.1)),
    TextCase("1e16", "10000000000000000", number(1e16)),
    TextCase("1e17", "1e+17", number(1e17)),
    TextCase("123456789", "123456789", number(123_456_789)),
    TextCase("1/3", "0.33333333333333331", number(1.0 / 3)),
    TextCase("1e300", "1.0000000000000001e+300", number(1e300)),
    TextCase("least", "4.9406564584124654e-324", number(.leastNonzeroMagnitude)),
    TextCase("greatest", "1.7976931348623157e+308", number(.greatestFiniteMagnitude)),
    TextCase("0.0001", "0.0001", number(0.0001)),
    TextCase("0.00001", "1.0000000000000001e-05", number(0.00001)),
    TextCase("-0", "-0", number(-0.0)),
    TextCase("-inf", "-inf", number(-.infinity)),
    TextCase("nan", "nan(0x8000000000000)", number(.nan)),
    TextCase("float 0.1", "0.100000001") {
      FloatFormat.single.append(UInt128((0.1 as Float).bitPattern), into: &$0)
    },
    TextCase("half 1.1", "1.0996") { FloatFormat.half.append(0x3c66, into: &$0) },
    TextCase("x87 0.1", "0.100000000000000000001") {
      FloatFormat.extended.append(0x3ffb << 64 | 0xcccc_cccc_cccc_cccd, into: &$0)
    },
    TextCase("x87 without integer bit", "<invalid float value>") {
      FloatFormat.extended.append(0x3fff << 64 | 0x1000_0000_0000_0000, into: &$0)
    },
    TextCase("__int128", "1267650600228229401496703205383") {
      DecimalText.append((1 << 100) + 7, into: &$0)
    },
    TextCase("24 bits", "-2") {
      DecimalText.append(bytes: [0xfe, 0xff, 0xff], isSigned: true, order: .little, into: &$0)
    },
    TextCase("no bytes", "0") { DecimalText.append(bytes: [], isSigned: true, order: .little, into: &$0) },
    TextCase("least of 16 bits", "-32768") {
      DecimalText.append(bytes: [0x80, 0], isSigned: true, order: .big, into: &$0)
    },
  ]

  @Test("strings", arguments: strings)
  func checksString(_ example: TextCase) {
    #expect(example.text == example.expected)
  }

  @Test("numbers", arguments: numbers)
  func checksNumber(_ example: TextCase) {
    #expect(example.text == example.expected)
  }

  @Test("pieces of a bit-field struct leave single bits unknown")
  func pieces() throws {
    let location = ValueLocation.pieces([
      .init(location: .value(TypedValue(generic: 5)), bitSize: 3),
      .init(location: .register(5), bitSize: 7),
      .init(location: .optimizedOut, bitSize: 6),
    ])
    let value = try ValueFetcher.value(at: location, size: 3, in: FakeFrame())
    guard case .partial(let bytes, let gaps) = value.content else {
      Issue.record("not partial")
      return
    }
    #expect(bytes == [5 | (41 << 3 & 0xff), 41 >> 5, 0])
    #expect(gaps[9] == .none && gaps[10] == .optimizedOut && gaps[16] == .syntheticPointer)
  }

  @Test("a location wider than memory allows says so")
  func tooLarge() {
    #expect(
      throws: EvaluationError.unsupported("value requires 70000 bytes, which is more than max-value-size")
    ) {
      try ValueFetcher.value(at: .register(0), size: 70000, in: FakeFrame())
    }
  }

  @Test("values compare by their raw bytes")
  func comparison() {
    let four = FetchedValue(number: 0xffff_ffff_0000_0004, size: 4)
    #expect(four.hasSameBytes(as: FetchedValue(.bytes([4, 0, 0, 0])), order: .little))
    #expect(!four.hasSameBytes(as: FetchedValue(.optimizedOut), order: .little))
    #expect(FetchedValue(number: 7, size: 0) == FetchedValue(.number(7)))
  }
}
