internal import Reporting

/// What the formats call the crash.
extension Report {
  /// The signature's digits; `nil` where there is none.
  var signatureHash: String? { nil }
  /// The signature as a reader wants it; `nil` where there is none.
  var signatureText: String? { nil }
  /// The kind of death as one word.
  var ruleID: String { signal?.name ?? "no_signal" }
  /// The kind of death for people.
  var ruleText: String { signal?.text ?? "A core of a running process" }
}
