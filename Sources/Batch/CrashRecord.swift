package import Bytes

/// What is kept of one core: who died, of what, and the signature that puts it into a bucket.
package struct CrashRecord: Sendable, Equatable {
  /// How the analysis of a core ended.
  package enum Outcome: UInt8, Sendable, CaseIterable {
    /// Everything that the report needs was there.
    case complete
    /// There is a report, but something is missing or in doubt.
    case incomplete
    /// Nothing could be said: not readable, or the analysis died of it.
    case failed
    /// A file that is no core, met in a folder.
    case notACore

    /// The word for it in the database and in JSON.
    package var name: String {
      switch self {
      case .complete: "complete"
      case .incomplete: "incomplete"
      case .failed: "failed"
      case .notACore: "not_a_core"
      }
    }
  }

  package var outcome = Outcome.failed
  /// Why it failed, or the first thing that is missing; empty where nothing is.
  package var problem = ""
  /// The name of the process.
  package var program = ""
  package var executable = ""
  package var buildID = ""
  /// Such as `SIGSEGV`; empty for a core of a running process.
  package var signal = ""
  package var reason = ""
  /// The digits that name the bucket; empty for a core without a crashed thread.
  package var signature = ""
  /// `f1 | f2 | …`.
  package var title = ""
  /// The frames that count, a line each.
  package var frames = ""
  package var pid: Int64 = 0
  package var threads: Int64 = 0
  /// The report as one line of NDJSON; empty where it was not asked for.
  package var report: [UInt8] = []

  package init() {}
}

/// The form in which a child hands a record to its parent: a length, then fields, each behind its length.
///
/// Numbers are 32 bits, little-endian. The parent trusts none of them: a child may be anything after a hostile core.
extension CrashRecord {
  /// A record that is longer than this ends its child.
  package static let maximumSize = 256 << 20

  package var encoded: TextBuffer {
    var body = TextBuffer()
    body.append(byte: outcome.rawValue)
    for text in [problem, program, executable, buildID, signal, reason, signature, title, frames] {
      Self.append(Array(text.utf8), to: &body)
    }
    for number in [pid, threads] { Self.append(Array(String(number).utf8), to: &body) }
    Self.append(report, to: &body)
    var result = TextBuffer()
    Self.append(length: body.count, to: &result)
    result.append(body)
    return result
  }

  /// A record out of the bytes behind its length; `nil` for anything that is none.
  package init?(encoded bytes: ArraySlice<UInt8>) {
    var rest = bytes
    guard let first = rest.popFirst(), let outcome = Outcome(rawValue: first) else { return nil }
    var fields: [ArraySlice<UInt8>] = []
    for _ in 0..<12 {
      guard let length = Self.length(of: &rest), length <= rest.count else { return nil }
      fields.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    guard rest.isEmpty else { return nil }
    func text(_ index: Int) -> String { String(decoding: fields[index], as: UTF8.self) }
    guard let pid = Int64(text(9)), let threads = Int64(text(10)) else { return nil }
    self.outcome = outcome
    (problem, program, executable) = (text(0), text(1), text(2))
    (buildID, signal, reason) = (text(3), text(4), text(5))
    (signature, title, frames) = (text(6), text(7), text(8))
    (self.pid, self.threads) = (pid, threads)
    report = Array(fields[11])
  }

  private static func append(_ bytes: [UInt8], to buffer: inout TextBuffer) {
    append(length: bytes.count, to: &buffer)
    buffer.append(bytes: bytes)
  }

  private static func append(length: Int, to buffer: inout TextBuffer) {
    for shift in stride(from: 0, to: 32, by: 8) {
      buffer.append(byte: UInt8(truncatingIfNeeded: length >> shift))
    }
  }

  /// Takes a length off the front.
  package static func length(of bytes: inout ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= 4 else { return nil }
    var result = 0
    for (index, byte) in bytes.prefix(4).enumerated() { result |= Int(byte) << (8 * index) }
    bytes = bytes.dropFirst(4)
    return result
  }
}
