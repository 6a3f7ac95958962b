internal import CElfutils

/// How the entries of one abbreviation lie in .debug_info: what a walk over them needs to step to the next one.
struct EntryLayout {
  /// How long an attribute's value is (DWARF 5, 7.5.6).
  enum Operand: UInt8 {
    /// As many bytes as the step says.
    case fixed
    case leb128
    /// A length of 1, 2 or 4 bytes, then so many bytes.
    case block1, block2, block4
    /// The same with a LEB128 number.
    case block
    case string
    /// The form stands before the value.
    case indirect
  }

  /// What a walk wants to know of a value.
  enum Role: UInt8 {
    case other
    case sibling
    case lowPC
    /// DW_AT_high_pc as an address, or as a length.
    case highPC
    case length
    case declaration
  }

  struct Step {
    var operand: Operand
    var role: Role
    /// Bytes of a fixed value.
    var size: Int32
    /// Of a value that stands in the abbreviation.
    var constant: UInt64 = 0
  }

  /// Small, since a walk looks one up for each entry.
  private var tagCode: Int32
  private var fixedSize: Int32
  private var firstStep: Int32
  private var lastStep: Int32
  /// Where DW_AT_sibling stands in an entry of a fixed size, as four bytes; −1 where there is none.
  private(set) var siblingPlace: Int32
  private(set) var hasChildren: Bool
  /// Whether an entry has a fixed size, no code, and says in its abbreviation whether it is a declaration: then only its
  /// sibling is a question.
  private(set) var isPlain: Bool
  private(set) var isDeclaration: Bool
  /// Whether only libdw can tell where the code is: lists, and addresses that stand in another section.
  private(set) var hasIndirectCode: Bool

  init(tag: Int, hasChildren: Bool, size: Int?, steps: Range<Int>, of all: [Step], hasIndirectCode: Bool) {
    tagCode = Int32(truncatingIfNeeded: tag)
    fixedSize = size.map { Int32(truncatingIfNeeded: $0) } ?? -1
    firstStep = Int32(truncatingIfNeeded: steps.lowerBound)
    lastStep = Int32(truncatingIfNeeded: steps.upperBound)
    self.hasChildren = hasChildren
    self.hasIndirectCode = hasIndirectCode
    siblingPlace = -1
    isDeclaration = false
    isPlain = size != nil && !hasIndirectCode
    var place: Int32 = 0
    for step in all[steps] {
      switch step.role {
      case .other: break
      case .sibling where step.size == 4: siblingPlace = place
      case .declaration where step.size == 0: isDeclaration = step.constant != 0
      default: isPlain = false
      }
      place &+= step.size
    }
  }

  var tag: Int { Int(tagCode) }
  /// Bytes of all values, if every entry has as many.
  var size: Int? { fixedSize < 0 ? nil : Int(fixedSize) }
  var steps: Range<Int> { Int(firstStep)..<Int(lastStep) }
}

/// The layouts of a unit's abbreviations, each made when its first entry is met; and what walks over the unit have found.
final class EntryLayouts {
  /// Places from which a walk that looks for the scopes around an entry may start.
  var trail = ScopeTrail()

  private var layouts: [EntryLayout] = []
  private(set) var steps: [EntryLayout.Step] = []
  /// Index of the layout by abbreviation code, −1 where it is not known yet.
  private var dense: [Int32] = []
  private var sparse: [UInt64: Int32] = [:]

  /// Compilers number from 1; codes above this are looked up by hash.
  private static let denseLimit: UInt64 = 4096
  /// More attributes than any tag has.
  private static let maximumAttributes = 512

  let addressSize: Int
  private let offsetSize: Int
  private let version: Int

  init(addressSize: Int, offsetSize: Int, version: Int) {
    self.addressSize = addressSize
    self.offsetSize = offsetSize
    self.version = version
  }

  @inline(__always)
  func known(_ code: UInt64) -> EntryLayout? {
    if code < UInt64(dense.count) {
      let index = Int(dense[Int(code)])
      return index < 0 ? nil : layouts[index]
    }
    return seldom(code)
  }

  @inline(never)
  private func seldom(_ code: UInt64) -> EntryLayout? { sparse[code].map { layouts[Int($0)] } }

  /// Learns the layout of an entry's abbreviation; `nil` where libdw finds none, or a form that nobody knows.
  func learn(_ code: UInt64, of entry: DebugEntry) -> EntryLayout? {
    var die = unsafe entry.die
    let tag = Int(unsafe dwarf_tag(&die))
    guard tag != 0, let abbreviation = unsafe die.abbrev else { return nil }
    let first = steps.count
    var size: Int? = 0
    var hasIndirectCode = false
    // Not as many as dwarf_getattrcnt(3) says: libdw 0.188 counts wrongly where values stand in the abbreviation.
    for index in 0..<Self.maximumAttributes {
      var name: UInt32 = 0
      var form: UInt32 = 0
      var constant: Dwarf_Sword = 0
      guard unsafe dwarf_getabbrevattr_data(abbreviation, index, &name, &form, &constant, nil) == 0 else {
        break
      }
      guard var step = step(of: Int(form)) else {
        steps.removeSubrange(first...)
        return nil
      }
      step.role = Self.role(Int(name), Int(form))
      if Int(form) == DW_FORM_flag_present { step.constant = 1 }
      if Int(form) == DW_FORM_implicit_const { step.constant = UInt64(bitPattern: constant) }
      hasIndirectCode = hasIndirectCode || Self.isIndirectCode(Int(name), Int(form))
      size = step.operand == .fixed ? size.map { $0 + Int(step.size) } : nil
      append(step, after: first)
    }
    let made = EntryLayout(
      tag: tag, hasChildren: unsafe dwarf_haschildren(&die) > 0, size: size, steps: first..<steps.count,
      of: steps, hasIndirectCode: hasIndirectCode)
    remember(made, code)
    return made
  }

