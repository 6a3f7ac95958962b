package import Elfutils

/// Makes each type once and keeps it: one reader for each debug file.
///
/// Types know their reader without keeping it alive: who holds types holds the reader, as `Parameter` does.
package final class TypeReader {
  private var types: [UInt: ValueType] = [:]
  private var definitions: [UInt: [String: DebugEntry]] = [:]
  private var standardTypedefs: [UInt: Set<String>] = [:]
  private var statics: [UInt: [UInt: DebugEntry]] = [:]
  private var knownClasses: [String: Bool] = [:]
  /// What stands for a missing DW_AT_type.
  package private(set) lazy var void = ValueType(kind: .void, tag: 0, entry: nil, reader: self)

  package init() {}

  deinit { for type in types.values { type.unlink() } }

  /// The type that an entry's DW_AT_type names; `void` where there is none.
  package func type(of entry: DebugEntry) -> ValueType {
    guard let target = entry.reference(Attribute.type, .integrated) else { return void }
    return type(target)
  }

  /// The type of a variable. One that is nullptr_t without a typedef is an int to gdb, as all void variables.
  package func type(ofVariable entry: DebugEntry) -> ValueType {
    let type = type(of: entry)
    guard type.kind == .nullPointer, entry.tag == Tag.variable else { return type }
    return ValueType(kind: .integer(isSigned: true), name: "int", size: 4, reader: self)
  }

  /// The type that a DIE is.
  package func type(_ entry: DebugEntry) -> ValueType {
    if let known = types[entry.identity] { return known }
    // A skeleton that stands for a type unit (DWARF 4 and 5, -fdebug-types-section).
    if let unit = entry.reference(Attribute.signature),
      unit.identity != entry.identity, !unit.flag(Attribute.declaration)
    {
      let made = type(unit)
      types[entry.identity] = made
      return made
    }
    let tag = entry.tag
    let made = ValueType(kind: Self.kind(of: entry, tag: tag), tag: tag, entry: entry, reader: self)
    types[entry.identity] = made
    return made
  }

  private static func kind(of entry: DebugEntry, tag: Int) -> ValueType.Kind {
    switch tag {
    case Tag.baseType: baseKind(of: entry)
    case Tag.pointerType: .pointer
    case Tag.referenceType, Tag.rvalueReferenceType: .reference
    case Tag.typedef, Tag.constType, Tag.volatileType, Tag.restrictType, Tag.atomicType: .alias
    // Ada and Pascal use ranges as types of their own; their values are those of the base.
    case Tag.subrangeType: .alias
    case Tag.structureType, Tag.classType: .structure
    case Tag.unionType: .union
    case Tag.arrayType: .array
    case Tag.stringType: .string
    case Tag.enumerationType: .enumeration
    case Tag.subroutineType, Tag.subprogram: .function
    case Tag.pointerToMemberType: .memberPointer
    case Tag.unspecifiedType: entry.name == "decltype(nullptr)" ? .nullPointer : .void
    default: .unknown
    }
  }

  /// DW_AT_encoding: DWARF 5, table 7.11.
  private static func baseKind(of entry: DebugEntry) -> ValueType.Kind {
    switch entry.unsigned(Attribute.encoding) {
    // DW_ATE_address: clang's coroutine frames. gdb makes a pointer of it.
    case 0x01: .pointer
    case 0x02: .boolean
    case 0x03: .complex
    case 0x04: .float
    case 0x05, 0x0d: .integer(isSigned: true)
    // Characters of more bytes are DW_ATE_UTF's; gdc's `wchar` is not, and a number to gdb.
    case 0x06 where entry.unsigned(Attribute.byteSize) != 1: .integer(isSigned: true)
    case 0x08 where entry.unsigned(Attribute.byteSize) != 1: .integer(isSigned: false)
    case 0x06: .character(isSigned: true)
    case 0x07: .integer(isSigned: false)
    case 0x0f: .decimalFloat
    case 0x08, 0x10, 0x11, 0x12: .character(isSigned: false)
    default: .unknown
    }
  }
}

// MARK: Declarations

extension TypeReader {
  private static let maximumDepth = 64
  private static let maximumUnits = 256

  /// The full type of the same name in the same unit, where the given one is only declared.
  func definition(of type: ValueType) -> ValueType {
    guard let entry = type.entry, type.isIncomplete, let name = entry.name, let root = entry.unitRoot else {
      return type
    }
    switch type.kind {
    case .structure, .union, .enumeration: break
    default: return type
    }
    if definitions[root.identity] == nil {
      var found: [String: DebugEntry] = [:]
      collect(below: root, prefix: "", depth: 0, into: &found)
      definitions[root.identity] = found
    }
    let path = QualifiedName.scope(of: entry).map { $0 + "::" + name } ?? name
    guard let full = definitions[root.identity]?[path] else { return type }
    return self.type(full)
  }

