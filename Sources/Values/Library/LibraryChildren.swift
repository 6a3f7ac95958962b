internal import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel

// The parts of the library's objects, one after the other: `emit` says when enough have been seen.
extension ValuePrinter {
  typealias Emit = (LibraryChild) throws(LibraryFailure) -> Bool

  /// Steps without a part to show for them that a list or tree may take: gdb would go on for ever.
  private static var maximumSteps: Int { 100_000 }

  func children(of object: LibraryObject, _ emit: Emit) throws(LibraryFailure) {
    let value = object.value
    switch object.kind {
    case .vector: try vectorChildren(value, emit)
    case .deque: try dequeChildren(value, emit)
    case .list: try listChildren(value, emit)
    case .forwardList: try forwardListChildren(value, emit)
    case .tree(let isMap): try treeChildren(value, isMap, emit)
    case .hash(let isMap): try hashChildren(value, isMap, emit)
    case .adapter:
      guard let inner = libraryObject(try member(value, "c")) else { throw .raised(nil) }
      try children(of: inner, emit)
    case .initializerList:
      try run(from: target(member(value, "_M_array")), count: number(value, "_M_len"), emit)
    case .span: try run(from: target(member(value, "_M_ptr")), count: spanCount(value), emit)
    case .bitset: try bitsetChildren(value, emit)
    case .tuple:
      for (index, head) in try heads(of: value).enumerated() {
        guard try emit(LibraryChild(index + 1, head)) else { return }
      }
    case .pair:
      guard try emit(LibraryChild("first", member(value, "first"))) else { return }
      _ = try emit(LibraryChild("second", member(value, "second")))
    case .uniquePointer:
      let data = try member(value, "_M_t")
      let tuple = data.plain.part(named: "_M_t") == nil ? data : try member(data, "_M_t")
      guard let head = try heads(of: tuple).first else { throw .raised(nil) }
      _ = try emit(LibraryChild("get()", head))
    case .sharedPointer: _ = try emit(LibraryChild("get()", member(value, "_M_ptr")))
    case .atomic:
      guard value.plain.templateType(0)?.stripped.library == .sharedPointer else { return }
      _ = try emit(LibraryChild("get()", member(value, "_M_impl", "_M_ptr")))
    case .optional: try contained(try optionalContent(value), emit)
    case .variant: try contained(try variantContent(value)?.1, emit)
    case .any: try contained(try anyContent(object), emit)
    case .path: try pathChildren(value, emit)
    default: return
    }
  }

  /// What a wrapper holds: a container's own parts, or the value under a name.
  private func contained(_ value: LibraryValue?, _ emit: Emit) throws(LibraryFailure) {
    guard let value else { return }
    if let inner = container(value) { return try children(of: inner, emit) }
    _ = try emit(LibraryChild("[contained value]", value))
  }

  private func run(from first: LibraryValue, count: UInt64, _ emit: Emit) throws(LibraryFailure) {
    guard case .lazy(let start) = first.content else { return }
    let size = first.plain.byteCount
    var index: UInt64 = 0
    while index < count {
      let place = LibraryValue(first.type, at: start &+ index &* size)
      guard try emit(LibraryChild(Int(truncatingIfNeeded: index), place)) else { return }
      index += 1
    }
  }

  // MARK: Arrays

  private func isBits(_ value: LibraryValue) -> Bool {
    value.plain.templateType(0)?.stripped.kind == .boolean
  }

  /// How many whole elements lie between two pointers; negative where they are the wrong way round.
  private func distance(_ start: UInt64, _ end: UInt64, _ size: UInt64) -> Int64 {
    let size = Int64(clamping: max(1, size))
    return Int64(bitPattern: end &- start) / size
  }

  func vector(_ value: LibraryValue, _ name: String) throws(LibraryFailure) -> String {
    if isBits(value) {
      let (start, finish) = (
        try member(value, "_M_impl", "_M_start"), try member(value, "_M_impl", "_M_finish")
      )
      let first = try number(start, "_M_p")
      let word = try member(start, "_M_p").plain.target?.stripped.byteCount ?? UInt64(context.wordSize)
      let bits = Int64(clamping: word &* 8)
      let length = distance(first, try number(finish, "_M_p"), word) &* bits
      let capacity = distance(first, try number(value, "_M_impl", "_M_end_of_storage"), word) &* bits
      return
        "\(name)<bool> of length \(length &+ Int64(bitPattern: try number(finish, "_M_offset"))), capacity \(capacity)"
    }
    let start = try member(value, "_M_impl", "_M_start")
    let size = start.plain.target?.stripped.byteCount ?? 1
    // Read first: where there is no memory, it is this address that is told.
    let finish = try number(value, "_M_impl", "_M_finish")
    let first = try number(start)
    let length = distance(first, finish, size)
    let capacity = distance(first, try number(value, "_M_impl", "_M_end_of_storage"), size)
    return "\(name) of length \(length), capacity \(capacity)"
  }

