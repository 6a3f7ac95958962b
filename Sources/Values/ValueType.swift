package import Elfutils
internal import Bytes

/// A type as DWARF describes it: one object per DIE, made by `TypeReader`, parts read when first asked for.
///
/// Types may refer to themselves in any way a hostile file likes: nothing here follows a reference further
/// than `maximumAliases`, and what is printed is bounded by the printer's own depth.
package final class ValueType {
  package enum Kind: Equatable, Sendable {
    /// No type, `void`, and the unspecified types other than nullptr_t.
    case void
    case nullPointer
    case boolean
    case integer(isSigned: Bool)
    /// A base type that DWARF calls a character: DW_ATE_signed_char, _unsigned_char, _UTF.
    case character(isSigned: Bool)
    case float
    case decimalFloat
    case complex
    case pointer
    case reference
    case memberPointer
    case function
    case structure
    case union
    case array
    /// DW_TAG_string_type: Fortran's characters.
    case string
    case enumeration
    /// Another name for, or a qualified form of, its target.
    case alias
    /// Something that has no values: a tag that is no type, an encoding nobody knows.
    case unknown
  }

  /// How the characters of a type are written in front of quotes.
  package enum Text: UInt8, Sendable {
    case narrow
    case wide
    case utf16
    case utf32

    package var prefix: StaticString {
      switch self {
      case .narrow: ""
      case .wide: "L"
      case .utf16: "u"
      case .utf32: "U"
      }
    }
  }

  static let maximumAliases = 64

  package let kind: Kind
  package let tag: Int
  package let entry: DebugEntry?
  package unowned let reader: TypeReader
  /// DW_AT_byte_size; arrays and aliases compute theirs in `byteCount`.
  package let declaredSize: UInt64
  /// Value bits, where fewer than the storage has.
  package let declaredBits: UInt64?
  /// gdb leaves the names that Go's compiler gives to pointers.
  package private(set) lazy var name: String? =
    tag == Tag.pointerType && Language(unit: entry?.unitRoot) == .go ? nil : entry?.string(Attribute.name)
  /// What a pointer points to, an array holds, an alias names; `nil` is void.
  package private(set) lazy var target: ValueType? =
    entry?.reference(Attribute.type, kind == .function ? .integrated : .own).map { reader.type($0) }
  /// The type without typedefs and qualifiers; a cycle of them is void.
  package var stripped: ValueType { strippedTarget ?? self }
  /// `nil` for a type that is its own: it would keep itself alive.
  private lazy var strippedTarget: ValueType? = {
    let found = strip()
    return found === self ? nil : found
  }()
  package private(set) lazy var text: Text? = findText()
  package private(set) lazy var floatFormat: FloatFormat? = FloatFormat(
    size: Int(clamping: kind == .complex ? declaredSize / 2 : declaredSize), name: name ?? "")
  package private(set) lazy var enumeration = Enumeration(of: self)
  /// DW_AT_GNU_vector: an array that a register may hold, whose elements are numbers whatever their type.
  package private(set) lazy var isVector = kind == .array && entry?.flag(0x2107) ?? false
  package private(set) lazy var layout = Layout(of: self)
  package private(set) lazy var dimensions = Dimension.list(of: self)
  /// Which of the library's printers the type has; asked of types without typedefs.
  private(set) lazy var library: LibraryKind? = LibraryKind(of: self)
  /// The members that printers asked for, by name.
  var parts: [String: NamedPart?] = [:]

  /// A type that no DIE describes: those of literals, of registers, of `&x` and `x@3`.
  package init(
    kind: Kind, tag: Int = 0, name: String?, size: UInt64, target: ValueType? = nil, count: UInt64? = nil,
    members: [Layout.Member] = [], isText: Bool = true, reader: TypeReader
  ) {
    self.kind = kind
    self.tag = tag
    entry = nil
    self.reader = reader
    declaredBits = nil
    declaredSize = size
    self.name = name
    self.target = target
    if kind == .array {
      dimensions = [
        Dimension(size: count.map { .count(.constant(Int64(clamping: $0))) } ?? .unknown, lower: 0)
      ]
    }
    if !members.isEmpty { layout = Layout(members: members) }
    // Registers are numbers, however small.
    if !isText { text = nil }
  }

  init(kind: Kind, tag: Int, entry: DebugEntry?, reader: TypeReader) {
    self.kind = kind
    self.tag = tag
    self.entry = entry
    self.reader = reader
    let pointer = UInt64(entry?.addressSize ?? 8)
    let implied: UInt64 =
      switch kind {
      case .pointer, .reference, .nullPointer: pointer
      case .memberPointer: pointer
      case .void, .function: 1
      default: 0
      }
    declaredBits = entry?.unsigned(Attribute.bitSize)
    declaredSize =
      entry?.unsigned(Attribute.byteSize) ?? declaredBits.map { $0 / 8 + ($0 % 8 == 0 ? 0 : 1) } ?? implied
  }

  /// Lets go of the types that it refers to, which may refer to it: a list's node leads to itself.
  func unlink() {
    target = nil
    strippedTarget = nil
    library = nil
    layout = Layout(members: [])
    dimensions = []
    parts = [:]
  }

  private func strip() -> ValueType {
    var current = self
    var left = Self.maximumAliases
    while current.kind == .alias {
      guard left > 0, let next = current.target else { return reader.void }
      current = next
      left -= 1
    }
    return reader.definition(of: current)
  }

  /// wchar_t and its kin are known by name, since C makes them typedefs; other integers of one byte are text.
  private func findText() -> Text? {
    var current = self
    for _ in 0..<Self.maximumAliases {
      switch current.name {
      case "wchar_t": return .wide
      case "char16_t": return .utf16
      case "char32_t": return .utf32
      default: break
      }
      guard current.kind == .alias, let next = current.target else { break }
      current = next
    }
    switch current.kind {
    case .character, .integer:
      if current.declaredSize == 1 { return .narrow }
      guard case .character = current.kind else { return nil }
      return current.declaredSize == 2 ? .utf16 : current.declaredSize == 4 ? .utf32 : nil
    default: return nil
    }
  }

  /// Whether summary mode prints `...`: gdb's idea of "not a scalar", after references.
  package var isAggregate: Bool {
    var current = stripped
    if current.kind == .reference, let target = current.target { current = target.stripped }
    return switch current.kind {
    case .structure, .union, .array, .string: true
    default: false
    }
  }

  /// Whether the DIE only announces the type.
  package var isIncomplete: Bool { entry?.flag(Attribute.declaration) ?? false }

  /// Bytes of a value; for arrays the product of constant bounds, saturating. Dynamic bounds count as 0.
  package private(set) lazy var byteCount: UInt64 = countBytes(depth: 0)

  func countBytes(depth: Int) -> UInt64 {
    guard depth < Self.maximumAliases else { return 0 }
    switch kind {
    case .alias: return stripped.countBytes(depth: depth + 1)
    case .memberPointer where declaredSize == 8 && target?.stripped.kind == .function: return 16
    case .array:
      if entry?.unsigned(Attribute.byteSize) != nil { return declaredSize }
      var total = target?.stripped.countBytes(depth: depth + 1) ?? 0
      for dimension in dimensions {
        let (product, overflow) = total.multipliedReportingOverflow(by: dimension.constant ?? 0)
        total = overflow ? .max : product
      }
      return total
    default: return declaredSize
    }
  }
}
