import Bytes
import Elfutils
import Expressions
import ProcessModel

/// A frame made of literals: registers, a few bytes of memory, a CFA.
struct FakeFrame: ExpressionContext {
  var memory: ProcessMemory
  var architecture = Architecture.x86_64
  var bias: UInt64 = 0x1000
  var registers: [Int: UInt64] = [6: 0x7f00, 5: 41]
  var cfa: UInt64 = 0x8010

  /// `bytes` stand at 0x8000; everything else is unreadable.
  init(bytes: [UInt8] = []) {
    memory = ProcessMemory(core: nil, segments: [], mappings: [], wordSize: 8, byteOrder: .little)
    memory.fallback = { address, _ in
      guard address >= 0x8000, address < 0x8000 + UInt64(bytes.count) else { return nil }
      return (address, Array(bytes[Int(address - 0x8000)...]))
    }
  }

  func register(_ number: Int) -> UInt64? { registers[number] }
  func vectorRegister(_ number: Int) -> [UInt8]? {
    number == 17 ? [0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0] : nil
  }
  func canonicalFrameAddress() throws(EvaluationError) -> UInt64 { cfa }
  func frameBase() throws(EvaluationError) -> UInt64 { cfa }
  func entryValue(_ expression: [LocationOperation]) throws(EvaluationError) -> TypedValue {
    guard expression.first?.code == 0x55 else { throw .optimizedOut }
    return TypedValue(generic: 7)
  }
  func threadLocalAddress(_ offset: UInt64) throws(EvaluationError) -> UInt64 { 0x9000 + offset }
}
