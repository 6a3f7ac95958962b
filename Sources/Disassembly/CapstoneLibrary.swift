internal import CCapstone
internal import Glibc

/// The functions of libcapstone, found at run time: most runs decode no instruction, and loading the library
/// costs more than a report of a small core.
///
/// The signatures are those of <capstone/capstone.h>; the structures' layout changes with each major version, so
/// no other is taken.
@safe struct CapstoneLibrary: Sendable {
  typealias Open = @convention(c) (cs_arch, cs_mode, UnsafeMutablePointer<csh>) -> cs_err
  typealias Close = @convention(c) (UnsafeMutablePointer<csh>) -> cs_err
  typealias Option = @convention(c) (csh, cs_opt_type, UInt) -> cs_err
  typealias Allocate = @convention(c) (csh) -> UnsafeMutablePointer<cs_insn>?
  typealias Free = @convention(c) (UnsafeMutablePointer<cs_insn>, Int) -> Void
  typealias Decode =
    @convention(c) (
      csh, UnsafeMutablePointer<UnsafePointer<UInt8>?>, UnsafeMutablePointer<Int>,
      UnsafeMutablePointer<UInt64>,
      UnsafeMutablePointer<cs_insn>
    ) -> Bool
  typealias Name = @convention(c) (csh, UInt32) -> UnsafePointer<CChar>?

  let open: Open
  let close: Close
  let option: Option
  let allocate: Allocate
  let free: Free
  let decode: Decode
  let registerName: Name
  let instructionName: Name

  /// Opened at the first use, for as long as the program runs.
  static let shared: Result<CapstoneLibrary, DisassemblyError> = load()

  private static func load() -> Result<CapstoneLibrary, DisassemblyError> {
    guard let handle = unsafe dlopen("libcapstone.so.\(CS_API_MAJOR)", RTLD_NOW | RTLD_LOCAL) else {
      return .failure(
        .libraryMissing(unsafe dlerror().map { unsafe String(cString: $0) } ?? "no libcapstone"))
    }
    guard let open = unsafe dlsym(handle, "cs_open"), let close = unsafe dlsym(handle, "cs_close"),
      let option = unsafe dlsym(handle, "cs_option"), let allocate = unsafe dlsym(handle, "cs_malloc"),
      let free = unsafe dlsym(handle, "cs_free"), let decode = unsafe dlsym(handle, "cs_disasm_iter"),
      let registerName = unsafe dlsym(handle, "cs_reg_name"),
      let instructionName = unsafe dlsym(handle, "cs_insn_name")
    else { return .failure(.libraryMissing("libcapstone.so.\(CS_API_MAJOR) lacks functions")) }
    return unsafe .success(
      CapstoneLibrary(
        open: unsafeBitCast(open, to: Open.self), close: unsafeBitCast(close, to: Close.self),
        option: unsafeBitCast(option, to: Option.self), allocate: unsafeBitCast(allocate, to: Allocate.self),
        free: unsafeBitCast(free, to: Free.self), decode: unsafeBitCast(decode, to: Decode.self),
        registerName: unsafeBitCast(registerName, to: Name.self),
        instructionName: unsafeBitCast(instructionName, to: Name.self)))
  }
}
