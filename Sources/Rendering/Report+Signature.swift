internal import Reporting

/// What the formats call the crash.
extension Report {
  /// The signature's digits; `nil` where there is none.
  var signatureHash: String? { signature.flatMap { $0.hash.isEmpty ? nil : $0.hash } }
  /// The signature as a reader wants it; `nil` where there is none.
  var signatureText: String? {
    guard let signature, !signature.hash.isEmpty else { return nil }
    return signature.pipe.isEmpty ? signature.hash : "\(signature.hash): \(signature.pipe)"
  }
  /// The kind of death as one word.
  var ruleID: String {
    diagnosis.kind == .unknown ? signal?.name ?? "no_signal" : diagnosis.kind.rawValue
  }
  /// The kind of death for people.
  var ruleText: String {
    guard diagnosis.kind != .unknown else { return signal?.text ?? "A core of a running process" }
    let words = diagnosis.kind.rawValue.split(separator: "_").joined(separator: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}
