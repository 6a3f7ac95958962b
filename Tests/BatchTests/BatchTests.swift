import Batch
import Bytes
import Testing

@Suite struct BatchTests {
  @Test func `a record survives its way through a pipe`() {
    var record = CrashRecord()
    record.outcome = .incomplete
    record.problem = "a\nb"
    record.title = "f | g é"
    record.pid = -1
    record.threads = 7
    record.report = [1, 2, 0, 255]
    var bytes = record.encoded.bytes[...]
    let length = CrashRecord.length(of: &bytes)
    #expect(length == bytes.count)
    #expect(CrashRecord(encoded: bytes) == record)
  }

  @Test func `anything else is no record`() {
    let bytes = CrashRecord().encoded.bytes.dropFirst(4)
    for cut in 0..<bytes.count { #expect(CrashRecord(encoded: bytes.prefix(cut)) == nil) }
    #expect(CrashRecord(encoded: bytes + [0]) == nil)
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] = 0xff
      _ = CrashRecord(encoded: damaged)
    }
    #expect(CrashRecord(encoded: [200]) == nil)
  }

  @Test func `every path is in one shard`() {
    for count in [1, 2, 7, 64] {
      var sizes = [Int](repeating: 0, count: count)
      for number in 0..<2000 {
        let owners = (0..<count).filter {
          Shard(index: $0, count: count)?.contains("/cores/core.\(number)") == true
        }
        #expect(owners.count == 1)
        sizes[owners[0]] += 1
      }
      // Even enough: no part has twice its share.
      #expect(sizes.allSatisfy { $0 < 2 * 2000 / count + 8 && $0 > 0 })
    }
  }

  @Test func `schedulers tell the shard`() {
    let slurm = ["SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_MIN": "5", "SLURM_ARRAY_TASK_COUNT": "4"]
    #expect(Shard("auto", variable: { slurm[$0] }) == Shard(index: 2, count: 4))
    let kubernetes = ["JOB_COMPLETION_INDEX": "3"]
    #expect(Shard("auto", variable: { kubernetes[$0] }) == nil)
    #expect(Shard("auto/5", variable: { kubernetes[$0] }) == Shard(index: 3, count: 5))
    #expect(Shard("auto/3", variable: { kubernetes[$0] }) == nil)
    for text in ["", "1", "2/2", "-1/2", "a/b", "1/0", "auto", "1/2/3", "0/99999999999999999999"] {
      #expect(Shard(text, variable: { _ in nil }) == nil, "\(text)")
    }
    #expect(Shard("1/2", variable: { _ in nil }) == Shard(index: 1, count: 2))
  }
}
