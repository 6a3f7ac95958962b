internal import CElfutils

/// What libelf or libdw refused, in their words, and what was being done.
package struct ElfutilsError: Error, Sendable, CustomStringConvertible {
  package var doing: String
  package var message: String

  package init(doing: String, message: String) {
    self.doing = doing
    self.message = message
  }

  package var description: String { "\(doing): \(message)" }

  /// libelf's reason to refuse a file, which it judges by the header alone.
  static func header(_ name: String) -> ElfutilsError {
    let error = elf(name)
    return ElfutilsError(doing: name, message: "ELF header at offset 0x0: \(error.message)")
  }

  static func notELF(_ name: String) -> ElfutilsError {
    ElfutilsError(doing: name, message: "not an ELF file: no whole ELF header at offset 0x0")
  }

  /// The calling thread's last libelf error; read it before any other call.
  static func elf(_ doing: String) -> ElfutilsError {
    let text = unsafe elf_errmsg(-1)
    return ElfutilsError(
      doing: doing, message: unsafe text.map { unsafe String(cString: $0) } ?? "unknown error")
  }

  static func dwarf(_ doing: String) -> ElfutilsError {
    let text = unsafe dwarf_errmsg(-1)
    return ElfutilsError(
      doing: doing, message: unsafe text.map { unsafe String(cString: $0) } ?? "unknown error")
  }
}

/// libelf wants to be told its version once, before anything else.
let elfLibraryIsReady: Bool = elf_version(UInt32(EV_CURRENT)) != UInt32(EV_NONE)
