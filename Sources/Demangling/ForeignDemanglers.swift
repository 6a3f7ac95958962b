internal import CDemangle
internal import Glibc

/// The C demanglers, each as `String -> String?`; the one file of this room that types `unsafe`.
///
/// Every function passes a NUL-terminated copy in, copies the answer out and frees it before it returns, so
/// no C memory outlives a call. None of them reads or writes global state: the `_v3`/`rust_`/`dlang_` entry
/// points are used instead of `cplus_demangle`, whose behaviour hangs on a global "current style".
enum ForeignDemanglers {
  /// libiberty's C++ (Itanium ABI) demangler: parameters, cv-qualifiers, verbose `std::` substitutions.
  /// `dropReturnType` leaves the return type of a function template out, as gdb does for DWARF names.
  static func cxx(_ mangled: String, dropReturnType: Bool) -> String? {
    let options = DMGL_PARAMS | DMGL_ANSI | DMGL_VERBOSE | (dropReturnType ? DMGL_RET_DROP : 0)
    return unsafe text(cplus_demangle_v3(mangled, options))
  }

  /// libiberty's Rust demangler, legacy and v0. `verbose` keeps the legacy hash and the v0 disambiguators.
  static func rust(_ mangled: String, verbose: Bool) -> String? {
    unsafe text(rust_demangle(mangled, verbose ? DMGL_VERBOSE : 0))
  }

  /// libiberty's D demangler.
  static func d(_ mangled: String) -> String? {
    unsafe text(dlang_demangle(mangled, DMGL_PARAMS | DMGL_ANSI))
  }

  /// The Swift runtime's demangler (`swift_demangle` of libswiftCore, shared or static).
  static func swift(_ mangled: String) -> String? {
    unsafe text(swiftDemangle(mangled, UInt(mangled.utf8.count), nil, nil, 0))
  }

  /// Copies a malloc'd C string and frees it.
  private static func text(_ answer: UnsafeMutablePointer<CChar>?) -> String? {
    guard let answer = unsafe answer else { return nil }
    defer { unsafe free(answer) }
    return unsafe String(cString: answer)
  }
}

/// `char *swift_demangle(const char *name, size_t length, char *out, size_t *outSize, uint32_t flags)`:
/// exported by every Swift runtime for crash reporters, answers malloc'd text when `out` is null. The C
/// convention and `swiftcall` agree for five register arguments, so `@_silgen_name` is enough and needs no
/// header.
@_silgen_name("swift_demangle")
private func swiftDemangle(
  _ name: UnsafePointer<CChar>, _ length: UInt, _ out: UnsafeMutablePointer<CChar>?,
  _ outSize: UnsafeMutablePointer<UInt>?, _ flags: UInt32
) -> UnsafeMutablePointer<CChar>?
