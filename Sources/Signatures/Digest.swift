/// SHA-1 and SHA-256 of short texts; FIPS 180-4.
package enum Digest {
  /// 40 hexadecimal digits.
  package static func sha1(_ text: String) -> String {
    var state: [UInt32] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
    for block in blocks(text) {
      var words = block + [UInt32](repeating: 0, count: 64)
      for index in 16..<80 {
        words[index] = rotated(
          words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], left: 1)
      }
      var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
      for index in 0..<80 {
        let (f, k): (UInt32, UInt32) =
          switch index {
          case 0..<20: ((b & c) | (~b & d), 0x5a82_7999)
          case 20..<40: (b ^ c ^ d, 0x6ed9_eba1)
          case 40..<60: ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc)
          default: (b ^ c ^ d, 0xca62_c1d6)
          }
        let next = rotated(a, left: 5) &+ f &+ e &+ k &+ words[index]
        (e, d, c, b, a) = (d, c, rotated(b, left: 30), a, next)
      }
      for (index, value) in [a, b, c, d, e].enumerated() { state[index] &+= value }
    }
    return hex(state)
  }

  /// 64 hexadecimal digits.
  package static func sha256(_ text: String) -> String {
    var state: [UInt32] = [
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    for block in blocks(text) {
      var words = block + [UInt32](repeating: 0, count: 48)
      for index in 16..<64 {
        let (x, y) = (words[index - 15], words[index - 2])
        let low = rotated(x, left: 25) ^ rotated(x, left: 14) ^ (x >> 3)
        let high = rotated(y, left: 15) ^ rotated(y, left: 13) ^ (y >> 10)
        words[index] = words[index - 16] &+ low &+ words[index - 7] &+ high
      }
      var v = state
      for index in 0..<64 {
        let s1 = rotated(v[4], left: 26) ^ rotated(v[4], left: 21) ^ rotated(v[4], left: 7)
        let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
        let first = v[7] &+ s1 &+ choice &+ constants[index] &+ words[index]
        let s0 = rotated(v[0], left: 30) ^ rotated(v[0], left: 19) ^ rotated(v[0], left: 10)
        let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
        v = [first &+ s0 &+ majority, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
      }
      for index in 0..<8 { state[index] &+= v[index] }
    }
    return hex(state)
  }

  /// The cube roots' fractions of the first 64 primes, computed as the standard defines them.
  private static let constants: [UInt32] = {
    var result: [UInt32] = []
    var candidate: UInt64 = 2
    while result.count < 64 {
      if (2..<candidate).allSatisfy({ candidate % $0 != 0 }) { result.append(cubeRootFraction(candidate)) }
      candidate += 1
    }
    return result
  }()

  /// The first 32 bits behind the point of a number's cube root: the largest x with x³ ≤ n·2⁹⁶, without its whole part.
  private static func cubeRootFraction(_ number: UInt64) -> UInt32 {
    let wanted = UInt128(number) << 96
    var root: UInt128 = 0
    for bit in (0..<36).reversed() {
      let next = root | (UInt128(1) << UInt128(bit))
      if next * next * next <= wanted { root = next }
    }
    return UInt32(truncatingIfNeeded: root)
  }

  private static func rotated(_ value: UInt32, left count: UInt32) -> UInt32 {
    (value << count) | (value >> (32 - count))
  }

  /// The padded text in blocks of sixteen words.
  private static func blocks(_ text: String) -> [[UInt32]] {
    var bytes = Array(text.utf8)
    let bits = UInt64(bytes.count) * 8
    bytes.append(0x80)
    while bytes.count % 64 != 56 { bytes.append(0) }
    for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * index))) }
    return stride(from: 0, to: bytes.count, by: 64).map { start in
      (0..<16).map { word in
        let at = start + 4 * word
        return UInt32(bytes[at]) << 24 | UInt32(bytes[at + 1]) << 16 | UInt32(bytes[at + 2]) << 8
          | UInt32(bytes[at + 3])
      }
    }
  }

  private static func hex(_ words: [UInt32]) -> String {
    words.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }
}
