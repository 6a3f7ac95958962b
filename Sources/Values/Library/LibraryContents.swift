internal import Bytes
internal import Elfutils
internal import Expressions

// Where the parts of the library's objects are.
extension ValuePrinter {
  /// An object whose printer lists parts, as optionals and their kin show what they hold.
  func container(_ value: LibraryValue) -> LibraryObject? {
    guard let object = libraryObject(value) else { return nil }
    switch object.kind {
    case .string, .stringView, .bitReference, .bitIterator, .errorCode, .ordering, .vectorIterator,
      .dequeIterator, .listIterator, .forwardListIterator, .treeIterator:
      return nil
    case .atomic:
      return value.plain.templateType(0)?.stripped.library == .sharedPointer ? object : nil
    default: return object
    }
  }

  func hint(of object: LibraryObject) -> LibraryHint {
    switch object.kind {
    case .string, .stringView: return .string
    case .vector, .deque, .initializerList, .span: return .array
    case .tree(let isMap), .hash(let isMap): return isMap ? .map : .none
    case .adapter:
      guard let value = try? member(object.value, "c"), let inner = libraryObject(value) else { return .none }
      return hint(of: inner)
    case .optional:
      guard let value = try? optionalContent(object.value), let inner = container(value) else { return .none }
      return hint(of: inner)
    case .variant:
      guard let (_, value) = try? variantContent(object.value), let inner = container(value) else {
        return .array
      }
      // Wrappers in it have a say, other classes without a way of their own are set out as arrays.
      switch inner.kind {
      case .any, .optional, .adapter: return hint(of: inner)
      default: return hint(of: inner) == .map ? .map : .array
      }
    case .any:
      guard let value = try? anyContent(object), let inner = container(value) else { return .none }
      return hint(of: inner)
    default: return .none
    }
  }

  // MARK: Wrappers

  /// What an optional holds, if anything.
  func optionalContent(_ value: LibraryValue) throws(LibraryFailure) -> LibraryValue? {
    guard try number(value, "_M_payload", "_M_engaged") != 0 else { return nil }
    return try member(value, "_M_payload", "_M_payload", "_M_value")
  }

  /// Which alternative a variant holds, and where.
  func variantContent(_ value: LibraryValue) throws(LibraryFailure) -> (index: Int, LibraryValue)? {
    let arguments = value.plain.templateArguments
    let index = try number(value, "_M_index")
    guard index < UInt64(arguments.count), case .type(let type) = arguments[Int(index)] else { return nil }
    var part = try member(value, "_M_u")
    for _ in 0..<index { part = try member(part, "_M_rest") }
    let storage = try member(part, "_M_first", "_M_storage")
    guard storage.plain.part(named: "_M_storage") != nil, storage.plain.library == nil,
      storage.plain.identifier != type.stripped.identifier
    else { return (Int(index), storage) }
    return (Int(index), try self.part(storage, at: 0, type))
  }

  /// What an `any` holds: its manager function is a member of a template whose argument is the type.
  func anyContent(_ object: LibraryObject) throws(LibraryFailure) -> LibraryValue? {
    let manager = try number(object.value, "_M_manager")
    guard manager != 0 else { return nil }
    guard let function = namer.function(at: manager) else { throw .raised(nil) }
    var home = function.entry.reference(Attribute.abstractOrigin) ?? function.entry
    home = home.reference(Attribute.specification) ?? home
    guard
      let owner = home.ancestors.last(where: { $0.tag == Tag.structureType || $0.tag == Tag.classType })
    else { throw .raised(nil) }
    // gdb looks the class up by the name in the symbol, which may spell numbers differently.
    let name = namer.canonical(QualifiedName.text(of: owner))
    guard function.name.hasPrefix(name + "::"), !name.contains("decltype(") else { throw .raised(nil) }
    let type = object.value.plain.reader.type(owner)
    guard let content = type.templateType(0) else { throw .raised(nil) }
    let storage = try member(object.value, "_M_storage")
    if name.hasPrefix("std::any::_Manager_external<") {
      return LibraryValue(content, at: try number(storage, "_M_ptr"))
    }
    guard name.hasPrefix("std::any::_Manager_internal<") else { throw .raised(nil) }
    return try part(storage, at: 0, content)
  }

  /// The elements of a tuple: each is in a base of its own, the rest in another.
  func heads(of value: LibraryValue) throws(LibraryFailure) -> [LibraryValue] {
    var result: [LibraryValue] = []
    guard var current = try base(of: value, "_Tuple_impl") else { return [] }
    for _ in 0..<1024 {
      if let head = try base(of: current, "_Head_base") {
        if head.plain.part(named: "_M_head_impl") != nil {
          result.append(try member(head, "_M_head_impl"))
        } else if let first = head.plain.layout.bases.first, case .offset(let start) = first.place {
          result.append(try part(head, at: start, first.type))
        }
      }
      guard let next = try base(of: current, "_Tuple_impl") else { break }
      current = next
    }
    return result
  }

  private func base(of value: LibraryValue, _ name: String) throws(LibraryFailure) -> LibraryValue? {
    for base in value.plain.layout.bases {
      guard case .offset(let start) = base.place, base.type.stripped.name?.hasPrefix(name) == true else {
        continue
      }
      return try part(value, at: start, base.type)
    }
    return nil
  }

  // MARK: Paths

  /// What a path is, in the low bits of a pointer: 0 several components, 1 a root name, 2 a root directory,
  /// 3 a file name.
  func pathKind(_ value: LibraryValue) throws(LibraryFailure) -> UInt64 {
    try number(pathList(value)) & 3
  }

  func pathList(_ value: LibraryValue) throws(LibraryFailure) -> LibraryValue {
    let pointer = try member(value, "_M_cmpts", "_M_impl", "_M_t")
    // Of a `unique_ptr`: with a layer more or less, by the version of the library.
    let data = pointer.plain.part(named: "_M_t") == nil ? pointer : try member(pointer, "_M_t")
    guard let head = try heads(of: data).first else { throw .raised(nil) }
    return head
  }
}

extension ValueType {
  /// Tells types apart.
  var identifier: ObjectIdentifier { ObjectIdentifier(self) }
}
