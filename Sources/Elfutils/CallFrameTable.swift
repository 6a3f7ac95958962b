internal import Bytes
internal import CElfutils
internal import Glibc

/// How a register of the caller is found from the callee's frame: DWARF 5, 6.4.1.
package enum RegisterRule: Sendable {
  /// Nothing remembers it. Used for the return address: the frame is the outermost.
  case undefined
  /// In memory, this many bytes from the CFA.
  case savedAt(Int64)
  /// The CFA plus this many bytes, itself.
  case cfaPlus(Int64)
  /// In another register of the callee.
  case register(Int)
  /// In memory at the address that an expression gives; the CFA is on the stack first.
  case savedAtExpression([LocationOperation])
  /// The value of an expression; the CFA is on the stack first.
  case valueOfExpression([LocationOperation])
}

/// One row of the call frame table: what holds between two addresses of the file.
package struct CallFrameRow: Sendable {
  package enum CFARule: Sendable {
    case registerPlus(Int, Int64)
    case expression([LocationOperation])
  }

  package var range: Range<UInt64>
  /// CIE augmentation `S`: the frame of a signal trampoline.
  package var isSignalFrame: Bool
  package var returnAddressRegister: Int
  package var cfa: CFARule
  /// Registers with a rule; those without one keep the callee's value, as gdb has it.
  package var rules: [(register: Int, rule: RegisterRule)]
}

/// The call frame information of one file: .eh_frame, or .debug_frame of it or its debug file.
@safe
package final class CallFrameTable {
  private let cfi: OpaquePointer
  /// Whether `cfi` came from .eh_frame of `elf`, and so ends with us and not with the `Dwarf`.
  private let isOwned: Bool
  private let elf: ElfFile?
  private let debugFile: DebugFile?
  /// libdw makes room for as many registers as the greatest number says that an instruction names.
  private var fence = MemoryFence()

  /// .eh_frame of a file; `nil` if it has none.
  package init?(ehFrameOf elf: ElfFile) {
    guard let cfi = unsafe dwarf_getcfi_elf(elf.elf) else { return nil }
    unsafe self.cfi = cfi
    self.isOwned = true
    self.elf = elf
    self.debugFile = nil
  }

  /// .debug_frame of a file with DWARF; `nil` if it has none.
  package init?(debugFrameOf debugFile: DebugFile) {
    guard let cfi = unsafe dwarf_getcfi(debugFile.dwarf) else { return nil }
    unsafe self.cfi = cfi
    self.isOwned = false
    self.elf = nil
    self.debugFile = debugFile
  }

  deinit {
    if isOwned { unsafe dwarf_cfi_end(cfi) }
  }

  /// The row for an address of the file, with rules for the registers below `registerCount`.
  ///
  /// libdw does not tell "undefined" from "not mentioned": only the return address column is believed to
  /// be undefined, every other register without a place keeps the callee's value.
  package func row(at address: UInt64, registerCount: Int) -> CallFrameRow? {
    let found = unsafe fence.within { () -> OpaquePointer? in
      var pointer: OpaquePointer?
      return unsafe dwarf_cfi_addrframe(cfi, address, &pointer) == 0 ? unsafe pointer : nil
    }
    guard let frame = unsafe found else { return nil }
    defer { unsafe free(UnsafeMutableRawPointer(frame)) }
    var start: Dwarf_Addr = 0
    var end: Dwarf_Addr = 0
    var isSignal = false
    let returnAddress = Int(unsafe dwarf_frame_info(frame, &start, &end, &isSignal))
    guard returnAddress >= 0 else { return nil }

    var operations: UnsafeMutablePointer<Dwarf_Op>?
    var count = 0
    guard unsafe dwarf_frame_cfa(frame, &operations, &count) == 0, count > 0,
      let cfaOperations = unsafe operations
    else { return nil }
    let cfa = unsafe LocationOperation.list(cfaOperations, count: count, attribute: nil, file: nil)

    var rules: [(Int, RegisterRule)] = []
    var scratch = [Dwarf_Op](repeating: Dwarf_Op(), count: 3)
    for register in 0..<registerCount {
      unsafe scratch.withUnsafeMutableBufferPointer { memory in
        var found: UnsafeMutablePointer<Dwarf_Op>?
        var length = 0
        guard
          unsafe dwarf_frame_register(frame, Int32(register), memory.baseAddress!, &found, &length) == 0
        else { return }
        guard length > 0, let base = unsafe found else {
          if register == returnAddress, unsafe found != nil { rules.append((register, .undefined)) }
          return
        }
        let list = unsafe LocationOperation.list(base, count: length, attribute: nil, file: nil)
        rules.append((register, Self.rule(list)))
      }
    }
    return CallFrameRow(
      range: start..<max(start, end), isSignalFrame: isSignal, returnAddressRegister: returnAddress,
      cfa: Self.cfaRule(cfa), rules: rules)
  }

  private static func cfaRule(_ list: [LocationOperation]) -> CallFrameRow.CFARule {
    guard list.count == 1, let only = list.first else { return .expression(list) }
    switch Int(only.code) {
    case DW_OP_bregx: return .registerPlus(Int(clamping: only.first), Int64(bitPattern: only.second))
    case DW_OP_breg0...DW_OP_breg31:
      return .registerPlus(Int(only.code) - DW_OP_breg0, Int64(bitPattern: only.first))
    default: return .expression(list)
    }
  }

  /// libdw writes every rule as an expression; the common shapes are read back.
  private static func rule(_ list: [LocationOperation]) -> RegisterRule {
    if list.count == 1 {
      switch Int(list[0].code) {
      case DW_OP_regx: return .register(Int(clamping: list[0].first))
      case DW_OP_reg0...DW_OP_reg31: return .register(Int(list[0].code) - DW_OP_reg0)
      case DW_OP_call_frame_cfa: return .savedAt(0)
      default: break
      }
    }
    var body = list
    let isValue = Int(body[body.count - 1].code) == DW_OP_stack_value
    if isValue { body.removeLast() }
    if Int(body.first?.code ?? 0) == DW_OP_call_frame_cfa {
      if body.count == 1 { return isValue ? .cfaPlus(0) : .savedAt(0) }
      if body.count == 2, Int(body[1].code) == DW_OP_plus_uconst {
        let offset = Int64(bitPattern: body[1].first)
        return isValue ? .cfaPlus(offset) : .savedAt(offset)
      }
      body.removeFirst()
    }
    return isValue ? .valueOfExpression(body) : .savedAtExpression(body)
  }
}
