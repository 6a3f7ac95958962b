internal import CCapstone

/// Capstone's register names in the spelling of `Architecture.registers`, where the two differ.
enum RegisterNames {
  private static let arm = [
    "sb": "r9", "sl": "r10", "fp": "r11", "ip": "r12", "sp": "r13", "lr": "r14", "pc": "r15",
  ]
  /// The n64 ABI's names come in the order of the numbers, as Capstone has them (its names are o32's).
  private static let mips: [String: String] = {
    let names = [
      "zero", "at", "v0", "v1", "a0", "a1", "a2", "a3", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "s0",
      "s1",
      "s2", "s3", "s4", "s5", "s6", "s7", "t8", "t9", "k0", "k1", "gp", "sp", "fp", "ra",
    ]
    var result = ["pc": "epc"]
    for (number, name) in names.enumerated() { result[name] = "r\(number)" }
    return result
  }()

  static func spelling(of name: String, _ architecture: cs_arch) -> String {
    switch architecture {
    case CS_ARCH_ARM: arm[name] ?? name
    case CS_ARCH_MIPS: mips[name] ?? name
    // General registers are bare numbers.
    case CS_ARCH_SYSZ: name.utf8.allSatisfy { (0x30...0x39).contains($0) } ? "r" + name : name
    default: name
    }
  }
}
