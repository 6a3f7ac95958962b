internal import Bytes
internal import Elfutils
internal import Expressions
internal import ProcessModel

// What each printer says of its object, by experiments with gdb 13.1 and the printers of GCC 12's libstdc++.
extension ValuePrinter {
  func text(of object: LibraryObject) throws(LibraryFailure) -> LibraryText {
    let value = object.value
    switch object.kind {
    case .string: return try string(value)
    case .stringView:
      let data = try member(value, "_M_str")
      return .characters(
        at: try number(data), length: try number(value, "_M_len"),
        data.plain.target ?? value.plain.reader.void)
    case .tuple: return .text(try heads(of: value).isEmpty ? "empty std::tuple" : "std::tuple containing")
    case .pair: return .none
    case .vectorIterator: return try element(of: object, "_M_current", "std::vector")
    case .dequeIterator:
      guard try number(value, "_M_node") != 0 else {
        return .text("non-dereferenceable iterator for std::deque")
      }
      return try fetched(target(member(value, "_M_cur")))
    case .listIterator: return try node(of: object, "std::list")
    case .forwardListIterator: return try node(of: object, "std::forward_list")
    case .treeIterator: return try node(of: object, "associative container")
    case .bitIterator: return try bit(of: value)
    case .bitReference: return try referredBit(of: value)
    case .atomic: return try atomic(object)
    case .path: return try path(object)
    default: return .text(try description(of: object))
    }
  }

  /// The texts that are plain words; one printer quotes another's.
  func description(of object: LibraryObject) throws(LibraryFailure) -> String {
    let value = object.value
    let name = object.className
    switch object.kind {
    case .vector: return try vector(value, name)
    case .deque: return counted(name, Int64(bitPattern: try dequeCount(value)))
    case .list:
      let head = try member(value, "_M_impl", "_M_node")
      guard let address = head.address else { throw .raised(nil) }
      return try number(head, "_M_next") == address ? "empty " + name : name
    case .forwardList:
      return try number(value, "_M_impl", "_M_head", "_M_next") == 0 ? "empty " + name : name
    case .tree:
      let count = try number(value, "_M_t", "_M_impl", "_M_node_count")
      guard let count = Int64(exactly: count) else {
        throw .raised("<class 'OverflowError'>: cannot fit 'int' into an index-sized integer")
      }
      return counted(name, count)
    case .hash:
      let count = try number(value, "_M_h", "_M_element_count")
      return name + " with \(count) element" + (count == 1 ? "" : "s")
    case .adapter:
      guard let inner = libraryObject(try member(value, "c")) else { throw .raised(nil) }
      return name + " wrapping: " + (try apart().description(of: inner))
    case .initializerList: return name + " of length \(try number(value, "_M_len"))"
    case .span: return name + " of length \(try spanCount(value))"
    case .bitset: return name
    case .uniquePointer: return try uniquePointer(object)
    case .sharedPointer:
      return try shared(name, value.plain, count: number(value, "_M_refcount", "_M_pi"), of: value)
    case .optional: return try optional(object)
    case .variant: return try variant(object)
    case .any: return try any(object)
    case .errorCode:
      // The printer asks the category first.
      _ = try number(value, "_M_cat")
      return name + " = {std::_V2::error_category: \(try signed(member(value, "_M_value")))}"
    case .ordering: return try ordering(name, value)
    case .atomic: return try sharedAtomic(value)
    case .tuple: return try heads(of: value).isEmpty ? "empty std::tuple" : "std::tuple containing"
    case .path:
      guard case .text(let text) = try path(object) else { throw .raised(nil) }
      return text
    default: throw .raised(nil)
    }
  }

  private func counted(_ name: String, _ count: Int64) -> String {
    name + " with \(count) element" + (count == 1 ? "" : "s")
  }

  /// What a text leads to is read before it is shown, so that an error belongs to the printer.
  private func fetched(_ value: LibraryValue) throws(LibraryFailure) -> LibraryText {
    .value(LibraryValue(value.type, .fetched(try view(of: value))))
  }

  // MARK: Strings

