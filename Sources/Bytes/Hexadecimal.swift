extension BinaryInteger {
  /// The number as addresses and offsets are written: `0x` and lower-case digits, as short as can be.
  package var hexadecimal: String { "0x" + String(self, radix: 16) }
}
