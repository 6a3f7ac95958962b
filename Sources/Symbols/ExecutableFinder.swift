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

  /// The first page of the program as the core holds it: its program headers follow the ELF header (AT_PHDR).
  package static func image(auxiliaryVector: AuxiliaryVector, memory: ProcessMemory) -> LoadedImage? {
    guard let headers = auxiliaryVector.programHeaders else { return nil }
    let size: UInt64 = memory.wordSize == 8 ? 64 : 52
    if headers >= size, let image = LoadedImage(at: headers - size, in: memory) { return image }
    // Headers that were moved, as patchelf(1) does.
    guard let mapping = memory.mapping(containing: headers) else { return nil }
    return LoadedImage(at: mapping.range.lowerBound, in: memory)
  }
}

extension FileFinder {
  /// Lets memory that the core lacks be read from mapped files, each only if it is the build that ran.
  package func supply(_ memory: ProcessMemory, of architecture: Architecture) {
    memory.openFile = { [weak memory] path in
      guard let memory else { return nil }
      let name = MappedFiles.plain(path)
      let first = memory.mappings.first { $0.path == path && $0.fileOffset == 0 }
      guard let image = first.flatMap({ LoadedImage(at: $0.range.lowerBound, in: memory) }) else {
        return name.isDeleted ? nil : try? self.open(name.path)
      }
      guard
        case .found(let elf) = self.module(
          named: name.path, image: image, isDeleted: name.isDeleted, architecture: architecture)
      else { return nil }
      return elf.contents
    }
  }
}
