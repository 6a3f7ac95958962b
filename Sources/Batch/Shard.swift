/// One of several equal parts of the work: which cores belong to it follows from their paths alone.
package struct Shard: Sendable, Equatable {
  /// From 0.
  package var index: Int
  package var count: Int

  package static let whole = Shard(whole: ())

  /// `I/N` with I from 0 to N−1; `auto`, or `auto/N`, takes the place that a scheduler gave this task.
  ///
  /// Slurm's arrays tell place and size (SLURM_ARRAY_TASK_ID, _MIN, _COUNT; sbatch(1)); Kubernetes' indexed jobs
  /// tell the place (JOB_COMPLETION_INDEX), and the size by `auto/N` or JOB_COMPLETIONS.
  package init?(_ text: String, variable: (String) -> String?) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    if parts.first == "auto", parts.count <= 2 {
      func number(_ name: String) -> Int? { variable(name).flatMap { Int($0) } }
      let wanted = parts.count == 2 ? Int(parts[1]) : nil
      if parts.count == 2, wanted == nil { return nil }
      if let task = number("SLURM_ARRAY_TASK_ID") {
        guard let count = wanted ?? number("SLURM_ARRAY_TASK_COUNT") else { return nil }
        self.init(index: task - (number("SLURM_ARRAY_TASK_MIN") ?? 0), count: count)
      } else if let task = number("JOB_COMPLETION_INDEX") {
        guard let count = wanted ?? number("JOB_COMPLETIONS") else { return nil }
        self.init(index: task, count: count)
      } else {
        return nil
      }
      return
    }
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]) else { return nil }
    self.init(index: index, count: count)
  }

  private init(whole: Void) { (index, count) = (0, 1) }

  package init?(index: Int, count: Int) {
    guard count > 0, count <= 1_000_000, index >= 0, index < count else { return nil }
    self.index = index
    self.count = count
  }

  /// Whether a path belongs here: the 64-bit FNV-1a of its bytes says, the same on every machine.
  package func contains(_ path: String) -> Bool {
    guard count > 1 else { return true }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in path.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    // The low bits of FNV-1a follow the last bytes alone.
    return (hash ^ (hash >> 32)) % UInt64(count) == UInt64(index)
  }
}
