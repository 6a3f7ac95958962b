internal import Bytes
internal import Expressions
internal import ProcessModel

/// Why a printer came to no end. gdb's printers are Python: what they raise is told apart from what printing
/// a part of a value raises.
enum LibraryFailure: Error {
  /// Memory that the printer itself reads: the error stands where the rest would be.
  case memory(EvaluationError)
  /// Anything else a printer stumbles over: it goes to stderr, in words that may be known, and nothing follows.
  case raised(String?)
  /// A part that cannot be printed, which ends the whole variable.
  case printing(EvaluationError)
}

/// An object as the library's printers handle it: nothing is read before it is needed.
struct LibraryValue {
  enum Content {
    case fetched(ValueView)
    case lazy(UInt64)
  }

  /// As it was declared, with typedefs and qualifiers.
  let type: ValueType
  let content: Content

  init(_ type: ValueType, _ content: Content) {
    self.type = type
    self.content = content
  }

  init(_ type: ValueType, at address: UInt64) {
    self.init(type, .lazy(address))
  }

  var plain: ValueType { type.stripped }

  /// Where the object is in memory, if it is.
  var address: UInt64? {
    switch content {
    case .fetched(let view): view.address
    case .lazy(let address): address
    }
  }
}

extension ValuePrinter {
  /// The bytes of an object.
  func view(of value: LibraryValue) throws(LibraryFailure) -> ValueView {
    switch value.content {
    case .fetched(let view): return view
    case .lazy(let address):
      do throws(EvaluationError) {
        return try load(value.plain, at: address)
      } catch .memory(let error) {
        throw .memory(.memory(error))
      } catch {
        throw .raised(nil)
      }
    }
  }

  func load(_ plain: ValueType, at address: UInt64) throws(EvaluationError) -> ValueView {
    let size = plain.byteCount
    let value = try ValueFetcher.load(at: address, size: size, in: context.memory)
    return ValueView(bytes: value.bytes(size: Int(clamping: size), order: order) ?? [], address: address)
  }

  /// A member by name, wherever in the object it is.
  func member(_ value: LibraryValue, _ names: String...) throws(LibraryFailure) -> LibraryValue {
    var current = value
    for name in names {
      guard let part = current.plain.part(named: name) else {
        throw .raised("<class 'gdb.error'>: There is no member named \(name).")
      }
      current = try self.part(current, at: part.offset, part.type)
    }
    return current
  }

  func part(_ value: LibraryValue, at offset: UInt64, _ type: ValueType) throws(LibraryFailure)
    -> LibraryValue
  {
    switch value.content {
    case .lazy(let address): return LibraryValue(type, at: address &+ offset)
    case .fetched(let view):
      guard let part = view.advanced(by: offset) else { throw .raised(nil) }
      return LibraryValue(type, .fetched(part))
    }
  }

  /// A number or pointer, without regard to its sign. gdb's Python finds zero where a pointer is synthetic.
  func number(_ value: LibraryValue) throws(LibraryFailure) -> UInt64 {
    let view = try view(of: value)
    let size = Int(clamping: value.plain.byteCount)
    guard size >= 1, size <= 8, size <= view.available else { throw .raised(nil) }
    switch view.gap(in: size) {
    case .none: break
    case .syntheticPointer: return 0
    case .optimizedOut: throw .raised("<class 'gdb.error'>: value has been optimized out")
    default: throw .raised(nil)
    }
    return view.bytes.unsigned(at: view.offset, size: size, order: order)
  }

  func number(_ value: LibraryValue, _ names: String...) throws(LibraryFailure) -> UInt64 {
    var current = value
    for name in names { current = try member(current, name) }
    return try number(current)
  }

  /// A number with the sign of its type.
  func signed(_ value: LibraryValue) throws(LibraryFailure) -> Int64 {
    let plain = value.plain
    var isSigned = false
    switch plain.kind {
    case .integer(isSigned: true), .character(isSigned: true): isSigned = true
    default: break
    }
    return Int64(bitPattern: ScalarText.extended(try number(value), plain, isSigned: isSigned))
  }

  /// What a pointer points to; nothing is read there yet.
  func target(_ value: LibraryValue) throws(LibraryFailure) -> LibraryValue {
    LibraryValue(value.plain.target ?? value.plain.reader.void, at: try number(value))
  }

  /// An object behind a pointer to its base. gdb reads the whole object when it casts such a pointer, unless
  /// that is null.
  func node(_ type: ValueType, at address: UInt64) throws(LibraryFailure) -> LibraryValue {
    let lazy = LibraryValue(type, at: address)
    guard address != 0 else { return lazy }
    return LibraryValue(type, .fetched(try view(of: lazy)))
  }

  /// The element in a node of a list or tree: raw storage since C++11, a member before.
  func element(of node: LibraryValue) throws(LibraryFailure) -> LibraryValue {
    for name in ["_M_storage", "_M_data", "_M_value_field", "_M_v"] {
      guard let part = node.plain.part(named: name) else { continue }
      let value = try self.part(node, at: part.offset, part.type)
      guard name == "_M_storage" else { return value }
      guard let element = node.plain.templateType(0) else { throw .raised(nil) }
      return try self.part(value, at: 0, element)
    }
    throw .raised(nil)
  }
}