  private func string(_ value: LibraryValue) throws(LibraryFailure) -> LibraryText {
    let data = try member(value, "_M_dataplus", "_M_p")
    let element = data.plain.target ?? value.plain.reader.void
    if value.plain.part(named: "_M_string_length") != nil {
      // Read first: where there is no memory, it is this address that is told.
      let length = try number(value, "_M_string_length")
      return .characters(at: try number(data), length: length, element)
    }
    let address = try number(data)
    // The strings of before C++11 share their characters; the length stands in front of them.
    let size = context.wordSize
    let place = address &- UInt64(3 &* size)
    do throws(MemoryError) {
      return .characters(
        at: address, length: try context.memory.readUnsigned(at: place, size: size), element)
    } catch {
      throw .memory(.memory(error))
    }
  }

  private func path(_ object: LibraryObject) throws(LibraryFailure) -> LibraryText {
    let text = try quoted(member(object.value, "_M_pathname"))
    let kind =
      switch try pathKind(object.value) {
      case 1: " [root-name]"
      case 2: " [root-directory]"
      default: ""
      }
    return .text("filesystem::path " + text + kind)
  }

  /// A value as text, as `str` of Python gives it: the nesting starts anew.
  func quoted(_ value: LibraryValue, isSummary: Bool = false) throws(LibraryFailure) -> String {
    var state = State()
    state.isSummary = isSummary
    var text = TextBuffer()
    let printer = try apart()
    do throws(EvaluationError) {
      try printer.print(
        try view(ofPart: value), value.type, level: 0, isTop: true, state: &state, into: &text)
    } catch {
      throw .memory(error)
    }
    return text.string
  }

  private func view(ofPart value: LibraryValue) throws(EvaluationError) -> ValueView {
    switch value.content {
    case .fetched(let view): return view
    case .lazy(let address): return try load(value.plain, at: address)
    }
  }

  // MARK: Iterators

  private func element(
    of object: LibraryObject, _ name: String, _ container: String
  ) throws(LibraryFailure) -> LibraryText {
    let pointer = try member(object.value, name)
    guard try number(pointer) != 0 else { return .text("non-dereferenceable iterator for " + container) }
    return try fetched(target(pointer))
  }

  private func node(of object: LibraryObject, _ container: String) throws(LibraryFailure) -> LibraryText {
    let address = try number(object.value, "_M_node")
    guard address != 0 else { return .text("non-dereferenceable iterator for " + container) }
    guard let type = nodeType(of: object) else { throw .raised(nil) }
    return try fetched(element(of: node(type, at: address)))
  }

  /// The type of the nodes of a list or tree, as far as the file describes it: by the name that the class
  /// has for it, or else by its own.
  func nodeType(of object: LibraryObject) -> ValueType? {
    let plain = object.value.plain
    let (alias, template): (String, String) =
      switch object.kind {
      case .tree, .treeIterator: ("_Link_type", "std::_Rb_tree_node")
      case .forwardList, .forwardListIterator: ("_Node", "std::_Fwd_list_node")
      default: ("_Node", "std::_List_node")
      }
    let home =
      object.kind == .tree(isMap: true) || object.kind == .tree(isMap: false)
      ? plain.part(named: "_M_t")?.type.stripped ?? plain : plain
    if var type = home.namedType(alias) {
      if type.kind == .pointer, let target = type.target { type = target.stripped }
      if !type.isIncomplete { return type }
    }
    guard let element = home.templateType(home.isTree ? 1 : 0), let entry = home.entry else { return nil }
    return home.reader.instance(of: template, for: element, near: entry)
  }

  private func bit(of value: LibraryValue) throws(LibraryFailure) -> LibraryText {
    let pointer = try member(value, "_M_p")
    guard try number(pointer) != 0 else {
      return .text("non-dereferenceable iterator for std::vector<bool>")
    }
    let word = try number(target(pointer))
    let offset = try number(value, "_M_offset")
    return .text(offset < 64 && word >> offset & 1 == 1 ? "true" : "false")
  }

  private func referredBit(of value: LibraryValue) throws(LibraryFailure) -> LibraryText {
    let pointer = try member(value, "_M_p")
    guard try number(pointer) != 0 else { return .text("invalid std::vector<bool>::reference") }
    return .text(try number(target(pointer)) & number(value, "_M_mask") != 0 ? "true" : "false")
  }

  // MARK: Pointers and numbers

  private func uniquePointer(_ object: LibraryObject) throws(LibraryFailure) -> String {
    guard let target = object.value.plain.templateType(0) else { throw .raised(nil) }
    return object.className + "<" + typeName(target) + ">"
  }

