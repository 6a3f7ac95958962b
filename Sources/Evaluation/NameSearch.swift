internal import Elfutils
internal import ProcessModel
package import Symbols
internal import Values

/// Finds entries of debug information by name: in one unit at once, in all of them when nothing else knows.
///
/// A search reads the entries at the top of units and in the scopes that the name leads through, and is
/// remembered with what it found.
package final class NameSearch {
  enum Kind: Hashable {
    /// Variables, functions, enumerators, and types that may be written without their keyword.
    case ordinary
    /// What follows `struct`, `union` or `enum`.
    case tagged
  }

  struct Found {
    var entry: DebugEntry
    var module: Module
    /// Of an enumerator, the type it belongs to.
    var parent: DebugEntry?
    var isExternal: Bool
  }

  private struct Key: Hashable {
    var name: String
    var kind: Kind
  }

  private let modules: ModuleList
  private var known: [Key: Found?] = [:]
  private var perUnit: [UInt: [Key: Found?]] = [:]
  /// Entries that may still be looked at by searches through whole files.
  private var budget = 50_000_000

  private static let maximumKnown = 10_000
  private static let maximumDepth = 16
  private static let maximumFunctions = 256

  package init(modules: ModuleList) {
    self.modules = modules
  }

  /// A name's parts: `a::b<c::d>::e` has three.
  static func parts(of name: String) -> [String] {
    guard name.contains("::") else { return [name] }
    var result: [String] = []
    var current: [UInt8] = []
    var depth = 0
    let bytes = Array(name.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x3c || byte == 0x28 { depth += 1 }
      if byte == 0x3e || byte == 0x29 { depth = max(0, depth - 1) }
      if depth == 0, byte == 0x3a, index + 1 < bytes.count, bytes[index + 1] == 0x3a {
        if !current.isEmpty { result.append(String(decoding: current, as: UTF8.self)) }
        current = []
        index += 2
        continue
      }
      current.append(byte)
      index += 1
    }
    if !current.isEmpty { result.append(String(decoding: current, as: UTF8.self)) }
    return result
  }

  // MARK: One unit

  /// The entry of a name at the top of a unit, or in the scopes that it names.
  func find(_ name: String, _ kind: Kind, in unit: CompileUnit, of module: Module) -> Found? {
    find(name, kind, below: unit.root, of: module)
  }

  private func find(_ name: String, _ kind: Kind, below root: DebugEntry, of module: Module) -> Found? {
    let key = Key(name: name, kind: kind)
    if let known = perUnit[root.identity]?[key] { return known }
    var scan = Scan(search: self, module: module, kind: kind, whole: name)
    let found = scan.run(below: root, Self.parts(of: name))
    if perUnit.count > Self.maximumKnown { perUnit.removeAll() }
    perUnit[root.identity, default: [:]][key] = .some(found)
    return found
  }

  fileprivate func mayLook() -> Bool {
    budget -= 1
    return budget > 0
  }

  // MARK: All units

  /// The entry of a name in any file: what other units may see before what is their own.
  func find(_ name: String, _ kind: Kind, preferring first: Module?) -> Found? {
    let key = Key(name: name, kind: kind)
    if let found = known[key] { return found }
    var local: Found?
    var result: Found?
    search: for module in order(first) {
      guard let file = module.debugFile else { continue }
      let parts = Self.parts(of: name)
      for unit in file.units {
        guard budget > 0 else { break search }
        var scan = Scan(search: self, module: module, kind: kind, whole: name)
        guard let found = scan.run(below: module.root(of: unit), parts) else { continue }
        if found.isExternal {
          result = found
          break search
        }
        local = local ?? found
      }
    }
    if known.count > Self.maximumKnown { known.removeAll() }
    known[key] = .some(result ?? local)
    return result ?? local
  }

  /// The functions of a name, of every unit: what `list` and its kin show all of.
  func functions(_ name: String, preferring first: Module?) -> [Found] {
    var result: [Found] = []
    let parts = Self.parts(of: name)
    for module in order(first) {
      guard let file = module.debugFile else { continue }
      for unit in file.units {
        guard budget > 0, result.count < Self.maximumFunctions else { return result }
        var scan = Scan(search: self, module: module, kind: .ordinary, whole: name)
        if let found = scan.run(below: module.root(of: unit), parts), found.entry.tag == Tag.subprogram {
          result.append(found)
        }
      }
    }
    return result.isEmpty ? inlinedFunctions(name, preferring: first) : result
  }

  /// Where functions of a name were put into others, in the preferred module.
  private func inlinedFunctions(_ name: String, preferring first: Module?) -> [Found] {
    guard let first, let file = first.debugFile, let last = Self.parts(of: name).last else { return [] }
    let wanted = DebugEntry.SearchName(last)
    var result: [Found] = []
    func collect(below scope: DebugEntry, depth: Int) {
      guard depth < Self.maximumDepth else { return }
      for child in scope.children {
        guard mayLook(), result.count < Self.maximumFunctions else { return }
        switch child.tag {
        case Tag.namespace, Tag.subprogram, Tag.lexicalBlock: collect(below: child, depth: depth + 1)
        case Tag.inlinedSubroutine:
          if let origin = child.reference(Attribute.abstractOrigin), origin.isNamed(wanted),
            QualifiedName.text(of: origin) == name
          {
            result.append(Found(entry: child, module: first, parent: nil, isExternal: false))
          }
          collect(below: child, depth: depth + 1)
        default: continue
        }
      }
    }
    for unit in file.units { collect(below: first.root(of: unit), depth: 0) }
    return result
  }

  /// The modules with the preferred one in front.
  private func order(_ first: Module?) -> [Module] {
    var result = first.map { [$0] } ?? []
    if let executable = modules.executable, executable !== first { result.append(executable) }
    for index in modules.libraries.indices {
      if let module = modules.library(at: index), module !== first { result.append(module) }
    }
    return result
  }

  /// The unit whose name ends in a file's name: `'file.c'::name`.
  func unit(named name: String, preferring first: Module?) -> (root: DebugEntry, module: Module)? {
    for module in order(first) {
      guard let file = module.debugFile else { continue }
      for unit in file.units {
        guard let own = unit.skeleton.string(Attribute.name) else { continue }
        if own == name || own.hasSuffix("/" + name) { return (module.root(of: unit), module) }
      }
    }
    return nil
  }

  func find(_ name: String, _ kind: Kind, inUnit root: DebugEntry, of module: Module) -> Found? {
    find(name, kind, below: root, of: module)
  }

  /// One pass over a unit's entries for one name.
  private struct Scan {
    let search: NameSearch
    let module: Module
    let kind: Kind
    /// The qualified name, for definitions that stand outside of their scope.
    let whole: String
    /// Whether a struct's name alone is a type: in C++ and its kin, not in C.
    var namesTypes = true

    mutating func run(below root: DebugEntry, _ parts: [String]) -> Found? {
      guard !parts.isEmpty else { return nil }
      namesTypes = Language(unit: root) != .c
      let names = parts.map { DebugEntry.SearchName($0) }
      return run(below: root, names[...], depth: 0)
    }

    private func run(
      below scope: DebugEntry, _ parts: ArraySlice<DebugEntry.SearchName>, depth: Int
    ) -> Found? {
      guard depth < NameSearch.maximumDepth, let first = parts.first else { return nil }
      let isLast = parts.count == 1
      var fallback: Found?
      for child in scope.children {
        guard search.mayLook() else { return fallback }
        let tag = child.tag
        switch tag {
        case Tag.namespace, Tag.module:
          if !isLast, child.isNamed(first) {
            if let found = run(below: child, parts.dropFirst(), depth: depth + 1) { return found }
          } else if child.isNameless || isInline(child) {
            // The names of inline and unnamed namespaces are visible outside.
            if let found = run(below: child, parts, depth: depth + 1) { return found }
          } else if isLast, kind == .ordinary, child.isNamed(first) {
            fallback = fallback ?? Found(entry: child, module: module, parent: nil, isExternal: false)
          }
        case Tag.structureType, Tag.classType, Tag.unionType, Tag.enumerationType:
          if tag == Tag.enumerationType, kind == .ordinary, isLast || child.isNamed(first) {
            if let found = enumerator(of: child, parts) { return found }
          }
          if child.isNamed(first) {
            if isLast {
              guard kind == .tagged || namesTypes else { continue }
              let isWhole = !child.flag(Attribute.declaration)
              let found = Found(entry: child, module: module, parent: nil, isExternal: isWhole)
              if isWhole { return found }
              fallback = fallback ?? found
            } else if let found = run(below: child, parts.dropFirst(), depth: depth + 1) {
              return found
            }
          }
        case Tag.typedef, Tag.baseType, Tag.unspecifiedType:
          if isLast, kind == .ordinary, child.isNamed(first) {
            return Found(entry: child, module: module, parent: nil, isExternal: true)
          }
        case Tag.variable, Tag.subprogram, Tag.member:
          guard kind == .ordinary, isLast || depth == 0 else { continue }
          if let found = value(child, tag, parts, depth: depth) {
            if found.isExternal || tag == Tag.member { return found }
            fallback = fallback ?? found
          }
        default: continue
        }
      }
      return fallback
    }

    private func isInline(_ entry: DebugEntry) -> Bool {
      // DW_AT_export_symbols
      entry.flag(0x89)
    }

    private func enumerator(of type: DebugEntry, _ parts: ArraySlice<DebugEntry.SearchName>) -> Found? {
      let isScoped = type.flag(Attribute.enumClass)
      guard let first = parts.first, let last = parts.last else { return nil }
      guard parts.count == (isScoped ? 2 : 1) || (parts.count == 2 && type.isNamed(first)) else { return nil }
      if parts.count == 2, !type.isNamed(first) { return nil }
      for child in type.children where child.tag == Tag.enumerator && child.isNamed(last) {
        return Found(entry: child, module: module, parent: type, isExternal: true)
      }
      return nil
    }

    private func value(
      _ child: DebugEntry, _ tag: Int, _ parts: ArraySlice<DebugEntry.SearchName>, depth: Int
    ) -> Found? {
      guard let last = parts.last else { return nil }
      let isOwn = child.isNamed(last)
      if !isOwn {
        // A definition outside of its scope, by the declaration in it.
        guard child.isNameless,
          let home = child.reference(Attribute.specification)
            ?? child.reference(Attribute.abstractOrigin)
        else { return nil }
        guard home.isNamed(last) || home.isNameless else { return nil }
        guard QualifiedName.text(of: home.isNameless ? child : declaration(home)) == whole else { return nil }
      } else if parts.count > 1 {
        return nil
      }
      if tag == Tag.subprogram {
        guard !child.flag(Attribute.declaration), !child.ranges.isEmpty else { return nil }
      } else if tag == Tag.variable {
        guard !child.flag(Attribute.declaration),
          child.has(Attribute.location) || child.has(Attribute.constValue)
        else { return nil }
      } else {
        guard child.flag(Attribute.external) || child.flag(Attribute.declaration) else { return nil }
      }
      return Found(
        entry: child, module: module, parent: nil,
        isExternal: child.flag(Attribute.external, .integrated) || parts.count > 1)
    }

    private func declaration(_ entry: DebugEntry) -> DebugEntry {
      entry.reference(Attribute.specification) ?? entry
    }
  }
}
