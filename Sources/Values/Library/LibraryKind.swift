internal import Elfutils

/// The classes of libstdc++ that gdb shows as what they mean, by the printers that come with the library.
enum LibraryKind: Equatable {
  case string
  case stringView
  case vector
  case bitReference
  case bitIterator
  case deque
  case list
  case forwardList
  case tree(isMap: Bool)
  case hash(isMap: Bool)
  case adapter
  case initializerList
  case span
  case bitset
  case tuple
  case pair
  case uniquePointer
  case sharedPointer
  case atomic
  case optional
  case variant
  case any
  case errorCode
  case path
  case ordering
  case vectorIterator
  case dequeIterator
  case listIterator
  case forwardListIterator
  case treeIterator

  private static let byName: [String: LibraryKind] = [
    "std::basic_string": .string, "std::__cxx11::basic_string": .string,
    "std::basic_string_view": .stringView,
    "std::vector": .vector, "std::_Bit_reference": .bitReference,
    "std::_Bit_iterator": .bitIterator, "std::_Bit_const_iterator": .bitIterator,
    "std::deque": .deque, "std::list": .list, "std::__cxx11::list": .list, "std::forward_list": .forwardList,
    "std::map": .tree(isMap: true), "std::multimap": .tree(isMap: true),
    "std::set": .tree(isMap: false), "std::multiset": .tree(isMap: false),
    "std::unordered_map": .hash(isMap: true), "std::unordered_multimap": .hash(isMap: true),
    "std::unordered_set": .hash(isMap: false), "std::unordered_multiset": .hash(isMap: false),
    "std::stack": .adapter, "std::queue": .adapter, "std::priority_queue": .adapter,
    "std::initializer_list": .initializerList, "std::span": .span, "std::bitset": .bitset,
    "std::tuple": .tuple, "std::pair": .pair, "std::unique_ptr": .uniquePointer,
    "std::shared_ptr": .sharedPointer, "std::weak_ptr": .sharedPointer, "std::atomic": .atomic,
    "std::optional": .optional, "std::variant": .variant, "std::any": .any,
    "std::error_code": .errorCode, "std::error_condition": .errorCode,
    "std::filesystem::path": .path, "std::filesystem::__cxx11::path": .path,
    "std::strong_ordering": .ordering, "std::weak_ordering": .ordering, "std::partial_ordering": .ordering,
    "__gnu_cxx::__normal_iterator": .vectorIterator,
    "std::_Deque_iterator": .dequeIterator,
    "std::_List_iterator": .listIterator, "std::_List_const_iterator": .listIterator,
    "std::_Fwd_list_iterator": .forwardListIterator, "std::_Fwd_list_const_iterator": .forwardListIterator,
    // The same with checks: -D_GLIBCXX_DEBUG.
    "std::__debug::vector": .vector, "std::__debug::deque": .deque, "std::__debug::list": .list,
    "std::__debug::forward_list": .forwardList, "std::__debug::bitset": .bitset,
    "std::__debug::map": .tree(isMap: true), "std::__debug::multimap": .tree(isMap: true),
    "std::__debug::set": .tree(isMap: false), "std::__debug::multiset": .tree(isMap: false),
    "std::__debug::unordered_map": .hash(isMap: true), "std::__debug::unordered_multimap": .hash(isMap: true),
    "std::__debug::unordered_set": .hash(isMap: false),
    "std::__debug::unordered_multiset": .hash(isMap: false),
    "std::_Rb_tree_iterator": .treeIterator, "std::_Rb_tree_const_iterator": .treeIterator,
  ]

  /// The kind of a class, by its qualified name; typedefs and qualifiers are to be stripped before.
  init?(of plain: ValueType) {
    guard plain.kind == .structure, let entry = plain.entry, let own = entry.name else { return nil }
    let simple = Self.withoutArguments(own)
    guard Self.lastNames.contains(simple), let scope = QualifiedName.scope(of: entry),
      let kind = Self.byName[Self.withoutVersion(scope + "::" + simple)]
    else { return nil }
    self = kind
  }

  /// What a class's own name must be, so that the scopes of most need not be looked at.
  private static let lastNames: Set<String> = Set(
    byName.keys.map { String($0[($0.range(ofLast: "::")?.upperBound ?? $0.startIndex)...]) })