  /// The instance of a class template for an argument, among the full types of a unit.
  func instance(of template: String, for argument: ValueType, near entry: DebugEntry) -> ValueType? {
    guard let root = entry.unitRoot else { return nil }
    let prefix = template + "<"
    let wanted = argument.stripped
    for (name, entry) in allDefinitions(below: root) where name.hasPrefix(prefix) {
      let found = type(entry)
      if let own = found.templateType(0)?.stripped,
        own === wanted || own.entry?.identity == wanted.entry?.identity
      {
        return found
      }
    }
    return nil
  }

  /// Whether a file has a class of a qualified name, in the unit of an entry or in another. Files of so many
  /// units that a search would take long are taken to have it.
  func knowsClass(_ name: String, near entry: DebugEntry) -> Bool {
    if let known = knownClasses[name] { return known }
    let units = entry.file.units
    let found =
      // In type units classes are found by their signatures.
      entry.unitRoot?.tag != Tag.compileUnit || type(named: name, near: entry) != nil
      || units.count > Self.maximumUnits
      || units.contains { allDefinitions(below: $0.skeleton)[name] != nil }
    knownClasses[name] = found
    return found
  }

  /// A class, enumeration or base type of a unit by its qualified name.
  func type(named name: String, near entry: DebugEntry) -> ValueType? {
    guard let root = entry.unitRoot else { return nil }
    if let found = allDefinitions(below: root)[name] { return type(found) }
    return root.children.first { $0.tag == Tag.baseType && $0.name == name }.map { type($0) }
  }

  /// Whether a unit has a typedef of a name in namespace std or an inline one within it.
  package func hasTypedef(inStandard name: String, near entry: DebugEntry) -> Bool {
    guard let root = entry.unitRoot else { return false }
    if let known = standardTypedefs[root.identity] { return known.contains(name) }
    var found: Set<String> = []
    for child in root.children where child.tag == Tag.namespace && child.name == "std" {
      for inner in child.children {
        if inner.tag == Tag.typedef, let name = inner.name { found.insert(name) }
        guard inner.tag == Tag.namespace, inner.name?.hasPrefix("__") ?? false else { continue }
        for innermost in inner.children where innermost.tag == Tag.typedef {
          if let name = innermost.name { found.insert(name) }
        }
      }
    }
    standardTypedefs[root.identity] = found
    return found.contains(name)
  }

  private func allDefinitions(below root: DebugEntry) -> [String: DebugEntry] {
    if let known = definitions[root.identity] { return known }
    var found: [String: DebugEntry] = [:]
    collect(below: root, prefix: "", depth: 0, into: &found)
    definitions[root.identity] = found
    return found
  }

  /// The entry that gives a static member its place: compilers write it at the top or in a namespace.
  func definition(ofStatic member: DebugEntry) -> DebugEntry? {
    guard let root = member.unitRoot else { return nil }
    if statics[root.identity] == nil {
      var found: [UInt: DebugEntry] = [:]
      Self.collectStatics(below: root, depth: 0, into: &found)
      statics[root.identity] = found
    }
    return statics[root.identity]?[member.identity]
  }

  private static func collectStatics(
    below scope: DebugEntry, depth: Int, into found: inout [UInt: DebugEntry]
  ) {
    guard depth < maximumDepth else {
      scope.file.cuts.meet(.scopes, at: scope)
      return
    }
    for child in scope.children {
      switch child.tag {
      case Tag.variable:
        if let member = child.reference(Attribute.specification) { found[member.identity] = child }
      case Tag.namespace: collectStatics(below: child, depth: depth + 1, into: &found)
      default: continue
      }
    }
  }

  private func collect(
    below scope: DebugEntry, prefix: String, depth: Int, into found: inout [String: DebugEntry]
  ) {
    guard depth < Self.maximumDepth else {
      scope.file.cuts.meet(.scopes, at: scope)
      return
    }
    for child in scope.children {
      switch child.tag {
      case Tag.structureType, Tag.classType, Tag.unionType, Tag.enumerationType:
        guard !child.flag(Attribute.declaration), let name = child.name else { continue }
        let path = child.has(Attribute.specification) ? QualifiedName.text(of: child) : prefix + name
        if found[path] == nil { found[path] = child }
        collect(below: child, prefix: path + "::", depth: depth + 1, into: &found)
      case Tag.namespace:
        let name = child.name ?? QualifiedName.anonymousNamespace
        collect(below: child, prefix: prefix + name + "::", depth: depth + 1, into: &found)
      default: continue
      }
    }
  }
}