  private func vectorChildren(_ value: LibraryValue, _ emit: Emit) throws(LibraryFailure) {
    if isBits(value) { return try bitChildren(value, emit) }
    let first = try target(member(value, "_M_impl", "_M_start"))
    let finish = try number(value, "_M_impl", "_M_finish")
    guard case .lazy(var at) = first.content else { return }
    let size = max(1, first.plain.byteCount)
    while at != finish {
      guard try emit(LibraryChild(0, LibraryValue(first.type, at: at))) else { return }
      at &+= size
    }
  }

  private func bitChildren(_ value: LibraryValue, _ emit: Emit) throws(LibraryFailure) {
    let pointer = try member(value, "_M_impl", "_M_start", "_M_p")
    guard let word = pointer.plain.target else { throw .raised(nil) }
    var at = try number(pointer)
    let finish = try number(value, "_M_impl", "_M_finish", "_M_p")
    let last = try number(value, "_M_impl", "_M_finish", "_M_offset")
    let bits = max(1, min(64, word.stripped.byteCount &* 8))
    var offset: UInt64 = 0
    while at != finish || offset < last {
      let number = try number(LibraryValue(word, at: at))
      guard try emit(LibraryChild(0, text: number >> offset & 1 == 1 ? "true" : "false")) else { return }
      offset += 1
      if offset == bits {
        at &+= bits / 8
        offset = 0
      }
    }
  }

  func spanCount(_ value: LibraryValue) throws(LibraryFailure) -> UInt64 {
    let arguments = value.plain.templateArguments
    if arguments.count > 1, case .value(let extent) = arguments[1], extent != -1 {
      return UInt64(bitPattern: extent)
    }
    return try number(value, "_M_extent", "_M_extent_value")
  }

  private func bitsetChildren(_ value: LibraryValue, _ emit: Emit) throws(LibraryFailure) {
    guard let words = try? member(value, "_M_w") else { return }
    let all = LibraryValue(words.type, .fetched(try view(of: words)))
    let size = context.wordSize
    // A number of 64 bits is no array.
    let type = words.plain.kind == .array ? words.plain.target?.stripped ?? words.plain : words.plain
    var numbers: [UInt64] = []
    // The printer has looked at all words before it shows the first bit.
    for index in 0..<Int(clamping: words.plain.byteCount) / size {
      numbers.append(try number(part(all, at: UInt64(index * size), type)))
    }
    for (index, number) in numbers.enumerated() {
      var word = number
      while word != 0 {
        let bit = word.trailingZeroBitCount
        guard try emit(LibraryChild(index * size * 8 + bit, text: "1")) else { return }
        word &= word &- 1
      }
    }
  }

  // MARK: Deques

  private func dequeBuffer(_ element: UInt64) -> UInt64 { element >= 512 ? 1 : 512 / max(1, element) }

  private func dequeElement(_ value: LibraryValue) throws(LibraryFailure) -> ValueType {
    guard let element = value.plain.templateType(0) else { throw .raised(nil) }
    return element
  }

  func dequeCount(_ value: LibraryValue) throws(LibraryFailure) -> UInt64 {
    let (start, finish) = (
      try member(value, "_M_impl", "_M_start"), try member(value, "_M_impl", "_M_finish")
    )
    let size = try dequeElement(value).stripped.byteCount
    let nodes =
      distance(try number(start, "_M_node"), try number(finish, "_M_node"), UInt64(context.wordSize)) &- 1
    let begin = distance(try number(start, "_M_cur"), try number(start, "_M_last"), size)
    let end = distance(try number(finish, "_M_first"), try number(finish, "_M_cur"), size)
    return UInt64(bitPattern: Int64(bitPattern: dequeBuffer(size)) &* nodes &+ begin &+ end)
  }

  private func dequeChildren(_ value: LibraryValue, _ emit: Emit) throws(LibraryFailure) {
    let element = try dequeElement(value)
    let size = max(1, element.stripped.byteCount)
    let start = try member(value, "_M_impl", "_M_start")
    let finish = try number(value, "_M_impl", "_M_finish", "_M_cur")
    var at = try number(start, "_M_cur")
    var end = try number(start, "_M_last")
    var node = try number(start, "_M_node")
    while at != finish {
      let place = LibraryValue(element, at: at)
      at &+= size
      if at == end {
        node &+= UInt64(context.wordSize)
        do throws(MemoryError) {
          at = try context.memory.readWord(at: node)
        } catch {
          throw .memory(.memory(error))
        }
        end = at &+ dequeBuffer(size) &* size
      }
      guard try emit(LibraryChild(0, place)) else { return }
    }
  }

  // MARK: Lists

  private func listChildren(_ value: LibraryValue, _ emit: Emit) throws(LibraryFailure) {
    let head = try member(value, "_M_impl", "_M_node")
    guard let home = head.address,
      let type = nodeType(of: LibraryObject(kind: .list, value: value))
    else { throw .raised(nil) }
    var base = try number(head, "_M_next")
    var index = 0
    while base != home {
      let node = try node(type, at: base)
      guard try emit(LibraryChild(index, element(of: node))) else { return }
      base = try number(node, "_M_next")
      index += 1
    }
  }

