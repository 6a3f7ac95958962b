internal import Bytes
internal import Elfutils
package import ProcessModel

/// The dynamic linker's list of loaded objects, as the dead process held it: `struct link_map` of <link.h>.
package struct LinkMap: Sendable {
  package struct Object: Sendable, Equatable {
    /// `l_addr`: what was added to the addresses of the file.
    package var loadAddress: UInt64
    /// `l_name`, as it stands in memory.
    package var name: String
    /// `l_ld`: where the dynamic section lies.
    package var dynamicSection: UInt64
  }

  package var objects: [Object]
  /// What was left out of a list that is longer than any.
  package private(set) var cut: String?

  /// More objects than any process loads; a cyclic list ends here at the latest.
  private static let maximumObjects = 200_000
  private static let longestName = 4096

  /// Walks the list from the executable's DT_DEBUG, or from `_r_debug` where there is none.
  ///
  /// The first object, the executable, is left out, as are objects without a name.
  package init(memory: ProcessMemory, debugAddress: UInt64) {
    objects = []
    let word = UInt64(memory.wordSize)
    var debug = debugAddress
    var namespaces = 0
    while debug != 0, namespaces < 64 {
      guard let version = try? memory.readUnsigned(at: debug, size: 4),
        let head = try? memory.readWord(at: debug &+ word)
      else { return }
      walk(from: head, memory, skippingFirst: namespaces == 0)
      // r_debug_extended (glibc 2.35, r_version 2) links the namespaces of dlmopen(3).
      guard version >= 2, let next = try? memory.readWord(at: debug &+ 5 &* word) else { return }
      debug = next
      namespaces += 1
    }
  }

  private mutating func walk(from head: UInt64, _ memory: ProcessMemory, skippingFirst: Bool) {
    let word = UInt64(memory.wordSize)
    var at = head
    var previous: UInt64 = 0
    var isFirst = skippingFirst
    while at != 0 {
      guard objects.count < Self.maximumObjects else {
        cut =
          "link map: more than 200,000 objects; those from the struct link_map at \(at.hexadecimal) on are not read"
        return
      }
      guard let address = try? memory.readWord(at: at), let name = try? memory.readWord(at: at &+ word),
        let dynamic = try? memory.readWord(at: at &+ 2 &* word),
        let next = try? memory.readWord(at: at &+ 3 &* word),
        let back = try? memory.readWord(at: at &+ 4 &* word), back == previous
      else { return }
      if !isFirst, let text = try? memory.readCString(at: name, limit: Self.longestName), !text.isEmpty {
        objects.append(
          Object(
            loadAddress: address, name: String(decoding: text, as: UTF8.self), dynamicSection: dynamic))
      }
      isFirst = false
      previous = at
      at = next
    }
  }
}

/// DT_DEBUG and friends: where the dynamic linker left the head of its list.
enum DynamicSection {
  private static let dtNull: UInt64 = 0
  private static let dtDebug: UInt64 = 21

  /// The address of `struct r_debug`, from the executable's dynamic section in the memory of the process.
  static func debugAddress(of elf: ElfFile, bias: UInt64, memory: ProcessMemory) -> UInt64? {
    guard let dynamic = elf.programHeaders.first(where: { $0.type == 2 }) else { return nil }
    let word = UInt64(memory.wordSize)
    var at = dynamic.address &+ bias
    let end = at &+ min(dynamic.memorySize, 65536)
    while at < end {
      guard let tag = try? memory.readWord(at: at), let value = try? memory.readWord(at: at &+ word) else {
        return nil
      }
      if tag == dtNull { return nil }
      if tag == dtDebug { return value == 0 ? nil : value }
      at &+= 2 &* word
    }
    return nil
  }
}
