import Bytes
import Expressions
import ProcessModel
import Testing

@testable import Elfutils

typealias Operation = LocationOperation
typealias BaseType = LocationOperation.BaseType

/// An expression, and the location it gives.
struct ExpressionCase: CustomTestStringConvertible, Sendable {
  var name: String
  var operations: [Operation]
  var expected: ValueLocation?
  var error: EvaluationError?

  init(_ name: String, _ operations: [Operation], _ expected: ValueLocation) {
    (self.name, self.operations, self.expected) = (name, operations, expected)
  }

  init(_ name: String, _ operations: [Operation], fails error: EvaluationError) {
    (self.name, self.operations, self.error) = (name, operations, error)
  }

  var testDescription: String { name }
}

private func op(_ code: UInt8, _ first: UInt64 = 0, _ second: UInt64 = 0, at offset: UInt64 = 0) -> Operation
{
  Operation(code: code, first: first, second: second, offset: offset)
}

private func minus(_ value: Int64) -> UInt64 { UInt64(bitPattern: -value) }
private func value(_ number: UInt64) -> ValueLocation { .value(TypedValue(generic: number)) }

private let double = BaseType(encoding: 4, size: 8)
private let int = BaseType(encoding: 5, size: 4)
private let wide = BaseType(encoding: 4, size: 16)
private let one: [Operation] = [op(0x31)]

