internal import Bytes
internal import Elfutils
package import ProcessModel

/// Where each thread has its own copy of a file's `thread_local` variables: what libthread_db's
/// td_thr_tls_get_addr computes.
///
/// Each thread has a vector of blocks (`dtv`), one for each module with such variables; which module has which
/// number is in a list of the dynamic linker (`slotinfo`). Ulrich Drepper, "ELF Handling For Thread-Local
/// Storage", 3.
package struct ThreadLocalStorage: Sendable {
  package enum Failure: Error, Sendable {
    /// Nobody described the structures, or the module has none.
    case unknown
    /// The thread has not touched the module's variables yet.
    case unallocated
    case memory(MemoryError)
  }

  /// A description `_thread_db_*` of libc: three 32-bit numbers.
  private struct Field {
    var bits: UInt64
    var offset: UInt64
  }

  private let slots: UInt64
  private let slotSize: UInt64
  private let length: Field
  private let next: Field
  private let first: Field
  private let generation: Field
  private let map: Field
  private let vector: Field
  private let block: Field
  private let counter: Field
  private let pointer: Field

  private static let maximumSlots = 1_000_000

  /// `nil` where the process has no libc that describes its threads.
  package init?(modules: ModuleList, memory: ProcessMemory) {
    guard let libc = PthreadList.threadLibrary(modules) else { return nil }
    var addresses: [String: UInt64] = [:]
    for symbol in libc.symbols.namedSymbols(withPrefixes: ["_thread_db_", "__nptl_", "_dl_tls_dtv"]) {
      addresses[symbol.name] = libc.processAddress(FileAddress(symbol.address))
    }
    func field(_ name: String) -> Field? {
      guard let at = addresses["_thread_db_" + name], let bits = try? memory.readUnsigned(at: at, size: 4),
        let offset = try? memory.readUnsigned(at: at &+ 8, size: 4)
      else { return nil }
      return Field(bits: bits, offset: offset)
    }
    guard let length = field("dtv_slotinfo_list_len"), let next = field("dtv_slotinfo_list_next"),
      let first = field("dtv_slotinfo_list_slotinfo"), let generation = field("dtv_slotinfo_gen"),
      let map = field("dtv_slotinfo_map"), let vector = field("pthread_dtvp"), let block = field("dtv_dtv"),
      let counter = field("dtv_t_counter"), let pointer = field("dtv_t_pointer_val"),
      let size = addresses["_thread_db_sizeof_dtv_slotinfo"],
      let slotSize = try? memory.readUnsigned(at: size, size: 4), slotSize > 0
    else { return nil }
    if let global = addresses["__nptl_rtld_global"].flatMap({ try? memory.readWord(at: $0) }),
      let list = field("rtld_global__dl_tls_dtv_slotinfo_list"),
      let slots = try? memory.readWord(at: global &+ list.offset)
    {
      self.slots = slots
    } else if let list = addresses["_dl_tls_dtv_slotinfo_list"], let slots = try? memory.readWord(at: list) {
      self.slots = slots
    } else {
      return nil
    }
    self.slotSize = slotSize
    self.length = length
    self.next = next
    self.first = first
    self.generation = generation
    self.map = map
    self.vector = vector
    self.block = block
    self.counter = counter
    self.pointer = pointer
  }

  /// The address of the variable at an offset in a module's block, in a thread that `struct pthread` stands for.
  package func address(
    of offset: UInt64, moduleBias bias: UInt64, pthread: UInt64, in memory: ProcessMemory
  ) throws(Failure) -> UInt64 {
    guard let module = try number(ofModule: bias, in: memory) else { throw .unknown }
    let blocks = try word(at: pthread &+ vector.offset, in: memory)
    guard try word(at: blocks &+ counter.offset, in: memory) >= module.generation else { throw .unallocated }
    let entry = blocks &+ UInt64(module.number) &* (block.bits / 8)
    let start = try word(at: entry &+ pointer.offset, in: memory)
    guard start != (memory.wordSize == 8 ? .max : 0xffff_ffff) else { throw .unallocated }
    return start &+ offset
  }

  private func word(at address: UInt64, in memory: ProcessMemory) throws(Failure) -> UInt64 {
    do throws(MemoryError) {
      return try memory.readWord(at: address)
    } catch {
      throw .memory(error)
    }
  }

  /// The place of a module in the vectors, by the address it was loaded at.
  private func number(
    ofModule bias: UInt64, in memory: ProcessMemory
  ) throws(Failure) -> (number: Int, generation: UInt64)? {
    var list = slots
    var number = 0
    while list != 0, number < Self.maximumSlots {
      let count = min(Int(clamping: try word(at: list &+ length.offset, in: memory)), Self.maximumSlots)
      guard count > 0 else { return nil }
      // Modules are counted from 1; what stands in the first slot says nothing.
      for index in 0..<count where number + index > 0 {
        let slot = list &+ first.offset &+ UInt64(index) &* slotSize
        let map = try word(at: slot &+ map.offset, in: memory)
        // `l_addr` is the first member of `struct link_map`.
        if map != 0, try word(at: map, in: memory) == bias {
          return (number + index, try word(at: slot &+ generation.offset, in: memory))
        }
      }
      number += count
      list = try word(at: list &+ next.offset, in: memory)
    }
    return nil
  }
}
