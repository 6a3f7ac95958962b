internal import Bytes
package import Elfutils
internal import LineTables

/// The language that gdb gives a source file of a unit (`info frame`, `info source`), by experiment.
///
/// The primary file has the unit's language. Every other has that of its name's ending, and, where the ending says
/// nothing, that of the primary file's ending. C in company of C++ or Fortran is taken for that language.
package struct SourceLanguage {
  private let unit: Language
  private let primary: Language?
  private let company: Language?
  private let primaryName: [UInt8]

  /// `names`: all files of the unit as they are spelled, the primary one first.
  package init(of unit: Language, files names: [[UInt8]]) {
    self.unit = unit
    primaryName = names.first ?? []
    var company: Language?
    for name in names {
      switch Language(fileName: name) {
      case .cxx: company = .cxx
      case .fortran where company == nil: company = .fortran
      default: break
      }
    }
    self.company = company
    primary = Self.mixed(Language(fileName: primaryName), company)
  }

  /// `nil`: gdb calls it unknown.
  package func language(ofFile name: [UInt8]) -> Language? {
    if name == primaryName { return unit == .c ? primary ?? unit : unit }
    return Self.mixed(Language(fileName: name), company) ?? primary
  }

  private static func mixed(_ language: Language?, _ company: Language?) -> Language? {
    language == .c ? company ?? .c : language
  }
}

extension Language {
  /// The language that the ending of a file's name stands for.
  init?(fileName: [UInt8]) {
    guard let dot = fileName.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    switch String(decoding: fileName[(dot + 1)...], as: UTF8.self) {
    case "c": self = .c
    case "C", "cc", "cp", "cpp", "cxx", "c++": self = .cxx
    case "s", "S", "sx": self = .assembler
    case "f", "F", "for", "FOR", "ftn", "FTN", "fpp", "FPP", "f90", "F90", "f95", "F95", "f03", "F03", "f08",
      "F08":
      self = .fortran
    case "a", "ada", "adb", "ads", "dg": self = .ada
    case "d": self = .d
    case "rs": self = .rust
    case "p", "pas", "pp": self = .pascal
    default: return nil
    }
  }
}

extension CompileUnit {
  /// The language of one of its files, spelled as frames show it; `nil` where gdb calls it unknown.
  package func language(ofFile name: [UInt8]) -> Language? {
    guard let lines else { return language }
    return SourceLanguage(of: language, files: lines.fileNames).language(ofFile: name)
  }
}
