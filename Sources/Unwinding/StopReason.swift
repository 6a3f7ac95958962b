package import ProcessModel

/// Why a stack has no further frame, in gdb's terms (contract, U-30 and U-31).
package enum StopReason: Error, Sendable, Equatable {
  /// The outermost frame: nothing is said.
  case outermost
  /// Registers are missing.
  case unavailable
  /// The caller's frame would lie below its callee's.
  case inner
  /// The caller was seen before.
  case identical
  /// Caller and callee keep their return address in the same place.
  case samePlace
  case memory(MemoryError)

  /// What stands behind `Backtrace stopped: `; `nil` where gdb is silent.
  package var message: String? {
    switch self {
    case .outermost: nil
    case .unavailable: "not enough registers or memory available to unwind further"
    case .inner: "previous frame inner to this frame (corrupt stack?)"
    case .identical: "previous frame identical to this frame (corrupt stack?)"
    case .samePlace: "frame did not save the PC"
    case .memory(let error): "Cannot access memory at address 0x" + String(error.address, radix: 16)
    }
  }
}
