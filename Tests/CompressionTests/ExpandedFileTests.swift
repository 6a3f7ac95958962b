import Bytes
import Compression
import GDBOracle
import Testing

/// Keeps next to nothing, so that nearly every page has to be decoded again.
private final class KeepsNothing: KeepingPlan {
  func rank(ofPage page: UInt64) -> UInt8 { 3 }
  func pagesExpected(in file: ExpandedFile) -> [UInt64] { [] }
}

/// Wants every page, of which there may be more than there is room for.
private final class KeepsAll: KeepingPlan {
  func rank(ofPage page: UInt64) -> UInt8 { 1 }
  func pagesExpected(in file: ExpandedFile) -> [UInt64] { [] }
}

/// A file with text, numbers and long runs of zeros, and what a command makes of it.
private struct Sample: ~Copyable {
  let bytes: [UInt8]
  let packed: ScratchFile

  static func made(size: Int, command: String) throws -> Sample {
    var state: UInt64 = 88_172_645_463_325_252
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    while bytes.count < size {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      switch state % 16 {
      case 0: bytes += [UInt8](repeating: 0, count: Int(state >> 40 & 0x7fff))
      case 1...8: bytes += Array("request \(state % 1000) was answered\n".utf8)
      default: for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: state >> UInt64(8 * shift))) }
      }
    }
    bytes.removeLast(bytes.count - size)
    let plain = try ScratchFile(bytes)
    return Sample(bytes: bytes, packed: try pack(plain.path, command))
  }

  private static func pack(_ plain: String, _ command: String) throws -> ScratchFile {
    let packed = try ScratchFile([])
    let run = try Command("/bin/sh", ["-c", "set -e; f='\(plain)'; { \(command); } > '\(packed.path)'"]).run(
      seconds: 120)
    guard run.ending == .exited(0) else { throw Command.Failure(description: text(run.errors)) }
    return packed
  }
}

@Suite struct ExpandedFileTests {
  private static func open(
    _ path: String, images: Int = 8 << 20, pages: Int = 64, most: Int = 0,
    limits: ExpandingStream.Limits = .init()
  ) throws -> ExpandedFile {
    let file = try FileBytes(path: path)
    let input = InputBytes(file: file)
    let format = CompressionFormat(magic: input.head(CompressionFormat.magicLength))
    let stream = try ExpandingStream(
      input, format: format, imageLimit: images, spacing: 1 << 20, limits: limits)
    let expanded = try ExpandedFile(stream, capacity: pages * 4096, most: most)
    expanded.plan = KeepsNothing()
    return expanded
  }

