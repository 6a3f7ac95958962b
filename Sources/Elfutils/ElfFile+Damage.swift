internal import Bytes

extension ElfFile {
  /// What is wrong with the tables of headers, and where; `nil` for a file that can be loaded and read.
  ///
  /// A file without section headers (`e_shoff` 0) is sound: there are programs that remove them.
  package var headerDamage: String? {
    if !programHeaders.contains(where: { $0.type == 1 }) {
      return "has no segment to load: \(programHeaders.count) of \(header.programHeaderCount) program headers"
        + " at offset \(header.programHeaderOffset.hexadecimal) can be read"
    }
    if header.sectionHeaderOffset != 0, sections.isEmpty {
      return "its section headers, at offset \(header.sectionHeaderOffset.hexadecimal), cannot be read"
    }
    return nil
  }
}