@Suite("Expression machine")
struct ExpressionTests {
  static let cases: [ExpressionCase] = [
    ExpressionCase("empty", [], .optimizedOut),
    ExpressionCase("fbreg", [op(0x91, minus(24))], .memory(0x8010 - 24)),
    ExpressionCase("addr is biased", [op(0x03, 0x400)], .memory(0x1400)),
    ExpressionCase("breg6-8", [op(0x76, minus(8))], .memory(0x7ef8)),
    ExpressionCase("reg5", [op(0x55)], .register(5)),
    ExpressionCase("regx 17", [op(0x90, 17)], .register(17)),
    ExpressionCase("cfa", [op(0x9c)], .memory(0x8010)),
    ExpressionCase("breg5+1 stack_value", [op(0x75, 1), op(0x9f)], value(42)),
    ExpressionCase("lost register", [op(0x73, 0)], fails: .optimizedOut),
    ExpressionCase("7 / -2 is signed", [op(0x37), op(0x11, minus(2)), op(0x1b), op(0x9f)], value(minus(3))),
    ExpressionCase(
      "-7 mod 4 is unsigned", [op(0x11, minus(7)), op(0x34), op(0x1d), op(0x9f)], value(1)),
    ExpressionCase(
      "least / -1 does not trap", [op(0x0e, 1 << 63), op(0x11, minus(1)), op(0x1b), op(0x9f)],
      value(1 << 63)),
    ExpressionCase("1 / 0", [op(0x31), op(0x30), op(0x1b)], fails: .unsupported("Division by zero")),
    ExpressionCase("1 << 64", [op(0x31), op(0x08, 64), op(0x24), op(0x9f)], value(0)),
    ExpressionCase(
      "-1 >> 70 arithmetically", [op(0x11, minus(1)), op(0x08, 70), op(0x26), op(0x9f)], value(.max)),
    ExpressionCase("1 << -1", [op(0x31), op(0x11, minus(1)), op(0x24), op(0x9f)], value(0)),
    ExpressionCase("-1 < 0", [op(0x11, minus(1)), op(0x30), op(0x2d), op(0x9f)], value(1)),
    ExpressionCase("rot", [op(0x31), op(0x32), op(0x33), op(0x17), op(0x9f)], value(2)),
    ExpressionCase("pick beyond", [op(0x31), op(0x15, 1)], fails: .unsupported("stack underflow")),
    ExpressionCase("drop of nothing", [op(0x13)], fails: .unsupported("stack underflow")),
    ExpressionCase("deref", [op(0x0e, 0x8000), op(0x06)], .memory(0x0807_0605_0403_0201)),
    ExpressionCase("deref_size 3", [op(0x0e, 0x8000), op(0x94, 3), op(0x9f)], value(0x030201)),
    ExpressionCase("deref_size 9", [op(0x0e, 0x8000), op(0x94, 9)], fails: .unsupported("size of a load")),
    ExpressionCase("deref of 0", [op(0x30), op(0x06)], fails: .memory(MemoryError(address: 0))),
    ExpressionCase(
      "bra taken over one",
      [op(0x31, at: 0), op(0x28, 1, at: 1), op(0x38, at: 4), op(0x32, at: 5), op(0x9f, at: 6)],
      value(2)),
    ExpressionCase("skip to the end", [op(0x35, at: 0), op(0x2f, 0, at: 1)], .memory(5)),
    ExpressionCase(
      "skip into an operation", [op(0x2f, 1, at: 0), op(0x0e, 1, at: 3), op(0x96, at: 12)],
      fails: .unsupported("bad jump")),
    ExpressionCase("skip before the start", [op(0x2f, minus(9))], fails: .unsupported("bad jump")),
    ExpressionCase("endless loop", [op(0x2f, minus(3))], fails: .unsupported("expression too long")),
    ExpressionCase(
      "endless pushes", [op(0x31, at: 0), op(0x2f, minus(4), at: 1)], fails: .unsupported("stack too deep")),
    ExpressionCase(
      "operator after register", [op(0x50), op(0x06)], fails: .unsupported("operator after location")),
    ExpressionCase(
      "unknown operator", [op(0xff)], fails: .unsupported("Unhandled dwarf expression opcode 0xff")),
    ExpressionCase(
      "pieces", [op(0x55), op(0x93, 4), op(0x93, 4), op(0x33), op(0x9f), op(0x9d, 3, 1)],
      .pieces([
        .init(location: .register(5), bitSize: 32), .init(location: .optimizedOut, bitSize: 32),
        .init(location: value(3), bitSize: 3, bitOffset: 1),
      ])),
    ExpressionCase(
      "piece of 2^62 bytes", [op(0x93, 1 << 62)], .pieces([.init(location: .optimizedOut, bitSize: .max)])),
    ExpressionCase("implicit value", [Operation(code: 0x9e, nested: .bytes([1, 2]))], .implicit([1, 2])),
    ExpressionCase(
      "implicit pointer", [Operation(code: 0xa0, first: 9, second: 4, nested: .entry(9))],
      .implicitPointer(entry: 9, byteOffset: 4)),
    ExpressionCase(
      "entry value", [Operation(code: 0xa3, nested: .expression([op(0x55)])), op(0x9f)], value(7)),
    ExpressionCase(
      "entry value of unknown", [Operation(code: 0xf3, nested: .expression(one)), op(0x9f)],
      fails: .optimizedOut),
    ExpressionCase("thread local", [op(0x0e, 16), op(0xe0)], .memory(0x9010)),
    ExpressionCase(
      "int to double",
      [
        Operation(code: 0xa4, nested: .typedBytes(int, [0xfe, 0xff, 0xff, 0xff])),
        Operation(code: 0xa8, first: 1, nested: .type(double)), op(0x9f),
      ],
      .value(TypedValue(bits: UInt128((-2.0).bitPattern), type: double))),
    ExpressionCase(
      "xmm0 times itself",
      [Operation(code: 0xa5, first: 17, nested: .type(double)), op(0x12), op(0x1e), op(0x9f)],
      .value(TypedValue(bits: UInt128((2.25).bitPattern), type: double))),
    ExpressionCase(
      "double to address",
      [
        Operation(code: 0xa4, nested: .typedBytes(double, [0, 0, 0, 0, 0, 0, 0xf8, 0x3f])),
        Operation(code: 0xa8, first: 0, nested: .type(nil)), op(0x9f),
      ], value(1)),
    ExpressionCase(
      "NaN to int",
      [
        Operation(code: 0xa4, nested: .typedBytes(double, [0, 0, 0, 0, 0, 0, 0xf8, 0x7f])),
        Operation(code: 0xa8, first: 0, nested: .type(nil)), op(0x9f),
      ], value(1 << 63)),
    ExpressionCase(
      "x87 round trip",
      [
        op(0x33), Operation(code: 0xa8, first: 1, nested: .type(wide)), op(0x12), op(0x22),
        Operation(code: 0xa8, first: 1, nested: .type(int)), op(0x9f),
      ],
      .value(TypedValue(bits: 6, type: int))),
    ExpressionCase(
      "mixed types", [op(0x31), Operation(code: 0xa4, nested: .typedBytes(int, [1])), op(0x22)],
      fails: .unsupported("Incompatible types on DWARF stack")),
    ExpressionCase(
      "type of size 100",
      [op(0x31), Operation(code: 0xa8, first: 1, nested: .type(BaseType(encoding: 4, size: 100)))],
      fails: .unsupported("conversion")),
  ]