  private func forwardListChildren(_ value: LibraryValue, _ emit: Emit) throws(LibraryFailure) {
    guard let type = nodeType(of: LibraryObject(kind: .forwardList, value: value)) else { throw .raised(nil) }
    var base = try number(value, "_M_impl", "_M_head", "_M_next")
    var index = 0
    while base != 0 {
      let node = try node(type, at: base)
      guard try emit(LibraryChild(index, element(of: node))) else { return }
      base = try number(node, "_M_next")
      index += 1
    }
  }

  private func hashChildren(_ value: LibraryValue, _ isMap: Bool, _ emit: Emit) throws(LibraryFailure) {
    let table = try member(value, "_M_h")
    var base = try number(table, "_M_before_begin", "_M_nxt")
    guard base != 0 else { return }
    guard let type = table.plain.namedType("__node_type") else { throw .raised(nil) }
    var index = 0
    while base != 0 {
      let node = try node(type, at: base)
      let next = try number(node, "_M_nxt")
      guard try self.emit(element(of: node), index, isMap, emit) else { return }
      base = next
      index += 1
    }
  }

  /// A set's element, or the key and the value of a map's.
  private func emit(
    _ element: LibraryValue, _ index: Int, _ isMap: Bool, _ emit: Emit
  ) throws(LibraryFailure) -> Bool {
    guard isMap else { return try emit(LibraryChild(index, element)) }
    guard try emit(LibraryChild(index, member(element, "first"))) else { return false }
    return try emit(LibraryChild(index, member(element, "second")))
  }

  // MARK: Trees

  private func treeChildren(_ value: LibraryValue, _ isMap: Bool, _ emit: Emit) throws(LibraryFailure) {
    let tree = try member(value, "_M_t")
    let count = try number(tree, "_M_impl", "_M_node_count")
    guard count > 0 else { return }
    let first = try member(tree, "_M_impl", "_M_header", "_M_left")
    guard let base = first.plain.target,
      let type = nodeType(of: LibraryObject(kind: .tree(isMap: isMap), value: value))
    else { throw .raised(nil) }
    var at = try number(first)
    var index: UInt64 = 0
    while index < count {
      let place = at
      index += 1
      if index < count { at = try successor(of: at, base) }
      let element = try element(of: node(type, at: place))
      guard try self.emit(element, Int(clamping: index - 1), isMap, emit) else { return }
    }
  }

  /// The next node in order. Cycles in what is no tree end here; gdb follows them for ever.
  private func successor(of node: UInt64, _ base: ValueType) throws(LibraryFailure) -> UInt64 {
    func link(_ node: UInt64, _ name: String) throws(LibraryFailure) -> UInt64 {
      try number(LibraryValue(base, at: node), name)
    }
    var steps = 0
    var node = node
    let right = try link(node, "_M_right")
    if right != 0 {
      node = right
      while case let left = try link(node, "_M_left"), left != 0 {
        node = left
        steps += 1
        guard steps < Self.maximumSteps else { throw .raised(nil) }
      }
      return node
    }
    var parent = try link(node, "_M_parent")
    while node == (try link(parent, "_M_right")) {
      node = parent
      parent = try link(parent, "_M_parent")
      steps += 1
      guard steps < Self.maximumSteps else { throw .raised(nil) }
    }
    return try link(node, "_M_right") != parent ? parent : node
  }

  // MARK: Paths

  /// The components, in an array that the library's headers do not describe: two `int`s in front, then paths
  /// with their place in the whole.
  private func pathChildren(_ value: LibraryValue, _ emit: Emit) throws(LibraryFailure) {
    let pointer = try number(pathList(value))
    guard pointer & 3 == 0, pointer != 0 else { return }
    let plain = value.plain
    let component = plain.nestedStructure("_Cmpt")
    let size = component.map(\.byteCount) ?? plain.byteCount &+ UInt64(context.wordSize)
    let count: UInt64
    do throws(MemoryError) {
      count = try context.memory.readUnsigned(at: pointer, size: 4)
    } catch {
      throw .memory(.memory(error))
    }
    var at = pointer &+ 8
    var index: UInt64 = 0
    while index < count {
      let path = LibraryValue(plain, at: at)
      let name: String? =
        switch try pathKind(path) {
        case 1: "[root-name]"
        case 2: "[root-directory]"
        default: nil
        }
      let text = try member(path, "_M_pathname")
      guard
        try emit(name.map { LibraryChild($0, text) } ?? LibraryChild(Int(clamping: index), text))
      else { return }
      at &+= size
      index += 1
    }
  }
}

extension ValueType {
  /// A class declared in this one, in full.
  fileprivate func nestedStructure(_ name: String) -> ValueType? {
    guard let entry else { return nil }
    for child in entry.children where child.tag == Tag.structureType && child.name == name {
      let type = reader.type(child).stripped
      return type.isIncomplete ? nil : type
    }
    return nil
  }
}
