internal import CoreFiles
internal import Elfutils
internal import Backtraces
internal import ProcessModel
internal import Symbols

/// Where thread-local variables lie, by what glibc tells debuggers (nptl_db's symbols) and the TLS ABI.
enum ThreadStorage {
  /// Where a module's block starts for a thread; `nil` where libc says nothing.
  static func start(of module: Module, thread: ListedThread, process: CoreProcess) -> UInt64? {
    let architecture = process.core.architecture
    guard thread.pthread != nil, architecture.machine == 62,
      let base = thread.snapshot.register(named: "fs_base", of: architecture), base != 0,
      module.elf.programHeaders.contains(where: { $0.type == 7 })
    else { return nil }
    let memory = process.core.memory
    guard let identifier = moduleIdentifier(of: module, process), identifier > 0, identifier < 65536,
      let vector = try? memory.readWord(at: base &+ 8),
      let block = try? memory.readWord(at: vector &+ 16 &* identifier), block != .max, block != 0
    else { return nil }
    return block
  }

  /// `l_tls_modid` of the module's link map; the executable's is always 1.
  private static func moduleIdentifier(of module: Module, _ process: CoreProcess) -> UInt64? {
    if module.kind == .executable { return 1 }
    guard let descriptor = process.modules.address(ofSymbol: "_thread_db_link_map_l_tls_modid"),
      let offset = try? process.core.memory.readUnsigned(at: descriptor &+ 8, size: 4),
      let map = process.modules.linkMapAddress(of: module)
    else { return nil }
    return try? process.core.memory.readWord(at: map &+ offset)
  }
}
