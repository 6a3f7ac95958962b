internal import Bytes
internal import CElfutils
internal import Glibc

/// A split unit made whole for libdw: an ELF image in memory of a .dwo file, or of a unit's part of a .dwp file,
/// with the addresses and ranges that the skeleton's file holds.
///
/// libdw would open .dwo files by itself, by names that the debug information states, and knows no .dwp files.
/// Sections keep their names, as `.debug_info.dwo`; the skeleton's become `.debug_addr.dwo` and
/// `.debug_ranges.dwo`, where libdw finds them.
struct SplitImage {
  private struct Piece {
    var name: String
    var bytes: [UInt8] = []
    /// Bytes of the file in their stead: strings, which are many and of which few are read.
    var place: Range<UInt64>?
    var count: Int { place.map { Int($0.upperBound - $0.lowerBound) } ?? bytes.count }
  }

  /// More than any unit's share of the skeleton's addresses or ranges.
  private static let largestShare = 1 << 20
  /// More than one unit has.
  private static let largest = 1 << 30
  private static let pageSize = 4096

  private var pieces: [Piece] = []
  private let dwo: ElfFile

  /// The image, which maps strings of `dwo`; `nil` where it has no unit or is damaged.
  static func make(
    dwo: ElfFile, parts: PackageIndex.Parts?, types: [PackageIndex.Parts], skeleton: SkeletonUnit,
    main: DebugFile
  ) -> ElfFile? {
    var image = SplitImage(dwo: dwo)
    for section in dwo.sections where section.name.hasPrefix(".debug_") && section.name.hasSuffix(".dwo") {
      guard image.add(section, parts: parts, types: types) else { return nil }
    }
    guard image.pieces.contains(where: { $0.name == ".debug_info.dwo" }) else { return nil }
    image.addAddresses(skeleton, main)
    return image.build()
  }

  private init(dwo: ElfFile) {
    self.dwo = dwo
  }

  private mutating func add(
    _ section: ElfFile.Section, parts: PackageIndex.Parts?, types: [PackageIndex.Parts]
  ) -> Bool {
    var piece = Piece(name: section.name)
    if section.name == ".debug_str.dwo" {
      if !section.isCompressed, let file = dwo.contents, section.offset <= file.size,
        section.size <= file.size - section.offset
      {
        piece.place = section.offset..<section.offset + section.size
        pieces.append(piece)
        return true
      }
    }
    let ranges: [Range<UInt64>?]
    if let parts, section.name != ".debug_str.dwo" {
      // Type units that came with the unit: they share its abbreviations and strings.
      let companions = types.filter { $0[".debug_abbrev.dwo"] == parts[".debug_abbrev.dwo"] }
      switch section.name {
      case ".debug_types.dwo": ranges = companions.map { $0[section.name] }
      case ".debug_info.dwo": ranges = [parts[section.name]] + companions.map { $0[section.name] }
      default: ranges = [parts[section.name]]
      }
      guard ranges.contains(where: { $0 != nil }) else { return true }
    } else {
      ranges = [0..<UInt64.max]
    }
    for case let range? in ranges {
      let copied = dwo.withBytes(of: section) { span -> [UInt8]? in
        var reader = ByteReader(span)
        let start = Int(clamping: range.lowerBound)
        guard (try? reader.seek(to: start)) != nil else { return nil }
        return try? reader.readBytes(
          min(reader.remaining, Int(clamping: range.upperBound - range.lowerBound)))
      }
      guard let copied, let copied else { continue }
      piece.bytes += copied
    }
    // Each type unit has a section of its own in a .dwo file.
    if let same = pieces.firstIndex(where: { $0.name == piece.name }) {
      pieces[same].bytes += piece.bytes
    } else {
      pieces.append(piece)
    }
    return true
  }

