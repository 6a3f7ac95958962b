internal import Backtraces
internal import Elfutils
internal import Symbols
internal import Values

/// The methods of libstdc++'s classes that gdb's helper scripts ("xmethods") compute from the members, so that a core
/// answers them: `v.size()`, `v[3]`, `*pointer`.
extension Evaluator {
  private enum LibraryClass: String {
    case vector, deque, list, array
    case forwardList = "forward_list"
    case set, multiset, map, multimap
    case unorderedSet = "unordered_set"
    case unorderedMap = "unordered_map"
    case unorderedMultiset = "unordered_multiset"
    case unorderedMultimap = "unordered_multimap"
    case uniquePointer = "unique_ptr"
    case sharedPointer = "shared_ptr"
  }

  /// Which class of the library a type is; `nil` also where the scripts are not loaded.
  private func libraryClass(_ plain: ValueType) -> LibraryClass? {
    guard isCxx, plain.kind == .structure, let entry = plain.entry, let name = entry.name,
      let kind = LibraryClass(rawValue: String(name.prefix { $0 != "<" })),
      workspace.process?.symbolTexts.hasLibraryPrinters == true
    else { return nil }
    switch QualifiedName.scope(of: entry) {
    case "std", "std::__cxx11": return kind
    default: return nil
    }
  }

  /// The value of a method; `nil` for what is no such class, or has no such method.
  func libraryMethod(
    _ name: String, _ object: Value, _ arguments: [Value]
  ) throws(EvaluationFailure) -> Value? {
    let object = try unreferenced(object)
    guard let kind = libraryClass(object.type.stripped) else { return nil }
    switch (kind, name, arguments.count) {
    case (.uniquePointer, _, _), (.sharedPointer, _, _):
      return try pointerMethod(name, object, isUnique: kind == .uniquePointer, arguments)
    case (_, "empty", 0): return Value(maker.named("bool"), number: try isEmpty(kind, object) ? 1 : 0)
    case (.forwardList, "front", 0): return try element(of: object, at: (try head(of: object)) &+ word)
    case (.forwardList, _, _): return nil
    case (_, "size", 0): return Value(maker.named("unsigned long"), number: try count(kind, object))
    case (.list, "front", 0):
      return try element(of: object, at: (try node(of: object, "_M_next")) &+ 2 &* word)
    case (.list, "back", 0):
      return try element(of: object, at: (try node(of: object, "_M_prev")) &+ 2 &* word)
    case (.vector, _, _), (.deque, _, _), (.array, _, _): break
    default: return nil
    }
    switch (name, arguments.count) {
    case ("front", 0): return try element(kind, object, 0)
    case ("back", 0): return try element(kind, object, (try count(kind, object)) &- 1)
    case ("operator[]", 1): return try element(kind, object, try number(try unreferenced(arguments[0])))
    case ("at", 1):
      let index = try number(try unreferenced(arguments[0]))
      guard index < (try count(kind, object)) else {
        throw EvaluationFailure("Error while executing Python code.")
      }
      return try element(kind, object, index)
    default: return nil
    }
  }

  private var word: UInt64 { UInt64(maker.wordSize) }

  // MARK: Pointers

  private func pointerMethod(
    _ name: String, _ object: Value, isUnique: Bool, _ arguments: [Value]
  ) throws(EvaluationFailure) -> Value? {
    guard let held = try heldPointer(object, isUnique: isUnique) else { return nil }
    switch (name, arguments.count) {
    case ("get", 0), ("operator->", 0): return held
    case ("operator*", 0): return try dereferenced(held)
    case ("operator[]", 1): return try subscripted(held, arguments[0])
    default: return nil
    }
  }

  private func heldPointer(_ object: Value, isUnique: Bool) throws(EvaluationFailure) -> Value? {
    guard isUnique else { return try member("_M_ptr", of: object, isArrow: false) }
    // A tuple of pointer and deleter, of which the pointer is the head.
    var tuple = try member("_M_t", of: object, isArrow: false)
    if MemberSearch.path(to: "_M_t", in: tuple.type.stripped) != nil {
      tuple = try member("_M_t", of: tuple, isArrow: false)
    }
    let head = try headPart(tuple, 0)
    return head.flatMap { $0.type.stripped.kind == .pointer ? $0 : nil }
  }

  /// `std::_Head_base<0, T>::_M_head_impl`, among the bases of a tuple.
  private func headPart(_ value: Value, _ depth: Int) throws(EvaluationFailure) -> Value? {
    let plain = value.type.stripped
    guard depth < 16, plain.kind == .structure else { return nil }
    if plain.name?.hasPrefix("_Head_base<0") == true {
      return try member("_M_head_impl", of: value, isArrow: false)
    }
    for base in plain.layout.bases {
      if let found = try headPart(try part(base, of: value), depth + 1) { return found }
    }
    return nil
  }

  // MARK: Counts

  private func path(_ names: [String], in object: Value) throws(EvaluationFailure) -> Value {
    var value = object
    for name in names { value = try member(name, of: value, isArrow: false) }
    return value
  }

