internal import Elfutils
package import Values

/// The types that expressions make: those of literals and registers, pointers to and arrays of other types.
package final class TypeMaker {
  let reader: TypeReader
  private var named: [String: ValueType] = [:]
  private var pointers: [ObjectIdentifier: ValueType] = [:]
  let wordSize: Int

  package init(reader: TypeReader, wordSize: Int) {
    self.reader = reader
    self.wordSize = wordSize
  }

  /// C's arithmetic types by gdb's names, and what they are: size and kind.
  private static let base: [String: (ValueType.Kind, UInt64)] = [
    "char": (.character(isSigned: true), 1), "signed char": (.character(isSigned: true), 1),
    "unsigned char": (.character(isSigned: false), 1), "short": (.integer(isSigned: true), 2),
    "unsigned short": (.integer(isSigned: false), 2), "int": (.integer(isSigned: true), 4),
    "unsigned int": (.integer(isSigned: false), 4), "long": (.integer(isSigned: true), 8),
    "unsigned long": (.integer(isSigned: false), 8), "long long": (.integer(isSigned: true), 8),
    "unsigned long long": (.integer(isSigned: false), 8), "float": (.float, 4), "double": (.float, 8),
    "long double": (.float, 16), "bool": (.boolean, 1), "_Bool": (.boolean, 1),
    "__int128": (.integer(isSigned: true), 16), "unsigned __int128": (.integer(isSigned: false), 16),
    "wchar_t": (.integer(isSigned: true), 4), "char16_t": (.character(isSigned: false), 2),
    "char32_t": (.character(isSigned: false), 4), "char8_t": (.character(isSigned: false), 1),
    "int8_t": (.integer(isSigned: true), 1), "uint8_t": (.integer(isSigned: false), 1),
    "int16_t": (.integer(isSigned: true), 2), "uint16_t": (.integer(isSigned: false), 2),
    "int32_t": (.integer(isSigned: true), 4), "uint32_t": (.integer(isSigned: false), 4),
    "int64_t": (.integer(isSigned: true), 8), "uint64_t": (.integer(isSigned: false), 8),
    "int128_t": (.integer(isSigned: true), 16), "uint128_t": (.integer(isSigned: false), 16),
    "half": (.float, 2), "bfloat16": (.float, 2), "builtin_type_i387_ext": (.float, 16),
    "i386_eflags": (.integer(isSigned: false), 4), "i386_mxcsr": (.integer(isSigned: false), 4),
    "i8": (.integer(isSigned: true), 1), "u8": (.integer(isSigned: false), 1),
    "i16": (.integer(isSigned: true), 2), "u16": (.integer(isSigned: false), 2),
    "i32": (.integer(isSigned: true), 4), "u32": (.integer(isSigned: false), 4),
    "i64": (.integer(isSigned: true), 8), "u64": (.integer(isSigned: false), 8),
    "i128": (.integer(isSigned: true), 16), "u128": (.integer(isSigned: false), 16),
    "isize": (.integer(isSigned: true), 8), "usize": (.integer(isSigned: false), 8),
    "f32": (.float, 4), "f64": (.float, 8),
    "<data variable, no debug info>": (.unknown, 4), "<text variable, no debug info>": (.function, 1),
    "<text gnu-indirect-function variable, no debug info>": (.function, 1),
    "<text from jump slot in .got.plt, no debug info>": (.pointer, 8),
    "<thread local variable, no debug info>": (.unknown, 4),
  ]

  /// The names that a program may write without declaring them.
  static let primitiveNames: Set<String> = [
    "char", "short", "int", "long", "float", "double", "signed", "unsigned", "void", "bool", "_Bool",
    "__int128", "wchar_t", "char16_t", "char32_t",
  ]
  static let rustNames: Set<String> = [
    "bool", "char", "i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "i128", "u128", "isize", "usize",
    "f32", "f64", "str",
  ]

  func named(_ name: String) -> ValueType {
    if let known = named[name] { return known }
    var (kind, size) = Self.base[name] ?? (.void, 1)
    if wordSize == 4 {
      switch name {
      case "long", "unsigned long", "isize", "usize": size = 4
      case "long double": size = 12
      default: break
      }
    }
    let made = ValueType(
      kind: kind, tag: Tag.baseType, name: name, size: size, isText: name != "int8_t" && name != "uint8_t",
      reader: reader)
    named[name] = made
    return made
  }

  var void: ValueType { named("void") }
  var int: ValueType { named("int") }
  var long: ValueType { named("long") }
  var char: ValueType { named("char") }

  func pointer(to target: ValueType) -> ValueType {
    if let known = pointers[ObjectIdentifier(target)] { return known }
    let made = ValueType(
      kind: .pointer, tag: Tag.pointerType, name: nil, size: UInt64(wordSize), target: target, reader: reader)
    pointers[ObjectIdentifier(target)] = made
    return made
  }

  /// A type that is spelled as a text is.
  func placeholder(_ text: String) -> ValueType {
    ValueType(kind: .void, tag: 0, name: text, size: 1, reader: reader)
  }

  func freshPointer(to target: ValueType) -> ValueType {
    ValueType(
      kind: .pointer, tag: Tag.pointerType, name: nil, size: UInt64(wordSize), target: target, reader: reader)
  }

  func reference(to target: ValueType, isRvalue: Bool = false) -> ValueType {
    ValueType(
      kind: .reference, tag: isRvalue ? Tag.rvalueReferenceType : Tag.referenceType, name: nil,
      size: UInt64(wordSize), target: target, reader: reader)
  }

  func array(of element: ValueType, count: UInt64?) -> ValueType {
    let (size, overflow) = element.stripped.byteCount.multipliedReportingOverflow(by: count ?? 0)
    return ValueType(
      kind: .array, tag: Tag.arrayType, name: nil, size: overflow ? .max : size, target: element,
      count: count,
      reader: reader)
  }

  /// `const T` and `volatile T`.
  func qualified(_ target: ValueType, tag: Int) -> ValueType {
    ValueType(kind: .alias, tag: tag, name: nil, size: 0, target: target, reader: reader)
  }

  func alias(_ name: String, of target: ValueType) -> ValueType {
    ValueType(kind: .alias, tag: Tag.typedef, name: name, size: 0, target: target, reader: reader)
  }

  /// A function that returns `result`; `parameters` is `nil` for one without a prototype.
  func function(returning result: ValueType?, parameters: [ValueType]?) -> ValueType {
    let made = ValueType(
      kind: .function, tag: Tag.subroutineType, name: nil, size: 1, target: result, reader: reader)
    signatures[ObjectIdentifier(made)] = parameters
    kept.append(made)
    return made
  }

  /// The parameters of functions made here.
  private(set) var signatures: [ObjectIdentifier: [ValueType]] = [:]
  private var kept: [ValueType] = []

  var vector128: ValueType?
  var signalInformation: ValueType?
  /// What `$pc` is: a pointer to a function nobody knows more of.
  private(set) lazy var codePointer = pointer(to: function(returning: void, parameters: nil))
  private(set) lazy var dataPointer = pointer(to: void)
  private var owners: [ObjectIdentifier: ValueType] = [:]

  /// The class of a pointer to member made here.
  func setOwner(_ owner: ValueType, of pointer: ValueType) {
    owners[ObjectIdentifier(pointer)] = owner
    kept.append(pointer)
  }

  func owner(of pointer: ValueType) -> ValueType? { owners[ObjectIdentifier(pointer)] }

  private var vectors: Set<ObjectIdentifier> = []
  /// Whether the names of libstdc++'s types are shortened, as its own printers do once they are loaded.
  package var usesLibraryNames = false

  /// An array that the processor has registers for.
  func vector(of element: ValueType, count: UInt64, name: String? = nil) -> ValueType {
    let made = ValueType(
      kind: .array, tag: Tag.arrayType, name: name, size: element.byteCount * count, target: element,
      count: count,
      reader: reader)
    vectors.insert(ObjectIdentifier(made))
    kept.append(made)
    return made
  }

  func isVector(_ type: ValueType) -> Bool { type.isVector || vectors.contains(ObjectIdentifier(type)) }

  func structure(
    _ name: String?, _ members: [(String, ValueType)], isUnion: Bool = false, size: UInt64? = nil
  ) -> ValueType {
    var offset: UInt64 = 0
    var largest: UInt64 = 0
    var fields: [Layout.Member] = []
    for (name, type) in members {
      let width = type.stripped.byteCount
      let alignment = isUnion ? 1 : max(1, Self.alignment(of: type))
      offset = (offset + alignment - 1) / alignment * alignment
      fields.append(Layout.Member(name: name, type: type, entry: nil, place: .offset(isUnion ? 0 : offset)))
      largest = max(largest, width)
      if !isUnion { offset += width }
    }
    return ValueType(
      kind: isUnion ? .union : .structure, tag: isUnion ? Tag.unionType : Tag.structureType, name: name,
      size: size ?? (isUnion ? largest : offset), members: fields, reader: reader)
  }

  static func alignment(of type: ValueType, depth: Int = 0) -> UInt64 {
    guard depth < 32 else { return 1 }
    let plain = type.stripped
    switch plain.kind {
    case .array: return plain.target.map { alignment(of: $0, depth: depth + 1) } ?? 1
    case .structure, .union:
      let members = plain.layout.members + plain.layout.bases
      return members.map { alignment(of: $0.type, depth: depth + 1) }.max() ?? 1
    case .complex: return max(1, plain.byteCount / 2)
    default: return min(max(1, plain.byteCount), 16)
    }
  }
}
