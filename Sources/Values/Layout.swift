internal import Bytes
package import Elfutils

/// The parts of a struct, class or union, in the order in which they are declared.
package struct Layout {
  package struct Member {
    package enum Place {
      /// Bytes from the start of the object.
      case offset(UInt64)
      /// Virtual bases: an expression over the object's address.
      case expression([LocationOperation])
      case statically
    }

    package var name: String?
    package var type: ValueType
    /// `nil` for members of types that no DIE describes.
    package var entry: DebugEntry?
    package var place: Place
    /// Bit-fields: width, and bits from the start of the object to the lowest bit (little endian).
    package var bits: (size: UInt64, offset: UInt64)?
    package var isArtificial: Bool
    package var isVirtual = false

    package init(
      name: String?, type: ValueType, entry: DebugEntry?, place: Place,
      bits: (size: UInt64, offset: UInt64)? = nil, isArtificial: Bool = false, isVirtual: Bool = false
    ) {
      self.name = name
      self.type = type
      self.entry = entry
      self.place = place
      self.bits = bits
      self.isArtificial = isArtificial
      self.isVirtual = isVirtual
    }
  }

  /// One case of a DW_TAG_variant_part; without `values` it is the default.
  package struct Variant {
    package var values: [UInt64]
    package var members: [Member]
  }

  package private(set) var bases: [Member] = []
  package private(set) var members: [Member] = []
  package private(set) var discriminant: Member?
  package private(set) var variants: [Variant] = []
  private static let maximumCount = 100_000

  /// The layout of a type that no DIE describes.
  package init(members: [Member]) { self.members = members }

  init(of type: ValueType) {
    guard let entry = type.entry, !Self.isOutOfSight(entry) else { return }
    var left = Self.maximumCount
    for child in entry.children {
      guard left > 0 else {
        entry.file.cuts.meet(.members, at: entry)
        return
      }
      left -= 1
      switch child.tag {
      case Tag.inheritance:
        if let member = Self.member(child, type.reader) { bases.append(member) }
      case Tag.member, Tag.variable:
        if let member = Self.member(child, type.reader) { members.append(member) }
      case Tag.variantPart: readVariants(child, type.reader)
      default: continue
      }
    }
  }

  /// Whether gdb never comes by the members: it adds them when it reads the function that the type is local to, and clang's
  /// link-time optimization puts local types into functions without an attribute.
  private static func isOutOfSight(_ entry: DebugEntry) -> Bool {
    guard entry.unitRoot?.string(Attribute.producer)?.contains("clang version") ?? false,
      let function = entry.ancestors.last(where: { $0.tag == Tag.subprogram })
    else { return false }
    return function.name == nil && function.reference(Attribute.abstractOrigin) == nil
  }

  private mutating func readVariants(_ part: DebugEntry, _ reader: TypeReader) {
    discriminant = part.reference(Attribute.discriminant).flatMap { Self.member($0, reader) }
    for variant in part.children where variant.tag == Tag.variant {
      guard variants.count < Self.maximumCount else {
        part.file.cuts.meet(.members, at: part)
        return
      }
      let members = variant.children.lazy.filter { $0.tag == Tag.member }
      variants.append(
        Variant(
          values: variant.unsigned(Attribute.discriminantValue).map { [$0] } ?? [],
          members: members.compactMap { Self.member($0, reader) }))
    }
  }

  private static func member(_ entry: DebugEntry, _ reader: TypeReader) -> Member? {
    let type = reader.type(of: entry)
    var place = Member.Place.offset(0)
    if entry.tag == Tag.variable || (entry.tag == Tag.member && entry.flag(Attribute.external)) {
      place = .statically
    } else if let offset = entry.unsigned(Attribute.dataMemberLocation) {
      place = .offset(offset)
    } else if let operations = entry.expression(Attribute.dataMemberLocation) {
      // DWARF 2 writes `DW_OP_plus_uconst n` where later versions write n.
      if operations.count == 1, operations[0].code == 0x23 {
        place = .offset(operations[0].first)
      } else {
        place = .expression(operations)
      }
    }
    var bits: (size: UInt64, offset: UInt64)?
    if let size = entry.unsigned(Attribute.bitSize) {
      if let offset = entry.unsigned(Attribute.dataBitOffset) {
        bits = (size, offset)
      } else if case .offset(let start) = place, let fromTop = entry.signed(Attribute.bitOffset) {
        // DWARF 2 counts from the most significant bit of the storage unit.
        let unit = (entry.unsigned(Attribute.byteSize) ?? type.byteCount) &* 8
        bits = (size, start &* 8 &+ unit &- UInt64(bitPattern: fromTop) &- size)
      } else if case .offset(let start) = place {
        bits = (size, start &* 8)
      }
    }
    return Member(
      name: entry.name.map(Escaping.inertText), type: type, entry: entry, place: place, bits: bits,
      isArtificial: entry.flag(Attribute.artificial),
      isVirtual: (entry.unsigned(Attribute.virtuality) ?? 0) != 0)
  }
}
