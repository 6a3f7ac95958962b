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
  ///
  /// Only those are compared that share one of a few frames, the rarest: of lists that are near, most frames are the same, so
  /// that tens of thousands of buckets that all end in `main` are not compared with one another.
  package static func clusters(_ signatures: [Report.Signature]) -> [[Int]] {
    var frequency: [String: Int] = [:]
    for signature in signatures { for frame in Set(signature.frames) { frequency[frame, default: 0] += 1 } }
    var result: [[Int]] = []
    var exact: [String: Int] = [:]
    var leaders: [String: [Int]] = [:]
    for (index, signature) in signatures.enumerated() {
      if let known = exact[signature.hash] {
        result[known].append(index)
        continue
      }
      let places = rarest(of: signature, frequency).flatMap { leaders[$0] ?? [] }
      let near = Set(places).sorted().first { areNear(signatures[result[$0][0]], signature) }
      exact[signature.hash] = near ?? result.count
      if let near {
        result[near].append(index)
      } else {
        for frame in Set(signature.frames) { leaders[frame, default: []].append(result.count) }
        result.append([index])
      }
    }
    return result
  }

  /// Frames of which a near signature has at least one: one more than can differ, counted as occurrences.
  private static func rarest(of signature: Report.Signature, _ frequency: [String: Int]) -> [String] {
    let count = Double(signature.frames.count)
    let mayDiffer = Int(nearness * count / (1 - nearness))
    let sorted = signature.frames.sorted { (frequency[$0] ?? 0, $0) < (frequency[$1] ?? 0, $1) }
    return Array(Set(sorted.prefix(mayDiffer + 1)))
  }

  /// Writes into each bucket which one it is nearly the same as: the first of its cluster, itself where it is the only one.
  package static func name(_ buckets: inout [Bucket]) {
    let signatures = buckets.map { bucket in
      var signature = Report.Signature()
      (signature.hash, signature.signal, signature.frames) = (bucket.signature, bucket.signal, bucket.frames)
      return signature
    }
    for cluster in clusters(signatures) {
      for index in cluster { buckets[index].cluster = buckets[cluster[0]].signature }
    }
  }
}
