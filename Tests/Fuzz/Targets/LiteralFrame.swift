import Bytes
import Elfutils
import Expressions
import ProcessModel

/// A frame whose registers are numbers, without memory: what expressions are evaluated over.
struct LiteralFrame: ExpressionContext {
  var memory = ProcessMemory(core: nil, segments: [], mappings: [], wordSize: 8, byteOrder: .little)
  var architecture = Architecture.x86_64
  var bias: UInt64 = 0x1000

  func register(_ number: Int) -> UInt64? { number < 17 ? UInt64(number) &* 0x1111 : nil }
  func vectorRegister(_ number: Int) -> [UInt8]? { nil }
  func canonicalFrameAddress() throws(EvaluationError) -> UInt64 { 0x8010 }
  func frameBase() throws(EvaluationError) -> UInt64 { 0x8000 }
  func entryValue(_: [LocationOperation]) throws(EvaluationError) -> TypedValue { TypedValue(generic: 7) }
  func threadLocalAddress(_ offset: UInt64) throws(EvaluationError) -> UInt64 { offset }
}