  /// The unit's share of .debug_addr, which libdw counts from 0 in a .dwo file, and of .debug_ranges.
  private mutating func addAddresses(_ skeleton: SkeletonUnit, _ main: DebugFile) {
    let order = main.elf.header.byteOrder
    let isNew = skeleton.version >= 5
    let base = Int(clamping: skeleton.addressBase)
    var addresses = Piece(name: ".debug_addr.dwo")
    addresses.bytes =
      main.withSection(".debug_addr") { span -> [UInt8] in
        var reader = ByteReader(span, order: order)
        var count = Self.largestShare
        if isNew {
          // The header before the base says how long the unit's share is.
          guard base >= 8, (try? reader.seek(to: base - 8)) != nil,
            let length = try? reader.read(UInt32.self)
          else { return [] }
          count = length == .max ? count : min(count, max(0, Int(length) - 4))
        }
        guard (try? reader.seek(to: base)) != nil else { return [] }
        return (try? reader.readBytes(min(count, reader.remaining))) ?? []
      } ?? []
    pieces.append(addresses)
    guard !isNew else { return }
    let ranges = main.withSection(".debug_ranges") { span -> [UInt8] in
      var reader = ByteReader(span)
      guard (try? reader.seek(to: Int(clamping: skeleton.rangesBase))) != nil else { return [] }
      return (try? reader.readBytes(min(Self.largestShare, reader.remaining))) ?? []
    }
    if let ranges, !ranges.isEmpty { pieces.append(Piece(name: ".debug_ranges.dwo", bytes: ranges)) }
  }

  /// Lays out: ELF header, section headers, names, pieces; mapped ones on pages of their own.
  private func build() -> ElfFile? {
    let is64 = dwo.header.wordSize == 8
    guard is64, dwo.header.byteOrder == .little else { return nil }
    var names: [UInt8] = [0]
    var nameOffsets: [Int] = []
    for piece in pieces {
      nameOffsets.append(names.count)
      names += Array(piece.name.utf8) + [0]
    }
    let namesName = names.count
    names += Array(".shstrtab".utf8) + [0]
    let headerCount = pieces.count + 2
    var at = 64 + headerCount * 64
    let namesPlace = at
    at += names.count
    var places: [Int] = []
    for piece in pieces {
      at = (at + 15) & ~15
      if let place = piece.place {
        // On the page and at the offset in it that the file has.
        at = (at + Self.pageSize - 1) / Self.pageSize * Self.pageSize + Int(place.lowerBound) % Self.pageSize
      }
      places.append(at)
      at += piece.count
      // What follows a mapped piece must not lie on its last page.
      if piece.place != nil { at = (at + Self.pageSize - 1) / Self.pageSize * Self.pageSize }
      guard at <= Self.largest else { return nil }
    }
    guard let image = MappedImage(size: at) else { return nil }
    var header = [UInt8](repeating: 0, count: 64)
    header.replaceSubrange(0..<7, with: [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
    put(1, 2, at: 16, in: &header)
    put(UInt64(dwo.header.machine), 2, at: 18, in: &header)
    put(1, 4, at: 20, in: &header)
    put(64, 8, at: 40, in: &header)
    put(64, 2, at: 52, in: &header)
    put(64, 2, at: 58, in: &header)
    put(UInt64(headerCount), 2, at: 60, in: &header)
    put(UInt64(headerCount - 1), 2, at: 62, in: &header)
    var table = [UInt8](repeating: 0, count: headerCount * 64)
    for (index, piece) in pieces.enumerated() {
      section(
        index + 1, name: nameOffsets[index], type: UInt32(SHT_PROGBITS), place: places[index],
        count: piece.count, in: &table)
      if let range = piece.place {
        guard let file = dwo.contents, image.map(file, range, at: places[index]) else { return nil }
      } else {
        image.copy(piece.bytes, to: places[index])
      }
    }
    section(
      headerCount - 1, name: namesName, type: UInt32(SHT_STRTAB), place: namesPlace, count: names.count,
      in: &table)
    image.copy(header, to: 0)
    image.copy(table, to: 64)
    image.copy(names, to: namesPlace)
    return try? ElfFile(mapped: image, name: dwo.path)
  }

  private func section(
    _ index: Int, name: Int, type: UInt32, place: Int, count: Int, in table: inout [UInt8]
  ) {
    let at = index * 64
    put(UInt64(name), 4, at: at, in: &table)
    put(UInt64(type), 4, at: at + 4, in: &table)
    put(UInt64(place), 8, at: at + 24, in: &table)
    put(UInt64(count), 8, at: at + 32, in: &table)
    put(1, 8, at: at + 48, in: &table)
  }

  private func put(_ value: UInt64, _ size: Int, at offset: Int, in bytes: inout [UInt8]) {
    for index in 0..<size { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
  }
}
