/// Why instructions cannot be decoded.
package enum DisassemblyError: Error, Sendable, Equatable, CustomStringConvertible {
  /// libcapstone is not there, or is another version than the one this program was built for; with
  /// dlerror(3)'s sentence.
  case libraryMissing(String)
  /// Capstone 4 does not know the processor.
  case unsupported(architecture: String)
  /// `cs_open` failed, with its `cs_err`.
  case refused(code: UInt32)

  package var description: String {
    switch self {
    case .libraryMissing(let why):
      "instructions cannot be decoded: \(why); install libcapstone4"
    case .unsupported(let architecture):
      "instructions of \(architecture) cannot be decoded"
    case .refused(let code):
      "instructions cannot be decoded: Capstone refuses with error \(code)"
    }
  }
}
