internal import Bytes
package import ProcessModel

extension CoreFile {
  /// The bytes of an x87 or SSE register, by DWARF number; `nil` where the core does not hold it.
  ///
  /// `struct user_fpregs_struct` of <sys/user.h>, the FXSAVE image: eight 16-byte slots for st0 to st7 at 32,
  /// sixteen for xmm0 to xmm15 at 160. On i386 NT_FPREGSET is the older FSAVE image: st0 to st7, 10 bytes
  /// each, at 28.
  package func vectorRegister(_ number: Int, of thread: ThreadSnapshot) -> [UInt8]? {
    let place: Range<Int>
    guard architecture.machine == 62 || architecture.machine == 3 else { return nil }
    switch (architecture.wordSize, number) {
    case (8, 17...32): place = 160 + 16 * (number - 17)..<176 + 16 * (number - 17)
    case (8, 33...40): place = 32 + 16 * (number - 33)..<42 + 16 * (number - 33)
    case (4, 11...18): place = 28 + 10 * (number - 11)..<38 + 10 * (number - 11)
    default: return nil
    }
    guard let bytes = floatingPointRegisters(of: thread), bytes.count >= place.upperBound else { return nil }
    return Array(bytes[place])
  }
}