  /// The number of owners behind the name, as far as there is anything to own.
  private func shared(
    _ name: String, _ plain: ValueType, count block: UInt64, of value: LibraryValue
  ) throws(LibraryFailure) -> String {
    guard let target = plain.templateType(0) else { throw .raised(nil) }
    let text = name + "<" + typeName(target) + ">"
    guard block != 0 else { return text + " (empty)" }
    let counts = try countsType(of: value)
    let control = LibraryValue(counts, at: block)
    let use = try signed(member(control, "_M_use_count"))
    let weak = try signed(member(control, "_M_weak_count"))
    return use == 0
      ? text + " (expired, weak count \(weak))" : text + " (use count \(use), weak count \(weak &- 1))"
  }

  private func countsType(of value: LibraryValue) throws(LibraryFailure) -> ValueType {
    if let count = try? member(value, "_M_refcount", "_M_pi"), let target = count.plain.target {
      return target.stripped
    }
    guard
      let inner = value.plain.namedType("value_type") ?? value.plain.templateType(0)?.stripped,
      let count = inner.part(named: "_M_refcount")?.type.stripped.part(named: "_M_pi"),
      let target = count.type.stripped.target
    else { throw .raised(nil) }
    return target.stripped
  }

  private func atomic(_ object: LibraryObject) throws(LibraryFailure) -> LibraryText {
    let value = object.value
    guard let type = value.plain.templateType(0) else { throw .raised(nil) }
    if type.stripped.library == .sharedPointer { return .text(try sharedAtomic(value)) }
    for path in [["_M_b", "_M_p"], ["_M_base", "_M_i"], ["_M_fp"], ["_M_i"], ["_M_impl"]] {
      guard var part = try? member(value, path[0]) else { continue }
      if path.count == 2 { part = try member(part, path[1]) }
      return .enclosed("std::atomic<" + typeName(type) + "> = { ", part, " }")
    }
    throw .raised(nil)
  }

  private func sharedAtomic(_ value: LibraryValue) throws(LibraryFailure) -> String {
    guard let type = value.plain.templateType(0)?.stripped, type.library == .sharedPointer else {
      throw .raised(nil)
    }
    let object = LibraryObject(kind: .sharedPointer, value: LibraryValue(type, at: 0))
    let text = try shared(
      "std::atomic<" + object.className, type,
      count: number(value, "_M_impl", "_M_refcount", "_M_val", "_M_i") & ~1, of: value)
    guard let end = text.range(ofLast: " (") else { return text + ">" }
    return String(text[..<end.lowerBound]) + ">" + text[end.lowerBound...]
  }

  private func ordering(_ name: String, _ value: LibraryValue) throws(LibraryFailure) -> String {
    let number = try signed(member(value, "_M_value"))
    switch number {
    case -1: return name + "::less"
    case 1: return name + "::greater"
    case 2 where name == "std::partial_ordering": return name + "::unordered"
    default: return name + (name == "std::strong_ordering" ? "::equal" : "::equivalent")
    }
  }

  // MARK: Wrappers

  private func optional(_ object: LibraryObject) throws(LibraryFailure) -> String {
    guard let type = object.value.plain.templateType(0) else { throw .raised(nil) }
    let text = object.className + "<" + shortName(type) + ">"
    guard let content = try optionalContent(object.value) else { return text + " [no contained value]" }
    guard let inner = container(content) else { return text }
    return text + " containing " + (try description(ofContained: inner))
  }

  private func variant(_ object: LibraryObject) throws(LibraryFailure) -> String {
    let types = object.value.plain.templateArguments.map {
      if case .type(let type) = $0 { shortName(type) } else { "" }
    }
    let text = object.className + "<" + types.joined(separator: ", ") + ">"
    guard let (index, content) = try variantContent(object.value) else {
      return text + " [no contained value]"
    }
    let start = text + " [index \(index)]"
    guard let inner = container(content) else { return start }
    return start + " containing " + (try description(ofContained: inner))
  }

  private func any(_ object: LibraryObject) throws(LibraryFailure) -> String {
    guard let content = try anyContent(object) else { return object.className + " [no contained value]" }
    guard let inner = container(content) else {
      return object.className + " containing " + shortName(content.type)
    }
    // A printer without a text: nothing can be put behind the words.
    guard inner.kind != .pair else {
      throw .raised("<class 'TypeError'>: can only concatenate str (not \"NoneType\") to str")
    }
    return object.className + " containing " + (try description(of: inner))
  }

  private func description(ofContained inner: LibraryObject) throws(LibraryFailure) -> String {
    inner.kind == .pair ? "None" : try description(of: inner)
  }
}