  @Test("gives a location or a reason", arguments: cases)
  func location(_ example: ExpressionCase) throws {
    let frame = FakeFrame(bytes: [1, 2, 3, 4, 5, 6, 7, 8])
    if let error = example.error {
      #expect(throws: error) { try ExpressionMachine.location(example.operations, in: frame) }
    } else {
      #expect(try ExpressionMachine.location(example.operations, in: frame) == example.expected)
    }
  }

  @Test("a number starts from the given stack")
  func number() throws {
    let frame = FakeFrame()
    #expect(try ExpressionMachine.number([op(0x23, 8)], initial: [0x100], in: frame) == 0x108)
    #expect(try ExpressionMachine.number([op(0x55)], in: frame) == 41)
  }

  @Test("a call site's expression tells what it leaves on the stack")
  func typed() throws {
    let frame = FakeFrame()
    let entry = Operation(code: 0xa3, nested: .expression([op(0x55)]))
    #expect(try ExpressionMachine.typed([op(0x75, 1)], in: frame) == TypedValue(generic: 42))
    #expect(try ExpressionMachine.typed([op(0x09, minus(1))], in: frame) == TypedValue(generic: .max))
    #expect(try ExpressionMachine.typed([entry], in: frame) == TypedValue(generic: 7))
    #expect(
      try ExpressionMachine.typed([entry, op(0x31), op(0x22)], in: frame) == TypedValue(generic: 8))
    // The low half of a vector register.
    #expect(
      try ExpressionMachine.typed([op(0x81, 0)], in: frame) == TypedValue(generic: 0x3ff8_0000_0000_0000))
    // A jump to the end.
    #expect(
      try ExpressionMachine.typed([op(0x35, at: 0), op(0x2f, 0, at: 1)], in: frame)
        == TypedValue(generic: 5))
    #expect(throws: EvaluationError.optimizedOut) { try ExpressionMachine.typed([op(0x73, 0)], in: frame) }
    // Locations are no numbers.
    for operations in [[op(0x55)], [op(0x55), op(0x93, 8)], []] {
      #expect(throws: EvaluationError.self) { try ExpressionMachine.typed(operations, in: frame) }
    }
  }

  @Test("a 32-bit word wraps at 32 bits")
  func narrow() throws {
    var frame = FakeFrame()
    frame.architecture = .i386
    frame.memory = ProcessMemory(core: nil, segments: [], mappings: [], wordSize: 4, byteOrder: .little)
    #expect(try ExpressionMachine.number([op(0x0e, 0xffff_ffff), op(0x32), op(0x22)], in: frame) == 1)
    #expect(try ExpressionMachine.number([op(0x30), op(0x31), op(0x1c), op(0x32), op(0x1b)], in: frame) == 0)
  }
}