  private func isEmpty(_ kind: LibraryClass, _ object: Value) throws(EvaluationFailure) -> Bool {
    switch kind {
    case .forwardList: return try head(of: object) == 0
    case .list:
      // The address alone: the optimizer of Swift 6.3.1 crashes where the value lives on to the comparison.
      let end = try path(["_M_impl", "_M_node"], in: object).address
      return try node(of: object, "_M_next") == end
    default: return try count(kind, object) == 0
    }
  }

  private func count(_ kind: LibraryClass, _ object: Value) throws(EvaluationFailure) -> UInt64 {
    switch kind {
    case .vector:
      if isBits(object) { return try bitCount(object) }
      let first = try path(["_M_impl", "_M_start"], in: object)
      let size = max(1, first.type.stripped.target?.stripped.byteCount ?? 1)
      return ((try number(try path(["_M_impl", "_M_finish"], in: object))) &- (try number(first))) / size
    case .array:
      let elements = try path(["_M_elems"], in: object).type.stripped
      return elements.kind == .array ? elements.dimensions.first?.constant ?? 0 : 0
    case .deque:
      let (start, finish) = (try corner("_M_start", of: object), try corner("_M_finish", of: object))
      let nodes = ((finish.node &- start.node) / word) &- 1
      return nodes &* start.perNode &+ (start.last &- start.current) / start.size
        &+ (finish.current &- finish.first) / start.size
    case .list:
      return try number(try path(["_M_impl", "_M_node", "_M_size"], in: object))
    case .set, .multiset, .map, .multimap:
      return try number(try path(["_M_t", "_M_impl", "_M_node_count"], in: object))
    case .unorderedSet, .unorderedMap, .unorderedMultiset, .unorderedMultimap:
      return try number(try path(["_M_h", "_M_element_count"], in: object))
    case .forwardList, .uniquePointer, .sharedPointer: return 0
    }
  }

  private func isBits(_ object: Value) -> Bool {
    object.type.stripped.templateType(0)?.stripped.kind == .boolean
  }

  private func bitCount(_ object: Value) throws(EvaluationFailure) -> UInt64 {
    let first = try number(try path(["_M_impl", "_M_start", "_M_p"], in: object))
    let last = try number(try path(["_M_impl", "_M_finish", "_M_p"], in: object))
    let offset = try number(try path(["_M_impl", "_M_finish", "_M_offset"], in: object))
    return (last &- first) &* 8 &+ offset
  }

  // MARK: Elements

  private func element(of object: Value, at address: UInt64) throws(EvaluationFailure) -> Value? {
    object.type.stripped.templateType(0).map { Value($0, at: address) }
  }

  private func element(
    _ kind: LibraryClass, _ object: Value, _ index: UInt64
  ) throws(EvaluationFailure) -> Value? {
    switch kind {
    case .vector where isBits(object):
      let first = try number(try path(["_M_impl", "_M_start", "_M_p"], in: object))
      let bits = try bytes(Value(maker.named("unsigned char"), at: first &+ index / 8))
      return Value(maker.named("bool"), number: UInt64((bits.first ?? 0) >> UInt8(index % 8) & 1))
    case .vector:
      let first = try path(["_M_impl", "_M_start"], in: object)
      return try subscripted(first, Value(maker.long, number: index))
    case .array:
      let elements = try path(["_M_elems"], in: object)
      guard elements.type.stripped.kind == .array else { return nil }
      return try subscripted(elements, Value(maker.long, number: index))
    case .deque:
      let start = try corner("_M_start", of: object)
      let place = index &+ (start.current &- start.first) / start.size
      let node = try number(
        Value(maker.named("unsigned long"), at: start.node &+ place / start.perNode &* word))
      return try element(of: object, at: node &+ place % start.perNode &* start.size)
    default: return nil
    }
  }

  /// One of a deque's two iterators, in numbers; a node holds `perNode` elements of `size` bytes.
  private func corner(
    _ name: String, of object: Value
  ) throws(EvaluationFailure) -> (
    current: UInt64, first: UInt64, last: UInt64, node: UInt64, size: UInt64, perNode: UInt64
  ) {
    let iterator = try path(["_M_impl", name], in: object)
    let size = max(1, object.type.stripped.templateType(0)?.stripped.byteCount ?? 1)
    return (
      try number(try path(["_M_cur"], in: iterator)), try number(try path(["_M_first"], in: iterator)),
      try number(try path(["_M_last"], in: iterator)), try number(try path(["_M_node"], in: iterator)), size,
      size >= 512 ? 1 : 512 / size
    )
  }

  private func head(of object: Value) throws(EvaluationFailure) -> UInt64 {
    try number(try path(["_M_impl", "_M_head", "_M_next"], in: object))
  }

  private func node(of object: Value, _ direction: String) throws(EvaluationFailure) -> UInt64 {
    try number(try path(["_M_impl", "_M_node", direction], in: object))
  }
}