  /// The name in front of the template arguments.
  static func withoutArguments(_ name: String) -> String {
    guard let open = name.utf8.firstIndex(of: 0x3c) else { return name }
    return String(name[..<open])
  }

  /// The library may be built with a version in its names: `std::__8::vector`.
  static func withoutVersion(_ name: String) -> String {
    guard name.hasPrefix("std::__") else { return name }
    let rest = name.dropFirst("std::__".count)
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, rest.dropFirst(digits.count).hasPrefix("::") else { return name }
    return "std::" + rest.dropFirst(digits.count + 2)
  }
}

extension String {
  /// Where a text occurs last.
  package func range(ofLast text: String) -> Range<String.Index>? {
    var at = endIndex
    while at > startIndex {
      at = index(before: at)
      if self[at...].hasPrefix(text) { return at..<index(at, offsetBy: text.count) }
    }
    return nil
  }
}

extension ValueType {
  /// The class below the maps and sets, whose second argument is the element.
  var isTree: Bool { name?.hasPrefix("_Rb_tree<") ?? false }
}

// MARK: Parts of classes

extension ValueType {
  /// A member found by name, in the class itself, its unnamed members and its bases.
  struct NamedPart {
    /// Bytes from the start of the object.
    var offset: UInt64
    var type: ValueType
  }

  private static let maximumNesting = 32

  /// The member of a name, found once.
  func part(named name: String) -> NamedPart? {
    if let known = parts[name] { return known }
    let found = findPart(name, depth: 0)
    parts[name] = .some(found)
    return found
  }

  private func findPart(_ name: String, depth: Int) -> NamedPart? {
    guard depth < Self.maximumNesting, kind == .structure || kind == .union else { return nil }
    for member in layout.members {
      guard case .offset(let start) = member.place, member.bits == nil else { continue }
      if member.name == name { return NamedPart(offset: start, type: member.type) }
      guard member.name == nil,
        let inner = member.type.stripped.findPart(name, depth: depth + 1)
      else { continue }
      return NamedPart(offset: start &+ inner.offset, type: inner.type)
    }
    for base in layout.bases {
      guard case .offset(let start) = base.place,
        let inner = base.type.stripped.findPart(name, depth: depth + 1)
      else { continue }
      return NamedPart(offset: start &+ inner.offset, type: inner.type)
    }
    return nil
  }

  /// The type that a name inside the class stands for, also one that a base declares.
  func namedType(_ name: String, depth: Int = 0) -> ValueType? {
    guard depth < Self.maximumNesting, let entry else { return nil }
    for child in entry.children where child.tag == Tag.typedef && child.name == name {
      return reader.type(child).stripped
    }
    for base in layout.bases {
      if let found = base.type.stripped.namedType(name, depth: depth + 1) { return found }
    }
    return nil
  }

  enum TemplateArgument {
    case type(ValueType)
    case value(Int64)
  }

  /// The arguments of a template, those of a pack one by one.
  var templateArguments: [TemplateArgument] {
    var result: [TemplateArgument] = []
    for child in entry.map({ Array($0.children.prefix(1024)) }) ?? [] {
      switch child.tag {
      case Tag.gnuTemplateParameterPack:
        for inner in child.children.prefix(1024) { append(inner, to: &result) }
      default: append(child, to: &result)
      }
    }
    return result.isEmpty ? argumentsByName : result
  }

  /// gcc leaves the arguments out where a class is first declared; its name still has them.
  private var argumentsByName: [TemplateArgument] {
    guard let entry, let name = entry.name, name.hasSuffix(">"), let open = name.firstIndex(of: "<") else {
      return []
    }
    let inner = name[name.index(after: open)..<name.index(before: name.endIndex)]
    return LibraryTypeName.split(inner).map { text in
      if let number = Int64(text) { return .value(number) }
      return .type(reader.type(named: text, near: entry) ?? reader.void)
    }
  }

  private func append(_ entry: DebugEntry, to arguments: inout [TemplateArgument]) {
    switch entry.tag {
    case Tag.templateTypeParameter: arguments.append(.type(reader.type(of: entry)))
    case Tag.templateValueParameter: arguments.append(.value(entry.signed(Attribute.constValue) ?? 0))
    default: break
    }
  }

  package func templateType(_ index: Int) -> ValueType? {
    let arguments = templateArguments
    guard arguments.indices.contains(index), case .type(let type) = arguments[index] else { return nil }
    return type
  }
}