  @Test(arguments: [
    "zstd -qc $f", "zstd -qc --long -19 $f", "head -c 3000000 $f | zstd -qc; tail -c +3000001 $f | zstd -qc",
    "lz4 -qc $f", "lz4 -qc -BD $f", "lz4 -qc -B4 -BD -BX --content-size $f", "lz4 -qcl $f",
    "head -c 300000 $f | lz4 -qc -BD; tail -c +300001 $f | lz4 -qc", "xz -c -1 $f",
    "xz -c -T2 --block-size=1000000 $f",
    "xz -c0 < $f; printf '\\0\\0\\0\\0'", "gzip -c $f",
    "head -c 1000001 $f | gzip -c; tail -c +1000002 $f | gzip -c",
    "bzip2 -c $f", "head -c 12345 $f | bzip2 -c1; tail -c +12346 $f | bzip2 -c",
    "gzip -c $f; head -c 700 /dev/zero",
  ])
  func `any page can be read in any order`(command: String) throws {
    let sample = try Sample.made(size: 9_000_001, command: command)
    let file = try Self.open(sample.packed.path)
    file.pass(to: .max)
    #expect(file.ending == .complete)
    #expect(file.size == UInt64(sample.bytes.count))
    var state: UInt64 = 2_463_534_242
    for _ in 0..<60 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let at = Int(state >> 20) % sample.bytes.count
      let count = min(10_000, sample.bytes.count - at)
      let isSame = file.read(at: UInt64(at), count: count) == Array(sample.bytes[at..<at + count])
      #expect(isSame, "\(at)")
    }
    #expect(file.lost == 0)
  }

  @Test(arguments: [0, 8 << 20])
  func `what is asked for in no order is decoded once again, where there may be room for it`(most: Int) throws
  {
    let sample = try Sample.made(size: 40_000_001, command: "lz4 -qc $f")
    let file = try Self.open(sample.packed.path, most: most)
    file.plan = KeepsAll()
    file.pass(to: .max)
    var state: UInt64 = 2_463_534_242
    for _ in 0..<400 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let at = Int(state >> 20) % (sample.bytes.count - 100)
      let isSame = file.read(at: UInt64(at), count: 100) == Array(sample.bytes[at..<at + 100])
      #expect(isSame, "\(at)")
    }
    #expect(file.lost == 0)
    // As much as the file until that is seen, the file, and the last stretch.
    #expect((file.decodedAgain <= 4 * file.size) == (most > 0), "\(file.decodedAgain) of \(file.size)")
  }

  @Test(arguments: ["zstd -qc $f", "lz4 -qc $f", "xz -c $f", "gzip -c $f", "bzip2 -c $f"])
  func `what was cut off or damaged gives what comes before`(command: String) throws {
    let sample = try Sample.made(size: 3_000_000, command: command)
    let packed = try contents(of: sample.packed.path)
    for part in [9, 10, 11, 20, 100, packed.count / 3, packed.count / 2, packed.count - 1] {
      let cut = try ScratchFile(Array(packed[..<part]))
      let file = try Self.open(cut.path, pages: 4096)
      file.pass(to: .max)
      if part > 9 || CompressionFormat(magic: packed[..<9]) != nil {
        #expect(file.ending != .complete, "\(part)")
      }
      guard file.format != nil else { continue }
      let isSame = file.read(at: 0, count: Int(file.size)) == Array(sample.bytes[..<Int(file.size)])
      #expect(isSame, "\(part)")
    }
    var damaged = packed
    for at in packed.count / 2..<packed.count / 2 + 64 { damaged[at] = UInt8(truncatingIfNeeded: at &* 37) }
    let broken = try ScratchFile(damaged)
    let file = try Self.open(broken.path, pages: 4096)
    file.pass(to: .max)
    // lz4 finds out by checksums only, which are not computed.
    if file.format != .lz4 { #expect(file.ending != .complete) }
    for garbage in [10, 4096] {
      let start = Array(packed[..<10]) + (0..<garbage).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) }
      let scratch = try ScratchFile(start)
      let file = try Self.open(scratch.path)
      file.pass(to: .max)
      #expect(file.size < 1 << 20)
    }
  }

  @Test func `a bomb ends at its limit`() throws {
    let sample = try Sample.made(size: 100, command: "head -c 300000000 /dev/zero | zstd -qc")
    var limits = ExpandingStream.Limits()
    limits.unquestioned = 1 << 20
    let steep = try Self.open(sample.packed.path, limits: limits)
    steep.pass(to: .max)
    #expect(steep.size < 64 << 20)
    #expect(steep.ending == .limit("it expands more than 2000-fold, beyond 0 GiB, as no core does"))
    limits.largestRatio = .max
    limits.largest = 100 << 20
    let large = try Self.open(sample.packed.path, limits: limits)
    large.pass(to: .max)
    #expect(large.size < 101 << 20 && large.size >= 100 << 20)
  }

  @Test func `formats are told by their first bytes`() {
    #expect(CompressionFormat(magic: [0x28, 0xb5, 0x2f, 0xfd]) == .zstd)
    #expect(CompressionFormat(magic: [0x1f, 0x8b, 0x08, 0]) == .gzip)
    #expect(CompressionFormat(magic: Array("BZh91AY&SY".utf8)) == .bzip2)
    #expect(CompressionFormat(magic: Array("BZh9 is text".utf8)) == nil)
    #expect(CompressionFormat(magic: [0x7f, 0x45, 0x4c, 0x46]) == nil)
    #expect(CompressionFormat(magic: [0x28]) == nil)
    #expect(CompressionFormat(magic: []) == nil)
  }
}
