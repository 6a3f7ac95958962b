/// How symbols read: as gdb 13.1 prints them, and as a person would rather have them.
///
/// The room `Demangling` holds names and nothing else: text in, text out, no files, no state. libiberty does
/// the demangling (`ForeignDemanglers`), `CxxGrammar` decides where gdb cuts a C++ name. To follow a newer
/// gdb: link its libiberty, drop `readByNewerLibibertyOnly`, and rerun the table in
/// `Tests/DemanglingTests/names.tsv`.
package enum Demangler {
  /// How gdb prints an ELF symbol: C++ with parameters and return types, Rust with hash and disambiguators,
  /// D, GNU Objective-C, gccgo, and Ada, which gdb sees in many a C name (`uv__io_poll` → `uv.io_poll`). Nil
  /// when gdb prints the symbol verbatim, as it does for Swift.
  ///
  /// A version or `@plt` behind a mangled name stays: `_Z3foov@plt` → `foo()@plt`.
  package static func symbol(_ mangled: String) -> String? {
    let bytes = mangled.utf8
    guard bytes.count <= CxxGrammar.Limit.length, !bytes.contains(0) else { return nil }
    guard bytes.first == UInt8(ascii: "_") else {
      return GoName.decode(mangled) ?? AdaName.decode(mangled)
    }
    guard let at = mangled.firstIndex(of: "@") else { return underscored(mangled) }
    // The suffix never takes part in the demangling.
    let (name, suffix) = (String(mangled[..<at]), mangled[at...])
    if name.hasPrefix("_Z") || name.hasPrefix("_R") || name.hasPrefix("_D") {
      return underscored(name).map { $0 + suffix }
    }
    return underscored(mangled)
  }

  /// For people: Rust without hashes and disambiguators, Swift through the Swift runtime, the rest as
  /// `symbol`. Nil when there is nothing to improve.
  package static func readable(_ mangled: String) -> String? {
    guard mangled.utf8.count <= CxxGrammar.Limit.length, !mangled.utf8.contains(0) else { return nil }
    if ["$s", "$S", "$e", "_$s", "_$S", "_T0"].contains(where: mangled.hasPrefix) {
      // The runtime answers what it cannot read with the text itself.
      return ForeignDemanglers.swift(mangled).flatMap { $0 == mangled ? nil : $0 }
    }
    guard mangled.hasPrefix("_") else { return nil }
    return ForeignDemanglers.rust(mangled, verbose: false) ?? symbol(mangled)
  }

  /// C++ or Rust: what gdb makes of a linkage name in a C++ compile unit.
  static func cxx(_ mangled: String, dropReturnType: Bool) -> String? {
    guard mangled.hasPrefix("_") else { return nil }
    if let rust = ForeignDemanglers.rust(mangled, verbose: true) { return rust }
    guard mangled.utf8.count <= CxxGrammar.Limit.length,
      let text = ForeignDemanglers.cxx(mangled, dropReturnType: dropReturnType),
      !readByNewerLibibertyOnly(mangled, text)
    else { return nil }
    return text
  }

  private static func underscored(_ mangled: String) -> String? {
    cxx(mangled, dropReturnType: false)
      ?? (mangled.hasPrefix("_D") ? ForeignDemanglers.d(mangled) : nil)
      ?? ObjectiveCName.decode(mangled) ?? AdaName.decode(mangled)
  }

  /// libiberty 20230104 reads three forms that the copy inside gdb 13.1 does not; gdb prints those mangled.
  ///
  /// Generic lambdas with a pack (`[](auto... x)`), lambdas with a template head (`[]<class T>(T)`), and the
  /// `_FloatN` types (`DF16_`). Found by asking gdb about 120000 symbols of the Swift toolchain. Not covered:
  /// `DF64x` and `DF16b`, which gdb reads as fixed-point types, and names that refer back to a type behind a
  /// lambda in a member initialiser (`N2LM1gMUliE_E…S2_`): gdb's copy numbers those one higher.
  private static func readByNewerLibibertyOnly(_ mangled: String, _ text: String) -> Bool {
    // Two bytes of the mangled name first: searching strings costs more than demangling.
    var (lambda, float, last) = (false, false, UInt8(0))
    for byte in mangled.utf8 {
      if last == UInt8(ascii: "U"), byte == UInt8(ascii: "l") { lambda = true }
      if last == UInt8(ascii: "D"), byte == UInt8(ascii: "F") { float = true }
      last = byte
    }
    if lambda, ["((auto:", ", (auto:", "{lambda<"].contains(where: text.contains) { return true }
    guard float, text.contains("_Float") else { return false }
    return mangled.contains(/DF[0-9]+_/)
  }

  /// The name of a function whose unit says that it is Ada: `b__inner__deep` is `b.inner.deep`.
  package static func ada(_ name: String) -> String {
    AdaName.decode(name) ?? name
  }
}
