internal import Bytes
package import Elfutils
package import ProcessModel

/// Everything that is loaded in the process: the executable, the libraries of the link map, the vDSO.
///
/// A library is opened when an address is found to lie in it, not before: most of three hundred plug-ins
/// never appear in a stack.
package final class ModuleList {
  private enum Slot {
    case closed
    case open(Module)
    /// Why.
    case missing(String)
  }

  package let executable: Module?
  /// What the core itself holds of the executable's head, whatever file was named.
  package let executableImage: LoadedImage?
  package let vdso: Module?
  package let libraries: [LinkMap.Object]
  private var slots: [Slot]
  /// Why the list of libraries is not whole.
  private let listCut: String?
  private var symbolAddresses: [String: UInt64?] = [:]
  private let memory: ProcessMemory
  package let architecture: Architecture
  private let finder: FileFinder
  /// Libraries by load address: where NT_FILE says that a file starts, its library is found at once.
  private var byLoadAddress: [UInt64: Int] = [:]
  /// Ranges where nothing is loaded, such as stacks and heap, to which most pointers lead.
  private var gaps: [Range<UInt64>] = []

  private static let maximumGaps = 8

  package init(
    executable elf: ElfFile?, memory: ProcessMemory, architecture: Architecture,
    auxiliaryVector: AuxiliaryVector, finder: FileFinder
  ) {
    self.memory = memory
    self.architecture = architecture
    self.finder = finder
    var objects: [LinkMap.Object] = []
    var cut: String?
    executableImage = ExecutableFinder.image(auxiliaryVector: auxiliaryVector, memory: memory)
    if let elf {
      let bias = Self.bias(of: elf, auxiliaryVector, executableImage, architecture)
      let module = Module(
        kind: .executable, name: elf.path, elf: elf, bias: bias, architecture: architecture, finder: finder)
      executable = module
      let debug =
        DynamicSection.debugAddress(of: elf, bias: bias, memory: memory)
        ?? Self.debugSymbol(module)
      if let debug {
        let map = LinkMap(memory: memory, debugAddress: debug)
        (objects, cut) = (map.objects, map.cut)
      }
    } else {
      executable = nil
    }
    vdso = Self.vdso(auxiliaryVector, memory, architecture, finder)
    if let vdso {
      objects.removeAll { $0.dynamicSection >= vdso.bias && $0.dynamicSection < vdso.bias &+ 0x10000 }
    }
    if finder.search.usesMappings { Self.complete(&objects, &cut, memory, executable, vdso) }
    libraries = objects
    listCut = cut
    slots = [Slot](repeating: .closed, count: objects.count)
    for (index, object) in objects.enumerated() { byLoadAddress[object.loadAddress] = index }
  }

  /// The module with a section at an address of the process; executable first, then in link map order.
  package func module(containing address: UInt64) -> Module? {
    for gap in gaps where gap.contains(address) { return nil }
    if let found = search(address) { return found }
    if let gap = gap(around: address) {
      if gaps.count >= Self.maximumGaps { gaps.removeFirst() }
      gaps.append(gap)
    }
    return nil
  }

  /// A line for each limit that was met so far: in the list of libraries, in the debug files that were read.
  package var cuts: [String] {
    var result = listCut.map { [$0] } ?? []
    for case let module? in [executable, vdso] { result += module.cuts }
    for case .open(let module) in slots { result += module.cuts }
    return result
  }

  /// How far around an address without a module there is none: to the next mapped file or section.
  private func gap(around address: UInt64) -> Range<UInt64>? {
    guard !memory.mappings.isEmpty, memory.mapping(containing: address) == nil else { return nil }
    var gap: Range<UInt64> = 0..<UInt64.max
    if let before = memory.mapping(before: address) {
      gap = before.range.upperBound..<UInt64.max
      // The zeroed data of the library whose file ends there.
      if let start = firstMapping(of: before), let index = byLoadAddress[start],
        let module = library(at: index)
      {
        gap = module.gap(around: address, within: gap)
      }
    }
    if let next = memory.mapping(after: address) {
      gap = gap.lowerBound..<min(gap.upperBound, next.range.lowerBound)
    }
    for case let module? in [executable, vdso] { gap = module.gap(around: address, within: gap) }
    return gap.contains(address) ? gap : nil
  }

  private func search(_ address: UInt64) -> Module? {
    if let executable, executable.contains(address) { return executable }
    if let library = library(containing: address) { return library }
    if let vdso, vdso.contains(address) { return vdso }
    return nil
  }

  /// Bytes of the section of a loaded file around an address, as far as a range goes; `nil` where there is none.
  ///
  /// For memory that the core leaves to files which are gone or elsewhere now: an executable that was moved is
  /// still known to us.
  package func sectionBytes(
    around address: UInt64, within bounds: Range<UInt64>
  ) -> (start: UInt64, bytes: [UInt8])? {
    guard bounds.contains(address), let module = module(containing: address), module.kind != .vdso else {
      return nil
    }
    let place = module.fileAddress(address)
    guard let section = module.section(containing: place), section.hasBytes else { return nil }
    let offset = place.rawValue &- section.address
    let before = min(offset, address - bounds.lowerBound)
    let start = address - before
    let count = Int(clamping: bounds.upperBound - start)
    let bytes = module.elf.withBytes(of: section) { span in
      var reader = ByteReader(span)
      guard (try? reader.seek(to: Int(clamping: offset - before))) != nil else { return [UInt8]() }
      return (try? reader.readBytes(min(count, reader.remaining))) ?? []
    }
    return bytes.map { (start, $0) }
  }

  /// An opened library; `nil` where its file is not there.
  package func library(at index: Int) -> Module? {
    switch slots[index] {
    case .open(let module): return module
    case .missing: return nil
    case .closed:
      let object = libraries[index]
      let elf: ElfFile
      switch finder.module(
        named: object.name, image: image(of: object), isDeleted: isDeleted(object), architecture: architecture
      )
      {
      case .found(let found): elf = found
      case .missing(let why):
        slots[index] = .missing(why)
        return nil
      }
      let module = Module(
        kind: .library, name: object.name, elf: elf, bias: Self.bias(of: object, elf),
        architecture: architecture,
        finder: finder)
      slots[index] = .open(module)
      return module
    }
  }

  /// The first page of a library as the core holds it, where that is asked for.
  package func image(of object: LinkMap.Object) -> LoadedImage? {
    guard finder.search.checksIdentity else { return nil }
    return LoadedImage(at: object.loadAddress, in: memory)
  }

  /// Whether the kernel said that a library's file had no name any more.
  private func isDeleted(_ object: LinkMap.Object) -> Bool {
    memory.mapping(containing: object.loadAddress).map { MappedFiles.plain($0.path).isDeleted } ?? false
  }

  /// Why the library that an address lies in could not be opened; `nil` where it was, or none is there.
  package func problem(at address: UInt64) -> String? {
    guard let mapping = memory.mapping(containing: address), let start = firstMapping(of: mapping),
      let index = byLoadAddress[start]
    else { return nil }
    return problem(ofLibrary: index)
  }

  /// Why a library could not be opened.
  package func problem(ofLibrary index: Int) -> String? {
    _ = library(at: index)
    if case .missing(let why) = slots[index] { return why }
    return nil
  }

  /// Adds what NT_FILE knows and the link map does not: all libraries, where the executable is not to be had.
  private static func complete(
    _ objects: inout [LinkMap.Object], _ cut: inout String?, _ memory: ProcessMemory, _ executable: Module?,
    _ vdso: Module?
  ) {
    var known = Set(objects.map(\.loadAddress))
    if let executable { known.insert(executable.bias) }
    let mapped = MappedFiles(memory: memory)
    cut = cut ?? mapped.cut
    for entry in mapped.entries
    where entry.isCode && !known.contains(entry.image.bias) && !known.contains(entry.start) {
      // The executable itself is no library, wherever its file is; it is the one with the entry point's address.
      if let executable, executable.contains(entry.start) { continue }
      objects.append(
        LinkMap.Object(
          loadAddress: entry.image.bias, name: entry.path, dynamicSection: entry.image.dynamicSection))
    }
  }

  /// The address in the process of a symbol by linkage name: the executable's, else the first library's.
  package func address(ofSymbol name: String, where isWanted: (MinimalSymbol) -> Bool = { _ in true })
    -> UInt64?
  {
    if let known = symbolAddresses[name] { return known }
    var found: UInt64?
    if let executable, let symbol = executable.symbol(named: name), isWanted(symbol) {
      found = executable.processAddress(FileAddress(symbol.address))
    }
    for index in libraries.indices where found == nil {
      guard let module = library(at: index), let symbol = module.symbol(named: name), isWanted(symbol) else {
        continue
      }
      found = module.processAddress(FileAddress(symbol.address))
    }
    symbolAddresses[name] = .some(found)
    return found
  }

  private func library(containing address: UInt64) -> Module? {
    if let mapping = memory.mapping(containing: address) {
      // The object whose first page this file's first mapping is; nearly always the answer.
      if let start = firstMapping(of: mapping), let index = byLoadAddress[start],
        let module = library(at: index),
        module.contains(address)
      {
        return module
      }
    } else if !memory.mappings.isEmpty {
      // Zeroed data behind a file's last page belongs to no file; code made at run time to no library.
      guard let mapping = memory.mapping(before: address), let start = firstMapping(of: mapping),
        let index = byLoadAddress[start], let module = library(at: index), module.contains(address)
      else { return nil }
      return module
    }
    for index in libraries.indices {
      if let module = library(at: index), module.contains(address) { return module }
    }
    return nil
  }

  private func firstMapping(of mapping: FileMapping) -> UInt64? {
    var start = mapping.range.lowerBound
    var steps = 0
    while steps < 64, start > 0, let before = memory.mapping(containing: start - 1),
      before.path == mapping.path
    {
      start = before.range.lowerBound
      steps += 1
    }
    return start
  }

  /// `l_addr`, corrected where the file was replaced by one with another dynamic section (rule M-3).
  private static func bias(of object: LinkMap.Object, _ elf: ElfFile) -> UInt64 {
    guard let dynamic = elf.programHeaders.first(where: { $0.type == 2 }), object.dynamicSection != 0 else {
      return object.loadAddress
    }
    let expected = object.dynamicSection &- dynamic.address
    guard expected != object.loadAddress, expected & 0xfff == 0 else {
      return object.loadAddress
    }
    return expected
  }

  /// AT_ENTRY minus the file's entry point, if the program headers in memory are those of the file (rule M-2).
  private static func bias(
    of elf: ElfFile, _ auxiliaryVector: AuxiliaryVector, _ image: LoadedImage?, _ architecture: Architecture
  ) -> UInt64 {
    guard elf.header.type == 3, let entry = auxiliaryVector.entry else { return 0 }
    let bias = (entry &- elf.header.entry) & architecture.addressMask
    return bias & 0xfff == 0 && image?.hasSegments(of: elf) ?? true ? bias : 0
  }

  private static func debugSymbol(_ module: Module) -> UInt64? {
    guard module.elf.programHeaders.contains(where: { $0.type == 2 }) == false || module.elf.header.type == 3,
      let symbol = module.symbol(named: "_r_debug")
    else { return nil }
    return module.processAddress(FileAddress(symbol.address))
  }

  private static func vdso(
    _ auxiliaryVector: AuxiliaryVector, _ memory: ProcessMemory, _ architecture: Architecture,
    _ finder: FileFinder
  ) -> Module? {
    guard let start = auxiliaryVector.vdso, let segment = memory.segment(containing: start),
      segment.range.lowerBound == start
    else { return nil }
    let size = min(segment.range.upperBound - start, 1 << 20)
    let bytes = memory.readAvailable(at: start, count: Int(size))
    guard let elf = try? ElfFile(image: bytes, name: "system-supplied DSO at 0x" + String(start, radix: 16))
    else {
      return nil
    }
    let base = elf.programHeaders.first { $0.type == 1 }?.address ?? 0
    return Module(
      kind: .vdso, name: elf.path, elf: elf, bias: start &- base, architecture: architecture, finder: finder)
  }
}