  /// Values that nobody asks for are stepped over together.
  private func append(_ step: EntryLayout.Step, after first: Int) {
    if step.operand == .fixed, step.role == .other, steps.count > first,
      steps[steps.count - 1].operand == .fixed, steps[steps.count - 1].role == .other
    {
      steps[steps.count - 1].size += step.size
    } else {
      steps.append(step)
    }
  }

  private func remember(_ layout: EntryLayout, _ code: UInt64) {
    let index = Int32(truncatingIfNeeded: layouts.count)
    layouts.append(layout)
    guard code < Self.denseLimit else {
      sparse[code] = index
      return
    }
    while dense.count <= Int(code) { dense.append(-1) }
    dense[Int(code)] = index
  }

  /// DWARF 5, 7.5.6, and the GNU forms; `nil` for a form that nobody knows.
  func step(of form: Int) -> EntryLayout.Step? {
    func fixed(_ size: Int) -> EntryLayout.Step {
      .init(operand: .fixed, role: .other, size: Int32(truncatingIfNeeded: size))
    }
    func sized(_ operand: EntryLayout.Operand) -> EntryLayout.Step {
      .init(operand: operand, role: .other, size: 0)
    }
    switch form {
    case DW_FORM_flag_present, DW_FORM_implicit_const: return fixed(0)
    case DW_FORM_data1, DW_FORM_ref1, DW_FORM_flag, DW_FORM_strx1, DW_FORM_addrx1: return fixed(1)
    case DW_FORM_data2, DW_FORM_ref2, DW_FORM_strx2, DW_FORM_addrx2: return fixed(2)
    case DW_FORM_strx3, DW_FORM_addrx3: return fixed(3)
    case DW_FORM_data4, DW_FORM_ref4, DW_FORM_strx4, DW_FORM_addrx4, DW_FORM_ref_sup4: return fixed(4)
    case DW_FORM_data8, DW_FORM_ref8, DW_FORM_ref_sig8, DW_FORM_ref_sup8: return fixed(8)
    case DW_FORM_data16: return fixed(16)
    case DW_FORM_addr: return fixed(addressSize)
    case DW_FORM_ref_addr: return fixed(version <= 2 ? addressSize : offsetSize)
    case DW_FORM_strp, DW_FORM_line_strp, DW_FORM_sec_offset, DW_FORM_strp_sup, DW_FORM_GNU_ref_alt,
      DW_FORM_GNU_strp_alt:
      return fixed(offsetSize)
    case DW_FORM_udata, DW_FORM_sdata, DW_FORM_ref_udata, DW_FORM_strx, DW_FORM_addrx, DW_FORM_loclistx,
      DW_FORM_rnglistx, DW_FORM_GNU_addr_index, DW_FORM_GNU_str_index:
      return sized(.leb128)
    case DW_FORM_block1: return sized(.block1)
    case DW_FORM_block2: return sized(.block2)
    case DW_FORM_block4: return sized(.block4)
    case DW_FORM_block, DW_FORM_exprloc: return sized(.block)
    case DW_FORM_string: return sized(.string)
    case DW_FORM_indirect: return sized(.indirect)
    default: return nil
    }
  }

  private static func role(_ name: Int, _ form: Int) -> EntryLayout.Role {
    switch (name, form) {
    case (DW_AT_sibling, DW_FORM_ref1), (DW_AT_sibling, DW_FORM_ref2), (DW_AT_sibling, DW_FORM_ref4),
      (DW_AT_sibling, DW_FORM_ref8), (DW_AT_sibling, DW_FORM_ref_udata):
      return .sibling
    case (DW_AT_low_pc, DW_FORM_addr): return .lowPC
    case (DW_AT_high_pc, DW_FORM_addr): return .highPC
    case (DW_AT_high_pc, _) where lengthForms.contains(form): return .length
    case (DW_AT_declaration, DW_FORM_flag), (DW_AT_declaration, DW_FORM_flag_present): return .declaration
    default: return .other
    }
  }

  private static let lengthForms = [
    DW_FORM_data1, DW_FORM_data2, DW_FORM_data4, DW_FORM_data8, DW_FORM_udata, DW_FORM_implicit_const,
  ]

  private static func isIndirectCode(_ name: Int, _ form: Int) -> Bool {
    switch name {
    case DW_AT_ranges: true
    case DW_AT_low_pc: form != DW_FORM_addr
    case DW_AT_high_pc: form != DW_FORM_addr && !lengthForms.contains(form)
    default: false
    }
  }
}
