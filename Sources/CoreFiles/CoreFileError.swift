/// Why a file cannot be read as a core: what is wrong, and what the user can do.
package struct CoreFileError: Error, Sendable, CustomStringConvertible {
  package enum Problem: Sendable, Equatable {
    case unreadable(String)
    case empty
    case notELF
    /// An ELF file of another kind: executable, library, object file.
    case notCore(kind: String)
    case unknownArchitecture(machine: UInt16)
    /// Compressed, and nothing of it could be expanded.
    case undecodable(format: String, why: String)
  }

  package var path: String
  package var problem: Problem

  package init(path: String, problem: Problem) {
    self.path = path
    self.problem = problem
  }

  package var description: String {
    switch problem {
    case .unreadable(let why): why
    case .empty:
      "\(path): the file is empty: the core was not written (disk full, or a limit of 0: see ulimit -c)"
    case .notELF: "\(path): not an ELF file, so not a core: no whole ELF header at offset 0x0"
    case .notCore(let kind):
      "\(path): is \(kind) (e_type at offset 0x10), not a core: name the core file as well"
    case .unknownArchitecture(let machine):
      "\(path): core of an architecture that coreview does not read (e_machine \(machine) at offset 0x12)"
    case .undecodable(let format, let why): "\(path): \(format) data that cannot be expanded: \(why)"
    }
  }
}
