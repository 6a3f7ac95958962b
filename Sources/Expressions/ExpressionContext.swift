package import Bytes
package import Elfutils
package import ProcessModel

/// Why an expression has no value.
package enum EvaluationError: Error, Equatable, Sendable {
  /// gdb's `Cannot access memory at address 0x…`.
  case memory(MemoryError)
  /// The variable is not anywhere: `<optimized out>`.
  case optimizedOut
  /// A register whose content the image does not hold: `<unavailable>`.
  case unavailable
  /// Malformed, too long, or of a kind that is not evaluated; says which.
  case unsupported(String)
}

/// What a DWARF expression may ask of the frame it is evaluated in.
package protocol ExpressionContext {
  var memory: ProcessMemory { get }
  var architecture: Architecture { get }
  /// What is added to an address of the file to find it in the process.
  var bias: UInt64 { get }
  /// A general register of the frame, by DWARF number; `nil` if CFI says that it is lost.
  func register(_ number: Int) -> UInt64?
  /// The bytes of a register that general registers do not hold (x87, SSE), by DWARF number.
  func vectorRegister(_ number: Int) -> [UInt8]?
  /// DW_OP_call_frame_cfa.
  func canonicalFrameAddress() throws(EvaluationError) -> UInt64
  /// DW_OP_fbreg's base: DW_AT_frame_base of the enclosing function, evaluated.
  func frameBase() throws(EvaluationError) -> UInt64
  /// DW_OP_entry_value: the value that an expression had when the function was entered.
  func entryValue(_ expression: [LocationOperation]) throws(EvaluationError) -> TypedValue
  /// DW_OP_form_tls_address and DW_OP_GNU_push_tls_address.
  func threadLocalAddress(_ offset: UInt64) throws(EvaluationError) -> UInt64
}

// Facts of the process that memory knows too: asking it spares a copy of the whole `Architecture`.
extension ExpressionContext {
  /// 4 or 8 bytes.
  @inline(__always)
  package var wordSize: Int { memory.wordSize }
  @inline(__always)
  package var byteOrder: ByteOrder { memory.byteOrder }
  /// The bits that an address can have.
  @inline(__always)
  package var addressMask: UInt64 { memory.wordSize == 8 ? .max : 0xffff_ffff }
}
