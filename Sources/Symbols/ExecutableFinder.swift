internal import Elfutils
package import ProcessModel

/// Finds the executable of a core that was given without one, from what the core itself says.
package enum ExecutableFinder {
  /// The file mapped where the program headers lay; else where the entry point lay; else AT_EXECFN.
  package static func path(
    auxiliaryVector: AuxiliaryVector, memory: ProcessMemory
  ) -> String? {
    for address in [auxiliaryVector.programHeaders, auxiliaryVector.entry] {
      if let address, let mapping = memory.mapping(containing: address) { return mapping.path }
    }
    guard let name = auxiliaryVector.executableName,
      let bytes = try? memory.readCString(at: name, limit: 4096), bytes.first == 0x2f
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
