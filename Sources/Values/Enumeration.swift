internal import Bytes
internal import Elfutils

/// The enumerators of a type, and whether they are flags.
package struct Enumeration {
  package struct Enumerator {
    package var name: String
    package var value: Int64
    /// Template arguments have more than one spelling.
    var isTemplate: Bool
  }

  package private(set) var enumerators: [Enumerator] = []
  /// Every enumerator is non-negative and has at most one bit set: values print as `(A | B)`.
  package private(set) var isFlags = true
  package private(set) var isSigned = false
  /// The first enumerator of each value, for types with many.
  private var byValue: [Int64: Int] = [:]
  private static let maximumCount = 100_000
  private static let fewEnough = 16

  init(of type: ValueType) {
    guard let entry = type.entry else { return }
    let language = Language(unit: entry.unitRoot)
    var prefix = ""
    if language == .cxx || language == .rust || language == .d {
      let separator = language == .d ? "." : "::"
      let scope = QualifiedName.scope(of: entry, separator: separator)
      prefix = scope.map { $0 + separator } ?? ""
      let isScoped = entry.flag(Attribute.enumClass)
      if isScoped, let name = type.name { prefix += name + separator }
    }
    for child in entry.children where child.tag == Tag.enumerator {
      guard enumerators.count < Self.maximumCount else {
        entry.file.cuts.meet(.members, at: entry)
        break
      }
      guard let name = child.name else { continue }
      // Negative values are written in a signed form, so a data form is unsigned.
      let value = Int64(bitPattern: child.unsigned(Attribute.constValue) ?? 0)
      enumerators.append(
        Enumerator(
          name: Escaping.inertText(prefix + name), value: value, isTemplate: prefix.utf8.contains(0x3c)))
      if byValue[value] == nil { byValue[value] = enumerators.count - 1 }
      if value < 0 { isSigned = true }
      if value < 0 || value.nonzeroBitCount > 1 { isFlags = false }
    }
  }

  /// Appends the name of a value as its bits were stored.
  func append(_ bits: UInt64, of plain: ValueType, namer: some SymbolNamer, into output: inout TextBuffer) {
    let value = ScalarText.extended(bits, plain, isSigned: isSigned)
    append(Int64(bitPattern: value), namer: namer, into: &output)
  }

  private func append(_ number: Int64, namer: some SymbolNamer, into output: inout TextBuffer) {
    if let index = index(of: number) { return append(enumerators[index], namer, into: &output) }
    guard isFlags, number != 0 else {
      if isSigned {
        output.append(decimal: number)
      } else {
        output.append(decimal: UInt64(bitPattern: number))
      }
      return
    }
    var rest = UInt64(bitPattern: number)
    var isFirst = true
    for enumerator in enumerators {
      let flag = UInt64(bitPattern: enumerator.value)
      guard flag != 0, rest & flag != 0 else { continue }
      output.append(isFirst ? "(" : " | " as StaticString)
      append(enumerator, namer, into: &output)
      rest &= ~flag
      isFirst = false
    }
    if rest != 0 {
      output.append(isFirst ? "(unknown: " : " | unknown: " as StaticString)
      output.append(hex: rest)
    }
    output.append(byte: 0x29)
  }

  private func append(_ enumerator: Enumerator, _ namer: some SymbolNamer, into output: inout TextBuffer) {
    output.append(enumerator.isTemplate ? namer.canonical(enumerator.name) : enumerator.name)
  }

  private func index(of number: Int64) -> Int? {
    if enumerators.count > Self.fewEnough { return byValue[number] }
    for index in enumerators.indices where enumerators[index].value == number { return index }
    return nil
  }
}
