import Bytes
import CoreFiles
import CoreSynth
import GDBOracle
import Testing

@Suite struct CoreFinderTests {
  @Test func `cores are found by their contents, and links are not followed`() throws {
    let folder = try ScratchFile([]).path + ".cores"
    defer { _ = try? Command("rm", ["-rf", folder]).run(seconds: 10) }
    var builder = CoreBuilder()
    builder.thread(1)
    let core = try ScratchFile(builder.bytes())
    let script = """
      mkdir -p '\(folder)/a/b' '\(folder)/outside' && cd '\(folder)' || exit 1
      cp '\(core.path)' a/plain; zstd -qc '\(core.path)' > a/b/odd.txt; gzip -c '\(core.path)' > core.gz
      ln a/plain second-name; ln -s a/plain link; ln -s / root; ln -s ../.. a/up; mkfifo fifo
      cp /bin/true executable; gzip -c /bin/true > executable.gz; echo core > core.text; : > empty
      printf '\\050\\265\\057\\375garbage' > garbage.zst; head -c 10 '\(core.path)' > cut
      cp '\(core.path)' secret; chmod 0 secret
      """
    let made = try Command("/bin/sh", ["-c", script]).run(seconds: 30)
    #expect(made.ending == .exited(0), "\(text(made.errors))")
    let all = CoreFinder(below: folder)
    let names = all.cores.map { String($0.file.path.dropFirst(folder.utf8.count + 1)) }.filter {
      $0 != "secret"
    }
    #expect(names == ["a/b/odd.txt", "a/plain", "core.gz"])
    #expect(all.cores.prefix(3).map(\.compression) == ["zstd", nil, "gzip"])
    #expect(!all.isCut && all.unreadable.isEmpty)
    let shallow = CoreFinder(below: folder, isRecursive: false)
    #expect(
      shallow.cores.map { $0.file.path }.filter { !$0.hasSuffix("secret") } == [
        folder + "/core.gz", folder + "/second-name",
      ])
    #expect(CoreFinder(below: folder + "/none").unreadable == [folder + "/none"])
  }

  @Test func `a file that was exchanged is not opened`() throws {
    let file = try ScratchFile([1, 2, 3])
    let folder = file.path.split(separator: "/").dropLast().joined(separator: "/")
    var entry = RegularFiles(below: "/" + folder, isRecursive: false).entries.first { $0.path == file.path }
    #expect(entry.flatMap { RegularFiles.open($0) } != nil)
    entry?.inode &+= 1
    #expect(entry.flatMap { RegularFiles.open($0) } == nil)
  }
}
