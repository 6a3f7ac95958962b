internal import Bytes
internal import Elfutils
internal import LineTables
internal import ProcessModel
internal import Symbols

/// A source file as the line table of a unit names it.
struct SourceFile {
  let name: [UInt8]
  let unit: CompileUnit?
  let module: Module?

  /// Source files larger than this are not read.
  private static let maximumSize: UInt64 = 64 << 20

  func isSame(as other: SourceFile) -> Bool {
    name == other.name && module === other.module
      && unit?.unit.headerOffset == other.unit?.unit.headerOffset
  }

  /// The file's number in the unit's line table.
  var index: Int? { unit?.lines?.file { $0 == name } }

  /// Where the text may be, in gdb's order.
  private var paths: [[UInt8]] {
    let directory = unit?.compilationDirectory.map { Array($0.utf8) + [0x2f] }
    var paths: [[UInt8]] = []
    if name.first != 0x2f, let directory { paths.append(directory + name) }
    paths.append(name)
    if let slash = name.lastIndex(of: 0x2f) {
      let base = Array(name[(slash + 1)...])
      if let directory { paths.append(directory + base) }
      paths.append(base)
    }
    return paths
  }

  /// The text of the first file that can be read, or else of the one that a debuginfod server has.
  func text() -> SourceText? {
    for path in paths {
      let path = String(decoding: path, as: UTF8.self)
      guard let file = try? FileBytes(path: path), file.size <= Self.maximumSize else { continue }
      return SourceText(path: path, bytes: file.read(at: 0, count: Int(file.size)))
    }
    guard let first = paths.first else { return nil }
    let path = String(decoding: first, as: UTF8.self)
    guard let file = module?.servedSource(path), file.size <= Self.maximumSize else { return nil }
    return SourceText(path: path, bytes: file.read(at: 0, count: Int(file.size)))
  }
}

/// The lines of a source file.
struct SourceText {
  let path: String
  private let bytes: [UInt8]
  private let starts: [Int]

  init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    var starts: [Int] = bytes.isEmpty ? [] : [0]
    for index in bytes.indices.dropLast() where bytes[index] == 0x0a { starts.append(index + 1) }
    self.starts = starts
  }

  var lineCount: Int { starts.count }

  /// The bytes of a line, from 1 on, without its end; `nil` beyond the last.
  func line(_ number: Int) -> ArraySlice<UInt8>? {
    guard number > 0, number <= starts.count else { return nil }
    var line = bytes[starts[number - 1]..<(number < starts.count ? starts[number] : bytes.count)]
    if line.last == 0x0a { line = line.dropLast() }
    return line.last == 0x0d ? line.dropLast() : line
  }
}
