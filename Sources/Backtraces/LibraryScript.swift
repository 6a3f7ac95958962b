internal import Bytes
internal import Symbols

/// The script with libstdc++'s printers, as gdb finds it: by the name of the library that is loaded.
package enum LibraryScript {
  /// Where Debian and others put the scripts of libraries, under the whole name of the library.
  private static let directories = ["/usr/share/gdb/auto-load", "/usr/lib/debug", ""]

  /// Whether gdb on this host would load the printers for a process.
  static func isThere(for modules: ModuleList) -> Bool {
    for library in modules.libraries where isLibrary(library.name) {
      let path = HostProcess.realPath(library.name) ?? library.name
      for directory in directories where HostProcess.isReadable(directory + path + "-gdb.py") { return true }
    }
    return false
  }

  /// `…/libstdc++.so.6`, with or without what follows of the version. By bytes: a process may have hundreds of libraries.
  package static func isLibrary(_ path: String) -> Bool {
    let name = path.utf8.lastIndex(of: 0x2f).map { path.utf8[$0...].dropFirst() } ?? path.utf8[...]
    return name.starts(with: "libstdc++.so".utf8)
  }
}
