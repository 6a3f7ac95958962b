/// The source files of a unit, each once, spelled as gdb prints them (contract L-10).
///
/// gdb calls such a file a *subfile* of the unit. File 0 is always the primary one, named by DW_AT_name; the
/// others follow in the order of the file table, which is the order that decides between equal addresses.
struct FileSpellings {
  /// As printed; indexed by subfile.
  private(set) var names: [[UInt8]] = []
  private var used: [Bool] = []
  private var indexByPath: [[UInt8]: Int32] = [:]
  private let compilationDirectory: [UInt8]?

  static let slash = UInt8(ascii: "/")

  init(unit: LineUnit) {
    compilationDirectory = unit.compilationDirectory
    _ = insert(unit.name ?? Array("<unknown>".utf8))
    used[0] = true
  }

  /// The subfile of a table entry, made when its path is new.
  mutating func insert(_ entry: LineHeader.FileEntry, of header: LineHeader) -> Int32 {
    insert(Self.spelling(of: entry, in: header))
  }

  func isUsed(_ index: Int) -> Bool { used[index] }

  /// Notes that the program names a file by this entry. Where several entries have one path, the one that
  /// the program names first gives the spelling, else the first of the table.
  mutating func use(_ index: Int, as entry: LineHeader.FileEntry, of header: LineHeader) {
    names[index] = Self.spelling(of: entry, in: header)
    used[index] = true
  }

  /// The file that takes the primary one's place when that is not in the file table: the only one with its
  /// base name (contract L-10, end).
  func aliasOfPrimary() -> Int? {
    let base = Self.lastComponent(names[0])
    var alias: Int?
    for index in names.indices.dropFirst() where Self.lastComponent(names[index]) == base {
      if alias != nil { return nil }
      alias = index
    }
    return alias
  }

  private mutating func insert(_ name: [UInt8]) -> Int32 {
    var path = name
    if name.first != Self.slash, let compilationDirectory {
      path = Self.join(compilationDirectory, name)
    }
    if let known = indexByPath[path] { return known }
    let index = Int32(truncatingIfNeeded: names.count)
    indexByPath[path] = index
    names.append(name)
    used.append(false)
    return index
  }

  /// DIR/NAME of an entry, or NAME when that is absolute or has no directory.
  private static func spelling(of entry: LineHeader.FileEntry, in header: LineHeader) -> [UInt8] {
    guard entry.name.first != slash, let directory = header.directory(entry.directory) else {
      return entry.name
    }
    return join(directory, entry.name)
  }

  static func join(_ directory: [UInt8], _ name: [UInt8]) -> [UInt8] {
    var path: [UInt8] = []
    path.reserveCapacity(directory.count + 1 + name.count)
    path.append(contentsOf: directory)
    path.append(slash)
    path.append(contentsOf: name)
    return path
  }

  /// What follows the last slash.
  static func lastComponent(_ path: [UInt8]) -> ArraySlice<UInt8> {
    guard let at = path.lastIndex(of: slash) else { return path[...] }
    return path[(at + 1)...]
  }
}
