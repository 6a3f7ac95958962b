package import Reporting

/// Groups signatures that are nearly the same: one more inlined call, one frame renamed.
package enum Clusters {
  /// Signatures are near when this share of their frames must change at most, counted from the longer.
  package static let nearness = 0.3

  /// The edit distance of two lists of frames: insertions, deletions, replacements. A change of the innermost frame,
  /// which tells most, counts two.
  package static func distance(_ one: [String], _ two: [String]) -> Int {
    if one == two { return 0 }
    var row = Array(0...two.count).map { $0 == 0 ? 0 : $0 + 1 }
    for (index, frame) in one.enumerated() {
      var diagonal = row[0]
      row[0] = index + 2
      for (other, candidate) in two.enumerated() {
        let weight = index == 0 && other == 0 ? 2 : 1
        let replaced = diagonal + (frame == candidate ? 0 : weight)
        diagonal = row[other + 1]
        row[other + 1] = min(replaced, row[other + 1] + 1, row[other] + 1)
      }
    }
    return row[two.count]
  }

  /// Whether two crashes may well be one.
  package static func areNear(_ one: Report.Signature, _ two: Report.Signature) -> Bool {
    guard one.signal == two.signal, !one.frames.isEmpty, !two.frames.isEmpty else { return false }
    let longer = max(one.frames.count, two.frames.count)
    return Double(distance(one.frames, two.frames)) <= nearness * Double(longer)
  }

  /// Indices of signatures by cluster, in the order of their first members: each joins the first cluster whose
  /// first member is near.
  package static func clusters(_ signatures: [Report.Signature]) -> [[Int]] {
    var result: [[Int]] = []
    var exact: [String: Int] = [:]
    for (index, signature) in signatures.enumerated() {
      if let known = exact[signature.hash] {
        result[known].append(index)
        continue
      }
      let near = result.firstIndex { areNear(signatures[$0[0]], signature) }
      exact[signature.hash] = near ?? result.count
      if let near { result[near].append(index) } else { result.append([index]) }
    }
    return result
  }
}
