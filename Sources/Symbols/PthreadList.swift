internal import Bytes
internal import Elfutils
package import ProcessModel

/// The threads that the process's own libc knows: what libthread_db would tell a debugger.
///
/// glibc describes its structures by symbols `_thread_db_*`, each three 32-bit numbers: size in bits, element
/// count, byte offset. By them the two lists of `struct pthread` are walked (contract, T-4).
package struct PthreadList: Sendable {
  package struct Pthread: Sendable, Equatable {
    /// Address of `struct pthread`.
    package var address: UInt64
    /// The LWP; 0 for a thread that has exited, −1 for one being created.
    package var lwp: Int32
    /// Terminated, or running its exit handlers.
    package var isExiting: Bool
  }

  package enum Outcome: Sendable {
    /// No libc with threads is loaded, or of another version than the debugger's.
    case notTried
    /// A static executable whose linker threw the descriptions away.
    case incapable
    /// The lists could not be read.
    case failed
    /// A list has no end; how it came to that.
    case endless(String)
    case threads([Pthread])
  }

  /// More threads than any kernel allows.
  private static let maximumThreads = 4_194_304

  package static func read(modules: ModuleList, memory: ProcessMemory) -> Outcome {
    guard let libc = threadLibrary(modules) else { return .notTried }
    var offsets: [String: UInt64] = [:]
    var addresses: [String: UInt64] = [:]
    for symbol in libc.symbols.namedSymbols(withPrefixes: [
      "_thread_db_", "nptl_version", "__nptl_", "_dl_stack_us",
    ]) {
      addresses[symbol.name] = libc.processAddress(FileAddress(symbol.address))
    }
    func offset(_ name: String) -> UInt64? {
      if let known = offsets[name] { return known }
      guard let address = addresses["_thread_db_" + name],
        let value = try? memory.readUnsigned(at: address &+ 8, size: 4)
      else { return nil }
      offsets[name] = value
      return value
    }
    guard let versionAddress = addresses["nptl_version"] ?? addresses["__nptl_version"],
      let version = try? memory.readCString(at: versionAddress, limit: 32),
      version == Array(HostLibrary.version.utf8)
    else { return .notTried }
    guard let list = offset("pthread_list"), let tid = offset("pthread_tid"),
      let cancel = offset("pthread_cancelhandling"), let next = offset("list_t_next")
    else { return .incapable }
    // The lists are members of _rtld_global, or in a static executable variables of their own.
    let user: UInt64
    let used: UInt64
    if let pointer = addresses["__nptl_rtld_global"], let global = try? memory.readWord(at: pointer),
      let userOffset = offset("rtld_global__dl_stack_user"),
      let usedOffset = offset("rtld_global__dl_stack_used")
    {
      (user, used) = (global &+ userOffset, global &+ usedOffset)
    } else if let userAddress = addresses["_dl_stack_user"], let usedAddress = addresses["_dl_stack_used"] {
      (user, used) = (userAddress, usedAddress)
    } else {
      return .failed
    }
    var result: [Pthread] = []
    for (head, mayBeEmpty) in [(user, true), (used, false)] {
      do throws(MemoryError) {
        var node = try memory.readWord(at: head &+ next)
        if node == 0 {
          if mayBeEmpty { continue }
          return .failed
        }
        var steps = 0
        // Brent's search for a cycle: a node is kept, and another after twice as many steps.
        var (kept, keptFor) = (head, 1)
        while node != head {
          guard node != 0 else { return .failed }
          guard node != kept, steps < maximumThreads else {
            let why = node == kept ? "leads back to itself" : "more than 4,194,304 entries"
            return .endless(
              "libc's list of threads at \(head.hexadecimal): \(why); it is not believed")
          }
          if steps == keptFor { (kept, keptFor) = (node, keptFor * 2) }
          let thread = node &- list
          let lwp = Int32(truncatingIfNeeded: try memory.readUnsigned(at: thread &+ tid, size: 4))
          let flags = try memory.readUnsigned(at: thread &+ cancel, size: 4)
          result.append(Pthread(address: thread, lwp: lwp, isExiting: flags & 0x10 != 0))
          node = try memory.readWord(at: node &+ next)
          steps += 1
        }
      } catch {
        return .failed
      }
    }
    return .threads(result)
  }

  private static func hasVersion(_ module: Module) -> Bool {
    module.symbols.symbol(named: "nptl_version") != nil
      || module.symbols.symbol(named: "__nptl_version") != nil
  }

  /// The libc of the process: a library with threads, or a static executable with the descriptions linked in.
  static func threadLibrary(_ modules: ModuleList) -> Module? {
    for index in modules.libraries.indices {
      let name = modules.libraries[index].name
      let base = name.split(separator: "/").last.map(String.init) ?? name
      guard base.hasPrefix("libc.so") || base.hasPrefix("libc-") || base.hasPrefix("libpthread") else {
        continue
      }
      // Since glibc 2.34 libpthread.so.0 is empty, but programs that were linked before still load it.
      if let module = modules.library(at: index), hasVersion(module) { return module }
    }
    return modules.libraries.isEmpty ? modules.executable : nil
  }
}
