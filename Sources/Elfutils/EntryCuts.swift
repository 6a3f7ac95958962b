internal import Bytes

/// Limits that were met while the entries of a debug file were read: depths and counts that no compiler writes.
///
/// One for a file, its dwz file and its split units. Of each limit the first entry is remembered, so that a report has a line.
package final class EntryCuts {
  /// What was too deep or too many.
  package enum Limit: CaseIterable {
    case children
    case blocks
    case callSites
    case variables
    case scopes
    case members

    fileprivate var sentence: String {
      switch self {
      case .children: "holds more than 1,000,000 entries; the others are not read"
      case .blocks: "blocks nest more than 512 deep here; those inside are not looked at"
      case .callSites: "blocks nest more than 256 deep here; call sites inside are not looked at"
      case .variables: "blocks nest more than 64 deep here; what pointers lead to is not looked for inside"
      case .scopes: "scopes nest more than 64 deep here; those inside are not looked at"
      case .members: "has more than 100,000 members; the others are not read"
      }
    }
  }

  private var first: [Limit: String] = [:]

  package func meet(_ limit: Limit, at entry: DebugEntry) {
    guard first[limit] == nil else { return }
    first[limit] =
      "\(entry.file.elf.path): .debug_info, entry at \(entry.offset.hexadecimal): \(limit.sentence)"
  }

  /// A line for each limit that was met.
  package var lines: [String] { Limit.allCases.compactMap { first[$0] } }
}
