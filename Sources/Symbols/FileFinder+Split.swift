internal import Bytes
internal import Elfutils

extension FileFinder {
  /// The root entry of the split unit that belongs to a skeleton; `nil` for a unit that is whole, and where the
  /// file is not to be had. Only the files of units that are asked for are opened.
  func splitRoot(of unit: DebugUnit, in main: DebugFile) -> DebugEntry? {
    guard let skeleton = unit.skeletonUnit else { return nil }
    if let package = splitPackage(of: main) {
      if let parts = package.units.parts(of: skeleton.id),
        let file = DebugFile(
          split: package.elf, parts: parts, types: package.types, skeleton: skeleton, of: main),
        let root = file.splitRoot(of: skeleton)
      {
        file.forgetUnits()
        return root
      }
    }
    for path in splitPaths(skeleton, main) {
      guard let bytes = debugBytes(path) else { continue }
      guard let dwo = try? ElfFile(file: bytes, isMapped: true),
        let file = DebugFile(split: dwo, parts: nil, skeleton: skeleton, of: main)
      else {
        warn("\(path): holds no split debug information")
        continue
      }
      let root = file.splitRoot(of: skeleton)
      file.forgetUnits()
      if let root { return root }
      warn("\(path): is of another build than \(main.elf.path): it has no unit \(skeleton.id.hexadecimal)")
    }
    warn(
      "Could not find DWO CU \(skeleton.name)(\(skeleton.id.hexadecimal)) referenced by CU at offset"
        + " \(unit.headerOffset.hexadecimal) [in module \(main.elf.path)]")
    return nil
  }

  /// Beside the compilation, where a relative directory starts from the file's; beside the file; in the debug
  /// directories.
  private func splitPaths(_ skeleton: SkeletonUnit, _ main: DebugFile) -> [String] {
    let name = skeleton.name
    if name.hasPrefix("/") { return [name] }
    let folder = Self.folder(of: main.elf.path)
    var result: [String] = []
    if let directory = skeleton.compilationDirectory {
      result.append((directory.hasPrefix("/") ? directory : folder + "/" + directory) + "/" + name)
    }
    result.append(folder + "/" + name)
    let base = name.split(separator: "/").last.map(String.init) ?? name
    if base != name { result.append(folder + "/" + base) }
    result += search.debugDirectories.map { $0 + "/" + name }
    return result
  }

}

/// A .dwp file: the split units of a program in one.
final class SplitPackage {
  let elf: ElfFile
  let units: PackageIndex
  let types: [PackageIndex.Parts]

  init?(_ elf: ElfFile) {
    let order = elf.header.byteOrder
    func index(_ name: String) -> PackageIndex? {
      elf.section(named: name).flatMap { section in
        elf.withBytes(of: section) { PackageIndex($0, order: order) } ?? nil
      }
    }
    guard let units = index(".debug_cu_index") else { return nil }
    self.elf = elf
    self.units = units
    types = index(".debug_tu_index")?.all ?? []
  }
}

extension FileFinder {
  /// NAME.dwp beside the program, or by its path or name in the debug directories.
  private func splitPackage(of main: DebugFile) -> SplitPackage? {
    let key = ObjectIdentifier(main)
    if let known = packages[key] { return known }
    let path = main.elf.path
    // A separate debug file is named for the program: prog.debug, prog.dwp.
    let stems = path.hasSuffix(".debug") ? [path, String(path.dropLast(6))] : [path]
    var found: SplitPackage?
    for stem in stems where found == nil {
      let base = stem.split(separator: "/").last.map(String.init) ?? stem
      var candidates = [stem + ".dwp"]
      for directory in search.debugDirectories {
        candidates.append(directory + stem + ".dwp")
        candidates.append(directory + "/" + base + ".dwp")
      }
      for candidate in candidates where found == nil {
        guard let bytes = debugBytes(candidate) else { continue }
        found = (try? ElfFile(file: bytes, isMapped: true)).flatMap { SplitPackage($0) }
        if found == nil { warn("\(candidate): is no package of split debug information") }
      }
    }
    packages[key] = .some(found)
    return found
  }
}
