import Testing

@testable import LineTables

/// The pass over all rows must answer what the sorted list answers.
@Suite struct RowIndexTests {
  @Test("a pass and a search agree", arguments: 0..<200)
  func agree(seed: Int) {
    var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 &+ 1
    func random(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    var recorder = RowRecorder(capacity: 64)
    var address = random(8)
    for _ in 0..<Int(random(60)) {
      address = random(6) == 0 ? random(40) : address + random(3)
      let file = Int(random(4))
      if random(5) == 0 {
        recorder.appendEndMarker(at: address, file: file)
      } else {
        recorder.append(
          LineRow(
            address: address, line: UInt32(random(90) + 1), file: file, isStatement: random(3) > 0))
      }
    }
    let rows = recorder.finish()
    for firstFile in 0..<2 {
      let index = RowIndex(rows: rows, fileCount: 4, firstFile: firstFile)
      for pc in 0..<130 as Range<UInt64> { #expect(index.pass(pc) == index.search(pc)) }
    }
  }
}
